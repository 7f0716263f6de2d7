"""`clipper render`: the picked clips of a plan as finished files."""

from __future__ import annotations

from typing import Annotated

import typer

from clipper.cli import options as o


def render(
    out: o.OutArgument,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="This clip, picked or not; may be repeated.")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Only look: a frame and a sheet of each shape, and a draft in half size.")
    ] = False,
    show_safe: Annotated[
        bool, typer.Option("--show-safe", help="With --preview: veil what apps cover with their buttons.")
    ] = False,
    safe_for: o.SafeFor = None,
    quality: o.QualityName = None,
    encoder: o.Encoder = "libx264",
    fps: o.FramesASecond = None,
    size: o.Size = None,
    reduced_motion: o.ReducedMotion = False,
    tighten: o.Tighten = None,
    as_json: o.Json = False,
) -> None:
    """Render the clips that are picked in OUT/clips.yaml; what is finished and unchanged is kept."""
    from clipper.batch import videos
    from clipper.batch.lock import editing, holding
    from clipper.batch.planned import open_plan
    from clipper.batch.wishes import Timer, show_of
    from clipper.cli.answer import make_document, make_summary, preview_summary, print_json
    from clipper.cli.console import Bars
    from clipper.errors import InputError, UsageError
    from clipper.export.clip import raise_for
    from clipper.plan import store

    if show_safe and not preview:
        raise UsageError("--show-safe would be in the finished clips", "look at it with --preview --show-safe")
    if safe_for is not None and not show_safe:
        raise UsageError("--for says whose buttons --show-safe veils", "add --preview --show-safe")
    safe = o.platforms_of(safe_for) if show_safe else None
    timer = Timer()
    if not store.exists(out):
        raise store.no_plan(out)
    with editing(out):
        plan, transcript = open_plan(out)
        if tighten is not None:
            plan = plan.model_copy(update={"tighten": tighten})
        if not preview or tighten is not None:  # what stands in it for reading follows what was edited by hand
            store.save(plan, out)
    if not only and not any(clip.picked for clip in plan.clips):
        raise InputError(
            f"no clip is picked in {out / 'clips.yaml'}", f"run clipper pick {out}, or name one with --only"
        )
    quality = quality or show_of(plan.episode, out).settings.quality
    output = videos.output_of(quality, encoder, fps, size, plan.formats, reduced_motion)
    if preview:
        with Bars() as bars, holding(out):
            pictures = videos.preview(out, plan, transcript, only=only or (), output=output, safe=safe, progress=bars)
        if as_json:
            print_json({"previews": [str(p) for p in pictures]})
        else:
            preview_summary(pictures)
        return
    with Bars() as bars, holding(out):
        done = videos.render(out, plan, transcript, only=only or (), output=output, timer=timer, progress=bars)
    if as_json:
        print_json(make_document(done, timer.seconds))
    else:
        make_summary(out, plan, done, timer.seconds)
    raise_for(done)
