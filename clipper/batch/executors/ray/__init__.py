"""Episodes on the machines of a Ray cluster, or on one that is started for it on this machine.

In: tasks; out: outcomes as they come. An episode has two stages: it is heard (on a GPU where the cluster has one), and
its clips are chosen and made. A stage that is lost with its worker is done again elsewhere; what it had finished is
found in the cache and in the episode's folder, and is not done twice.
"""

from __future__ import annotations

import os
import secrets
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from clipper import __version__, cache, settings
from clipper.batch import lock
from clipper.batch.executors.base import Tell, mute
from clipper.batch.executors.machine import bearable
from clipper.batch.executors.ray.cluster import joined
from clipper.batch.executors.ray.crew import Crew, Said
from clipper.batch.executors.ray.far import Setting, Stage, digest_of_settings
from clipper.batch.work import Outcome, Report, Task, failure
from clipper.errors import MissingError

TRIES = 3  # of an episode whose worker dies; the death of a whole machine is not counted
BEAT = 0.3  # seconds between two looks at progress


class Ray:
    """Workers on a cluster.

    Args:
        jobs: episodes at once; null for what the cluster can bear.
        address: HOST:PORT or "auto"; null for a cluster of our own on this machine.
    """

    def __init__(self, jobs: int | None = None, address: str | None = None) -> None:
        self._most, self._address = jobs, address
        self._crew: Crew | None = None

    @property
    def jobs(self) -> int:
        return self._most or (len(self._crew.hands) if self._crew and self._crew.hands else bearable())

    @property
    def status(self) -> str:
        return self._crew.status if self._crew else ""

    def run(self, tasks: Sequence[Task], report: Report, tell: Tell = mute) -> Generator[Outcome, None, None]:
        """See `Executor.run`."""
        if not tasks:
            return
        room = min(self._most or bearable(), len(tasks))
        cut_off: list[Said] = []
        try:
            with _setting(tasks) as setting, joined(self._address, room) as ray:
                self._crew = crew = Crew(ray, setting, self._most, tell)
                try:
                    yield from _Work(tasks, crew, report, tell).outcomes()
                finally:
                    cut_off = crew.leave()
                    self._crew = None
        finally:
            for said in cut_off:
                _free(said)


class _Work:
    """What is to be done, and who does it."""

    def __init__(self, tasks: Sequence[Task], crew: Crew, report: Report, tell: Tell) -> None:
        self.crew, self.report, self.tell = crew, report, tell
        self.to_hear, self.to_make = deque(longest_first(tasks)), deque[Task]()
        self.open = {task.name for task in tasks}
        self.lost = dict.fromkeys(self.open, 0)

    def outcomes(self) -> Iterator[Outcome]:
        crew = self.crew
        while self.open:
            for said in crew.look(len(self.open)):
                yield from self._taken(said)
            self._give()
            for said in crew.listen(BEAT):
                yield from self._taken(said)
            for word in crew.ray.get(crew.board.take.remote()):
                if word.task in self.open:
                    self.report(word.task, word.stage, word.done, word.total)

    def _give(self) -> None:
        """What is heard is made first: an episode that was begun is ended."""
        stages: tuple[tuple[Stage, deque[Task]], ...] = (("make", self.to_make), ("hear", self.to_hear))
        for stage, waiting in stages:
            for hand in self.crew.idle(stage) if waiting else ():
                if not waiting:
                    break
                task = waiting.popleft()
                self.crew.give(hand, stage, task)

    def _taken(self, said: Said) -> Iterator[Outcome]:
        task = said.task
        if said.lost:
            _free(said)
            self.lost[task.name] += not said.with_machine
            if self.lost[task.name] < TRIES:
                self.tell(f"the worker that did {task.name} was lost; it is done again")
                (self.to_hear if said.stage == "hear" else self.to_make).appendleft(task)
                return
            outcome: Outcome | None = failure(task, _died(said))
        else:
            outcome = said.outcome
        if outcome is not None:
            self.open.discard(task.name)
            yield outcome
        elif said.stage == "hear" and said.hand in self.crew.idle("make"):  # its machine has the sound in memory
            self.crew.give(said.hand, "make", task)
        else:  # heard by one that only hears; or interrupted by somebody else
            self.to_make.append(task)


def longest_first(tasks: Sequence[Task]) -> list[Task]:
    """The tasks with the largest sounds first, so that none of them is begun last and waited for by all."""
    return sorted(tasks, key=_size, reverse=True)


def _size(task: Task) -> int:
    """Bytes of what an episode's length can be told from, without opening it; 0 where that is elsewhere."""
    source = Path(task.audio or task.source)
    with suppress(OSError):
        beside = source.parent.glob(f"{source.stem.replace('[', '[[]')}.*") if source.suffix else ()
        return max((p.stat().st_size for p in (source, *beside) if p.is_file()), default=0)
    return 0


def _died(said: Said) -> MissingError:
    return MissingError(
        f"the worker that did it was lost {TRIES} times, last on {said.hand.machine.name}: {said.lost}",
        "most often the memory does not suffice: try this episode alone, with clipper make",
    )


def _free(said: Said) -> None:
    """Takes away what a worker that is gone left in its episode's folder: its lock, and half-written files."""
    greeting, out = said.hand.greeting, Path(said.task.out)
    if said.stage == "make" and greeting is not None:
        lock.forsake(out, greeting.pid, greeting.machine)


@contextmanager
def _setting(tasks: Sequence[Task]) -> Iterator[Setting]:
    """What must hold everywhere; inside, files lie in DIR and in the cache by which other machines know them."""
    folders = {Path(task.out).absolute().parent for task in tasks}
    with ExitStack() as files:
        shared: dict[str, str] = {}
        for folder in (*folders, cache.cache_dir()):
            folder.mkdir(parents=True, exist_ok=True)
            path = files.enter_context(cache.passing(folder / "seen"))
            text = secrets.token_hex(16)
            path.write_text(text, encoding="utf-8")
            shared[str(path.absolute())] = text
        told = {n: v for n, v in os.environ.items() if n.startswith(settings.PREFIX)}
        told["CLIPPER_CACHE"] = str(cache.cache_dir().absolute())
        told["CLIPPER_CONFIG"] = str(settings.user_file().absolute())
        yield Setting(
            version=__version__, environment=told, user=digest_of_settings(), here=str(Path.cwd()), shared=shared,
            folders=_folders(tasks),
        )  # fmt: skip


def _folders(tasks: Sequence[Task]) -> tuple[str, ...]:
    named = [Path(n) for t in tasks for n in (t.source, t.audio, t.cover, t.transcript) if n and "://" not in n]
    return tuple(sorted({str(p if p.is_dir() else p.parent) for p in named}))
