"""What runs on the machines of a cluster: actors that do stages, and one that carries words to and fro.

In: a `Setting`, then tasks; out: a `Greeting`, then what became of each. Only plain values travel: sounds, pictures and
finished clips lie on a disk that all machines see, or are fetched by their address.
"""

from __future__ import annotations

import hashlib
import os
import platform
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from clipper import __version__, cache, leftovers, settings
from clipper.batch import work
from clipper.batch.executors.machine import claim
from clipper.batch.work import Outcome, Task

Stage = Literal["hear", "make"]
ANSWERS = 30.0  # seconds that the board is waited for


@dataclass(frozen=True, slots=True)
class Setting:
    """What must hold on every machine as it does on the one that started the batch.

    Attributes:
        version: of clipper.
        environment: its variables CLIPPER_*.
        user: a digest of the user's own settings.
        here: the folder that relative names are read from.
        shared: what lies in files just written, by their path: who reads the same there sees the same disk.
        folders: those that hold what the tasks name.
    """

    version: str
    environment: dict[str, str]
    user: str
    here: str
    shared: dict[str, str]
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Greeting:
    """A worker that is ready: who it is, as locks name it; or why it cannot work where it is."""

    host: str
    machine: str
    pid: int
    problem: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """How far a task is."""

    task: str
    stage: str
    done: float
    total: float


class Board:
    """An actor beside the one that started the batch: what workers say of their progress, and whether to stop."""

    def __init__(self) -> None:
        self._words: dict[str, Word] = {}
        self._stopped = False

    def say(self, word: Word | None) -> bool:
        """Takes a worker's word; gives whether work is to end at once."""
        if word is not None:
            self._words[word.task] = word
        return self._stopped

    def take(self) -> list[Word]:
        """The latest word of each task that has a new one."""
        words, self._words = list(self._words.values()), {}
        return words

    def stop(self) -> None:
        """From now on every worker hears that it is to end."""
        self._stopped = True


class Worker:
    """An actor with its share of a machine; loads the recogniser once, when the first episode needs it.

    Args:
        pace: seconds between two words of how far a task is.
    """

    def __init__(self, setting: Setting, board: Any, cores: int, pace: float) -> None:
        import ray

        from clipper.speech.engines import sharing

        self._setting, self._board, self._pace, self._ray = setting, board, pace, ray
        self._sharing = sharing()
        self._sharing.__enter__()
        signal.signal(signal.SIGINT, _interrupt)  # a folder's lock that was lost says so in the same way
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # Ray blocks it in all that it starts
        for name in [n for n in os.environ if n.startswith(settings.PREFIX)]:
            del os.environ[name]
        os.environ.update(setting.environment)
        with suppress(OSError):
            os.chdir(setting.here)
        mine = claim(cores)
        if mine and hasattr(os, "sched_setaffinity"):
            with suppress(OSError):
                os.sched_setaffinity(0, mine)

    def greet(self) -> Greeting:
        """Says who it is, and whether it can work here."""
        problem, mend = unfit(self._setting)
        machine = leftovers.folder_prefix().split("-")[1]
        return Greeting(platform.node(), machine, os.getpid(), problem, mend)

    def do(self, stage: Stage, task: Task) -> Outcome | None:
        """Does a stage of a task: "hear" gives an outcome only where the task fails, "make" always but when stopped."""
        with self._telling(task) as report, suppress(KeyboardInterrupt):
            if stage == "hear":
                return work.hear(task, report)
            return work.work(task, report)
        return None

    @contextmanager
    def _telling(self, task: Task) -> Iterator[work.Report]:
        """Inside, the board hears of the progress, and work is interrupted once the board says so."""
        last: list[Word | None] = [None]
        ended = threading.Event()

        def report(name: str, stage: str, done: float, total: float) -> None:
            last[0] = Word(name, stage, done, total)

        def talk() -> None:
            while not ended.wait(self._pace):
                word, last[0] = last[0], None
                with suppress(Exception):  # a board that is gone stops nobody: its cluster ends us, or asks again
                    if self._ray.get(self._board.say.remote(word), timeout=ANSWERS) and not ended.is_set():
                        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

        thread = threading.Thread(target=talk, daemon=True, name="clipper-board")
        thread.start()
        try:
            yield report
        finally:
            ended.set()


def unfit(setting: Setting) -> tuple[str, str]:
    """Why this machine cannot do the work, and the mend; empty where it can."""
    if setting.version != __version__:
        return f"has clipper {__version__}, not {setting.version}", f"install clipper {setting.version} there"
    if digest_of_settings() != setting.user:
        return (
            f"has other settings of the user in {settings.user_file()}",
            "copy that file to every machine, or name one that all see with CLIPPER_CONFIG",
        )
    for name, text in setting.shared.items():
        path = Path(name)
        try:
            same = path.read_text(encoding="utf-8") == text
        except (OSError, ValueError):
            same = False
        if not same:
            what = f"the cache {path.parent}" if path.parent == cache.cache_dir() else str(path.parent)
            return f"does not see {what}", _mount("CLIPPER_CACHE" if what.startswith("the cache") else "")
    for name in setting.folders:
        if not Path(name).is_dir():
            return f"does not see {Path(name).absolute()}", _mount("")
    return "", ""


def _mount(variable: str) -> str:
    first = f"set {variable} to a folder that all machines see" if variable else ""
    second = "put it on a disk that every machine has under the same path"
    return " or ".join(filter(None, (first, second)))


def digest_of_settings() -> str:
    """A digest of the user's own settings; empty where there are none."""
    try:
        return hashlib.sha256(settings.user_file().read_bytes()).hexdigest()
    except OSError:
        return ""


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
