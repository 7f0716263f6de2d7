"""Which episodes the studio serves: one OUT, a folder of many, or an episode that is still to be worked on.

In: a path or an address as the producer typed it; out: a `Shelf` of `Desk`s by key.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clipper.errors import UsageError
from clipper.plan import store
from clipper.studio.desk import Desk
from clipper.studio.pictures import Looker
from clipper.studio.sounds import Sounds

DEPTH = 3  # folders down in which episodes are looked for
MOST = 2000  # episodes of a folder
OPEN = 3  # episodes that are held in memory at a time


@dataclass(frozen=True, slots=True)
class Bench:
    """One episode, and what draws and plays it."""

    key: str
    desk: Desk
    looker: Looker
    sounds: Sounds


@dataclass(slots=True)
class Shelf:
    """Episodes by key.

    Attributes:
        root: the folder that was named, or OUT.
        outs: where each episode lies.
        fresh: the episode that has no plan yet: what it was called, and options of `find`.
    """

    root: Path
    outs: dict[str, Path]
    fresh: tuple[str, dict[str, Any]] | None = None
    _open: OrderedDict[str, Bench] = field(default_factory=OrderedDict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def bench(self, key: str = "") -> Bench:
        """The episode of that key; without one the only (or first) one.

        Raises:
            UsageError: there is no such episode.
        """
        with self._lock:
            if not key:
                key = next(iter(self.outs), "")
            if key not in self.outs:
                raise UsageError(f"there is no episode {key}", "open the list of episodes")
            if key not in self._open:
                desk, sounds = Desk(self.outs[key]), Sounds()
                self._open[key] = Bench(key, desk, Looker(desk, sounds.levels), sounds)
                while len(self._open) > OPEN:
                    self._open.popitem(last=False)
            self._open.move_to_end(key)
            return self._open[key]

    @property
    def many(self) -> bool:
        return len(self.outs) > 1

    def look_again(self) -> None:
        """Finds episodes that were added to the folder since."""
        if self.fresh is None and not store.exists(self.root):
            found = _outs(self.root)
            with self._lock:
                self.outs = {**self.outs, **found}


def shelf(named: str, out: Path | None = None, said: dict[str, Any] | None = None) -> Shelf:
    """What a producer means.

    Args:
        named: OUT, a folder with several of them below, or an episode (page, audio, folder, address).
        out: for an episode: where its plan goes.
        said: for an episode: options of `clipper find`.
    """
    place = Path(named)
    if "://" not in named and place.is_dir():
        if store.exists(place):
            return Shelf(place, {key_of(place): place})
        found = _outs(place)
        if found:
            return Shelf(place, found)
    target = out or Path("out")
    return Shelf(target, {key_of(target): target}, (named, said or {}))


def key_of(out: Path) -> str:
    """A short name for an OUT that holds in an address and tells nothing of the disk."""
    return hashlib.sha256(str(out.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:10]


def _outs(root: Path) -> dict[str, Path]:
    found: list[Path] = []
    level = [root]
    for _ in range(DEPTH):
        below: list[Path] = []
        for folder in level:
            try:
                inside = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
            except OSError:
                continue
            for one in inside:
                (found if store.exists(one) else below).append(one)
        level = below[:MOST]
    return {key_of(p): p for p in found[:MOST]}
