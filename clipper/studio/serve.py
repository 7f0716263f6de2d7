"""The studio running: a port, an address that opens it once, uvicorn.

In: a `Shelf`; out: nothing, until it is stopped.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from clipper.errors import MissingError
from clipper.studio.guard import Door
from clipper.studio.shelf import Shelf

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PORT = 8347


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that listens.

    Args:
        port: the one that is wanted; None: the usual one, or any other that is free.

    Raises:
        MissingError: the port is taken, or the host is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    tried = [port] if port is not None else [PORT, 0]
    fault: OSError | None = None
    for number in tried:
        one = socket.socket(family, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, number))
            one.listen(64)
        except OSError as error:
            one.close()
            fault = error
            continue
        return one
    raise MissingError(
        f"the studio cannot listen on {host}, port {tried[0]}: {fault and fault.strerror}",
        "name another one with --port, or leave it out",
    )


def serve(
    shelf: Shelf,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    opened: Callable[[str], None] = lambda address: None,
    renewed: Callable[[str], None] = lambda address: None,
) -> None:
    """Serves until it is interrupted.

    Args:
        opened: called with the address once the page can be had.
        renewed: called with a new address when the last one was used.

    Raises:
        MissingError: the port is taken.
    """
    import uvicorn

    from clipper.studio.app import create
    from clipper.studio.sounds import tidy

    one = listening(host, port)
    number = int(one.getsockname()[1])
    shown = f"[{host}]" if ":" in host else host
    names = tuple(dict.fromkeys((shown, "127.0.0.1", "localhost", "[::1]")))
    door = Door(number, names, renewed=renewed)
    config = uvicorn.Config(
        create(shelf, door), log_level="critical", access_log=False, server_header=False, date_header=False,
        timeout_graceful_shutdown=3, lifespan="on",
    )  # fmt: skip

    class Telling(uvicorn.Server):
        """Tells when it listens."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            opened(door.address)

    threading.Thread(target=tidy, daemon=True).start()
    Telling(config).run(sockets=[one])
