"""Many episodes: each in a folder of its own below DIR, with batch.json beside them.

In: items and an executor; out: rows, in the order of the items. One failure stops nothing else, and a second run does
only what is missing or changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from clipper import cache
from clipper.batch import record
from clipper.batch.record import Episode, Record
from clipper.batch.work import Options, Report, State, Task
from clipper.episode.guard import pass_on

if TYPE_CHECKING:
    from clipper.batch.executors.base import Executor
    from clipper.batch.sources import Item

FEED_FILE = "item.xml"
SHARE = 0.05  # of the time, at most, that goes into batch.json: of 100,000 episodes it has a hundred megabytes


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the answer: an episode, its folder, and what became of it in this run."""

    item: Item
    out: Path
    state: State
    episode: Episode
    made: int = 0


def run(
    items: Sequence[Item],
    folder: Path,
    options: Options,
    executor: Executor,
    *,
    report: Report = lambda task, stage, done, total: None,
    finished: Callable[[Row], None] = lambda row: None,
    tell: Callable[[str], None] = lambda line: None,
) -> list[Row]:
    """Does what is missing or changed; `folder` is there, and held by the caller.

    Args:
        report: how far each task is.
        finished: called with each episode once it is done, in the order in which they are.
        tell: gets a line for what a person should know of the executor's work.

    Raises:
        ClipperError: batch.json cannot be used or written. Episodes raise nothing.
    """
    known = record.load(folder)
    tasks = {item.key: _task(item, folder, options) for item in items}
    rows: dict[str, Row] = {}
    waiting: dict[str, Item] = {}
    for item in items:
        task, before = tasks[item.key], known.episodes.get(item.key)
        _lay(item, task)
        if before is not None and record.unchanged(before, task):
            rows[item.key] = Row(item, Path(task.out), "unchanged", before)
            finished(rows[item.key])
        else:
            waiting[task.name] = item
    if not waiting:
        return [rows[item.key] for item in items]
    pass_on()
    kept = _Kept(folder, dict(known.episodes))
    with closing(executor.run([tasks[i.key] for i in waiting.values()], report, tell)) as outcomes, kept:
        for outcome in outcomes:
            item = waiting[outcome.name]
            episode = record.row_of(tasks[item.key], outcome, item.date)
            kept.add(item.key, episode)
            rows[item.key] = Row(item, Path(tasks[item.key].out), outcome.state, episode, outcome.made)
            finished(rows[item.key])
    return [rows[item.key] for item in items]


class _Kept:
    """batch.json while it grows: written after each episode, but for no more than SHARE of the time; whole at the end.

    A run that is killed in between does nothing twice for it: what is finished is found in its folder.
    """

    def __init__(self, folder: Path, episodes: dict[str, Episode]) -> None:
        self._folder, self._episodes = folder, episodes
        self._due, self._open = 0.0, False

    def __enter__(self) -> Self:
        return self

    def add(self, key: str, episode: Episode) -> None:
        self._episodes[key], self._open = episode, True
        if time.monotonic() >= self._due:
            self._write()

    def _write(self) -> None:
        began = time.monotonic()
        record.save(self._folder, Record(schema=record.SCHEMA, episodes=self._episodes))
        ended = time.monotonic()
        self._due, self._open = ended + (ended - began) * (1 / SHARE - 1), False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._open:
            self._write()


def names(folder: Path) -> dict[str, str]:
    """The folders that episodes have from earlier runs, by their key."""
    return {key: episode.name for key, episode in record.load(folder).episodes.items()}


def _task(item: Item, folder: Path, options: Options) -> Task:
    out = folder / item.name
    source = str(out / FEED_FILE) if item.feed is not None else item.source

    def text(path: Path | None) -> str | None:
        return None if path is None else str(path)

    return Task(
        item.name, source, str(out), options, text(item.audio), text(item.cover), text(item.transcript), item.version
    )


def _lay(item: Item, task: Task) -> None:
    """Writes what the feed says of an episode beside what is made of it."""
    if item.feed is None:
        return
    out = Path(task.out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        path = out / FEED_FILE
        if not path.is_file() or path.read_text(encoding="utf-8", errors="replace") != item.feed:
            cache.write_text(path, item.feed)
    except OSError as error:
        raise cache.cannot_write(out, error) from error
