"""How layers come and go, as functions of the frame. In: moments; out: where a picture lies (see `PictureLayer`)."""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sin

import numpy as np
from numpy.typing import NDArray

from clipper.picture.layers import Placed

At = Callable[[int], Placed | None]
NODS = 0.6  # seconds
CROSSES = 0.5  # seconds in which one chapter's art becomes the next one's
TURNS = 0.2  # seconds in which a speaker's side lights up
NOD = 1.2  # percent of the shorter side


def stays(left: int, top: int) -> At:
    """There from the first frame to the last."""
    placed = Placed(left, top)
    return lambda frame: placed


def nods(left: int, top: int, dx: float, dy: float, fps: float) -> At:
    """Up to (dx, dy) pixels aside and back, quickly and then softly, to draw the eye at the beginning. In the first
    frame it stands in its place: that frame is what a feed shows before anybody presses play."""
    steps = max(1, round(NODS * fps))
    way = [sin(pi * (1 - (1 - n / steps) ** 2)) for n in range(steps + 1)]
    placed = [Placed(left + round(dx * w), top + round(dy * w)) for w in way]
    return lambda frame: placed[min(frame, steps)]


def fades_in(left: int, top: int, start: int, seconds: float, fps: float) -> At:
    """Not there before frame `start`, then more and more, then for good."""
    steps = max(1, round(seconds * fps))

    def at(frame: int) -> Placed | None:
        if frame < start:
            return None
        share = min(1.0, (frame - start + 1) / steps)
        return Placed(left, top, share * share * (3 - 2 * share))

    return at


def by_turn(left: int, top: int, on: NDArray[np.bool_], idle: float, fps: float) -> At:
    """As bright as it gets where `on` (shape (frames,)), else `idle`; it takes a moment to change."""
    steps = max(1, round(TURNS * fps))
    # the first frame is settled; a change is spread over the frames after it
    padded = np.concatenate([np.repeat(on[:1], steps - 1), on]).astype(np.float64)
    share = np.convolve(padded, np.full(steps, 1 / steps), mode="valid")
    levels = np.rint((idle + (1 - idle) * share) * 64) / 64
    last = len(levels) - 1

    def at(frame: int) -> Placed | None:
        level = float(levels[min(frame, last)])
        return Placed(left, top, level) if level > 0 else None

    return at
