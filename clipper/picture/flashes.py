"""Whether a picture flashes so that it could set off a seizure.

In: frames; out: `Flashes`. Source: WCAG 2.2, 2.3.1 "Three Flashes or Below Threshold" and its definition of general and
red flash thresholds: more than three flashes within a second, over more than a quarter of any ten degrees of the eye's
field. A flash is a pair of opposing changes of relative luminance by a tenth of the most there is, the darker state
under 0.8; or a pair of opposing changes to and from saturated red. Ten degrees are 341 x 256 of 1024 x 768 pixels:
a third of width and height.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipper.picture.palette import linear

MOST = 3  # flashes in a second
_CHANGE = 0.1  # of relative luminance
_DARK = 0.8  # relative luminance that the darker state lies under
_RED, _RED_CHANGE = 0.8, 20.0  # share of red in saturated red; change of (R - G - B) x 320
_AREA = 0.25  # of a field
_FIELD = 3  # fields in the picture's width, and in its height
_WIDTH = 96  # pixels to which a picture is reduced: smaller flashes are far under the area

_LINEAR = linear(np.arange(256) / 255.0).astype(np.float32)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Flashes:
    """The worst second of a clip.

    Attributes:
        share: of the worst field, that flashes more than three times a second; 0 to 1.
        at: seconds from the beginning, the end of that second.
        red: whether it is red that flashes.
    """

    share: float = 0.0
    at: float = 0.0
    red: bool = False

    @property
    def safe(self) -> bool:
        return self.share < _AREA


def flashes(frames: Iterable[NDArray[np.uint8]], fps: float) -> Flashes:
    """How much of the picture flashes at worst.

    Args:
        frames: RGB, uint8, all of one shape (height, width, 3), in order; the array may be one that is reused.
    """
    light, red = _Turns(_CHANGE, _DARK), _Turns(_RED_CHANGE, None)
    worst = Flashes()
    for number, frame in enumerate(frames):
        shades = _reduced(frame)
        saturated = shades[..., 0] >= _RED * np.maximum(shades.sum(axis=-1), 1e-6)
        redness = np.where(saturated, (shades[..., 0] - shades[..., 1] - shades[..., 2]) * 320, 0)
        for turns, value in ((light, shades @ _LUMINANCE), (red, redness.astype(np.float32))):
            share = _worst_field(turns.seen(value, round(fps)) > 2 * MOST)
            if share > worst.share:
                worst = Flashes(share, number / fps, turns is red)
    return worst


class _Turns:
    """Counts, for every pixel, how often a value turned within the last second by `least`; a turn is a change against
    the one before, and two of them are a flash."""

    def __init__(self, least: float, dark: float | None) -> None:
        self.least, self.dark = least, dark
        self.recent: deque[NDArray[np.uint8]] = deque()
        self.count: NDArray[np.int16] | None = None

    def seen(self, value: NDArray[np.float32], second: int) -> NDArray[np.int16]:
        """The turns of the last `second` frames, this one included."""
        if self.count is None:
            self.count = np.zeros(value.shape, np.int16)
            self.high, self.low = value.copy(), value.copy()
            self.way = np.zeros(value.shape, np.int8)  # 1 rising, -1 falling, 0 not known yet
        up = (self.way <= 0) & (value - self.low >= self.least)
        down = (self.way >= 0) & (self.high - value >= self.least)
        if self.dark is not None:  # between two light states nothing flashes
            up &= self.low < self.dark
            down &= value < self.dark
        turned = (up | down).astype(np.uint8)
        self.way[up], self.way[down] = 1, -1
        # what it may turn back from: the highest since it rose, the lowest since it fell
        self.high = np.where(up, value, np.maximum(self.high, value))
        self.low = np.where(down, value, np.minimum(self.low, value))
        self.high[down], self.low[up] = value[down], value[up]
        self.recent.append(turned)
        self.count += turned
        if len(self.recent) > second:
            self.count -= self.recent.popleft()
        return self.count


def _reduced(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Linear light, shape (h, w, 3), averaged over squares of pixels."""
    step = max(1, frame.shape[1] // _WIDTH)
    height, width = frame.shape[0] // step * step, frame.shape[1] // step * step
    light = _LINEAR[frame[:height, :width]].reshape(height // step, step, width // step, step, 3)
    return np.asarray(light.mean(axis=(1, 3)), dtype=np.float32)


def _worst_field(flashing: NDArray[np.bool_]) -> float:
    """The largest share of any field that flashes."""
    if not flashing.any():
        return 0.0
    sums = np.pad(flashing.astype(np.int32).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    high, wide = (max(1, n // _FIELD) for n in flashing.shape)
    inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    worst: float = inside.max() / (high * wide)
    return float(worst)
