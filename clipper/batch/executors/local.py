"""Episodes in processes of this machine: each has its share of the cores and loads the recogniser once.

In: tasks; out: outcomes as they come. A process that dies is replaced and its task is done again, once.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context
from typing import TYPE_CHECKING, Any

from clipper.batch.executors.base import Tell, mute
from clipper.batch.executors.machine import bearable, share
from clipper.batch.work import Outcome, Report, Task, failure, work
from clipper.errors import MissingError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

TRIES = 2
PATIENCE = 15.0  # seconds that a process has to tidy up once it is told to stop
SAYS_EVERY = 0.2  # seconds between two lines of progress


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    number: int
    task: Task | None = None


class Local:
    """Processes of this machine.

    Args:
        jobs: how many; null for one a core, as far as the memory goes.
    """

    def __init__(self, jobs: int | None = None) -> None:
        self._jobs = jobs or bearable()

    @property
    def jobs(self) -> int:
        return self._jobs

    @property
    def status(self) -> str:
        return ""

    def run(self, tasks: Sequence[Task], report: Report, tell: Tell = mute) -> Generator[Outcome, None, None]:
        """See `Executor.run`."""
        waiting, tries = list(reversed(tasks)), dict.fromkeys((t.name for t in tasks), 0)
        count = min(self._jobs, len(tasks))
        workers: list[_Worker] = []
        try:
            workers += [_start(number, count) for number in range(count)]
            for worker in workers:
                _give(worker, waiting, tries)
            while any(worker.task for worker in workers):
                for handle in connection.wait([w.pipe for w in workers if w.task]):
                    worker = next(w for w in workers if w.pipe is handle)
                    said = _listen(worker)
                    if isinstance(said, tuple):
                        report(*said)
                        continue
                    task = worker.task
                    assert task is not None
                    worker.task = None
                    if said is None:  # the process is gone
                        worker.process.join(PATIENCE)
                        if tries[task.name] < TRIES:
                            waiting.append(task)
                            tell(f"the process that did {task.name} died; it is done again")
                        else:
                            said = failure(task, _died(worker))
                        workers[workers.index(worker)] = worker = _start(worker.number, count)
                    _give(worker, waiting, tries)
                    if said is not None:
                        yield said
        finally:
            _stop(workers)


def _start(number: int, count: int) -> _Worker:
    context = get_context("spawn")  # a process of its own from the start: libraries with threads do not bear a fork
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_serve, args=(theirs, share(number, count)), name=f"clipper-{number}", daemon=False
    )
    process.start()
    theirs.close()
    return _Worker(process, ours, number)


def _give(worker: _Worker, waiting: list[Task], tries: dict[str, int]) -> None:
    if not waiting:
        return
    task = waiting.pop()
    tries[task.name] += 1
    worker.task = task
    with suppress(OSError):  # gone already: that is heard when its answer does not come
        worker.pipe.send(task)


def _listen(worker: _Worker) -> Any:
    """Progress as a tuple, an outcome, or None when the process is gone."""
    try:
        return worker.pipe.recv()
    except (EOFError, OSError):
        return None


def _died(worker: _Worker) -> MissingError:
    code = worker.process.exitcode
    how = f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
    return MissingError(
        f"the process that did it {how}, {TRIES} times",
        "most often the memory does not suffice: try it alone, or with fewer --jobs",
    )


def _stop(workers: Sequence[_Worker]) -> None:
    """Ends every process: those at work are interrupted and tidy up, then whatever is left is killed."""
    for worker in workers:
        with suppress(OSError):
            worker.pipe.close()
        if worker.task is not None and worker.process.pid and worker.process.is_alive():
            worker.process.terminate()
    until = time.monotonic() + PATIENCE
    for worker in workers:
        worker.process.join(max(0.0, until - time.monotonic()))
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def _serve(pipe: Connection, cores: set[int]) -> None:
    """The process: does what comes down the pipe until it is closed."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the one that started us; it tells us
    if cores and hasattr(os, "sched_setaffinity"):
        with suppress(OSError):
            os.sched_setaffinity(0, cores)
    from clipper.speech.engines import sharing

    last: dict[str, float] = {}
    sending = threading.Lock()

    def report(name: str, stage: str, done: float, total: float) -> None:
        now = time.monotonic()
        if now - last.get(stage, 0.0) >= SAYS_EVERY or done >= total:
            last[stage] = now
            with sending, suppress(OSError):
                pipe.send((name, stage, done, total))

    tasks: list[Task | None] = []
    arrived = threading.Condition()
    threading.Thread(target=_receive, args=(pipe, tasks, arrived), daemon=True).start()
    with suppress(KeyboardInterrupt), sharing():
        while True:
            with arrived:
                arrived.wait_for(lambda: bool(tasks))
                task = tasks.pop(0)
            if task is None:
                return
            outcome = work(task, report)
            with sending:
                pipe.send(outcome)


def _receive(pipe: Connection, tasks: list[Task | None], arrived: threading.Condition) -> None:
    """Hands tasks on; when the one that started us is gone, what runs is interrupted."""
    while True:
        try:
            task: Task | None = pipe.recv()
        except (EOFError, OSError):
            task = None
        with arrived:
            tasks.append(task)
            arrived.notify()
        if task is None:
            time.sleep(0.5)  # idle, the process ends by itself in a moment
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(PATIENCE)
            os._exit(1)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
