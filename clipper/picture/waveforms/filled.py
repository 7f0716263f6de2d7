"""A smooth area, mirrored about the middle line, over its own fainter and slower echo. Silence is a thin line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipper.picture.geometry import Box
from clipper.picture.palette import RGB
from clipper.picture.waveforms.base import (
    FINEST,
    Cover,
    Levels,
    Options,
    Turns,
    Waveform,
    around_middle,
    from_the_middle,
    in_quarters,
    mirrored,
    smooth_matrix,
    taper,
)

_KNOTS = 26  # values across, whatever the number of bars: more are no curve any more
_SPREAD = 0.55  # of the distance between two of them
_PEAKED = 1.4  # exponent of heights: the hills of a smooth curve want to be told apart
_ECHO = 0.35  # coverage of the echo
_ECHO_FALLS = 0.30  # seconds in which it falls to a third


class Filled(Waveform):
    def __init__(
        self, box: Box, levels: Levels, colours: Sequence[RGB], turns: Turns, fps: float, options: Options
    ) -> None:
        super().__init__(box, levels, colours, turns, fps, options)
        knots = min(_KNOTS, max(3, options.bars))
        heights = from_the_middle(levels, knots) ** _PEAKED
        reach = box.height / 2 - 1
        self.line = min(max(1.0, box.height * 0.008), reach)  # half of it
        echo = _echo(heights, fps)
        both = np.concatenate([heights, echo], axis=1)
        self.shapes = in_quarters(both * np.float32(reach - self.line))
        self.knots = knots
        self.curve = smooth_matrix(box.width, knots, _SPREAD) * taper(box.width, 0.22)[:, None] / np.float32(FINEST)

    def shape(self, frame: int) -> NDArray[np.int16]:
        return np.asarray(self.shapes[frame])

    def _ink(self, shape: NDArray[np.int16]) -> list[Box]:
        return [around_middle(self.box, int(shape.max()) / FINEST + self.line)]

    def _cover(self, frame: int, box: Box) -> Cover:
        columns = box.seen_from(self.box)[1]
        values = self.shapes[frame].reshape(2, self.knots).astype(np.float32)
        body, echo = (values @ self.curve[columns].T) + np.float32(self.line)
        cover = mirrored(echo, self.box, box)
        faint = ((cover.astype(np.uint16) * round(_ECHO * 256)) >> 8).astype(np.uint8)
        return np.maximum(faint, mirrored(body, self.box, box))


def _echo(heights: Levels, fps: float) -> Levels:
    """What stays a while of every peak, a little higher than it."""
    falls = np.float32(np.exp(-1 / (_ECHO_FALLS * fps)))
    out = np.empty_like(heights)
    now = np.zeros(heights.shape[1], dtype=np.float32)
    for i, row in enumerate(heights):
        now = np.maximum(row, now * falls)
        out[i] = now
    return out
