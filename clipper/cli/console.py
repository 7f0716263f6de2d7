"""What a person sees: errors as two lines, a bar a stage on a terminal, plain lines elsewhere.

Everything here goes to stderr; stdout is for a command's answer.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from clipper.errors import ClipperError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

WORDS = {
    "download": "Fetching",
    "weights": "Preparing the recogniser",
    "transcribe": "Listening",
    "listen": "Hearing",
    "find": "Choosing",
    "rerank": "Asking the model",
    "preview": "Drawing",
    "sound": "Finishing the sound",
    "render": "Rendering",
    "check": "Checking",
    "pack": "Packing",
    "publish": "Sending",
}


def report_error(error: ClipperError, *, verbose: bool = False) -> None:
    """What is wrong, and the mend."""
    if verbose:
        _trace(error)
    sys.stderr.write(f"error: {error.message}\n")
    if error.mend:
        sys.stderr.write(f"  try: {error.mend}\n")


def report_crash(error: Exception, *, verbose: bool = False) -> None:
    """A fault of ours: says so in two lines."""
    if verbose:
        _trace(error)
    from clipper.errors import one_line

    said = without_secrets(f"{type(error).__name__}: {error}")
    sys.stderr.write(f"error: this should not have happened: {one_line(said)}\n")
    sys.stderr.write("  try: run it again with --verbose and send us what it prints\n")


def _trace(error: Exception) -> None:
    sys.stderr.write(without_secrets("".join(traceback.format_exception(error))))


def without_secrets(text: str) -> str:
    """`text` without passwords and tokens, which only publishing has in its hands."""
    secrets = sys.modules.get("clipper.publish.secrets")
    return secrets.hide(text) if secrets is not None else text


JOINERS = "\u200c\u200d"  # invisible, and part of words and emoji


def plain(text: str) -> str:
    """`text` as a terminal may have it: titles and names come from strangers and may hold escape codes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n" + JOINERS else " " for c in text)


def terminal(**options: Any) -> Console:
    """A console of rich that prints whatever it is given without escape codes of strangers, tables as well.

    Args:
        options: as rich.console.Console has them.
    """
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class Clean(Console):
        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for one in super().render(renderable, options):
                yield one if one.control or one.text.isprintable() else Segment(plain(one.text), one.style)

    return Clean(**options)


def say(text: str) -> None:
    """A line on stderr."""
    sys.stderr.write(plain(text) + "\n")
    sys.stderr.flush()


class Bars:
    """The command line's `Progress`: one bar a stage with time left, or a plain line now and then.

    Use as a context manager, so that the terminal is left tidy whatever happens.
    """

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, float] = {}
        self._last: dict[str, tuple[float, str]] = {}

    def __enter__(self) -> Self:
        if self._terminal:
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

            self._rich = Progress(
                TextColumn("{task.description:<22}"),
                BarColumn(bar_width=28),
                TaskProgressColumn(),
                TimeRemainingColumn(compact=True),
                TextColumn("[dim]{task.fields[note]}", markup=True),
                console=terminal(stderr=True),
            )
            self._rich.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._terminal:
            self._rich.stop()

    def __call__(self, stage: str, done: float, total: float, note: str = "") -> None:
        title = WORDS.get(stage, stage)
        if self._terminal:
            from rich.markup import escape

            note = escape(note[:40])
            if stage not in self._tasks:
                self._tasks[stage] = self._rich.add_task(title, total=total, note=note)
            elif self._last.get(stage, (0, ""))[1] != note:
                self._rich.reset(self._tasks[stage], total=total, note=note)
            self._rich.update(self._tasks[stage], completed=done, total=total, note=note)
        else:
            self._line(title, stage, done, total, note)
        self._last[stage] = (done, note)

    def _line(self, title: str, stage: str, done: float, total: float, note: str) -> None:
        """A line when something begins, then one every ten seconds."""
        now = time.monotonic()
        if stage in self._last and not note and done >= total:
            return  # the end of what was told already
        if stage not in self._last or self._last[stage][1] != note:
            say(f"{title}: {note}" if note else title)
            self._said[stage] = now
        elif now - self._said[stage] >= 10 and 0 < done < total:
            say(f"{title}: {100 * done / total:.0f} %")
            self._said[stage] = now
