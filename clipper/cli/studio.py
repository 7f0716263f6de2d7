"""`clipper studio`: the page on which a producer picks, trims, fixes and sends."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clipper.cli import options as o


def studio(
    what: Annotated[
        str,
        typer.Argument(
            metavar="OUT",
            help="The folder that make or find wrote, a folder of several, or an episode.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="OUT", help="For an episode: where everything goes.", show_default="out"),
    ] = None,
    audio: o.Audio = None,
    cover: o.Cover = None,
    transcript: o.TranscriptFile = None,
    template: o.TemplateName = None,
    model: o.Model = "base",
    language: o.Language = None,
    offline: o.Offline = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Only print the address.")] = False,
    port: Annotated[
        int | None, typer.Option("--port", metavar="N", help="The port, else 8347 or a free one.", min=1, max=65535)
    ] = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Another address than this machine's own; see the docs.")
    ] = "127.0.0.1",
) -> None:
    """Open the studio: a page in your browser on which you pick, trim, fix, look and send.

    Everything stays on this machine. The plan on disk is the truth: every click is saved in clips.yaml at once, and
    what you change there shows on the page. Stop it with Ctrl-C; nothing is lost.
    """
    import webbrowser

    from clipper.batch.wishes import wished
    from clipper.episode.load import load_episode
    from clipper.studio.serve import LOOPBACK, serve
    from clipper.studio.shelf import shelf

    said = {
        "audio": audio, "cover": cover, "transcript": transcript, "template": template, "model": model,
        "language": language, "offline": offline,
    }  # fmt: skip
    found = shelf(what, out, {k: str(v) if isinstance(v, Path) else v for k, v in said.items()})
    if found.fresh is not None:
        wished(what, to_make=False, **said)  # a slip of the pen is told here, not on the page
        if "://" not in what:
            load_episode(what, offline=offline)
    if host not in LOOPBACK:
        typer.echo(
            f"warning: whoever reaches {host} and has the address can read this episode and change its plan.\n"
            "  The connection is not encrypted. Use it only in a network that you trust.",
            err=True,
        )

    def opened(address: str) -> None:
        typer.echo(f"clipper studio is at {address}\n  Ctrl-C stops it; everything is saved as you go.")
        if not no_open:
            webbrowser.open(address)

    serve(
        found, host=host, port=port, opened=opened,
        renewed=lambda address: typer.echo(f"  for another browser: {address}"),
    )  # fmt: skip
