"""Long work beside the page: one piece at a time, in a process of its own, with progress, time left and a way to stop.

In: what is to be done; out: `Work`, as it goes. The process is `clipper.studio.worker`; it stops cleanly when its input
ends, so nothing goes on once the studio is gone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from clipper.errors import UsageError, one_line

Kind = Literal["find", "render", "check", "pack", "publish"]
Stage = Literal["waiting", "running", "done", "failed", "cancelled"]

KEPT = 50
PATIENCE = 8.0  # seconds that a worker has to stop by itself
# how the whole is shared out between the stages of a kind of work, by what they take on two cores
SHARES: dict[str, dict[str, float]] = {
    "find": {"fetch": 0.05, "transcribe": 0.75, "listen": 0.15, "find": 0.05},
    "render": {"sound": 0.1, "render": 0.85, "check": 0.05},
}


class Work(BaseModel):
    """One piece of work.

    Attributes:
        what: the clips, or the episode.
        share: of the whole that is done, 0 to 1.
        left: seconds that are left, as far as can be told.
        said: lines for the producer: notes, or what went wrong and the mend.
        result: what it gave, by kind.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Kind
    episode: str
    what: tuple[str, ...] = ()
    stage: Stage = "waiting"
    step: str = ""
    note: str = ""
    share: float = 0.0
    left: float | None = None
    said: tuple[str, ...] = ()
    result: dict[str, Any] = {}


@dataclass(slots=True)
class Works:
    """What is being done, what waits and what is done; `changed` is told of each step."""

    changed: Callable[[Work], None] = lambda work: None
    _all: dict[str, Work] = field(default_factory=dict)
    _tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    _queue: deque[str] = field(default_factory=deque)
    _process: subprocess.Popen[str] | None = None
    _running: str = ""
    _count: int = 0
    _began: float = 0.0
    _wake: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _over: bool = False

    def begin(self, kind: Kind, episode: str, task: dict[str, Any], what: tuple[str, ...] = ()) -> Work:
        """Puts work at the end of the queue.

        Args:
            task: for the worker, JSON.
        """
        with self._wake:
            if self._over:
                raise UsageError("the studio is closing", "")
            self._count += 1
            work = Work(id=f"w{self._count}", kind=kind, episode=episode, what=what)
            self._all[work.id], self._tasks[work.id] = work, {"kind": kind, **task}
            for old in [w for w in self._all.values() if w.stage in ("done", "failed", "cancelled")][:-KEPT]:
                del self._all[old.id]
            self._queue.append(work.id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="works", daemon=True)
                self._thread.start()
            self._wake.notify_all()
        self.changed(work)
        return work

    def all(self) -> tuple[Work, ...]:
        with self._wake:
            return tuple(self._all.values())

    def cancel(self, name: str) -> Work:
        """Stops work, or takes it out of the queue.

        Raises:
            UsageError: there is no such work.
        """
        with self._wake:
            work = self._all.get(name)
            if work is None:
                raise UsageError(f"there is no work {name}", "")
            if name in self._queue:
                self._queue.remove(name)
                work = self._set(name, stage="cancelled")
            elif name == self._running and self._process is not None:
                _stop(self._process)
        self.changed(work)
        return work

    def close(self) -> None:
        """Stops everything; waits until nothing runs any more."""
        with self._wake:
            self._over = True
            self._queue.clear()
            process = self._process
            self._wake.notify_all()
        if process is not None:
            _stop(process)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()

    def _loop(self) -> None:
        while True:
            with self._wake:
                while not self._queue and not self._over:
                    self._wake.wait()
                if self._over:
                    return
                name = self._running = self._queue.popleft()
                task = self._tasks.pop(name)
                self._began = time.monotonic()
            self._do(name, task)
            with self._wake:
                self._running, self._process = "", None

    def _do(self, name: str, task: dict[str, Any]) -> None:
        self._tell(name, stage="running")
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "clipper.studio.worker"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                text=True, encoding="utf-8", errors="replace",
            )  # fmt: skip
        except OSError as error:
            self._tell(name, stage="failed", said=(one_line(str(error)),))
            return
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                self._hear(name, line)
        except (OSError, ValueError):
            pass
        process.wait()
        stage = self._all[name].stage
        if stage == "running":  # it said neither done nor why not
            ended = "cancelled" if process.stdin.closed else "failed"
            self._tell(name, stage=ended, left=None, said=() if ended == "cancelled" else ("the work broke off",))

    def _hear(self, name: str, line: str) -> None:
        try:
            row = json.loads(line)
        except ValueError:
            return
        if row.get("is") == "progress":
            share = _share(self._all[name].kind, row)
            share = max(self._all[name].share, min(1.0, share))
            spent = time.monotonic() - self._began
            left = spent * (1 - share) / share if share > 0.03 and spent > 2 else None
            self._tell(name, step=row["stage"], note=one_line(row.get("note", "")), share=share, left=left)
        elif row.get("is") in ("done", "failed", "cancelled"):
            share = 1.0 if row["is"] == "done" else self._all[name].share
            said = tuple(one_line(s) for s in row.get("said", ()))
            self._tell(name, stage=row["is"], share=share, left=None, said=said, result=row.get("result", {}))

    def _tell(self, name: str, **fields: Any) -> None:
        with self._wake:
            work = self._set(name, **fields)
        self.changed(work)

    def _set(self, name: str, **fields: Any) -> Work:
        self._all[name] = self._all[name].model_copy(update=fields)
        return self._all[name]


def _share(kind: str, row: dict[str, Any]) -> float:
    """How far the whole is, from how far a stage of one part of it is."""
    shares = SHARES.get(kind, {})
    names = list(shares)
    done = row["done"] / row["total"] if row["total"] else 0.0
    stage = row["stage"]
    inside = sum(shares[n] for n in names[: names.index(stage)]) + shares[stage] * done if stage in shares else done
    part, parts = row.get("part", 0), max(1, row.get("parts", 1))
    return float((part + inside) / parts)


def _stop(process: subprocess.Popen[str]) -> None:
    """A worker ends once its input does."""
    if process.stdin is not None and not process.stdin.closed:
        try:
            process.stdin.close()
        except OSError:
            return

    def late() -> None:
        if process.poll() is None:
            process.kill()

    timer = threading.Timer(PATIENCE, late)
    timer.daemon = True
    timer.start()
