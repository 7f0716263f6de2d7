"""What `clipper check` answers: what falls short for people, everything for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clipper.export.checks.whole import Checked


def document(checked: Sequence[Checked], page: Path) -> dict[str, Any]:
    """The document of --json."""
    return {
        "good": all(one.good for one in checked),
        "page": str(page),
        "files": [
            {
                "clip": one.clip,
                "format": one.format,
                "path": str(one.path),
                "good": one.good,
                "verdicts": [dataclasses.asdict(v) for v in one.verdicts],
            }
            for one in checked
        ],
    }


def summary(checked: Sequence[Checked], page: Path) -> None:
    """A line a file, and under it what falls short."""
    from clipper.cli.console import terminal

    console = terminal()
    for one in checked:
        short = [v for v in one.verdicts if not v.good]
        told = "good" if not short else f"{len(short)} fall short"
        console.print(f"{one.clip} {one.format}: {len(one.verdicts)} checks, {told}", markup=False, highlight=False)
        for v in short:
            console.print(f"  {v}", markup=False, highlight=False)
            console.print(f"    try: {v.mend}", markup=False, highlight=False)
    console.print(f"Page: {page}", markup=False, highlight=False)
