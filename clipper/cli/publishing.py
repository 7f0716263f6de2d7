"""What a person is told of publishing: what goes where, how it ended, and what they are asked about it.

In: desks, requests, outcomes; out: tables on stdout, or one JSON document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from clipper.cli.answer import print_json
from clipper.cli.console import say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from clipper.publish.base import Kind, Pack, Request
    from clipper.publish.desk import Desk
    from clipper.publish.ledger import Ledger, Row
    from clipper.publish.patience import Patience
    from clipper.publish.runner import Outcome

STATES = {
    "waiting": "not sent yet",
    "begun": "begun, not finished",
    "posted": "stands",
    "refused": "refused",
    "unknown": "nobody knows: look there",
    "removed": "taken back",
}


def waiting() -> None:
    """While another process publishes."""
    say("another clipper is publishing; waiting until it is done")


def rehearsal(found: Sequence[tuple[Kind, Pack, tuple[Request, ...]]], *, as_json: bool) -> None:
    """The very requests of a dry run, with their texts whole."""
    if as_json:
        print_json({"clips": [_rehearsed(*one) for one in found]})
        return
    console = console_of()
    for kind, pack, requests in found:
        console.print(f"{pack.packed.clip} {pack.packed.title} → {kind.label}", style="bold")
        for request in requests:
            many = f", in {request.parts} parts" if request.parts > 1 else ""
            console.print(f"  {request.method} {request.url}: {request.what}{many}", soft_wrap=True)
            for name, value in request.fields.items():
                indented = value.replace("\n", "\n" + " " * (len(name) + 8))
                console.print(f"      {name}: {indented}", soft_wrap=True, style="dim")
    console.print("Nothing was sent.")


def what_goes_where(desks: Sequence[Desk], ledger: Ledger, at: str | None, *, quiet: bool) -> int:
    """The table before the question; how many clips would be sent."""
    from clipper.publish.ledger import post_key
    from clipper.publish.runner import rendition

    rows = {row.key: row for row in ledger.rows()}
    table = table_of("Clip", "Title", "To", "As", "Seen by", "When", "Video", "Now")
    many = 0
    for one in desks:
        for pack in one.packs:
            packed, again = pack.packed, 0
            part = rendition(one.publisher, pack)
            while (
                row := rows.get(post_key(packed.content, one.kind.name, one.account.id, part, again))
            ) and row.state == "removed":
                again += 1
            many += row is None or row.state != "posted"
            table.add_row(
                packed.clip,
                shown(packed.title, 40),
                one.kind.label,
                shown(one.account.name, 40),
                one.account.audience,
                at or "now",
                f"{packed.video.seconds:.0f} s, {packed.video.bytes / 1e6:.1f} MB",
                STATES[row.state] if row else "new",
            )
    if not quiet:
        console_of().print(table)
    return many


def summary(done: Sequence[Outcome], *, as_json: bool) -> None:
    """How each clip stands now."""
    if as_json:
        rows = [
            {**document(one.row), "sent": one.sent, "said": one.said or None, "mend": one.mend or None} for one in done
        ]
        print_json({"posts": rows})
        return
    console = console_of()
    for one in done:
        row = one.row
        where = f"{row.clip} {row.title} → {row.network} {row.account_name}"
        if one.stands:
            console.print(f"{'✓ posted' if one.sent else '✓ stood already'}: {where}")
            console.print(f"    {row.url or row.remote_id}", soft_wrap=True)
        else:
            console.print(f"✗ {STATES[row.state]}: {where}")
            console.print(f"    {one.said}", soft_wrap=True)
            console.print(f"    try: {one.mend}", soft_wrap=True)


def resolve(ledger: Ledger, patience: Patience, *, allow_http: bool) -> None:
    """Looks once more at every post that nobody knows of, and asks where the network cannot tell."""
    import sys

    import typer

    from clipper.errors import UsageError
    from clipper.publish.base import Posted

    open_rows = [r for r in ledger.rows() if r.state == "unknown"]
    console = console_of()
    if not open_rows:
        console.print("There is no post that nobody knows of.")
        return
    if not sys.stdin.readable():
        raise UsageError("somebody must answer", "run it in a terminal")
    for row in open_rows:
        console.print(f"{row.clip} {row.title} → {row.network} {row.account_name}: {row.words}", soft_wrap=True)
        answer = typer.prompt("Does it stand there? its address or id, or no, or skip", default="skip").strip()
        if answer.casefold() in ("no", "n"):
            ledger.not_there(row.key)
            console.print("It is sent anew by the next clipper publish.")
        elif answer.casefold() not in ("skip", "s", "yes", "y", ""):
            ledger.posted(row.key, Posted(answer, answer if "://" in answer else ""))
            console.print("Kept: it stands.")
        else:
            console.print("Left as it is.")


def document(row: Row) -> dict[str, Any]:
    """A row of the ledger as JSON; the form holds from version 0.1 on."""
    return {
        "key": row.key,
        "clip": row.clip,
        "title": row.title,
        "network": row.network,
        "account": row.account_name,
        "state": row.state,
        "id": row.remote_id or None,
        "url": row.url or None,
        "words": row.words or None,
        "due": row.due.isoformat() if row.due else None,
        "changed": row.changed.isoformat(),
    }


def console_of() -> Console:
    """For stdout; titles are text, never markup."""
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)


def table_of(*columns: str) -> Table:
    """A plain table."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def shown(text: str, longest: int) -> str:
    """A title for a cell: one line, not too long, no markup."""
    from rich.markup import escape

    from clipper.errors import one_line

    return escape(one_line(text, longest))


def _rehearsed(kind: Kind, pack: Pack, requests: Sequence[Request]) -> dict[str, Any]:
    return {
        "clip": pack.packed.clip,
        "title": pack.packed.title,
        "network": kind.name,
        "requests": [
            {
                "method": r.method,
                "url": r.url,
                "what": r.what,
                "fields": dict(r.fields),
                "bytes": r.bytes,
                "parts": r.parts,
            }
            for r in requests
        ],
    }
