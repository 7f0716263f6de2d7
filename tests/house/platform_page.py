"""Writes docs/platforms.md from platforms.toml: `python -m tests.house.platform_page --write`, part of make format."""

from pathlib import Path

from clipper.platforms import Fact, Platform, names, platform
from tests.house.generated import write_or_show

PAGE = Path(__file__).parents[2] / "docs" / "platforms.md"
HEAD = """# What the platforms take

Written from `clipper/platforms.toml` by `make format`; correct a fact there, with its date and source. `clipper check`
and `clipper pack` go by it. Certainty: *official*, the platform's own page, repository or package was read; *quoted*,
an official sentence seen in a dated quotation; *third-party*, a convention or a report; *measured*, tried out. A dash:
none is published.

How a text is counted: *characters* are code points; *graphemes* what a person calls a character; *utf16* JavaScript's
length; *utf8* bytes; *weighted* X's rule, where a link is 23, an emoji 2 and a Chinese character 2; *emoji-utf8*
where an emoji costs its bytes. `clipper/counting.py` has them, compared with the networks' own counters on 200 texts
(`tests/counting`). LinkedIn's escapes count, because they are sent.
"""


def page() -> str:
    every = [platform(name) for name in names()]
    lines = [HEAD, "| platform | seconds | most bytes | size | text | title | hashtags | captions | alt text |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    lines += [_row(p) for p in every]
    lines += ["", "## Where each fact comes from"]
    for p in every:
        lines += ["", f"### {p.label}", ""]
        lines += [
            f"- {name}: {fact.source} ({fact.certainty}, {fact.date})" for name, fact in p if isinstance(fact, Fact)
        ]
    return "\n".join(lines) + "\n"


def _row(p: Platform) -> str:
    most = f"{p.length.most:g}" if p.length.most is not None else "–"
    size = f"{p.file.bytes / 1e6:,.0f} MB" if p.file.bytes else "–"
    text = f"{p.text.limit or '–'} {p.text.counting}" + (f", {p.text.bytes} bytes" if p.text.bytes else "")
    title = f"{p.title.limit} {p.title.counting}" if p.title else "none"
    tags = p.hashtags.most if p.hashtags.most is not None else "–"
    alt = f"{p.alt.limit} {p.alt.counting}" if p.alt.limit else "none"
    captions = ", ".join(p.captions.kinds) or "none"
    return (
        f"| {p.label} | {p.length.least:g} to {most} | {size} | {p.picture.width}x{p.picture.height} | {text} "
        f"| {title} | {tags} | {captions} | {alt} |"
    )


if __name__ == "__main__":
    write_or_show(PAGE, page())
