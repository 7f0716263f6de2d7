"""The picture that stands for a clip: which frame, and the part of it that a profile's grid shows.

In: a wish ("first", "peak", a time), the clip's captions and levels; out: a frame number; a picture cropped to 3:4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from PIL import Image

from clipper import platforms
from clipper.errors import UsageError
from clipper.picture.captions import Group
from clipper.picture.content import Levels

WISHES = "first, peak, or a time such as 0:07 or 7.5"
_SMOOTH = 0.4  # seconds over which loudness is taken
_GRID = 3 / 4  # width to height of a grid's pictures


def cover_frame(wish: str, groups: Sequence[Group], levels: Levels | None, frames: int, fps: float) -> int:
    """The number of the frame that is kept as cover.jpg.

    Args:
        wish: "first": frame 0, what a feed shows before anybody touches it; "peak": the loudest moment at which words
            stand; or a time in the clip, as seconds or m:ss.
        levels: float32 0 to 1, shape (frames, bands).

    Raises:
        UsageError: the wish is none of these, or lies behind the clip's end.
    """
    if wish == "first":
        return 0
    if wish == "peak":
        return _peak(groups, levels, frames, fps)
    found = re.fullmatch(r"(?:(\d+):)?(\d+(?:\.\d+)?)", wish.strip())
    if found is None:
        raise UsageError(f"{wish} is no moment for the cover", f"choose {WISHES}")
    number = round((int(found[1] or 0) * 60 + float(found[2])) * fps)
    if number >= frames:
        raise UsageError(f"the cover's moment {wish} lies behind the clip's end", f"it lasts {frames / fps:.1f} s")
    return number


def grid_crop(picture: Image.Image) -> Image.Image:
    """The part of a clip's picture that a profile's grid shows: 3:4 about the middle, as large as there is room."""
    width, height = picture.size
    if width / height < _GRID:
        rows = next((p.grid for p in map(platforms.platform, platforms.names()) if p.grid is not None), None)
        middle = 0.5 if rows is None else (rows.top + rows.bottom) / 2 / platforms.HEIGHT
        tall = round(width / _GRID)
        top = min(max(0, round(height * middle - tall / 2)), height - tall)
        return picture.crop((0, top, width, top + tall))
    wide = round(height * _GRID)
    left = (width - wide) // 2
    return picture.crop((left, 0, left + wide, height))


def _peak(groups: Sequence[Group], levels: Levels | None, frames: int, fps: float) -> int:
    if levels is None or not len(levels):
        return 0
    loud = levels[:frames].mean(axis=1, dtype=np.float64)
    span = max(1, min(len(loud), round(_SMOOTH * fps)))
    loud = np.convolve(loud, np.full(span, 1 / span), mode="same")
    spoken = np.zeros(len(loud), dtype=bool)
    for one in groups:
        # half of the group's words have been lit: neither its first frame nor its last
        spoken[round(one.starts[len(one.starts) // 2] * fps) : round(one.end * fps)] = True
    if spoken.any():
        loud = np.where(spoken, loud, -1)
    return int(np.argmax(loud))
