"""`clipper config`: every setting, and where it comes from."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from clipper.cli import options as o


def config(
    episode: Annotated[
        str, typer.Argument(metavar="EPISODE", help="A page, an audio file or a show's folder.", show_default="here")
    ] = ".",
    as_json: o.Json = False,
) -> None:
    """Show what is set for an episode, and by whom.

    What comes first holds: the command line, the environment (CLIPPER_COUNT=3), the show's clipper.toml, the user's
    clipper.toml, what is usual.
    """
    from clipper.batch.wishes import place_of
    from clipper.cli.answer import print_json
    from clipper.cli.console import plain, say
    from clipper.settings import origins, unknown, user_file
    from clipper.show import own_show

    show = own_show(place_of(episode))
    rows = origins(show)
    for name in unknown(os.environ):
        say(f"note: {plain(name)} is set, but there is no such setting")
    if as_json:
        settings = {row.key: {"value": row.value, "from": row.source} for row in rows}
        print_json({"show": str(show.path) if show.path else None, "user": str(user_file()), "settings": settings})
        return
    typer.echo(plain(f"show: {show.path or 'no clipper.toml was found'}"))
    typer.echo(plain(f"user: {user_file()}{'' if user_file().is_file() else ' (not there)'}"))
    widest = max(len(row.key) for row in rows)
    for row in rows:
        typer.echo(plain(f"{row.key:<{widest}}  {_shown(row.value):<28}  {row.source}"))


def _shown(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
