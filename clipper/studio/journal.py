"""What was done to a plan, so that it can be taken back: OUT/.studio/journal.jsonl, which outlives the server.

In: a plan before and after an edit; out: a `Change`, the plan with it taken back or done again. A line is written for
each edit before the plan is; undo and redo are lines, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from clipper import cache
from clipper.errors import ClipperError, UsageError
from clipper.plan.model import Clip, Plan

NAME = "journal.jsonl"
LONGEST = 64_000_000  # bytes that are read back; an edit has about 300
_NEVER = ("clips", "last_id")  # clips are told one by one; a number once given is never given again

Pair = tuple[Any, Any]


class OvertakenError(ClipperError):
    """What is to be taken back was changed by somebody else since."""


class Change(BaseModel):
    """One edit.

    Attributes:
        what: the word for it, such as "title", and the clip it was done to, "" for the plan.
        fields: of the plan: value before and after.
        clips: by id, of each field the value before and after; a clip that is new or gone has the one key "*" with
            the whole clip or null.
        order: ids before and after, where that changed.
        look: of the show's [look], by key the value before and after (see `showlook`).
    """

    model_config = ConfigDict(frozen=True)

    what: tuple[str, str]
    fields: dict[str, Pair] = {}
    clips: dict[str, dict[str, Pair]] = {}
    order: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    look: dict[str, tuple[str | None, str | None]] = {}

    @property
    def empty(self) -> bool:
        return not self.fields and not self.clips and self.order is None and not self.look


def change(what: str, clip: str, before: Plan, after: Plan) -> Change:
    """What lies between two plans."""
    old, new = _dump(before), _dump(after)
    fields = {k: (old.get(k), new.get(k)) for k in new if k not in _NEVER and old.get(k) != new.get(k)}
    was, now = {c.id: _dump(c) for c in before.clips}, {c.id: _dump(c) for c in after.clips}
    clips: dict[str, dict[str, Pair]] = {}
    for name in dict.fromkeys((*was, *now)):
        a, b = was.get(name), now.get(name)
        if a is None or b is None:
            clips[name] = {"*": (a, b)}
        elif a != b:
            clips[name] = {k: (a[k], b[k]) for k in b if a[k] != b[k]}
    order = None if list(was) == list(now) else (tuple(was), tuple(now))
    return Change(what=(what, clip), fields=fields, clips=clips, order=order)


def turned(done: Change, plan: Plan, *, back: bool, force: bool = False) -> Plan:
    """The plan with a change taken back, or done again.

    Raises:
        OvertakenError: a value is neither as the change left it nor as it is to be; `force` sets it all the same.
    """
    a, b = (1, 0) if back else (0, 1)

    def settled(where: str, there: Mapping[str, Any], pairs: Mapping[str, Pair]) -> dict[str, Any]:
        for name, pair in pairs.items():
            if not force and there.get(name) not in (pair[a], pair[b]):
                raise OvertakenError(f"{name} of {where} was changed since, somewhere else", "look at it first")
        return {name: pair[b] for name, pair in pairs.items()}

    whole = _dump(plan)
    whole.update(settled("the plan", whole, done.fields))
    clips = {c.id: _dump(c) for c in plan.clips}
    for name, pairs in done.clips.items():
        if "*" in pairs:
            wanted = pairs["*"][b]
            if not force and clips.get(name) not in (pairs["*"][a], wanted):
                raise OvertakenError(f"{name} was changed since", "look at it first")
            if wanted is None:
                clips.pop(name, None)
            else:
                clips[name] = wanted
        elif name in clips:
            clips[name] = {**clips[name], **settled(name, clips[name], pairs)}
        elif not force:
            raise OvertakenError(f"{name} is not in the plan any more", "look at it first")
    names = list(clips)
    if done.order is not None:
        wished = [n for n in done.order[b] if n in clips]
        names = wished + [n for n in names if n not in wished]
    whole["clips"] = [clips[n] for n in names]
    return Plan.model_validate(whole)


@dataclass(slots=True)
class Journal:
    """The changes of one plan that can be undone, and those that can be done again; last one last."""

    folder: Path
    done: list[Change] = field(default_factory=list)
    undone: list[Change] = field(default_factory=list)

    @classmethod
    def opened(cls, folder: Path) -> Journal:
        """What is kept in OUT/.studio; a line that a crash cut off is passed over."""
        one = cls(folder)
        path = folder / NAME
        if not path.is_file() or path.stat().st_size > LONGEST:
            return one
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    row = json.loads(line)
                    one._take(row["turn"], Change.model_validate(row["change"]) if "change" in row else None)
                except (ValueError, KeyError, TypeError, IndexError, ValidationError):
                    continue
        return one

    def add(self, done: Change) -> None:
        """Remembers an edit that is about to be saved."""
        self._write({"turn": "do", "change": done.model_dump(mode="json")})
        self._take("do", done)

    def turn(self, *, back: bool) -> None:
        """Moves the last change to the other side."""
        word = "undo" if back else "redo"
        self._write({"turn": word})
        self._take(word, None)

    def next(self, *, back: bool) -> Change:
        """The change that undo (or redo) is about.

        Raises:
            UsageError: there is none.
        """
        side = self.done if back else self.undone
        if not side:
            raise UsageError("there is nothing to take back" if back else "there is nothing to do again", "")
        return side[-1]

    def _take(self, turn: str, done: Change | None) -> None:
        if turn == "do" and done is not None:
            self.done.append(done)
            self.undone.clear()
        elif turn == "undo":
            self.undone.append(self.done.pop())
        elif turn == "redo":
            self.done.append(self.undone.pop())

    def _write(self, row: dict[str, Any]) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
            path = self.folder / NAME
            with path.open("ab+") as f:
                f.seek(max(0, f.seek(0, 2) - 1))
                torn = f.read(1) not in (b"", b"\n")  # a line that a crash cut off must not swallow this one
                f.write(b"\n" * torn + json.dumps(row, ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            raise cache.cannot_write(self.folder / NAME, error) from error


def _dump(one: Plan | Clip) -> dict[str, Any]:
    return one.model_dump(mode="json")
