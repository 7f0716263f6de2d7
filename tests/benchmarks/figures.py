"""What a bench measured, and docs/performance.md, the one table of all of it.

In: figures by bench; out: the page, in which the rows of benches that were not run stay as they were.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
FOLDER = Path(__file__).parent
NOT_YET = "not measured yet"
HEAD = """\
# Performance

Every figure here was measured by the command beside it, on the day and by the number of processor cores in its row,
without a GPU. `make bench` measures all of them anew and writes this page; `make bench BENCH_ARGS="way growth"` only
the rows of these two, and the others stay. Where an aim is given it is ours. Other machines give other figures: compare
ratios, and run it on yours.

"""
COLUMNS = ("command", "what", "figure", "aim", "measured")
COMMAND = re.compile(r'`make bench BENCH_ARGS="(\w+)"`')


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured: what, the figure with its unit, and what it should be, if we set ourselves that."""

    what: str
    figure: str
    aim: str = ""


Row = tuple[str, str, str, str]  # what, figure, aim, measured


def benches() -> list[str]:
    """The names of all benches, in the page's order."""
    return sorted(p.stem.removeprefix("bench_") for p in FOLDER.glob("bench_*.py"))


def rows(text: str) -> dict[str, list[Row]]:
    """The page's rows by bench."""
    found: dict[str, list[Row]] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        named = COMMAND.fullmatch(cells[0]) if len(cells) == len(COLUMNS) else None
        if named is not None:
            what, figure, aim, measured = cells[1:]
            found.setdefault(named[1], []).append((what, figure, aim, measured))
    return found


def page(known: Mapping[str, Sequence[Row]]) -> str:
    """The page."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"| {' | '.join('---' for _ in COLUMNS)} |"]
    for name in benches():
        for row in known.get(name) or [(NOT_YET, "", "", "")]:
            lines.append(f'| `make bench BENCH_ARGS="{name}"` | {" | ".join(cell.replace("|", "/") for cell in row)} |')
    return HEAD + "\n".join(re.sub(r" +\|", " |", line) for line in lines) + "\n"


def keep(name: str, figures: Sequence[Figure]) -> None:
    """Puts a bench's figures into the page, in the place of those it had."""
    before = rows(PAGE.read_text(encoding="utf-8")) if PAGE.is_file() else {}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    measured = f"{datetime.date.today().isoformat()}, {cores} cores"
    now = {**before, name: [(one.what, one.figure, one.aim, measured) for one in figures]}
    PAGE.write_text(page(now), encoding="utf-8")
