"""`clipper find --explain ID`: the whole weighted sum of one candidate. In: what was found; out: a table, or JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from clipper.errors import UsageError
from clipper.span import clock

if TYPE_CHECKING:
    from clipper.highlights.model import Candidate, Findings, Part
    from clipper.plan.model import Plan

COLUMNS = ("Signal", "Value", "Usual", "Unit", "Weight", "Counts", "Caused by")
NOTHING = "·"
_ID = re.compile(r"c?(\d{1,6})", re.ASCII | re.IGNORECASE)


def candidate_of(findings: Findings, name: str, plan: Plan | None = None) -> Candidate:
    """The candidate called "3" (its place in the list) or "c3" (its id in the plan, else its place too).

    Raises:
        UsageError: there is none of that name.
    """
    candidates = findings.candidates
    if plan is not None and not name.isdecimal():
        clip = next((c for c in plan.clips if c.id == name.lower()), None)
        near = (
            [] if clip is None else [c for c in candidates if c.span.overlap(clip.proposed) > clip.proposed.seconds / 2]
        )
        if near:
            return near[0]
    else:
        found = _ID.fullmatch(name)
        if found is not None and 1 <= int(found[1]) <= len(candidates):
            return candidates[int(found[1]) - 1]
    last = len(candidates)
    raise UsageError(
        f"there is no candidate {name} to explain",
        f"there are {last}: name one from c1 to c{last}, or ask for more with --count" if last else "none was found",
    )


def explained(candidate: Candidate) -> dict[str, Any]:
    """The sum as JSON: "parts" in order of what they move, "around" for the passage, "score" for both together."""
    return {
        "start": round(candidate.span.start, 3),
        "end": round(candidate.span.end, 3),
        "title": candidate.title,
        "parts": [part.model_dump() for part in candidate.parts],
        "around": _around(candidate),
        "score": candidate.score,
    }


def explain_table(candidate: Candidate) -> None:
    """The sum for a person, a row for each signal."""
    from rich.table import Table
    from rich.text import Text

    from clipper.cli.console import terminal

    console = terminal(highlight=False, emoji=False, markup=False)
    span = candidate.span
    console.print(f"Why “{candidate.title}” ({clock(span.start, 0)} to {clock(span.end, 0)}) stands where it does:")
    table = Table(box=None, pad_edge=False, header_style="bold")
    rows = [_row(part) for part in candidate.parts]
    rows += [
        ("passage", "", "", "", "", f"{_around(candidate):+.3f}", "what the passages around it score"),
        ("together", "", "", "", "", f"{candidate.score:+.3f}", "an order, no promise"),
    ]
    widths = [max(len(name), *(len(row[k]) for row in rows)) for k, name in enumerate(COLUMNS)]
    # only the last column gives way where the window is narrow
    widths[-1] = max(len(COLUMNS[-1]), console.width - sum(widths[:-1]) - 2 * len(widths))
    for name, width in zip(COLUMNS, widths, strict=True):
        right = name in ("Value", "Usual", "Weight", "Counts")
        table.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis", width=width)
    for row in rows:
        table.add_row(*map(Text, row), style="dim" if row[5] == NOTHING else "")
    console.print(table)
    console.print(
        "Counts = weight × (value − usual) / spread in this episode, cut at 3 spreads. "
        "Weights of your own: [signals] in clipper.toml."
    )


def _row(part: Part) -> tuple[str, ...]:
    counts = f"{part.counts:+.3f}" if part.counts else NOTHING
    evidence = " ".join(part.evidence.split())
    return part.signal, f"{part.value:.3g}", f"{part.usual:.3g}", part.unit, f"{part.weight:g}", counts, evidence


def _around(candidate: Candidate) -> float:
    return round(candidate.score - sum(part.counts for part in candidate.parts), 4)
