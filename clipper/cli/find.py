"""`clipper find`: the highlights of an episode, without rendering any."""

from __future__ import annotations

from contextlib import nullcontext
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
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", help="How many candidates.", show_default="8")
    ] = None,
    shortest: o.Shortest = None,
    longest: o.Longest = None,
    platforms: o.For = None,
    known: o.Known = None,
    rerank: o.Rerank = None,
    rerank_model: o.RerankModel = None,
    formats: o.Formats = None,
    template: o.TemplateName = None,
    engine: o.Engine = None,
    model: o.Model = None,
    language: o.Language = None,
    offline: o.Offline = False,
    as_heard: o.AsHeard = False,
    align: o.Align = False,
    captions_from: o.CaptionsFrom = None,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain", metavar="ID", help="The whole sum behind one candidate, such as c3.", show_default=False
        ),
    ] = None,
    more_like: Annotated[
        str | None,
        typer.Option(
            "--more-like", metavar="ID", help="Add clips like this one to the plan in OUT.", show_default=False
        ),
    ] = None,
    from_part: Annotated[
        str | None,
        typer.Option(
            "--from-part", metavar="ID", help="Add another clip from the same part of the episode.", show_default=False
        ),
    ] = None,
    as_json: o.Json = False,
) -> None:
    """Show the highlights of an episode with the reasons, and where each topic of the page is talked about.

    With --transcript no audio is needed. With --more-like or --from-part nothing is searched anew: candidates are added
    to the plan that OUT holds, from the words and the page that it keeps.
    """
    from clipper.batch import one, videos
    from clipper.batch.known import read_known, refused_in
    from clipper.batch.lock import holding
    from clipper.batch.planned import write_plan
    from clipper.batch.rerank import server
    from clipper.batch.wishes import wished
    from clipper.cli.answer import find_document, find_summary, print_json
    from clipper.cli.console import Bars, say
    from clipper.cli.explain import candidate_of, explain_table, explained
    from clipper.cli.further import further

    wishes = wished(
        episode, to_make=False, audio=audio, cover=cover, transcript=transcript, feed=feed, feed_episode=feed_episode,
        count=count, shortest=shortest, longest=longest, platforms=platforms,
        known=read_known(known or (), out), rerank=server(rerank, rerank_model, offline=offline) if rerank else None,
        formats=formats, template=template,
        engine=engine, model=model, language=language, offline=offline, as_heard=as_heard, align=align,
        captions_from=captions_from,
    )  # fmt: skip
    if more_like is not None or from_part is not None:
        further(out, wishes, more_like, from_part, as_json=as_json)
        return
    if out is not None:
        videos.check_early(wishes, out)
    with Bars() as bars, holding(out) if out is not None else nullcontext():
        found = one.find(wishes, refused=refused_in(out), progress=bars, tell=say)
        plan = write_plan(wishes, found, out, picked=None) if out is not None else None
    chosen = candidate_of(found.findings, explain, plan) if explain is not None else None
    for note in (*wishes.notes, *found.notes):
        say(f"note: {note}")
    if as_json:
        document = find_document(found.findings)
        print_json(document if chosen is None else {**document, "explained": explained(chosen)})
    elif chosen is not None:
        explain_table(chosen)
    else:
        find_summary(found, out)
