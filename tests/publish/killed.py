"""A run of publishing in a process of its own, for tests that end it with kill -9 wherever they like.

Processes are forked from one that has all modules already, so that each starts in some ten milliseconds.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from clipper.export.packed import read_packed
from clipper.publish import networks
from clipper.publish.base import Pack
from clipper.publish.credentials import Credentials
from clipper.publish.ledger import Ledger
from clipper.publish.patience import Patience
from clipper.publish.runner import Sender
from tests.publish import worlds


def context() -> ForkServerContext:
    """The processes' maker; started once."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.publish.killed", "googleapiclient.discovery", "xdk", "httpx", "requests"])
    return made


@dataclass(frozen=True)
class Errand:
    """What the process is to do."""

    network: str
    values: dict[str, str]
    folder: Path
    book: Path
    address: str  # of the video, for networks that fetch it

    def start(self) -> ForkServerProcess:
        process = context().Process(target=run, args=(self,), daemon=True)
        process.start()
        return process


def run(errand: Errand) -> None:
    worlds.small_parts()
    patience = Patience(tries=3, budget=60.0, sleep=lambda seconds: None)
    publisher = networks.publisher(Credentials(networks.kind(errand.network), errand.values), patience=patience)
    pack = Pack(errand.folder, read_packed(errand.folder))
    with Ledger(errand.book) as ledger:
        Sender(ledger, patience, public=lambda pack: errand.address).send(publisher, publisher.account(), pack)


class Killer:
    """Counts the moments that a server tells, and ends a process at one of them.

    Args:
        at: which moment, from 1; 0: none.
    """

    def __init__(self, at: int = 0) -> None:
        self.at, self.count, self.where = at, 0, ""
        self._lock = threading.Lock()
        self._pid = threading.Event()
        self.pid = 0

    def aim(self, pid: int) -> None:
        self.pid = pid
        self._pid.set()

    def __call__(self, where: str) -> None:
        with self._lock:
            self.count += 1
            if self.count == self.at and self._pid.wait(10):
                self.where = where
                os.kill(self.pid, signal.SIGKILL)


def spread(moments: int, most: int, taken: Callable[[int], bool] = lambda n: True) -> list[int]:
    """`most` moments of 1 to `moments`, evenly."""
    if moments <= most:
        return list(range(1, moments + 1))
    return sorted({1 + round(n * (moments - 1) / (most - 1)) for n in range(most)})
