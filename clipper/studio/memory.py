"""When the server gives memory back: a page's calls come on many threads, and what pictures leave behind adds up.

In: a word that pictures or sound were made; out: less memory held (see `clipper.memory`).
"""

from __future__ import annotations

import gc
import threading
import time

from clipper import memory

QUIET = 0.7  # seconds without a call, after which nobody waits for what giving back takes
LATEST = 4.0  # seconds after which it is given back though calls go on


class Release:
    """Gives memory back once it is quiet; `wanted` may be called from any thread, as often as one likes."""

    def __init__(self) -> None:
        self._wake = threading.Event()
        memory.hold_little()
        if memory.is_kept():
            threading.Thread(target=self._loop, name="memory", daemon=True).start()

    def wanted(self) -> None:
        """Something large was let go of."""
        self._wake.set()

    def _loop(self) -> None:
        while True:
            self._wake.wait()
            latest = time.monotonic() + LATEST
            while self._wake.is_set() and time.monotonic() < latest:
                self._wake.clear()
                time.sleep(QUIET)
            self._wake.clear()
            gc.collect()
            memory.give_back()
