"""The cache as a whole: how large it is, what goes when it grows too large, what is damaged.

In: the folder of `clipper.cache`; out: rows for a table, and room. Weights stay whatever happens: an offline machine
could not get them back.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from clipper import leftovers
from clipper.cache import SUMS, WEIGHTS, cache_dir, sum_of, whole
from clipper.errors import UsageError, cannot_remove

LIMIT = 20_000_000_000  # bytes; about 100 hours of fetched audio with everything that is known of it
IN_USE = 3600.0  # seconds; what a run used just now is not taken from under it
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000, "t": 1_000_000_000_000}


@dataclass(frozen=True, slots=True)
class Kept:
    """One result: its stage, where it lies, its size in bytes, and when it was last used (seconds since 1970)."""

    stage: str
    path: Path
    size: int
    used: float


@dataclass(frozen=True, slots=True)
class Stage:
    """A row of `clipper cache show`."""

    name: str
    count: int
    size: int
    oldest: float


def limit() -> int:
    """Bytes that the cache may have: CLIPPER_CACHE_LIMIT ("20GB"), or the usual.

    Raises:
        UsageError: that is no size.
    """
    said = os.environ.get("CLIPPER_CACHE_LIMIT", "")
    return parse_size(said) if said.strip() else LIMIT


def parse_size(text: str) -> int:
    """Bytes of "500 MB"; powers of ten.

    Raises:
        UsageError: no size.
    """
    found = re.fullmatch(r"\s*([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*(|k|m|g|t|[kmgt]?b)\s*", text.casefold())
    if found is None:
        raise UsageError(f"{text!r} is not a size", "write it as 500MB or 20GB")
    return int(float(found[1]) * _UNITS[found[2].removesuffix("b")])


def kept() -> Iterator[Kept]:
    """Every result in the cache, weights as well."""
    root = cache_dir()
    for folder in _folders(root):
        if folder.name == SUMS:
            continue
        for path in sorted(folder.rglob("*")):
            with suppress(OSError):
                if path.name.startswith(leftovers.MARK) or not path.is_file():
                    continue
                facts = path.stat()
                last = facts.st_mtime
                with suppress(OSError):
                    last = max(last, sum_of(path).stat().st_mtime)
                yield Kept(folder.name, path, facts.st_size, last)


def stages() -> list[Stage]:
    """What the cache holds, a row a stage, the largest first."""
    rows: dict[str, list[Kept]] = {}
    for one in kept():
        rows.setdefault(one.stage, []).append(one)
    made = [Stage(n, len(r), sum(k.size for k in r), min(k.used for k in r)) for n, r in rows.items()]
    return sorted(made, key=lambda s: (-s.size, s.name))


def trim(most: int) -> int:
    """Gives up the results that were used longest ago until the cache is no larger than `most`; bytes that became free.

    What was used within the last hour stays, and so do weights. Leftovers of killed runs go first.
    """
    sweep()
    rows = [one for one in kept() if one.stage != WEIGHTS]
    size, freed = sum(one.size for one in rows), 0
    if size <= most:
        return 0
    now = time.time()
    for one in sorted(rows, key=lambda k: k.used):
        if size - freed <= most or abs(now - one.used) < IN_USE:  # a clock that jumped back keeps what it cannot judge
            break
        if _forget(one.path):
            freed += one.size
    return freed


def sweep() -> int:
    """Removes what killed runs left in the cache, and digests of results that are gone; gives how many files."""
    root = cache_dir()
    folders = [p for top in _folders(root) for p in (top, *(d for d in top.rglob("*") if d.is_dir()))]
    count = leftovers.sweep(folders)
    notes = root / SUMS
    for note in notes.rglob("*") if notes.is_dir() else ():
        with suppress(OSError):
            if note.is_file() and not note.name.startswith(leftovers.MARK):
                gone = not (root / note.relative_to(notes)).exists()
                if (
                    gone and time.time() - note.stat().st_mtime > 60
                ):  # a result that is just being written comes after it
                    note.unlink()
                    count += 1
    return count


def clean(names: tuple[str, ...] = (), *, weights: bool = False) -> int:
    """Empties the stages `names`, or all but the weights; bytes that became free.

    Raises:
        UsageError: there is no such stage.
        MissingError: a file cannot be removed.
    """
    there = {folder.name for folder in _folders(cache_dir())} - {SUMS}
    unknown = next((n for n in names if n not in there), None)
    if unknown is not None:
        raise UsageError(
            f"the cache holds nothing called {unknown}", f"it holds {', '.join(sorted(there)) or 'nothing'}"
        )
    freed = 0
    for one in list(kept()):
        if one.stage in names or (not names and (weights or one.stage != WEIGHTS)):
            if not _forget(one.path):
                raise cannot_remove(one.path)
            freed += one.size
    sweep()
    return freed


def verify(*, remove: bool = True) -> tuple[int, list[Path]]:
    """Takes every digest anew; how many results were looked at, and those that are damaged (removed, so that the work
    is done again).
    """
    count, damaged = 0, []
    for one in kept():
        if one.stage == WEIGHTS:
            continue
        count += 1
        if not whole(one.path, thorough=True):
            damaged.append(one.path)
            if remove:
                _forget(one.path)
    return count, damaged


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(p for p in root.iterdir() if p.is_dir())
    except OSError:
        return []


def _forget(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    with suppress(OSError, ValueError):
        sum_of(path).unlink(missing_ok=True)
    return True
