"""Servers of node's that stand beside ours: prism as a referee, uploadx for resumable uploads.

Each is started once for a whole run of the tests, and ended with it.
"""

from __future__ import annotations

import atexit
import functools
import socket
import tempfile
from pathlib import Path

from tests.publish.real import HERE, NODE, missing, node, started


@functools.cache
def prism(document: Path) -> str:
    """The address of a prism that judges requests by an OpenAPI document."""
    if not (NODE / "node_modules" / "@stoplight" / "prism-cli").is_dir():
        missing("prism (@stoplight/prism-cli)")
    return str(started([node(), "referee.mjs", str(document), str(free_port())], NODE)["address"])


@functools.cache
def uploadx() -> tuple[str, Path]:
    """The address of an uploadx, and the folder of what was uploaded."""
    if not (NODE / "node_modules" / "@uploadx" / "core").is_dir():
        missing("uploadx (@uploadx/core)")
    held = tempfile.TemporaryDirectory(prefix="uploadx-")
    atexit.register(held.cleanup)
    return str(started([node(), "uploadx.mjs", held.name], NODE)["address"]), Path(held.name)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def own_document() -> Path:
    """What we wrote down of X's interface."""
    return HERE / "written" / "x-openapi.yaml"
