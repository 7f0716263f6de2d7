"""Who does a batch's episodes, by name. In: a name and settings; out: an `Executor`."""

from __future__ import annotations

from clipper.batch.executors.base import Executor
from clipper.errors import UsageError

EXECUTORS: tuple[str, ...] = ("local",)


def open_executor(name: str, *, jobs: int | None = None) -> Executor:
    """The executor `name`; nothing is started yet.

    Args:
        jobs: episodes at once; null for what the machine can bear.

    Raises:
        UsageError: no such executor.
    """
    if name == "local":
        from clipper.batch.executors.local import Local

        return Local(jobs)
    raise UsageError(f"there is no executor {name!r}", f"there is {' or '.join(EXECUTORS)}")
