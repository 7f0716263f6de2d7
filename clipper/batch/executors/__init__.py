"""Who does a batch's episodes, by name. In: a name and settings; out: an `Executor`."""

from __future__ import annotations

from clipper.batch.executors.base import Executor
from clipper.errors import UsageError

EXECUTORS: tuple[str, ...] = ("local",)


def open_executor(name: str, *, jobs: int | None = None, address: str | None = None) -> Executor:
    """The executor `name`; nothing is started yet.

    Args:
        jobs: episodes at once; null for what the machine (or the cluster) can bear.
        address: of a cluster, for "ray"; null starts one on this machine.

    Raises:
        UsageError: no such executor, or one that has no address.
        MissingError: what it needs is not installed.
    """
    if name == "local":
        from clipper.batch.executors.local import Local

        if address is not None:
            raise UsageError("--address is for --executor ray", "leave one of the two out")
        return Local(jobs)
    raise UsageError(f"there is no executor {name!r}", f"--executor takes {' or '.join(EXECUTORS)}")
