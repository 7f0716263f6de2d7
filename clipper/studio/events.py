"""What happens while a page is open, as server-sent events: the plan changed, work went on.

In: events from any thread; out: lines for each page that listens. The plans' files are looked at twice a second while
somebody listens.

Source: WHATWG HTML, 9.2 Server-sent events.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from clipper.plan import store
from clipper.studio.shelf import Shelf

EVERY = 0.5  # seconds
QUIET = 15.0  # seconds after which a line is sent that says nothing, so that a dead connection is noticed
WAITING = 256  # events that a page may be behind


@dataclass(slots=True)
class Events:
    """The pages that listen. `loop` is that of the server, set when it starts."""

    loop: asyncio.AbstractEventLoop | None = None
    _pages: set[asyncio.Queue[tuple[str, Any]]] = field(default_factory=set)
    over: bool = False

    def tell(self, name: str, data: Any) -> None:
        """Tells every page; from any thread."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._put, name, data)

    def close(self) -> None:
        """Ends every page's listening, so that the server can stop."""
        self.over = True
        self.tell("bye", {})

    def _put(self, name: str, data: Any) -> None:
        for page in self._pages:
            if page.qsize() < WAITING:
                page.put_nowait((name, data))

    async def listen(self, shelf: Shelf, key: str) -> AsyncIterator[bytes]:
        """Lines for one page, which looks at one episode."""
        page: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._pages.add(page)
        out = shelf.bench(key).desk.out
        known = store.digest(out)
        quiet = 0.0
        try:
            yield _event("hello", {"version": known})
            while not self.over:
                try:
                    name, data = await asyncio.wait_for(page.get(), EVERY)
                    quiet = 0.0
                    yield _event(name, data)
                except TimeoutError:
                    quiet += EVERY
                    now = await asyncio.to_thread(store.digest, out)
                    if now != known:
                        known = now
                        yield _event("plan", {"version": now})
                    elif quiet >= QUIET:
                        quiet = 0.0
                        yield b": still here\n\n"
        finally:
            self._pages.discard(page)


def _event(name: str, data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
