"""clipper.learnt.toml, in which a show keeps what its plans taught: weights, spellings and voices.

In: lessons and the show's folder; out: the file. What it said before stays beside it until the next time, so that it
can be taken back as it was.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clipper import cache
from clipper.batch.lock import editing
from clipper.errors import InputError
from clipper.show import LEARNT, read_learnt, show_folder
from clipper.tables import read_toml

if TYPE_CHECKING:
    from clipper.highlights.learn import Learnt

BEFORE = "clipper.learnt.before.toml"
_HEAD = """\
# Written by `clipper learn` from your own choices; nobody needs to edit it. It goes before the shipped
# weights, and [signals] in clipper.toml goes before it. `clipper learn --undo` takes it back.
schema = 1
"""
_NAMES = """
# What you corrected in plans. A row that you take back there (applied: false) goes the next time.
"""
_VOICES = """
# How people sound whom your plans name: numbers, from which no word can be heard again.
"""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the plans of a show teach.

    Attributes:
        weights: of signals; None where there were too few choices, as `why` says.
        names: heard -> written, with those that were learnt before.
        fresh: of these, what was not known yet.
        unlike: what is written one way in one plan and another way in another; left out.
        voices: packed, by name, with those that were learnt before.
        heard: seconds for which each new or renewed voice was heard.
        odd: names whose voices are not alike in all plans; left out.
    """

    weights: Learnt | None = None
    why: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    fresh: Mapping[str, str] = field(default_factory=dict)
    unlike: tuple[str, ...] = ()
    voices: Mapping[str, str] = field(default_factory=dict)
    heard: Mapping[str, float] = field(default_factory=dict)
    odd: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is something to keep that the file may not have yet."""
        return bool((self.weights and self.weights.lessons) or self.fresh or self.heard)


def before(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Names and voices that the show in `folder` has learnt already.

    Raises:
        InputError: the file is not what `clipper learn` writes.
    """
    path = folder / LEARNT
    if not path.is_file():
        return {}, {}
    read = read_learnt(path)
    return dict(read.names), dict(read.voices)


def keep(lessons: Lessons, folder: Path, today: datetime.date | None = None) -> Path:
    """Writes what was learnt into the show's `folder`; what was learnt before is kept once.

    Raises:
        MissingError: the folder cannot be written.
    """
    path, earlier = folder / LEARNT, folder / BEFORE
    with editing(folder):
        text = _text(lessons, read_toml(path) if path.is_file() else {}, today or datetime.date.today())
        try:
            old = path.read_bytes() if path.is_file() else None
            if old == text.encode():
                return path
            if old is None:
                earlier.unlink(missing_ok=True)
            else:
                with cache.appearing(earlier) as temporary:
                    temporary.write_bytes(old)
        except OSError as error:
            raise cache.cannot_write(earlier, error) from error
        cache.write_text(path, text)
    return path


def undo(start: Path) -> tuple[Path, bool]:
    """Takes back what was learnt last for the show at `start`.

    Returns:
        The file, and whether what was learnt before it is in force again (else the shipped weights are).

    Raises:
        InputError: nothing was learnt.
        MissingError: the folder cannot be written.
    """
    folder = show_folder(start)
    if folder is None or not (folder / LEARNT).is_file():
        raise InputError(f"nothing was learnt for {start}", f"name the folder of your show, where {LEARNT} lies")
    path, earlier = folder / LEARNT, folder / BEFORE
    with editing(folder):
        try:
            if earlier.is_file():
                earlier.replace(path)
                return path, True
            path.unlink()
        except OSError as error:
            raise cache.cannot_write(path, error) from error
    return path, False


def _text(lessons: Lessons, old: Mapping[str, Any], today: datetime.date) -> str:
    """The whole file; weights that stay as they were stay with their day and numbers."""
    import tomlkit

    learnt = lessons.weights
    if learnt is not None and learnt.lessons:
        about: dict[str, Any] = {"date": today, "choices": learnt.choices, "episodes": learnt.episodes}
        rows: dict[str, Any] = {
            x.signal: {"weight": x.after, "shipped": x.before, "sure": round(x.sure, 3)} for x in learnt.lessons
        }
    else:
        about = {"date": old.get("date", today), "choices": old.get("choices", 0), "episodes": old.get("episodes", 0)}
        rows = dict(old.get("signals", {}))
    text = _HEAD + tomlkit.dumps(about)
    if rows:
        table = tomlkit.table()
        for name, row in rows.items():
            inner = tomlkit.inline_table()
            inner.update(row if isinstance(row, dict) else {"weight": row})
            table[name] = inner
        text += "\n" + tomlkit.dumps({"signals": table})
    if lessons.names:
        text += _NAMES + tomlkit.dumps({"names": dict(lessons.names)})
    if lessons.voices:
        text += _VOICES + tomlkit.dumps({"voices": dict(lessons.voices)})
    return text
