"""How many processors this process may use, how its threads wait for one another, and what memory they hold."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache


def processors() -> int:
    """At least 1; what the system lets this process use, where it says so, else all."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def wait_politely() -> None:
    """Lets the engines' threads sleep while they wait, instead of spinning; to be called before anything of an engine
    is imported (faster-whisper imports CTranslate2, and that PyTorch where it is installed).

    On two cores that three other programs were busy on, openai-whisper took 20 s this way for what took it 110 s
    (28 s of speech). What the user set stays.

    Source: OpenMP 5.0, section 6.7, OMP_WAIT_POLICY; read by libgomp, which both engines bring, when it is loaded.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


_ARENA_MAX = -8  # malloc.h, M_ARENA_MAX
_ARENAS = 2


def hold_little() -> None:
    """Lets threads share two pools of memory instead of having one each, in which the most that each ever took stays;
    to be called before they start. Where the C library is not glibc nothing happens; what the user set stays.

    Source: glibc manual, 3.2.3.9, mallopt, M_ARENA_MAX.
    """
    library = _glibc()
    if library is not None and "MALLOC_ARENA_MAX" not in os.environ:
        library.mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Returns to the system what was freed and is still held; a few milliseconds.

    Source: malloc_trim(3).
    """
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
