"""A Ray cluster: one that runs somewhere, joined, or one of our own on this machine, started and ended.

In: an address or none; out: the module `ray`, connected. Nothing of Ray's goes out: no usage statistics, no dashboard,
and a cluster of our own listens on the loopback address only.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clipper import leftovers
from clipper.batch.executors.machine import EPISODE_BYTES
from clipper.errors import ClipperError, MissingError, UsageError, one_line

STORE = 80_000_000  # bytes of Ray's object store, near the least it takes: nothing large goes through it
PATIENCE = 10.0  # seconds for a connection
_LONGEST = 40  # characters of a folder in which Ray's sockets still have names that are short enough (107 in all)
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def load() -> Any:
    """The module `ray`, told to keep to itself.

    Raises:
        MissingError: it is not installed.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else it warns of its own future
    os.environ.setdefault("RAY_IGNORE_UNHANDLED_ERRORS", "1")  # they come to us as well
    try:
        import ray
        from ray._private import worker
    except ImportError as error:
        raise MissingError("Ray is not installed", "pip install 'clipper[ray]'") from error
    # Whatever it is told, Ray prints long lines on stdout when a worker dies, where our answer goes; we say it anyway.
    worker.print_to_stdstream = _say_nothing
    return ray


def _say_nothing(data: object, ignore_prefix: bool = False) -> None:
    pass


@contextmanager
def joined(address: str | None, workers: int) -> Iterator[Any]:
    """Inside, `ray` is connected to the cluster at `address`, or to one of our own with room for `workers`.

    Raises:
        UsageError: no address that can be.
        MissingError: Ray is not installed, or there is no such cluster, or it is not one for us.
    """
    if address is None:  # all read when ray is imported
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # else it listens on all addresses, whatever it is told
        os.environ.setdefault("RAY_AUTH_MODE", "token")  # other users of this machine do not get in,
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))  # and no file is left in the user's home
    ray = load()
    if address is not None:
        try:
            _join(ray, _checked(address))
            yield ray
        finally:
            ray.shutdown()
        return
    with _scratch() as folder:
        try:
            _start(ray, folder, workers)
            yield ray
        finally:
            ray.shutdown(wait_for_processes=True)


def _start(ray: Any, folder: Path, workers: int) -> None:
    try:
        with _our_signals():
            ray.init(
                address="local", num_cpus=workers, include_dashboard=False, log_to_driver=False,
                logging_level=logging.ERROR, object_store_memory=STORE, _memory=workers * EPISODE_BYTES,
                _node_ip_address="127.0.0.1", _temp_dir=str(folder),
            )  # fmt: skip
    except Exception as error:
        raise MissingError(
            f"Ray could not be started on this machine: {one_line(str(error), 160)}",
            "leave out --executor ray: local does the same on one machine",
        ) from error


def _join(ray: Any, address: str) -> None:
    try:
        with _our_signals():
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as error:
        raise _refused(error, address) from error


def _refused(error: BaseException, address: str) -> ClipperError:
    """Why a cluster is none for us, in a producer's words."""
    said, seen = "", error
    while seen is not None:
        said += f" {type(seen).__name__} {seen}"
        seen = seen.__cause__ or seen.__context__  # type: ignore[assignment]
    if "Version mismatch" in said:
        found = re.findall(r"(Ray|Python): ([\w.+]+)", said)
        there, here = found[:2], found[2:4]
        versions = [" and ".join(f"{name} {number}" for name, number in rows) for rows in (there, here)]
        what = f": it has {versions[0]}, this machine {versions[1]}" if all(versions) else ""
        return MissingError(
            f"the cluster at {address} has other versions{what}", "install the same Ray and Python on all machines"
        )
    if "Authentication" in said or "token" in said.casefold():
        return MissingError(
            f"the cluster at {address} asks for its token", "set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN as it has them"
        )
    if "raylet" in said.casefold() or "node_ip" in said:
        return MissingError(
            f"this machine is not part of the cluster at {address}",
            f"join it first: ray start --address={address} --num-cpus=0",
        )
    if address == "auto":
        return MissingError("no Ray cluster runs on this machine", "name its --address HOST:PORT, or leave it out")
    return _no_answer(address)


def _no_answer(address: str) -> MissingError:
    return MissingError(
        f"no Ray cluster answers at {address}",
        "check the address, and that it runs: ray status --address HOST:PORT",
    )


def _checked(address: str) -> str:
    """The address, once somebody answers there."""
    if address == "auto":
        return address
    found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+):([0-9]{1,5})", address)
    if found is None or not 0 < int(found[2]) < 65536:
        raise UsageError(
            f"{one_line(address, 80)} is not the address of a Ray cluster",
            "write HOST:PORT, as ray start printed it, or auto for the one on this machine",
        )
    try:
        socket.create_connection((found[1].strip("[]"), int(found[2])), timeout=PATIENCE).close()
    except OSError as error:
        raise _no_answer(address) from error
    return address


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for Ray's sockets and logs that is gone afterwards; a killed run's is swept by the next."""
    place = tempfile.gettempdir()
    place = place if len(place) <= _LONGEST - 32 else "/tmp"
    folder = Path(tempfile.mkdtemp(prefix=leftovers.folder_prefix(), dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _our_signals() -> Iterator[None]:
    """Puts back what Ray puts in the place of our handlers; meanwhile its way of ending is taken for ours."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {n: signal.getsignal(getattr(signal, n)) for n in _SIGNALS if hasattr(signal, n)}
    try:
        yield
    except SystemExit as end:
        raise KeyboardInterrupt from end
    finally:
        for name, handler in kept.items():
            signal.signal(getattr(signal, name), handler)
