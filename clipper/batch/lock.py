"""One run at a time in a folder. In: the folder; out: the right to write there, or who has it.

The lock is a file that appears by a link, which only one of several runs can make, on local disks and over NFS. It says
which process on which machine made it. Where that process is gone, or, on another machine, has not touched the file for
minutes, the lock is stale and taken over. Whoever slept so long (a laptop does) notices it on waking, and stops.

`holding` is for work of minutes on everything in the folder, `editing` for the moment in which its plan is read,
changed and written: a plan may be edited while clips are rendered.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clipper import cache, leftovers
from clipper.errors import ClipperError, MissingError, one_line

NAME = ".clipper-lock"
EDIT = ".clipper-edit-lock"
TOUCH = 10.0  # seconds between two signs of life
STALE = 600.0  # seconds without one, from another machine: it is gone
MOMENT = 30.0  # seconds that nobody needs for an edit


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
def holding(
    folder: Path,
    *,
    wait: float = 0.0,
    tell: Callable[[str], None] = lambda line: None,
    look: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Holds `folder`, which is there; what a killed run left in it (and in its clips) is swept.

    Args:
        wait: seconds to wait for another run.
        tell: gets a line that says for whom is waited.
        look: called again and again while it is waited; what it raises ends that.

    Raises:
        HeldError: another run holds it still, or took it over while this one slept.
        MissingError: the folder cannot be written.
    """
    path = folder / NAME
    with _held(path, STALE, wait, 1.0, tell, look):
        beat = _Beat(path)
        try:
            _sweep(folder)
            leftovers.sweep_scratch()
            yield
        except KeyboardInterrupt:
            if beat.lost is None:
                raise
        finally:
            beat.stop()
        if beat.lost is not None:
            raise HeldError(
                f"while this run slept another one began in {folder}: {beat.lost}",
                "wait for its end, then run this again; whatever has its name is whole",
            )


@contextmanager
def undisturbed(folder: Path) -> Iterator[None]:
    """Holds `folder` for somebody who only reads it: it stays as it is. One that nobody can write to does so anyway.

    Raises:
        HeldError: another run holds it.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(holding(folder))
        except HeldError:
            raise
        except MissingError:
            pass
        yield


@contextmanager
def editing(folder: Path, *, wait: float = MOMENT) -> Iterator[None]:
    """The moment in which the plan (or another small file) of `folder` is read, changed and written by nobody else.

    Raises:
        HeldError: somebody else does so all the time.
        MissingError: the folder cannot be written.
    """
    with _held(folder / EDIT, MOMENT, wait, 0.02, lambda line: None, lambda: None):
        yield


@contextmanager
def _held(
    path: Path, stale: float, wait: float, pause: float, tell: Callable[[str], None], look: Callable[[], None]
) -> Iterator[None]:
    until, told = time.monotonic() + wait, False
    while (holder := _take(path, stale)) is not None:
        if time.monotonic() >= until:
            raise HeldError(
                f"another run is at work in {path.parent}: {holder}",
                f"wait for its end, or choose another folder with -o; remove {path} only if there is no such run",
            )
        if not told:
            tell(f"waiting for another run in {path.parent}: {holder}")
            told = True
        look()
        time.sleep(min(pause, max(0.02, until - time.monotonic())))
    try:
        yield
    finally:
        with suppress(OSError):
            if _read(path) == _me():
                path.unlink()


class _Beat:
    """Signs of life of a run that holds a lock, and a look at whether it still does.

    Attributes:
        lost: who has the lock now, if it was taken over.
    """

    def __init__(self, path: Path) -> None:
        self.lost: Holder | None = None
        self._path, self._ended = path, threading.Event()
        threading.Thread(target=self._stay, daemon=True, name="clipper-lock").start()

    def stop(self) -> None:
        self._ended.set()

    def _stay(self) -> None:
        while not self._ended.wait(TOUCH):
            holder = _read(self._path)
            if holder is None or holder == _me():
                with suppress(OSError):
                    os.utime(self._path)
            elif not self._ended.is_set():
                self.lost = holder
                _interrupt_main()
                return


def _interrupt_main() -> None:
    """As Ctrl-C in the main thread, by whichever signal is heard there."""
    import _thread

    for number in (signal.SIGINT, signal.SIGTERM):
        if callable(signal.getsignal(number)):
            if hasattr(signal, "pthread_kill"):  # a real one, which also wakes a thread that waits
                signal.pthread_kill(threading.main_thread().ident or 0, number)
            else:
                _thread.interrupt_main(number)
            return


def forsake(folder: Path, pid: int, machine: str) -> None:
    """Gives back a folder whose holder is known to be gone, wherever it was, and sweeps what it left half-written.

    Args:
        pid, machine: of the process, as `Holder` has them; nothing happens where another one holds the folder.
    """
    path = folder / NAME
    holder = _read(path)
    if holder is None or (holder.pid, holder.machine) != (pid, machine):
        return
    with suppress(OSError):
        path.unlink()
    _sweep(folder)


def holder_of(folder: Path) -> Holder | None:
    """Who is at work in a folder; None where nobody is."""
    holder = _read(folder / NAME)
    return None if holder is None or _gone(folder / NAME, holder, STALE) else holder


def _sweep(folder: Path) -> None:
    clips = folder / "clips"
    leftovers.sweep([folder, clips, *(p for p in clips.glob("*") if p.is_dir())], ours=True)


def _take(path: Path, stale: float) -> Holder | None:
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
                    if holder is None or not _gone(path, holder, stale):
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


def _gone(path: Path, holder: Holder, stale: float) -> bool:
    if holder.machine == leftovers.folder_prefix().split("-")[1]:
        return not leftovers.alive(holder.pid) or (bool(holder.born) and _born(holder.pid) != holder.born)
    return _age(path) > stale


def _age(path: Path) -> float:
    """Seconds since a file was touched, by the disk's own clock: this machine's may jump. 0 where nobody can tell."""
    try:
        with cache.passing(path) as now:
            return now.stat().st_mtime - path.stat().st_mtime
    except (OSError, ClipperError):
        return 0.0


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
        if _age(path) > 10:
            with suppress(OSError):
                path.unlink()
        return None


def _born(pid: int) -> str:
    """When a process began, in the system's ticks; empty where that cannot be known. Tells two of one number apart."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
