"""`clipper publish OUT --to bluesky,mastodon`: shows what goes where, asks, and posts each clip once.

In: packs and accounts; out: posts, and a ledger of them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clipper.cli import options as o

if TYPE_CHECKING:
    from clipper.errors import ClipperError
    from clipper.publish.base import Pack
    from clipper.publish.desk import Desk
    from clipper.publish.ledger import Ledger
    from clipper.publish.patience import Patience
    from clipper.publish.runner import Outcome, Sender


def publish(
    out: Annotated[
        Path | None,
        typer.Argument(metavar="OUT", help="The folder that make wrote, with its packs.", show_default=False),
    ] = None,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="LIST", help="Networks and places, with commas; bluesky:PROFILE for a second account."
        ),
    ] = "",
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="This clip; may be repeated.", show_default=False)
    ] = None,
    platforms: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="LIST", help="To a place: only the packs of these platforms.", show_default="all"
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help='Not now: "18:00", "2026-12-01 18:00", "+90m".', show_default=False),
    ] = None,
    due: Annotated[
        bool,
        typer.Option(
            "--due", help="Send what was planned with --at and is due now (with OUT, only its clips); for cron."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the requests that would be sent.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
    resolve: Annotated[
        bool, typer.Option("--resolve", help="Say of posts that nobody knows of whether they stand.")
    ] = False,
    through: Annotated[
        str | None,
        typer.Option(
            "--through",
            metavar="PLACE",
            help="Where videos get a public address, for Threads and Instagram.",
            show_default=False,
        ),
    ] = None,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Send passwords unencrypted to other machines too.")
    ] = False,
    as_json: o.Json = False,
) -> None:
    """Post packed clips, each once on each account, with captions and alt text.

    Nothing is sent before you have seen what goes where, as whom and how public, and said yes. Run it again after
    whatever went wrong: what stands is not posted again.
    """
    from clipper.batch.lock import undisturbed
    from clipper.cli import publishing as told
    from clipper.cli.console import Bars, say
    from clipper.errors import Exit, UsageError
    from clipper.publish import desk
    from clipper.publish.base import nowhere
    from clipper.publish.ledger import Ledger
    from clipper.publish.lock import alone
    from clipper.publish.patience import Patience
    from clipper.publish.runner import Sender

    wishes = [w for w in (platforms or "").split(",") if w.strip()]
    clips = [w.strip() for one in only or [] for w in one.split(",") if w.strip()]
    if not due and not resolve and (out is None or not to):
        raise UsageError("say what goes where", "such as: clipper publish OUT --to bluesky,mastodon")
    if dry_run and out is not None:
        told.rehearsal(desk.rehearsals(to, out, wishes, clips, allow_http=allow_http), as_json=as_json)
        return
    patience = Patience()
    done: list[Outcome] = []
    failed: list[ClipperError] = []
    with Ledger() as ledger, alone(ledger.path, told.waiting), ExitStack() as still:
        if resolve:
            told.resolve(ledger, patience, allow_http=allow_http)
            return
        try:
            public: Callable[[Pack], str] = nowhere
            if through:
                public = desk.through(through, Sender(ledger, patience), patience=patience, allow_http=allow_http)
            if due:
                desks = _due(ledger, patience, allow_http, still, out, failed)
            else:
                assert out is not None
                still.enter_context(undisturbed(out))  # what is sent is what was agreed to
                desks = desk.open_desks(to, out, wishes, clips, patience=patience, allow_http=allow_http)
            if not due and not _agreed(desks, ledger, at, yes=yes, as_json=as_json):
                return
            if at is not None:
                _plan(desks, ledger, at, as_json=as_json)
                return
            with Bars() as bars:
                done = _send(desks, Sender(ledger, patience, bars, public), failed)
        finally:
            ledger.keep_backup()
    if failed and not done:
        raise failed[0]
    told.summary(done, as_json=as_json)
    for error in failed:
        say(f"error: {error.message}")
        say(f"  try: {error.mend}")
    if failed or not all(one.stands for one in done):
        raise typer.Exit(int(Exit.FELL_SHORT))


def _agreed(desks: tuple[Desk, ...], ledger: Ledger, at: str | None, *, yes: bool, as_json: bool) -> bool:
    """Shows what goes where and waits for a yes; False where there is nothing to send or the answer is no."""
    import sys

    from clipper.cli import publishing as told
    from clipper.errors import UsageError

    many = told.what_goes_where(desks, ledger, at, quiet=as_json)
    if many == 0:
        if as_json:
            return True  # nothing is sent; the document says how all stands
        typer.echo("Nothing to send: all of it stands already.")
        return False
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("nothing is sent without a yes", "look at the table, then say --yes")
    return typer.confirm(f"Send {'it' if many == 1 else f'these {many}'}?")


def _plan(desks: tuple[Desk, ...], ledger: Ledger, at: str, *, as_json: bool) -> None:
    import datetime

    from clipper.cli import publishing as told
    from clipper.cli.answer import print_json
    from clipper.publish.moments import moment
    from clipper.publish.runner import rendition

    when = moment(at, datetime.datetime.now().astimezone())
    rows = [
        ledger.intend(
            pack, one.kind.name, one.account, profile=one.profile, rendition=rendition(one.publisher, pack), due=when
        )
        for one in desks
        for pack in one.packs
    ]  # fmt: skip
    if as_json:
        print_json({"posts": [told.document(row) for row in rows]})
        return
    typer.echo(f"Planned for {when:%Y-%m-%d %H:%M %Z}. It is sent by the first `clipper publish --due` after that.")
    typer.echo("Let cron run that every few minutes: */5 * * * * clipper publish --due")


def _due(
    ledger: Ledger,
    patience: Patience,
    allow_http: bool,
    still: ExitStack,
    only: Path | None,
    failed: list[ClipperError],
) -> tuple[Desk, ...]:
    """Accounts with the packs that are due, in the order of their times; folders in which somebody works wait.

    Args:
        only: OUT, if nothing else is meant.
        failed: gets what is wrong with a pack or an account; the others are sent all the same.
    """
    from clipper.batch.lock import HeldError, undisturbed
    from clipper.cli.console import say
    from clipper.errors import ClipperError
    from clipper.export.packed import read_packed
    from clipper.publish import networks
    from clipper.publish.base import Pack
    from clipper.publish.desk import open_desk
    from clipper.publish.ledger import now

    groups: dict[tuple[str, str], list[Pack]] = {}
    free: dict[Path, bool] = {}
    for row in ledger.due(now()):
        folder = Path(row.folder)
        out = folder.parent.parent.parent
        if only is not None and out != only.resolve():
            continue
        if out not in free:
            try:
                still.enter_context(undisturbed(out))
                free[out] = True
            except HeldError as error:
                say(f"note: {error.message}; what is due of it is sent the next time")
                free[out] = False
        if not free[out]:
            continue
        try:
            pack = Pack(folder, read_packed(folder))
        except ClipperError as error:
            failed.append(error)
            continue
        groups.setdefault((row.network, row.profile), []).append(pack)
    desks: list[Desk] = []
    for (name, profile), packs in groups.items():
        try:
            kind = networks.kind(name)
            desks.append(open_desk(kind, profile, patience=patience, allow_http=allow_http, packs=tuple(packs)))
        except ClipperError as error:
            failed.append(error)
    return tuple(desks)


def _send(desks: tuple[Desk, ...], sender: Sender, failed: list[ClipperError]) -> list[Outcome]:
    """Everything, one after the other; an account that is locked out does not keep the others back."""
    from clipper.publish.errors import Unauthorised

    done: list[Outcome] = []
    for one in desks:
        for pack in one.packs:
            try:
                done.append(sender.send(one.publisher, one.account, pack, profile=one.profile))
            except Unauthorised as error:
                failed.append(error)
                break
    return done
