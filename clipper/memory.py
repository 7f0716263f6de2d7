"""What this process has let go of goes back to the system.

glibc keeps what arrays leave behind, in an arena for each thread; with many threads that is several times what is in
use. Elsewhere (macOS, Windows, musl) the allocator sees to it, and nothing is done here.
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache

_ARENA_MAX = -8  # malloc.h, M_ARENA_MAX
_ARENAS = 2


def hold_little() -> None:
    """Lets threads share two arenas; to be called before they start. What the user set in the environment stays.

    Source: glibc manual, 3.2.3.9, mallopt, M_ARENA_MAX.
    """
    library = _glibc()
    if library is not None and "MALLOC_ARENA_MAX" not in os.environ:
        library.mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Returns what was freed and is still held; a few milliseconds.

    Source: malloc_trim(3).
    """
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def is_kept() -> bool:
    """Whether the allocator keeps what was freed, so that giving back does something."""
    return _glibc() is not None


@cache
def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
