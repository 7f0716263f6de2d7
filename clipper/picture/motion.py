"""How layers come and go, as functions of the frame. In: moments; out: where a picture lies (see `PictureLayer`)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from clipper.picture.layers import Placed

At = Callable[[int], Placed | None]
COMES_IN = 0.5  # seconds
CROSSES = 0.5  # seconds in which one chapter's art becomes the next one's
TURNS = 0.2  # seconds in which a speaker's side lights up
RISES = 1.6  # percent of the shorter side


def stays(left: int, top: int) -> At:
    """There from the first frame to the last."""
    placed = Placed(left, top)
    return lambda frame: placed


def comes_in(left: int, top: int, dx: float, dy: float, fps: float) -> At:
    """From (dx, dy) pixels away to its place, whole from the first frame on: a first frame is what a feed shows."""
    steps = max(1, round(COMES_IN * fps))
    way = [(1 - min(1.0, n / steps)) ** 3 for n in range(steps + 1)]
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
