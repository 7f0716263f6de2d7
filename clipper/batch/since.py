"""Days: from what a producer writes after --since, and of an episode's file. In: texts and paths; out: dates."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from clipper.errors import UsageError

_SPANS = {"d": 1, "w": 7, "m": 30, "y": 365}


def parse_since(text: str | None, today: datetime.date | None = None) -> datetime.date | None:
    """A day from "2026-11-01" or "30d" (also w, m, y) before today.

    Raises:
        UsageError: neither.
    """
    if text is None:
        return None
    today = today or datetime.datetime.now().astimezone().date()
    found = re.fullmatch(r"\s*([0-9]{1,4})\s*([dwmy])\s*", text.casefold())
    try:
        return (
            today - datetime.timedelta(int(found[1]) * _SPANS[found[2]]) if found else datetime.date.fromisoformat(text)
        )
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is no day", "write --since 2026-11-01, or 30d for the last 30 days") from error


def of_file(path: Path) -> str | None:
    """The day in a file's name, as in 2026-11-30-bells.md, else the day on which the file was last changed."""
    found = re.search(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)", path.stem)
    if found:
        return f"{found[1]}-{found[2]}-{found[3]}"
    try:
        return datetime.datetime.fromtimestamp(path.stat().st_mtime).astimezone().date().isoformat()
    except (OSError, OverflowError, ValueError):
        return None
