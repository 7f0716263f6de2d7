"""The verdicts as a page that opens offline. In: `Checked` files; out: HTML. Every word in it is escaped."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from clipper.export.checks.model import Verdict
from clipper.export.checks.whole import Checked

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #b42318; --quiet: #6b7280; }
@media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --bad: #ff8a80; --quiet: #9aa4b2; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
.quiet { color: var(--quiet); } .sum { font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line); }
th { font-weight: 600; border-top: 0; } td:first-child { white-space: nowrap; }
.mark { font-weight: 700; } .good .mark { color: var(--good); } .bad .mark { color: var(--bad); }
.bad td { background: color-mix(in srgb, var(--bad) 9%, transparent); }
.source { display: block; color: var(--quiet); font-size: .84rem; } details { margin: .25rem 0; }
summary { cursor: pointer; } .wide { overflow-x: auto; }
@media (max-width: 40rem) { td:first-child { white-space: normal; } }
"""


def page(title: str, out: Path, checked: Sequence[Checked]) -> str:
    """One page for all files of OUT: what falls short on top, the rest folded away."""
    short = [(one, v) for one in checked for v in one.verdicts if not v.good]
    good = sum(v.good for one in checked for v in one.verdicts)
    told = "Nothing falls short." if not short else f"{len(short)} of {len(short) + good} checks fall short."
    parts = [
        "<!doctype html>", '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>Checks: {escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">{len(checked)} files, decoded anew on {datetime.date.today().isoformat()}</p>',
        f'<p class="sum {"bad" if short else "good"}"><span class="mark">{told}</span></p>',
    ]  # fmt: skip
    for one in checked:
        parts += _file(one, out)
    return "\n".join([*parts, "</body></html>", ""])


def _file(one: Checked, out: Path) -> list[str]:
    bad = [v for v in one.verdicts if not v.good]
    good = [v for v in one.verdicts if v.good]
    try:
        link = quote(one.path.relative_to(out).as_posix())
    except ValueError:
        link = ""
    name = f'<a href="{link}">{escape(one.format)}</a>' if link else escape(one.format)
    lines = [f"<h2>{escape(one.clip)} · {escape(one.title)} · {name}</h2>"]
    if bad:
        lines.append(_table(bad))
    lines.append(f"<details><summary>{len(good)} checks are good</summary>{_table(good)}</details>")
    return lines


def _table(rows: Sequence[Verdict]) -> str:
    body = "".join(
        f'<tr class="{"good" if v.good else "bad"}"><td><span class="mark">{"✓" if v.good else "✗"}</span> '
        f"{escape(v.name)}</td><td>{escape(v.measured)}</td><td>{escape(v.limit)}"
        f'<span class="source">{escape(v.source)}</span></td>{"" if v.good else f"<td>{escape(v.mend)}</td>"}</tr>'
        for v in rows
    )
    mend = "" if all(v.good for v in rows) else "<th>mend</th>"
    head = f"<tr><th>check</th><th>measured</th><th>wanted</th>{mend}</tr>"
    return f'<div class="wide"><table>{head}{body}</table></div>'
