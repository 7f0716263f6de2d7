"""`clipper watch`: new episodes of a feed or a folder, as they come."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clipper.cli import options as o
from clipper.cli.batch import Address, ExecutorName, Jobs, Notify
from clipper.cli.making import Making, with_making

if TYPE_CHECKING:
    from clipper.batch.many import Row


@with_making
def watch(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A feed's address, or a folder.", show_default=False)],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="A folder for each episode goes there.")],
    once: Annotated[bool, typer.Option("--once", help="Look once and end; for cron.")] = False,
    every: Annotated[
        float,
        typer.Option("--every", metavar="MIN", min=0.01, help="Minutes between two looks; a feed may ask for more."),
    ] = 15.0,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, help="The first time: the newest N of the feed's episodes.")
    ] = 1,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DAY", help="Only from this day on: 2026-11-01, or 30d.", show_default=False),
    ] = None,
    jobs: Jobs = None,
    executor: ExecutorName = "local",
    address: Address = None,
    notify: Notify = None,
    making: Making = Making(),  # noqa: B008  # its fields are this command's options
    as_json: o.Json = False,
) -> None:
    """Make clips of every new episode; what is there is asked for only when it changed, and nothing is done twice.

    A file that is still being copied waits for the next look. With --once it looks once, works, and ends: for cron.
    Without, it goes on until it is stopped; docs/catalogue.md has a unit for systemd.
    """
    from clipper.batch import many
    from clipper.batch.executors import open_executor
    from clipper.batch.folder import Folder
    from clipper.batch.lock import holding
    from clipper.batch.since import parse_since
    from clipper.batch.watch import look, pause
    from clipper.cli.answer import print_json
    from clipper.cli.batch_view import Lines, document, raise_for, table
    from clipper.cli.console import report_error, say
    from clipper.episode.fetch import is_address
    from clipper.errors import ClipperError, MissingError
    from clipper.notify import notifier

    worker = open_executor(executor, jobs=jobs, address=address)
    tell, day = notifier(notify, offline=making.offline), parse_since(since)
    if making.offline and is_address(source):
        raise MissingError(f"{source} cannot be watched: clipper is offline", "leave --offline out, or watch a folder")
    Folder(out).create()
    noted: set[str] = set()
    with holding(out):
        while True:
            wait = 60.0 * every
            rows: list[Row] = []
            try:
                found = look(source, out, first=limit, since=day)
                wait = pause(found.state, every)
                for note in found.notes:
                    if note not in noted:
                        say(f"note: {note}")
                noted = set(found.notes)
                with Lines(len(found.items), lambda: worker.status) as lines:

                    def finished(row: Row, lines: Lines = lines) -> None:
                        lines.finished(row)
                        if row.state != "unchanged" and (
                            problem := tell("failed" if row.state == "failed" else "finished", row)
                        ):
                            say(f"note: {problem}")

                    rows = many.run(
                        found.items, out, making.options(), worker, report=lines.report, finished=finished,
                        tell=lines.tell,
                    )  # fmt: skip
            except ClipperError as error:
                if once:
                    raise
                report_error(error)  # a server that is down today is up tomorrow
            if once:
                if as_json:
                    print_json(document(rows, out))
                else:
                    table(rows, out)
                raise_for(rows)
                return
            time.sleep(wait)
