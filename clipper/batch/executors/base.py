"""What every executor can: the one protocol behind `clipper batch`. In: tasks; out: outcomes as they come."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Protocol

from clipper.batch.work import Outcome, Report, Task


class Executor(Protocol):
    """Does tasks, several at once; `run` is the method that matters."""

    @property
    def jobs(self) -> int:
        """How many tasks it does at once."""
        ...

    def run(self, tasks: Sequence[Task], report: Report) -> Generator[Outcome, None, None]:
        """Does every task once and gives each outcome as it comes, in any order.

        A worker that dies takes no other with it: its task is done again elsewhere, and fails when that dies as well.
        When the iterator is closed, or an interruption comes through it, nothing runs any more.
        """
        ...
