"""One clip to one account, once. In: a pack, a publisher, the ledger; out: an `Outcome`, and the ledger says the same.

The order of things: the intent is on the disk, then the first byte goes. What was begun and not finished is looked for
at the network before anything is sent again; where the network cannot tell, it stops and a person looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clipper.export.packed import verify
from clipper.progress import Progress, silent
from clipper.publish import fits
from clipper.publish.base import Account, Job, Missing, Pack, Posted, Publisher, Unknown, nowhere
from clipper.publish.errors import Later, Refused, Unsure
from clipper.publish.ledger import Ledger, Row, manifest_digest
from clipper.publish.patience import Patience

TRIES = 3  # of a whole post, with a look between them


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended.

    Attributes:
        row: as the ledger has it now.
        sent: whether this run posted it (False: it stood already, or does not stand).
        said: one line for the producer where it does not stand, "" where it does.
        mend: what to do about that.
    """

    row: Row
    sent: bool = False
    said: str = ""
    mend: str = ""

    @property
    def stands(self) -> bool:
        return self.row.state == "posted"


@dataclass(frozen=True)
class Sender:
    """What a run of publishing shares.

    Attributes:
        public: gives a pack's video a public address (for networks that fetch it), or raises.
    """

    ledger: Ledger
    patience: Patience
    progress: Progress = silent
    public: Callable[[Pack], str] = nowhere

    def send(self, publisher: Publisher, account: Account, pack: Pack, *, profile: str = "") -> Outcome:
        """Posts a clip unless it stands already.

        Raises:
            Unauthorised: the login is not accepted (any more): the other clips of this account cannot be sent either.
            MissingError: the ledger cannot be written; nothing more is sent then.
            InputError: the pack was changed.
        """
        ledger = self.ledger
        row = ledger.intend(
            pack, publisher.kind.name, account, profile=profile, rendition=rendition(publisher, pack)
        )  # fmt: skip
        if row.state == "posted":
            return Outcome(row)
        if row.state == "refused" and row.manifest == manifest_digest(pack):
            return Outcome(row, said=row.words, mend="change what it names, pack again, and publish again")
        verify(pack.folder, pack.packed)
        try:
            fits.check(publisher.limits(), pack, publisher.kind.label)
            return self._until_known(publisher, account, pack, row)
        except Refused as error:
            return Outcome(ledger.note(row.key, error.message, "refused"), said=error.message, mend=error.mend)
        except Later as error:
            return Outcome(ledger.note(row.key, error.message), said=error.message, mend=error.mend)

    def _until_known(self, publisher: Publisher, account: Account, pack: Pack, row: Row) -> Outcome:
        ledger, key = self.ledger, row.key
        for turn in range(TRIES):
            since = row.began or ledger.doubt
            job = Job(
                key=key,
                pack=pack,
                account=account,
                steps=ledger.steps(key),
                progress=self.progress,
                since=since,
                known=ledger.known(row),
                public=self.public,
                pause=self.patience.sleep,
            )
            if since is not None:
                found = publisher.find(job)
                if isinstance(found, Posted):
                    return Outcome(ledger.posted(key, found), sent=turn > 0)
                if isinstance(found, Unknown):
                    row = ledger.note(key, found.why, "unknown")
                    return Outcome(row, said=f"it may stand on {publisher.kind.label}: {found.why}", mend=RESOLVE)
                assert isinstance(found, Missing)
            row = ledger.begin(key, pack)
            try:
                return Outcome(ledger.posted(key, publisher.publish(job)), sent=True)
            except Later as error:
                if turn + 1 == TRIES or not self.patience.wait(error.after or self.patience.first):
                    raise
            except Unsure as error:
                if turn + 1 == TRIES or not self.patience.wait(self.patience.first):
                    return Outcome(ledger.note(key, error.message), said=error.message, mend=error.mend)
        raise AssertionError("the last turn returns or raises")


RESOLVE = "look there, then say what you saw: clipper publish --resolve"


def rendition(publisher: Publisher, pack: Pack) -> str:
    """Places keep the files of several platforms; on a network one clip is one post."""
    return pack.packed.platform if publisher.kind.is_place else ""
