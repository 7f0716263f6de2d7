"""`clipper check`: finished files, looked at as a stranger would."""

from __future__ import annotations

from typing import Annotated

import typer

from clipper.cli import options as o


def check(
    out: o.OutArgument,
    platforms: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="LIST",
            help="Against the limits of these platforms, with commas; all for every one.",
            show_default="the show's",
        ),
    ] = None,
    only: o.Only = None,
    as_json: o.Json = False,
) -> None:
    """Look at each finished file as a stranger would: edges, sound, picture, text, captions, container.

    Each file is decoded from its first packet to its last. Each check says what was measured, the limit, where that
    comes from and the mend; OUT/check.html has them all. Ends with exit code 5 when one falls short.
    """
    from clipper.batch.checking import check_jobs, write_page
    from clipper.batch.finished import finished, wanted_platforms
    from clipper.batch.lock import holding
    from clipper.batch.planned import open_plan
    from clipper.cli.answer import print_json
    from clipper.cli.checked_answer import document, summary
    from clipper.cli.console import Bars
    from clipper.errors import FellShortError

    plan, transcript = open_plan(out)
    wanted = wanted_platforms(platforms, plan, out)
    with holding(out):
        jobs = finished(out, plan, transcript, only or ())
        with Bars() as bars:
            checked = check_jobs(out, jobs, wanted, bars)
        page = write_page(out, plan, checked)
    if as_json:
        print_json(document(checked, page))
    else:
        summary(checked, page)
    short = [v for one in checked for v in one.verdicts if not v.good]
    if short:
        first = short[0]
        raise FellShortError(f"{len(short)} checks fell short, first: {first}", first.mend)
