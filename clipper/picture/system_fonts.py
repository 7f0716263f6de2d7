"""The system's fonts by the characters that they have: an index that is made once and kept in the cache.

In: the folders where fonts lie (CLIPPER_FONTS instead of the usual ones, if set); out: a `Source` for a grapheme. The
files were made by others: one that cannot be read is left out.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import sys
from bisect import bisect_right
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from clipper.picture.fonts import Source, bitmap_size, ignorable, table

FORMAT = 1  # of the index; raised when it holds other things
MOST_FILES = 5000
LARGEST_FILE = 200_000_000  # bytes; the largest collections of Chinese, Japanese and Korean have 150 MB
_LARGEST_INDEX = 64_000_000
_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
_log = logging.getLogger(__name__)
Face = dict[str, Any]


def folders() -> list[Path]:
    """Where this system keeps fonts; CLIPPER_FONTS, a list of folders as in PATH, stands in for all of them."""
    named = os.environ.get("CLIPPER_FONTS")
    if named is not None:
        return [Path(f) for f in named.split(os.pathsep) if f]
    home = Path.home()
    if sys.platform == "darwin":
        return [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    if sys.platform == "win32":
        own = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts"
        return [own, Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    data = [Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")]
    data += [Path(f) for f in (os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":") if f]
    return [home / ".fonts", *(folder / "fonts" for folder in data)]


def find(cluster: str, weight: int, language: str, emoji: bool) -> Source | None:
    """The system's best font for a grapheme: made for the language, well known, upright, nearest in weight."""
    wanted = [ord(c) for c in cluster if not ignorable(c)]
    fitting = [f for f in index() if f["emoji"] == emoji and all(_covered(f["starts"], f["ends"], c) for c in wanted)]
    for face in sorted(fitting, key=lambda face: _rank(face, weight, language)):
        axis = face["axis"]
        native = bitmap_size(face["path"], face["index"]) if face["bitmaps"] else 0
        if (face["bitmaps"] and not native) or not _opens(face["path"], face["index"], native or 32):
            continue
        clamped = None if axis is None else max(axis[0], min(weight, axis[1]))
        return Source(face["path"], face["index"], clamped, native, emoji, face["name"], "system")
    return None


@cache
def _opens(path: str, number: int, size: int) -> bool:
    """Whether FreeType reads what fontTools has read."""
    from PIL import ImageFont

    try:
        ImageFont.truetype(path, size, number)
    except OSError:
        return False
    return True


def _covered(starts: list[int], ends: list[int], code: int) -> bool:
    at = bisect_right(starts, code) - 1
    return at >= 0 and code <= ends[at]


def _rank(face: Face, weight: int, language: str) -> tuple[Any, ...]:
    """The lower, the sooner it is taken; the path decides between equals, so that the choice is always the same."""
    data, name = table(), face["name"]
    short = language.lower().split("-")[0]
    parts = data["languages"].get(language.lower()) or data["languages"].get(short) or ()
    first = data["system"]["emoji" if face["emoji"] else "preferred"]
    axis = face["axis"]
    away = abs(face["weight"] - weight) if axis is None else max(0, axis[0] - weight, weight - axis[1])
    return (
        face["italic"],
        "mono" in name.lower(),
        not any(part in name for part in parts),
        next((i for i, start in enumerate(first) if name.startswith(start)), len(first)),
        "serif" in name.lower() and "sans" not in name.lower(),
        "condensed" in name.lower() or "narrow" in name.lower(),
        away,
        name,
        face["path"],
    )


@cache
def index() -> tuple[Face, ...]:
    """Every face of the system's fonts that can set text; read once a run, unchanged files from the cache."""
    from clipper import cache as store
    from clipper.errors import MissingError

    known: dict[str, Any] = {}
    kept: Path | None = None
    with suppress(MissingError):  # no cache: the files are read anew each time
        kept = store.entry("fonts", f"system-{FORMAT}.json")
    if kept is not None:
        known = _read(kept)
    files, seen = _files(), dict[str, Any]()
    for path, stamp in files:
        row = known.get(path)
        seen[path] = row if row and row["stamp"] == stamp else {"stamp": stamp, "faces": _faces(path)}
    if kept is not None and seen != known:
        # the rows of other folders stay: CLIPPER_FONTS may change from run to run
        with suppress(MissingError):
            store.write_text(kept, json.dumps({**known, **seen}, separators=(",", ":")))
    never = table()["system"]["never"]
    faces = [{**face, "path": path} for path, row in seen.items() for face in row["faces"]]
    return tuple(f for f in faces if not any(word in f["name"] for word in never))


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST_INDEX:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
        sound = all({"stamp", "faces"} <= row.keys() for row in found.values())
        return dict(found) if sound else {}
    except (OSError, ValueError, AttributeError):  # a damaged index is made anew
        return {}


def _files() -> list[tuple[str, str]]:
    """Font files with what tells whether they changed, sorted by path within each folder."""
    out: dict[str, str] = {}
    for folder in folders():
        for root, names, files in os.walk(folder, onerror=None):
            names.sort()
            for name in sorted(files):
                path = Path(root) / name
                if not name.lower().endswith(_ENDINGS) or len(out) >= MOST_FILES:
                    continue
                with suppress(OSError):
                    stat = path.stat()
                    if 0 < stat.st_size <= LARGEST_FILE:
                        out.setdefault(str(path), f"{stat.st_size} {stat.st_mtime_ns}")
    return list(out.items())


def _faces(path: str) -> list[Face]:
    from fontTools.ttLib import TTCollection, TTFont

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    try:
        if path.lower().endswith((".ttc", ".otc")):
            with TTCollection(path, lazy=True) as fonts:
                return [face for i, font in enumerate(fonts.fonts) if (face := _face(font, i))]
        with TTFont(path, lazy=True) as font:
            face = _face(font, 0)
            return [face] if face else []
    except Exception as error:  # a damaged font makes fontTools raise almost anything
        _log.info("%s is left out: %s", path, error)
        return []


def _face(font: Any, number: int) -> Face | None:
    """One face: its name, weight and ranges of characters; None for what cannot set text."""
    codes = sorted(c for c in (font.getBestCmap() or {}) if not ignorable(chr(c)))
    outlines = any(tag in font for tag in ("glyf", "CFF ", "CFF2"))
    bitmaps = not outlines and any(tag in font for tag in ("CBDT", "sbix"))
    layered = "COLR" in font and font["COLR"].version == 0
    if not codes or not (outlines or bitmaps) or ("COLR" in font and not layered):
        return None  # version 1 of COLR is not drawn by Pillow
    starts, ends = [codes[0]], []
    for before, after in itertools.pairwise(codes):
        if after != before + 1:
            ends.append(before)
            starts.append(after)
    ends.append(codes[-1])
    names, os2 = font["name"], font.get("OS/2")
    family = names.getBestFamilyName() or "?"
    style = names.getBestSubFamilyName() or ""
    axis = None
    if "fvar" in font:
        axis = next(([int(a.minValue), int(a.maxValue)] for a in font["fvar"].axes if a.axisTag == "wght"), None)
    weight = int(os2.usWeightClass) if os2 else 400
    return {
        "index": number,
        "name": family if style.lower() in ("regular", "") or axis else f"{family} {style}",
        "weight": weight,
        "axis": axis,
        "italic": bool(os2 and os2.fsSelection & 0x201),
        # Apple's emoji have outlines too, empty ones
        "emoji": bitmaps or layered or "sbix" in font or "CBDT" in font,
        "bitmaps": bitmaps or "sbix" in font,
        "starts": starts,
        "ends": ends,
    }
