"""`clipper episode`: what was understood of a page, as a table or as JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from clipper.cli.options import Feed, FeedEpisode, Json, Offline

if TYPE_CHECKING:
    from clipper.episode.model import Episode


def episode(
    page: Annotated[
        str | None,
        typer.Argument(
            metavar="PAGE",
            help="A page (.md, .html), an audio file, an episode's folder, or a feed.",
            show_default=False,
        ),
    ] = None,
    feed: Feed = None,
    number: FeedEpisode = None,
    offline: Offline = False,
    as_json: Json = False,
) -> None:
    """Show what is understood of an episode's page."""
    from clipper.episode.load import load_episode

    understood = load_episode(page or "", offline=offline, feed=feed, episode=number)
    if as_json:
        plain = (sys.stdout.encoding or "").casefold().replace("-", "") not in ("utf8", "utf16", "utf32")
        typer.echo(json.dumps(understood.as_json(), ensure_ascii=plain, indent=2))
        return
    show(understood)


command = episode


def show(understood: Episode) -> None:
    """Prints the table on stdout; what a page writes is never read as markup."""
    from rich.table import Table
    from rich.text import Text

    from clipper.cli.console import terminal
    from clipper.span import clock

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")

    def row(name: str, value: object) -> None:
        table.add_row(name, Text(str(value)) if value not in (None, "") else Text("-", style="dim"))

    def rows(name: str, values: list[str]) -> None:
        if not values:
            row(name, None)
        for place, value in enumerate(values):
            table.add_row(name if place == 0 else "", Text(value))

    row("Show", understood.show)
    row("Number", understood.number)
    row("Title", understood.title)
    row("Date", understood.date)
    row("Guests", ", ".join(understood.guests))
    row("Hosts", ", ".join(understood.hosts))
    row("Cover", understood.cover)
    row("Audio", understood.audio)
    rows("Players", list(understood.embeds))
    rows("Topics", [f"{place}. {topic}" for place, topic in enumerate(understood.topics, 1)])
    rows("Chapters", [f"{clock(c.start, 0):>8}  {c.title}" for c in understood.chapters])
    rows("Links", [f"{link.label}: {link.url}" if link.label != link.url else link.url for link in understood.links])
    if understood.soundbites:
        rows("Soundbites", [f"{clock(s.start, 0):>8}  {s.duration:.0f} s  {s.title}" for s in understood.soundbites])
    if understood.transcripts:
        rows("Transcripts", list(understood.transcripts))
    if understood.music_intro:
        row("Music", "the page speaks of music at the start")
    terminal(soft_wrap=False).print(table)
