"""`clipper make`: the whole way with one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clipper.cli import options as o


def make(
    episode: o.EpisodeArgument,
    out: o.Out = Path("out"),
    audio: o.Audio = None,
    cover: o.Cover = None,
    transcript: o.TranscriptFile = None,
    feed: o.Feed = None,
    feed_episode: o.FeedEpisode = None,
    count: Annotated[int, typer.Option("--count", metavar="N", help="How many clips.")] = 5,
    shortest: o.Shortest = 20.0,
    longest: o.Longest = 60.0,
    formats: o.Formats = "vertical,square,wide",
    template: o.TemplateName = None,
    quality: o.QualityName = "good",
    encoder: o.Encoder = "libx264",
    engine: o.Engine = "faster-whisper",
    model: o.Model = "base",
    language: o.Language = None,
    offline: o.Offline = False,
    as_heard: o.AsHeard = False,
    as_json: o.Json = False,
) -> None:
    """Turn an episode into finished clips: understand, listen, choose, render, check.

    OUT then holds clips.yaml (the plan, made for editing), the transcript, and a folder for each clip with its videos,
    captions, cover and post text. Run again, only what is missing or changed is made.
    """
    from clipper.batch import one
    from clipper.batch.planned import write_plan
    from clipper.batch.wishes import Timer, Wishes, parse_formats, with_spares
    from clipper.cli.answer import make_document, make_summary, print_json
    from clipper.cli.console import Bars, say
    from clipper.export.clip import raise_for

    wishes = Wishes(
        source=episode, audio=audio, cover=cover, transcript=transcript, feed=feed, feed_episode=feed_episode,
        count=count, shortest=shortest, longest=longest, formats=parse_formats(formats), template=template,
        engine=engine, model=model, language=language, offline=offline, as_heard=as_heard,
    )  # fmt: skip
    one.check_early(wishes, out, quality, encoder)
    timer = Timer()
    with Bars() as bars:
        found = one.find(with_spares(wishes), to_render=True, timer=timer, progress=bars)
        plan = write_plan(wishes, found, out, picked=count)
        done = one.render(out, plan, found.transcript, quality=quality, encoder=encoder, timer=timer, progress=bars)
    for note in found.notes:
        say(f"note: {note}")
    if as_json:
        print_json(make_document(done, timer.seconds))
    else:
        make_summary(out, plan, done, timer.seconds)
    raise_for(done)
