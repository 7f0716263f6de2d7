"""`clipper find`: the highlights of an episode, without rendering any."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clipper.cli import options as o


def find(
    episode: o.EpisodeArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="OUT", help="Write the plan there, for pick and render.", show_default=False
        ),
    ] = None,
    audio: o.Audio = None,
    cover: o.Cover = None,
    transcript: o.TranscriptFile = None,
    feed: o.Feed = None,
    feed_episode: o.FeedEpisode = None,
    count: Annotated[int, typer.Option("--count", metavar="N", help="How many candidates.")] = 8,
    shortest: o.Shortest = 20.0,
    longest: o.Longest = 60.0,
    formats: o.Formats = "vertical,square,wide",
    template: o.TemplateName = None,
    engine: o.Engine = "faster-whisper",
    model: o.Model = "base",
    language: o.Language = None,
    offline: o.Offline = False,
    as_heard: o.AsHeard = False,
    as_json: o.Json = False,
) -> None:
    """Show the highlights of an episode with the reasons, and where each topic of the page is talked about.

    With --transcript no audio is needed.
    """
    from clipper.batch import one
    from clipper.batch.planned import write_plan
    from clipper.batch.wishes import Wishes, parse_formats
    from clipper.cli.answer import find_document, find_summary, print_json
    from clipper.cli.console import Bars, say

    wishes = Wishes(
        source=episode, audio=audio, cover=cover, transcript=transcript, feed=feed, feed_episode=feed_episode,
        count=count, shortest=shortest, longest=longest, formats=parse_formats(formats), template=template,
        engine=engine, model=model, language=language, offline=offline, as_heard=as_heard,
    )  # fmt: skip
    if out is not None:
        one.check_early(wishes, out)
    with Bars() as bars:
        found = one.find(wishes, progress=bars)
        if out is not None:
            write_plan(wishes, found, out, picked=None)
    for note in found.notes:
        say(f"note: {note}")
    if as_json:
        print_json(find_document(found.findings))
    else:
        find_summary(found, out)
