"""Posts that were planned go out while the studio is open, as `clipper publish --due` sends them from cron.

In: the episodes that are served, the queue of works; out: work of the kind "publish" when something is due. What was
due before the studio was opened waits for a minute, so that it can be called off.
"""

from __future__ import annotations

import datetime
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from clipper.errors import ClipperError, InputError, UsageError
from clipper.publish.ledger import Ledger, Row, ledger_path, now
from clipper.publish.lock import alone
from clipper.studio.shelf import Shelf
from clipper.studio.work import Works

FIRST = 60.0  # seconds after the start, for what was due before
EVERY = 5.0
AGAIN = 300.0  # seconds until what did not go out is tried once more, as cron would
SOON = 3.0  # seconds to wait for another clipper that publishes


def rows_of(out: Path) -> tuple[Row, ...]:
    """What the ledger of this machine has of an episode, the latest last."""
    if not ledger_path().is_file():
        return ()
    root = out.resolve()
    with Ledger() as kept:
        return tuple(r for r in kept.rows() if Path(r.folder).is_relative_to(root))


def call_off(out: Path, key: str) -> None:
    """Takes back that a post was planned; nothing of it was sent.

    Raises:
        UsageError: there is no such row of this episode.
        InputError: it does not wait any more.
        MissingError: another clipper is publishing.
    """
    with Ledger() as kept, alone(kept.path, lambda: None, SOON):
        row = next((r for r in rows_of(out) if r.key == key), None)
        if row is None:
            raise UsageError("there is no such post in the ledger", "load the page again")
        if row.state != "waiting":
            raise InputError("this post does not wait any more", "look at how it stands")
        kept.note(row.key, "", "removed")
        kept.keep_backup()


@dataclass(slots=True)
class Planned:
    """Looks for what is due, in a thread of its own; `stop` ends it."""

    shelf: Shelf
    works: Works
    began: datetime.datetime = field(default_factory=now)
    _tried: dict[str, float] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._loop, name="planned", daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def _loop(self) -> None:
        while not self._over.wait(EVERY):
            try:
                self.look()
            except (ClipperError, OSError):
                continue  # a ledger that cannot be read is told when the page asks for it

    def look(self) -> None:
        """Begins to send what is due of the episodes that are served."""
        if any(w.kind == "publish" and w.stage in ("waiting", "running") for w in self.works.all()):
            return
        for key, out in list(self.shelf.outs.items()):
            due = [r for r in rows_of(out) if self._wanted(r)]
            if not due:
                continue
            self._tried.update((r.key, time.monotonic()) for r in due)
            clips = tuple(dict.fromkeys(r.clip for r in due))
            self.works.begin("publish", key, {"out": str(out), "due": True}, clips)

    def _wanted(self, row: Row) -> bool:
        moment = now()
        if row.due is None or row.due > moment or row.state not in ("waiting", "begun"):
            return False
        if row.due < self.began and (moment - self.began).total_seconds() < FIRST:
            return False
        return time.monotonic() - self._tried.get(row.key, -AGAIN) >= AGAIN
