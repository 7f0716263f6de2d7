"""How many episodes this machine can bear at once. In: nothing; out: cores, bytes, a number."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

from clipper.errors import out_of_memory
from clipper.speech.engines.machine import processors

# Twice the most that one process took: 738 MB for 60 s of speech heard with Whisper base and drawn in three shapes in
# draft quality, by getrusage on 2026-11-30. Memory does not grow with the length of an episode.
EPISODE_BYTES = 1_500_000_000
LEAST = 700_000_000  # bytes of address space in which a short clip can be drawn; tests/batch/test_faults.py
RESERVE = 1_000_000_000  # bytes left to everything else


def free_memory() -> int:
    """Bytes that programs may still take, a container's limit counted in; a guess of 4 GB where nobody says."""
    found = [4_000_000_000]
    with suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found = [int(next(line for line in lines if line.startswith("MemAvailable")).split()[1]) * 1024]
    with suppress(OSError, ValueError):
        most = int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
        used = int(Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii"))
        found.append(max(0, most - used))
    with suppress(ImportError, OSError, ValueError):
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most != resource.RLIM_INFINITY:
            found.append(most)
    return min(found)


def enough() -> None:
    """Raises MissingError where a limit leaves less memory than any episode needs.

    Libraries that run out of memory while they load end the process, or call it something else; so it is said before.
    """
    limits = []
    with suppress(ImportError, OSError, ValueError):
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most != resource.RLIM_INFINITY:
            limits.append(most)
    with suppress(OSError, ValueError):
        limits.append(int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    if limits and min(limits) < LEAST:
        raise out_of_memory(f"{min(limits) / 1e6:.0f} MB are allowed, {LEAST / 1e6:.0f} MB is the least")


def bearable(cores: int | None = None, memory: int | None = None) -> int:
    """Episodes at once: one a core, no more than fit into memory, at least 1."""
    cores = processors() if cores is None else cores
    memory = free_memory() if memory is None else memory
    return max(1, min(cores, (memory - RESERVE) // EPISODE_BYTES))


def share(number: int, jobs: int) -> set[int]:
    """The cores of process `number` of `jobs`: as even as they divide; all where the system does not tell them."""
    affinity = getattr(os, "sched_getaffinity", None)
    if affinity is None:
        return set()
    cores = sorted(affinity(0))
    if jobs >= len(cores):
        return {cores[number % len(cores)]}
    first, last = number * len(cores) // jobs, (number + 1) * len(cores) // jobs
    return set(cores[first:last])


_claimed: list[socket.socket] = []  # open as long as the process lives: the system frees what a killed one held


def claim(count: int) -> set[int]:
    """Cores for this process alone among all that claim: `count` of those it may use, or as many as nobody has.

    For processes that somebody else started and that know nothing of one another; a core is claimed by a name that only
    one process can have (an abstract socket of Linux: no file, and gone with its process). Where all cores are taken
    this process shares them all.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    if affinity is None:
        return set()
    allowed = sorted(affinity(0))
    mine: set[int] = set()
    for core in allowed:
        if len(mine) == count:
            break
        name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            name.bind(f"\0clipper-core-{core}")
        except OSError:
            name.close()
            continue
        _claimed.append(name)
        mine.add(core)
    return mine or set(allowed)
