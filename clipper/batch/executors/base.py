"""What every executor can: the one protocol behind `clipper batch`. In: tasks; out: outcomes as they come."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Protocol

from clipper.batch.work import Outcome, Report, Task

Tell = Callable[[str], None]


def mute(line: str) -> None:
    """The default: nobody is told."""


class Executor(Protocol):
    """Does tasks, several at once; `run` is the method that matters."""

    @property
    def jobs(self) -> int:
        """How many tasks it does at once."""
        ...

    @property
    def status(self) -> str:
        """Who is at work now, in a few words; empty where there is nothing to say beside the tasks' own progress."""
        ...

    def run(self, tasks: Sequence[Task], report: Report, tell: Tell = mute) -> Generator[Outcome, None, None]:
        """Does every task once and gives each outcome as it comes, in any order.

        A worker that dies takes no other with it: its task is done again elsewhere, and fails when that dies as well.
        When the iterator is closed, or an interruption comes through it, nothing runs any more.

        Args:
            tell: gets a line for what a person should know: a machine that is left out, work that is done again.
        """
        ...
