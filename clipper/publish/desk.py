"""From words on a command line to accounts that are ready to post. In: "bluesky,mastodon:othershow"; out: `Desk`s.

A desk is one account with its publisher and the packs that go there. Nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from clipper.errors import MissingError, UsageError
from clipper.publish import credentials, networks
from clipper.publish.base import Account, Kind, Pack, Publisher, Request
from clipper.publish.credentials import Credentials
from clipper.publish.packs import packs_for
from clipper.publish.patience import Patience
from clipper.publish.runner import Sender


@dataclass(frozen=True)
class Desk:
    """One account, open for business."""

    kind: Kind
    profile: str
    publisher: Publisher
    account: Account
    packs: tuple[Pack, ...] = ()


def wanted(said: str) -> tuple[tuple[Kind, str], ...]:
    """The networks and profiles of a list such as "bluesky,mastodon:othershow", each once.

    Raises:
        UsageError: an unknown one, or none.
    """
    words = dict.fromkeys(credentials.split(word) for word in said.split(",") if word.strip())
    if not words:
        raise UsageError("no network is named", f"name some with --to: {', '.join(networks.MODULES)}")
    return tuple((networks.kind(name), profile) for name, profile in words)


def open_desk(kind: Kind, profile: str, *, patience: Patience, allow_http: bool, packs: tuple[Pack, ...] = ()) -> Desk:
    """Logs in and asks who that is.

    Raises:
        MissingError: nothing is known of the account, or the network's client is not installed.
        Unauthorised: the login is not accepted.
    """
    known = credentials.load(kind, profile)
    if known.lacking:
        raise known.missing(known.lacking[0].name)
    publisher = networks.publisher(known, allow_http=allow_http, patience=patience)
    return Desk(kind, profile, publisher, publisher.account(), packs)


def open_desks(
    said: str, out: Path, wishes: Collection[str], only: Collection[str], *, patience: Patience, allow_http: bool
) -> tuple[Desk, ...]:
    """All desks of a list; the packs are looked at before anybody is asked anything."""
    found = [(kind, profile, packs_for(out, kind, wishes, only)) for kind, profile in wanted(said)]
    return tuple(open_desk(k, p, patience=patience, allow_http=allow_http, packs=packs) for k, p, packs in found)


def rehearsals(
    said: str, out: Path, wishes: Collection[str], only: Collection[str], *, allow_http: bool
) -> list[tuple[Kind, Pack, tuple[Request, ...]]]:
    """The requests that publishing would send; asks nobody anything, and needs no login."""
    found = []
    for kind, profile in wanted(said):
        packs = packs_for(out, kind, wishes, only)
        publisher = networks.publisher(_as_if(kind, profile), allow_http=allow_http)
        found += [(kind, pack, publisher.dry_run(pack)) for pack in packs]
    return found


def through(said: str, sender: Sender, *, patience: Patience, allow_http: bool) -> Callable[[Pack], str]:
    """Gives videos a public address in a place, for networks that fetch them.

    Args:
        said: the place, as on the command line.
        sender: keeps what was put there in the same ledger.
    """
    (kind, profile), *more = wanted(said)
    if more or not kind.address:
        able = ", ".join(k.name for k in networks.kinds() if k.address)
        raise UsageError(f"--through {said} is no one place with public addresses", f"such places are: {able}")
    desk: list[Desk] = []

    def public(pack: Pack) -> str:
        if not desk:
            desk.append(open_desk(kind, profile, patience=patience, allow_http=allow_http))
        done = sender.send(desk[0].publisher, desk[0].account, pack, profile=profile)
        if not done.stands:
            raise MissingError(f"the video is not at {kind.label}: {done.said}", done.mend)
        if not done.row.url:
            raise MissingError(
                f"{kind.label} has no public address for the video",
                f"say it: clipper login {credentials.spelt(kind.name, profile)}",
            )
        return done.row.url

    return public


def _as_if(kind: Kind, profile: str) -> Credentials:
    """What is known of the account, and stand-ins for the rest."""
    try:
        known = credentials.load(kind, profile)
    except MissingError:
        known = Credentials(kind, {}, profile=profile)
    if not known.lacking:
        return known
    stand_in = {
        f.name: f"https://{kind.name}.invalid" if f.name in ("server", "url", "endpoint") else f.name
        for f in known.lacking
    }
    return known.laid_over(stand_in)
