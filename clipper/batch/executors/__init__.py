"""Who does a batch's episodes, by name. In: a name and settings; out: an `Executor`."""

from __future__ import annotations

from clipper.batch.executors.base import Executor
from clipper.errors import UsageError

EXECUTORS: tuple[str, ...] = ("local", "ray")


def open_executor(name: str, *, jobs: int | None = None, address: str | None = None) -> Executor:
    """The executor `name`; nothing is started yet.

    Args:
        jobs: episodes at once; null for what the machine, or the cluster, can bear.
        address: of a cluster that runs; null for one of its own on this machine.

    Raises:
        UsageError: no such executor, or an address where none is needed.
        MissingError: what it needs is not installed.
    """
    if jobs is not None and jobs < 1:
        raise UsageError("--jobs must be at least 1", "leave it out for as many as this machine can bear")
    if address is not None and name != "ray":
        raise UsageError(f"--address means nothing to the executor {name}", "add --executor ray")
    if name == "local":
        from clipper.batch.executors.local import Local

        return Local(jobs)
    if name == "ray":
        from clipper.batch.executors.ray import Ray

        return Ray(jobs, address)
    raise UsageError(f"there is no executor {name!r}", f"there is {' or '.join(EXECUTORS)}")
