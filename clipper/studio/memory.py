"""What the server has let go of goes back to the system.

In: a word that pictures or sound were made; out: less memory held. glibc keeps what arrays of pixels leave behind, in
one arena for each thread, and a page's calls come on many threads: after an hour of looking that is several times what
is in use. Elsewhere (macOS, Windows, musl) the allocator sees to it, and nothing is done here.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
import time

ARENAS = 2  # threads share them: pictures are drawn one at a time
QUIET = 0.7  # seconds without a call, after which nobody waits for what giving back takes
LATEST = 4.0  # seconds after which it is given back though calls go on
_M_ARENA_MAX = -8  # source: glibc, malloc.h


class Release:
    """Gives memory back once it is quiet; `wanted` may be called from any thread, as often as one likes."""

    def __init__(self) -> None:
        self._libc = _glibc()
        self._wake = threading.Event()
        if self._libc is not None:
            self._libc.mallopt(_M_ARENA_MAX, ARENAS)
            threading.Thread(target=self._loop, name="memory", daemon=True).start()

    def wanted(self) -> None:
        """Something large was let go of."""
        self._wake.set()

    def _loop(self) -> None:
        assert self._libc is not None
        while True:
            self._wake.wait()
            latest = time.monotonic() + LATEST
            while self._wake.is_set() and time.monotonic() < latest:
                self._wake.clear()
                time.sleep(QUIET)
            self._wake.clear()
            gc.collect()
            self._libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        found = ctypes.CDLL("libc.so.6")
        found.mallopt, found.malloc_trim  # noqa: B018  # musl has neither
    except (OSError, AttributeError):
        return None
    return found
