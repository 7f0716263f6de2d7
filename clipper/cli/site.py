"""`clipper site`: a page with all clips of a catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def site(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What batch, watch or make wrote.", show_default=False)],
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="Of the page.", show_default="the show's name")
    ] = None,
) -> None:
    """Write DIR/index.html: all clips with their covers, words and files, to be searched and played in a browser.

    It is one file without a server, a script of others or an address outside: open it, or put DIR on any web space.
    """
    from clipper.batch.site import write_site

    path, count = write_site(folder, title)
    typer.echo(f"{count} clips: {path}")
