"""`clipper find --more-like ID` and `--from-part ID`: further candidates for a plan that is there.

In: OUT and the id of a clip; out: the plan with new clips behind it, told on stdout.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clipper.batch.further import WORDS, Kind
from clipper.batch.wishes import Wishes
from clipper.errors import UsageError, one_line
from clipper.plan.model import Clip
from clipper.span import clock


def further(out: Path | None, wishes: Wishes, more_like: str | None, from_part: str | None, *, as_json: bool) -> None:
    """Puts further candidates into the plan of OUT and tells them.

    Raises:
        UsageError: both options, no OUT, or no clip of that id.
        InputError: OUT holds no plan that can be read.
    """
    from clipper.batch.further import Further
    from clipper.batch.planned import open_plan
    from clipper.cli.answer import print_json
    from clipper.cli.console import say
    from clipper.highlights.model import Settings
    from clipper.plan.session import NOTHING_ELSE

    if more_like is not None and from_part is not None:
        raise UsageError("--more-like and --from-part at once", "ask for one, then for the other")
    if out is None:
        raise UsageError("--more-like and --from-part need the plan they add to", "say -o OUT, where find wrote it")
    kind: Kind = "like" if more_like is not None else "part"
    name = (more_like if more_like is not None else from_part or "").strip()
    name = f"c{name}" if name.isdecimal() else name
    plan, transcript = open_plan(out)
    settings = Settings(shortest=wishes.shortest, longest=wishes.longest)
    search = Further(out, transcript, settings, exact=bool(wishes.said & {"shortest", "longest", "platforms"}))
    plan, new = search.add(plan, name, kind, wishes.count if "count" in wishes.said else None)
    clips = [c for c in plan.clips if c.id in new]
    if as_json:
        rows = [
            {"id": c.id, "start": c.span.start, "end": c.span.end, "title": c.title, "text": " ".join(c.text.split()),
             "topic": c.topic, "reasons": list(c.reasons)}
            for c in clips
        ]  # fmt: skip
        print_json({"added": rows})
    elif clips:
        _show(clips, out)
    if not new:
        say(f"note: {WORDS[kind]}: {NOTHING_ELSE}")


def _show(clips: Sequence[Clip], out: Path) -> None:
    from clipper.cli.console import terminal

    console = terminal(highlight=False, emoji=False, markup=False)
    for clip in clips:
        console.print(f"{clip.id}. {one_line(clip.title)}", style="bold")
        console.print(f"   {clock(clip.span.start, 0)} to {clock(clip.span.end, 0)}, {clip.span.seconds:.0f} s")
        console.print(f"   “{one_line(clip.text, 400)}”")
        for reason in clip.reasons:
            console.print(f"   + {one_line(reason)}")
        console.print()
    console.print(f"Added to {out / 'clips.yaml'}, undecided. Next: clipper pick {out}", soft_wrap=True)
