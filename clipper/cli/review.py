"""`clipper review`: ask a guest before anything is posted, and read the answer back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clipper.cli import options as o


def review(
    out: o.OutArgument,
    answer: Annotated[
        Path | None,
        typer.Option(
            "--answer",
            metavar="FILE",
            help="What the guest saved and sent back: put it into the plan.",
            show_default=False,
        ),
    ] = None,
    only: o.Only = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="L", help="Of the page: en or de.", show_default="the episode's, else en"),
    ] = None,
) -> None:
    """Make OUT/review for a guest: a page that opens offline, to watch the clips, tick each and save an answer.

    Hand over the whole folder. With --answer, clips that the guest would rather not have are no longer picked.
    """
    from clipper.batch import own
    from clipper.batch.finished import finished
    from clipper.batch.lock import editing, holding
    from clipper.batch.planned import open_plan
    from clipper.cli.console import say
    from clipper.export.own.words import named

    plan, transcript = open_plan(out)
    if answer is None:
        asked = named(language) if language else None
        with holding(out):
            page = own.make_review(out, plan, finished(out, plan, transcript, only or ()), asked)
        typer.echo(f"{page}\nHand over the folder {page.parent}; what comes back: clipper review {out} --answer FILE")
        return
    from clipper.export.own.answers import read_answer
    from clipper.plan import store

    said = read_answer(answer)
    with editing(out):
        plan, transcript = open_plan(out)
        ids = [clip.id for clip in plan.clips if clip.id in {one.id for one in said.clips}]
        jobs = finished(out, plan, transcript, ids) if ids else []
        after, told = own.take_answer(plan, jobs, said)
        store.save(after, out)
    for line in told:
        typer.echo(line)
    say(f"saved in {out / 'clips.yaml'}")
