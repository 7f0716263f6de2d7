"""`clipper batch`: many episodes with one command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clipper.cli import options as o
from clipper.cli.making import Making, with_making

if TYPE_CHECKING:
    from clipper.batch.many import Row

Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", metavar="N", envvar="CLIPPER_JOBS", help="Episodes at once.", show_default="what the machine can bear"
    ),
]
ExecutorName = Annotated[
    str,
    typer.Option(
        "--executor",
        metavar="NAME",
        envvar="CLIPPER_EXECUTOR",
        help="Who does the work: local (this machine) or ray (a cluster; needs clipper[ray]).",
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        "--address",
        metavar="HOST:PORT",
        envvar="CLIPPER_ADDRESS",
        help="With --executor ray: the cluster that runs there, or auto; without it one is started here.",
        show_default=False,
    ),
]
Notify = Annotated[
    str | None,
    typer.Option(
        "--notify",
        metavar="TARGET",
        envvar="CLIPPER_NOTIFY",
        help="Told of each finished or failed episode: an address (POST) or a command (JSON on its stdin).",
        show_default=False,
    ),
]


@with_making
def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCES...",
            help="Folders, pages, sounds, feeds, tables (CSV), addresses, patterns.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="A folder for each episode goes there.")],
    jobs: Jobs = None,
    executor: ExecutorName = "local",
    address: Address = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DAY", help="Only from this day on: 2026-11-01, or 30d.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=0, help="The newest N episodes.", show_default="all")
    ] = None,
    notify: Notify = None,
    making: Making = Making(),  # noqa: B008  # its fields are this command's options
    as_json: o.Json = False,
) -> None:
    """Make clips of many episodes; a failed one stops no other, and run again only what is missing or changed is done.

    DIR then holds a folder for each episode, as make writes it, and batch.json with what became of each. Exit code 5
    says that some failed; what to do about each is told.
    """
    from clipper.batch import many
    from clipper.batch.executors import open_executor
    from clipper.batch.folder import Folder
    from clipper.batch.lock import holding
    from clipper.batch.since import parse_since
    from clipper.batch.sources import expand
    from clipper.cli.answer import print_json
    from clipper.cli.batch_view import Lines, document, raise_for, table
    from clipper.cli.console import say
    from clipper.notify import notifier

    worker = open_executor(executor, jobs=jobs, address=address)
    tell = notifier(notify, offline=making.offline)
    Folder(out).create()
    with holding(out):
        items, notes = expand(
            sources, offline=making.offline, since=parse_since(since), most=limit, names=many.names(out)
        )
        for note in notes:
            say(f"note: {note}")
        with Lines(len(items), lambda: worker.status) as lines:

            def finished(row: Row) -> None:
                lines.finished(row)
                if row.state != "unchanged":
                    problem = tell("failed" if row.state == "failed" else "finished", row)
                    if problem:
                        say(f"note: {problem}")

            rows = many.run(
                items, out, making.options(), worker, report=lines.report, finished=finished, tell=lines.tell
            )
    if as_json:
        print_json(document(rows, out))
    else:
        table(rows, out)
    raise_for(rows)
