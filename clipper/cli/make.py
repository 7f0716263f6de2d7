"""`clipper make`: the whole way with one command."""

from __future__ import annotations

from pathlib import Path

from clipper.cli import options as o
from clipper.cli.making import Making, with_making


@with_making
def make(
    episode: o.EpisodeArgument,
    out: o.Out = Path("out"),
    audio: o.Audio = None,
    cover: o.Cover = None,
    transcript: o.TranscriptFile = None,
    feed: o.Feed = None,
    feed_episode: o.FeedEpisode = None,
    making: Making = Making(),  # noqa: B008  # its fields are this command's options
    known: o.Known = None,
    rerank: o.Rerank = None,
    rerank_model: o.RerankModel = None,
    tighten: o.Tighten = None,
    align: o.Align = False,
    captions_from: o.CaptionsFrom = None,
    as_json: o.Json = False,
) -> None:
    """Turn an episode into finished clips: understand, listen, choose, render, check.

    OUT then holds clips.yaml (the plan, made for editing), the transcript, and a folder for each clip with its videos,
    captions, cover and post text. Run again, only what is missing or changed is made.
    """
    from clipper.batch.executors.machine import enough
    from clipper.batch.known import read_known
    from clipper.batch.rerank import server
    from clipper.batch.videos import output_of
    from clipper.batch.whole import make as make_whole
    from clipper.batch.wishes import Timer, wished
    from clipper.cli.answer import make_document, make_summary, print_json
    from clipper.cli.console import Bars, say
    from clipper.export.clip import raise_for

    enough()
    wishes = wished(
        episode, to_make=True, audio=audio, cover=cover, transcript=transcript, feed=feed, feed_episode=feed_episode,
        known=read_known(known or (), out),
        rerank=server(rerank, rerank_model, offline=making.offline) if rerank else None,
        align=align, captions_from=captions_from, tighten=tighten, **making.wishes(),
    )  # fmt: skip
    output = output_of(wishes.quality, making.encoder, making.fps, making.size, wishes.formats, making.reduced_motion)
    timer = Timer()
    with Bars() as bars:
        made = make_whole(wishes, out, output, timer=timer, progress=bars, tell=say)
    for note in (*wishes.notes, *made.found.notes):
        say(f"note: {note}")
    if as_json:
        print_json(make_document(made.done, timer.seconds))
    else:
        make_summary(out, made.plan, made.done, timer.seconds)
    raise_for(made.done)
