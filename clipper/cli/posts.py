"""`clipper posts` shows the ledger, `clipper unpublish` takes posts back where the network can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from clipper.cli import options as o

if TYPE_CHECKING:
    from clipper.publish.ledger import Ledger, Row

SHORT = 8  # digits of a key that are shown


def posts(
    network: Annotated[
        str | None, typer.Option("--network", metavar="N", help="Only of this network.", show_default=False)
    ] = None,
    as_json: o.Json = False,
) -> None:
    """Show what was posted where, and what is planned, refused or in doubt."""
    from clipper.cli import publishing as told
    from clipper.cli.answer import print_json
    from clipper.publish.ledger import Ledger

    with Ledger() as ledger:
        rows = [r for r in ledger.rows() if network in (None, r.network)]
    if as_json:
        print_json({"posts": [told.document(row) for row in rows]})
        return
    if not rows:
        typer.echo("Nothing was posted yet.")
        return
    table = told.table_of("Key", "Clip", "Title", "On", "As", "State", "Where")
    for row in rows:
        state = told.STATES[row.state]
        if row.due is not None and row.state == "waiting":
            state = f"planned for {row.due.astimezone():%Y-%m-%d %H:%M}"
        where = row.url or row.remote_id or row.words
        table.add_row(
            row.key[:SHORT], row.clip, told.shown(row.title, 40), row.network, told.shown(row.account_name, 40), state,
            told.shown(where, 120),
        )  # fmt: skip
    told.console_of().print(table)


def unpublish(
    keys: Annotated[
        list[str], typer.Argument(metavar="KEY...", help="As clipper posts shows them.", show_default=False)
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Send passwords unencrypted to other machines too.")
    ] = False,
) -> None:
    """Take posts back, or call off what is planned. Publishing the clip again makes a new post."""
    import sys

    from clipper.cli import publishing as told
    from clipper.errors import UsageError
    from clipper.publish import networks
    from clipper.publish.base import Posted
    from clipper.publish.desk import open_desk
    from clipper.publish.ledger import Ledger
    from clipper.publish.lock import alone
    from clipper.publish.patience import Patience

    with Ledger() as ledger, alone(ledger.path, told.waiting):
        rows = [_named(ledger, key) for key in keys]
        for row in rows:
            typer.echo(f"{row.clip} {row.title} → {row.network} {row.account_name} {row.url}")
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError("nothing is taken back without a yes", "say --yes")
            typer.confirm("Take back?", abort=True)
        for row in rows:
            if row.state == "posted":
                desk = open_desk(networks.kind(row.network), row.profile, patience=Patience(), allow_http=allow_http)
                if desk.account.id != row.account:
                    raise UsageError(
                        f"it was posted as {row.account_name}, and you are logged in as {desk.account.name}",
                        f"clipper login {row.network}",
                    )
                desk.publisher.delete(Posted(row.remote_id, row.url))
            ledger.note(row.key, "", "removed")
            typer.echo(f"Taken back: {row.clip} on {row.network}.")
        ledger.keep_backup()


def _named(ledger: Ledger, key: str) -> Row:
    """The row that a key's first digits name.

    Raises:
        InputError: none, several, or one that cannot be taken back.
    """
    from clipper.errors import InputError

    found = [row for row in ledger.rows() if row.key.startswith(key.casefold())] if len(key) >= 4 else []
    if len(found) != 1:
        raise InputError(f"{key} names {len(found)} posts", "take the key that clipper posts shows")
    if found[0].state not in ("posted", "waiting"):
        raise InputError(f"{key} does not stand: {found[0].state}", "clipper posts shows what does")
    return found[0]
