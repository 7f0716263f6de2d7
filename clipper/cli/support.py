"""`clipper support-bundle`: what somebody who helps needs to know, and nothing that was said or written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def support_bundle(
    out: Annotated[
        Path | None,
        typer.Argument(metavar="OUT", help="A folder that make or batch wrote, to be described.", show_default=False),
    ] = None,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="Where it is written.")] = Path(
        "clipper-support.zip"
    ),
) -> None:
    """Write a small zip to send to whoever helps: versions, doctor's findings, settings, and numbers of OUT.

    No title, name, word, path, address or picture is in it: texts are told by their length. It is plain JSON; look
    into it before you send it.
    """
    from clipper.batch.support import write_bundle

    names = write_bundle(to, out)
    typer.echo(f"{to}: {', '.join(names)}. Nothing was sent anywhere.")
