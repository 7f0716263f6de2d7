"""What commands answer on stdout: JSON documents and tables for a person.

The JSON forms hold from version 0.1 on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clipper.span import clock

if TYPE_CHECKING:
    from rich.console import Console

    from clipper.batch.one import Found
    from clipper.export.clip import Rendered
    from clipper.highlights.model import Findings
    from clipper.plan.model import Plan

STAGES = ("episode", "transcribe", "listen", "find", "sound", "render", "check")


def print_json(document: object) -> None:
    """One document on stdout, in UTF-8 whatever the locale says."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def make_document(done: Sequence[Rendered], seconds: Mapping[str, float]) -> dict[str, Any]:
    """{"clips":[{"id","title","start","end","files":{shape: path},"done","short":[...]}],"seconds":{stage: s}}.

    "short" has what fell short, a row a check: shape, check, measured, limit, mend; where it has rows, "done" is false.
    """
    clips = [
        {
            "id": one.clip.id,
            "title": one.clip.title,
            "start": one.clip.span.start,
            "end": one.clip.span.end,
            "files": {name: str(path) for name, path in one.files.items()},
            "done": not one.fallen,
            "short": [
                {"shape": name, "check": v.name, "measured": v.measured, "limit": v.limit, "mend": v.mend}
                for name, v in one.fallen
            ],
        }
        for one in done
    ]
    return {"clips": clips, "seconds": {s: round(seconds.get(s, 0.0), 3) for s in STAGES}}


def find_document(findings: Findings) -> dict[str, Any]:
    """{"clips":[...],"topics":[{"topic","start","end","confidence","clip","why"}]}, a row a bullet in page order.

    "clip" is the place in "clips", from 0, of the first one that the bullet has; "why" says why it has none. A clip's
    "hook" is the line for its picture, null where the title serves.
    """
    clips = [
        {
            "start": round(c.span.start, 3),
            "end": round(c.span.end, 3),
            "title": c.title,
            "hook": c.hook or None,
            "text": c.text,
            "topic": findings.topics[c.topic].topic if c.topic is not None else None,
            "opens": c.opens,
            "ends": c.ends,
            "reasons": [r.model_dump() for r in c.reasons],
            "warnings": list(c.warnings),
        }
        for c in findings.candidates
    ]
    topics = [
        {
            "topic": t.topic,
            "start": round(t.span.start, 3) if t.span else None,
            "end": round(t.span.end, 3) if t.span else None,
            "confidence": round(t.confidence, 3),
            "clip": _clip_of(findings, number),
            "why": t.why or None,
        }
        for number, t in enumerate(findings.topics)
    ]
    return {"clips": clips, "topics": topics, "notes": list(findings.notes)}


def make_summary(out: Path, plan: Plan, done: Sequence[Rendered], seconds: Mapping[str, float]) -> None:
    """Where the clips are and how long each stage took."""
    from rich.table import Table

    console = _console()
    if not done:
        said = "No clip was asked for" if plan.clips else "No passage of this episode fits"
        console.print(f"{said}. The plan is in {out / 'clips.yaml'}.", markup=False)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (("Clip", "left"), ("Length", "right"), ("From", "right"), ("Shapes", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for one in done:
        kept, short = "" if one.made else " (kept)", {name for name, _ in one.fallen}
        shapes = ", ".join(f"{name} (not done: fell short)" if name in short else name for name in one.files)
        table.add_row(_plain(one.clip.title), f"{one.seconds:.0f} s", clock(one.clip.span.start, 0), shapes + kept)
    console.print(table)
    for one in done:
        for name, verdict in one.fallen:
            console.print(f"fell short: {one.clip.id} {name}: {verdict}", markup=False)
            console.print(f"  try: {verdict.mend}", markup=False)
        if one.note and one.made:
            console.print(f"note: {one.clip.id}: {one.note}", markup=False)
    console.print()
    console.print(f"Clips: {out / 'clips'}", markup=False, soft_wrap=True)
    console.print(f"Plan:  {out / 'clips.yaml'}  (edit it, or: clipper pick {out})", markup=False, soft_wrap=True)
    spent = " · ".join(f"{s} {seconds[s]:.1f} s" for s in STAGES if s in seconds)
    console.print(f"Time:  {spent}", markup=False, soft_wrap=True)


def preview_summary(pictures: Sequence[Path]) -> None:
    """Where the pictures are."""
    console = _console()
    for path in pictures:
        console.print(str(path), markup=False, soft_wrap=True)


def find_summary(found: Found, out: Path | None) -> None:
    """Candidates with their reasons, then the coverage of the page's topics."""
    console = _console()
    findings = found.findings
    for number, one in enumerate(findings.candidates, 1):
        where = f"{clock(one.span.start, 0)} to {clock(one.span.end, 0)}, {one.span.seconds:.0f} s"
        console.print(f"{number}. {one.title}", markup=False, style="bold")
        if one.hook:
            console.print(f"   on the picture: {one.hook}", markup=False)
        console.print(f"   {where} · {one.opens} · {one.ends}", markup=False, style="dim")
        words = one.text.split()
        text = one.text if len(words) <= 40 else f"{' '.join(words[:22])} … {' '.join(words[-14:])}"
        console.print(f"   “{text}”", markup=False)
        for reason in one.reasons:
            console.print(f"   + {reason.text}", markup=False)
        for warning in one.warnings:
            console.print(f"   ! {warning}", markup=False)
        console.print()
    if not findings.candidates:
        console.print("No passage fits these lengths.", markup=False)
    if findings.topics:
        clips = [_clip_of(findings, number) for number in range(len(findings.topics))]
        with_clip = sum(1 for clip in clips if clip is not None)
        console.print(f"{with_clip} of {len(clips)} topics of the page have a clip:", markup=False)
        for match, clip in zip(findings.topics, clips, strict=True):
            state = match.why or "no clip" if clip is None else f"clip {clip + 1}"
            console.print(f"   {'–' if clip is None else '✓'} {_plain(match.topic)}: {state}", markup=False)
    if out is not None:
        console.print(f"\nPlan: {out / 'clips.yaml'}. Next: clipper pick {out}", markup=False, soft_wrap=True)


def _clip_of(findings: Findings, topic: int) -> int | None:
    """The place of the first candidate about a bullet, or on its passage; null where the search says it has none."""
    if findings.topics[topic].why:
        return None
    found = [i for i, c in enumerate(findings.candidates) if c.topic == topic]
    span = findings.topics[topic].span
    if span is not None:
        spans = [c.span for c in findings.candidates]
        found += [i for i, s in enumerate(spans) if s.overlap(span) > 0.5 * min(s.seconds, span.seconds)]
    return found[0] if found else None


def _console() -> Console:
    from clipper.cli.console import terminal

    return terminal(highlight=False, emoji=False)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(" ".join(text.split()))
