"""What a person sees of a batch: a line for each episode as it is done, then one table and what there is to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from clipper.cli.console import WORDS, plain, say

if TYPE_CHECKING:
    from rich.progress import TaskID

    from clipper.batch.many import Row

MOST_BARS = 12  # episodes at work that are shown one by one; of a cluster's hundreds the first ones
SAID = {"done": "done", "unchanged": "unchanged", "short": "fell short", "failed": "failed"}


class Lines:
    """The progress of a batch: on a terminal a bar for the whole and one for each episode at work, else plain lines.

    Args:
        status: who is at work now, in a few words; stands beside the bar for the whole.
    """

    def __init__(self, total: int, status: Callable[[], str] = lambda: "") -> None:
        self._total, self._done, self._status = total, 0, status
        self._terminal = sys.stderr.isatty()
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        if self._terminal:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            from clipper.cli.console import terminal

            self._rich = Progress(
                TextColumn("{task.description:<34}", markup=False), BarColumn(bar_width=24),
                MofNCompleteColumn(), TextColumn("{task.fields[note]}", markup=False), TimeElapsedColumn(),
                console=terminal(stderr=True),
            )  # fmt: skip
            self._rich.start()
            self._whole = self._rich.add_task("Episodes", total=self._total, note="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._terminal:
            self._rich.stop()

    def report(self, task: str, stage: str, done: float, total: float) -> None:
        """How far an episode is."""
        if not self._terminal:
            return
        self._rich.update(self._whole, note=plain(self._status()))
        if task not in self._bars:
            if len(self._bars) >= MOST_BARS:
                return
            self._bars[task] = self._rich.add_task(f"  {plain(task)[:32]}", total=100, note="")
        share = round(100 * done / total) if total > 0 else 0
        self._rich.update(self._bars[task], completed=min(100, share), note=WORDS.get(stage, stage))

    def tell(self, line: str) -> None:
        """A line for what happens beside the episodes: a machine that is gone, work that is done again."""
        if self._terminal:
            self._rich.console.print(f"note: {line}", markup=False)
        else:
            say(f"note: {line}")

    def finished(self, row: Row) -> None:
        """An episode is done."""
        self._done += 1
        if self._terminal:
            bar = self._bars.pop(row.item.name, None)
            if bar is not None:
                self._rich.remove_task(bar)
            self._rich.update(self._whole, completed=self._done)
            if row.state == "failed":
                self._rich.console.print(f"{row.item.name}: {row.episode.message}", markup=False)
        elif row.state != "unchanged":
            why = f": {row.episode.message}" if row.episode.message else f", {row.episode.seconds:.0f} s"
            say(f"[{self._done}/{self._total}] {row.item.name}: {SAID[row.state]}{why}")


def table(rows: Sequence[Row], folder: Path) -> None:
    """One line an episode, then what to do about those that failed."""
    from rich.table import Table

    from clipper.cli.console import terminal

    console = terminal(highlight=False, emoji=False, markup=False)
    if not rows:
        console.print("No episode was found.")
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for name, right in (("Episode", False), ("Outcome", False), ("Clips", True), ("Made now", True), ("Time", True)):
        shown.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in rows:
        spent = "" if row.state == "unchanged" else f"{row.episode.seconds:.0f} s"
        shown.add_row(plain(row.item.name), SAID[row.state], str(row.episode.clips or ""), str(row.made or ""), spent)
    console.print(shown)
    console.print()
    counts = ", ".join(f"{n} {SAID[s]}" for s in SAID if (n := sum(r.state == s for r in rows)))
    console.print(f"{len(rows)} episodes: {counts}. They are in {plain(str(folder))}", soft_wrap=True)
    todo = [row for row in rows if row.state in ("failed", "short")]
    if todo:
        console.print("\nTo do:")
    for row in todo:
        console.print(f"  {plain(row.item.name)}: {plain(row.episode.message)}", soft_wrap=True)
        if row.episode.mend:
            console.print(f"    try: {plain(row.episode.mend)}", soft_wrap=True)


def document(rows: Sequence[Row], folder: Path) -> dict[str, Any]:
    """The JSON form: "folder" and "episodes", a row each, in the order of the table."""
    return {
        "folder": str(folder),
        "episodes": [
            {
                "name": row.item.name, "out": str(row.out), "source": row.episode.source,
                "title": row.episode.title or row.item.title, "date": row.item.date, "state": row.state,
                "clips": row.episode.clips, "made": row.made, "seconds": row.episode.seconds,
                "error": row.episode.message or None, "mend": row.episode.mend or None,
            }
            for row in rows
        ],
    }  # fmt: skip


def raise_for(rows: Sequence[Row]) -> None:
    """Raises FellShortError when an episode failed or fell short."""
    from clipper.errors import FellShortError

    wrong = [row for row in rows if row.state in ("failed", "short")]
    if wrong:
        raise FellShortError(
            f"{len(wrong)} of {len(rows)} episodes failed or fell short, first: {wrong[0].item.name}",
            "see the list above; the same command does only these again",
        )
