"""One run of publishing at a time: the second one waits. In: the ledger's path; out: a block that nobody else is in.

The lock is SQLite's own on a file beside the ledger: it works on every system, and a killed process lets go of it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from clipper.errors import MissingError

LOOK = 0.2  # seconds between two tries, so that Ctrl-C is heard


@contextmanager
def alone(ledger: Path, waiting: Callable[[], None], patience: float = 6 * 3600.0) -> Iterator[None]:
    """The block runs when no other process is in one for the same ledger.

    Args:
        waiting: called once, if somebody else is at work.
        patience: seconds to wait.

    Raises:
        MissingError: the other one does not end, or the folder cannot be written.
    """
    path = ledger.with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise MissingError(
            f"{path} cannot be written: {error.strerror}", "set CLIPPER_LEDGER to a file of yours"
        ) from error
    db = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        until, told = time.monotonic() + patience, False
        while True:
            try:
                db.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise MissingError(
                        f"{path} cannot be locked: {error}", "set CLIPPER_LEDGER to a file of yours"
                    ) from error
                if time.monotonic() > until:
                    raise MissingError(
                        "another clipper is publishing and does not end", "end it, then run this again"
                    ) from error
            if not told:
                waiting()
                told = True
            time.sleep(LOOK)
        yield
    finally:
        db.close()
