"""One run at a time in a folder. In: the folder; out: the right to write there, or who has it.

The lock is a file that appears by a link, which only one of several runs can make, on local disks and over NFS. It says
which process on which machine made it. Where that process is gone, or, on another machine, has not touched the file for
minutes, the lock is stale and taken over.
"""

from __future__ import annotations

import json
import os
import platform
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clipper import cache, leftovers
from clipper.errors import ClipperError, MissingError, one_line

NAME = ".clipper-lock"
TOUCH = 30.0  # seconds between two signs of life
STALE = 600.0  # seconds without one, from another machine: it is gone


class HeldError(MissingError):
    """Another run is at work in the folder."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: process, machine, and since when (seconds since 1970)."""

    pid: int
    host: str
    machine: str
    began: float
    born: str

    def __str__(self) -> str:
        since = time.strftime("%H:%M", time.localtime(self.began))
        return f"process {self.pid} on {one_line(self.host, 60)}, since {since}"


@contextmanager
def holding(folder: Path, *, wait: float = 0.0, tell: Callable[[str], None] = lambda line: None) -> Iterator[None]:
    """Holds `folder`, which is there; what a killed run left in it (and in its clips) is swept.

    Args:
        wait: seconds to wait for another run.
        tell: gets a line that says for whom is waited.

    Raises:
        HeldError: another run holds it still.
        MissingError: the folder cannot be written.
    """
    path = folder / NAME
    until, told = time.monotonic() + wait, False
    while (holder := _take(path)) is not None:
        if time.monotonic() >= until:
            raise HeldError(
                f"another run is at work in {folder}: {holder}",
                f"wait for its end, or choose another folder with -o; remove {path} only if there is no such run",
            )
        if not told:
            tell(f"waiting for another run in {folder}: {holder}")
            told = True
        time.sleep(min(1.0, max(0.05, until - time.monotonic())))
    ended = threading.Event()
    alive = threading.Thread(target=_stay, args=(path, ended), daemon=True, name="clipper-lock")
    alive.start()
    try:
        clips = folder / "clips"
        leftovers.sweep([folder, clips, *(p for p in clips.glob("*") if p.is_dir())], ours=True)
        leftovers.sweep_scratch()
        yield
    finally:
        ended.set()
        with suppress(OSError):
            if _read(path) == _me():
                path.unlink()


def holder_of(folder: Path) -> Holder | None:
    """Who is at work in a folder; None where nobody is."""
    holder = _read(folder / NAME)
    return None if holder is None or _gone(folder / NAME, holder) else holder


def _take(path: Path) -> Holder | None:
    """None once the lock is ours, else who has it."""
    try:
        with cache.passing(path) as mine:
            mine.write_text(json.dumps(_row(_me())), encoding="utf-8")
            for _ in range(3):
                try:
                    _claim(mine, path)
                    return None
                except FileExistsError:
                    holder = _read(path)
                    if holder is None and not os.path.lexists(path):  # it was given back, or nobody could read it
                        continue
                    if holder is None or not _gone(path, holder):
                        break
                    _break(path, holder)
    except ClipperError:
        raise
    except OSError as error:
        raise cache.cannot_write(path, error) from error
    return holder or Holder(0, "another machine", "", time.time(), "")


def _claim(mine: Path, path: Path) -> None:
    try:
        os.link(mine, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links, such as a USB stick: nearly as good
        with path.open("x", encoding="utf-8") as f:
            f.write(mine.read_text(encoding="utf-8"))


def _break(path: Path, holder: Holder) -> None:
    """Takes a stale lock away; another run that does the same at this moment loses nothing."""
    aside = path.with_name(f"{leftovers.prefix()}stale")
    with suppress(OSError):
        path.rename(aside)
        if _read(aside) != holder:  # somebody was quicker, and this is the new one: back with it
            with suppress(FileExistsError):
                os.link(aside, path)
        aside.unlink()


def _gone(path: Path, holder: Holder) -> bool:
    if holder.machine == leftovers.folder_prefix().split("-")[1]:
        return not leftovers.alive(holder.pid) or (bool(holder.born) and _born(holder.pid) != holder.born)
    try:
        with cache.passing(path) as now:  # the disk's own clock, not this machine's
            return now.stat().st_mtime - path.stat().st_mtime > STALE
    except (OSError, ClipperError):
        return False


def _stay(path: Path, ended: threading.Event) -> None:
    while not ended.wait(TOUCH):
        with suppress(OSError):
            os.utime(path)


_BEGAN = time.time()


def _me() -> Holder:
    machine = leftovers.folder_prefix().split("-")[1]
    return Holder(os.getpid(), platform.node(), machine, _BEGAN, _born(os.getpid()))


def _row(holder: Holder) -> dict[str, Any]:
    return {
        "pid": holder.pid,
        "host": holder.host,
        "machine": holder.machine,
        "began": holder.began,
        "born": holder.born,
    }


def _read(path: Path) -> Holder | None:
    """Who a lock's file names; an unreadable one of some age counts as nobody's."""
    try:
        row = json.loads(path.read_text(encoding="utf-8")[:2000])
        return Holder(int(row["pid"]), str(row["host"]), str(row["machine"]), float(row["began"]), str(row["born"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > 10:
                path.unlink()
        return None


def _born(pid: int) -> str:
    """When a process began, in the system's ticks; empty where that cannot be known. Tells two of one number apart."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
