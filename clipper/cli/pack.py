"""`clipper pack`: finished clips as each platform takes them."""

from __future__ import annotations

from typing import Annotated

import typer

from clipper.cli import options as o


def pack(
    out: o.OutArgument,
    platforms: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="LIST",
            help="Platforms, with commas: shorts, tiktok, reels, x, ..., or own, the show's own places.",
            show_default="the show's, else all",
        ),
    ] = None,
    only: o.Only = None,
    instance: Annotated[
        str | None,
        typer.Option(
            "--instance",
            metavar="URL",
            help="Ask this Mastodon server for its limits; the only thing here that uses the network.",
            show_default=False,
        ),
    ] = None,
    media: Annotated[
        str | None,
        typer.Option(
            "--media",
            metavar="URL",
            help="With own: the public address that the packs' files will have, for podcast:trailer.",
            show_default="the show's",
        ),
    ] = None,
    as_json: o.Json = False,
) -> None:
    """Pack the rendered clips: OUT/packs/PLATFORM/NN-title with video, cover, captions, post, alt text and manifest.

    A video that fits goes in as it is; else it is drawn once more, smaller. Nothing is ever cut away. Edit post.txt,
    alt.txt or title.txt in a pack and run it again: your words stay.
    """
    from clipper.batch.finished import finished, wanted_platforms
    from clipper.batch.lock import holding
    from clipper.batch.own import listed, make_own
    from clipper.batch.packs import make_packs
    from clipper.batch.planned import open_plan
    from clipper.cli.answer import print_json
    from clipper.cli.console import Bars, say
    from clipper.cli.packed_answer import document, summary
    from clipper.errors import FellShortError
    from clipper.platforms import names, platform

    plan, transcript = open_plan(out)
    asked = [part.strip() for part in (platforms or "").split(",")]
    rest = ",".join(part for part in asked if part and part != "own")
    own = "own" in asked
    chosen = () if own and not rest else wanted_platforms(rest or platforms, plan, out)
    every = chosen if chosen or own else tuple(map(platform, names()))
    if instance is not None:
        from clipper.batch.instance import with_instance

        every = with_instance(every, instance)
    address = _address(media) or listed(plan, out)
    with holding(out):
        jobs = finished(out, plan, transcript, only or ())
        with Bars() as bars:
            made = make_packs(out, plan, jobs, every, progress=bars)
        files, notes = make_own(out, plan, transcript, jobs, address) if own else ([], [])
    if as_json:
        print_json({**document(made), **({"own": [str(f) for f in files], "notes": notes} if own else {})})
    else:
        if made:
            summary(out, made)
        for file in files:
            typer.echo(file)
        for note in notes:
            say(f"note: {note}")
    refused = [one.refused for one in made if one.refused is not None]
    if refused and chosen:
        raise FellShortError(
            f"{len(refused)} of {len(made)} packs cannot be made: {refused[0].message}", refused[0].mend
        )
    for error in refused:
        say(f"left out: {error.message}")


def _address(text: str | None) -> str | None:
    """A web address, as it was given.

    Raises:
        UsageError: it is none.
    """
    from clipper.errors import UsageError

    if text is not None and not text.startswith(("https://", "http://")):
        raise UsageError(f"{text} is no web address", "write it as https://cdn.example.com/clips")
    return text
