"""Bars that rise from the bottom line, with round ends; low tones in the middle. Silence is a row of dots."""

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
    above,
    bars_that_fit,
    columns_of,
    from_the_middle,
    in_quarters,
)


class Bars(Waveform):
    def __init__(
        self, box: Box, levels: Levels, colours: Sequence[RGB], turns: Turns, fps: float, options: Options
    ) -> None:
        super().__init__(box, levels, colours, turns, fps, options)
        count = bars_that_fit(box.width, options.bars)
        self.columns = columns_of(box.width, count, options.thickness)
        low, high = min(2 * self.columns.radius, box.height - 1), box.height - 1
        self.shapes = in_quarters(low + from_the_middle(levels, count) * (high - low))
        # the lower ends are round, too: what is missing there of each row
        rise = np.arange(box.height, 0, -1, dtype=np.float32) - np.float32(0.5)
        corner = np.clip(rise[:, None] - self.columns.drop + np.float32(0.5), 0, 1)
        self.foot = int(np.ceil(self.columns.radius)) + 1
        self.corner = (corner[-self.foot :] * 255).astype(np.uint8)

    def shape(self, frame: int) -> NDArray[np.int16]:
        return np.asarray(self.shapes[frame])

    def _ink(self, shape: NDArray[np.int16]) -> list[Box]:
        top = self.box.bottom - int(shape.max()) // FINEST - 2
        return [Box(self.box.left, top, self.box.right, self.box.bottom).common(self.box)]

    def _cover(self, frame: int, box: Box) -> Cover:
        columns = box.seen_from(self.box)[1]
        heights = self.shapes[frame][self.columns.owner[columns]] * np.float32(1 / FINEST) - self.columns.drop[columns]
        cover = above(heights, self.box.bottom - box.top - 0.5, box.height)
        foot = Box(box.left, max(box.top, self.box.bottom - self.foot), box.right, box.bottom)
        if not foot.empty:
            rows = slice(foot.top - self.box.bottom + self.foot, foot.bottom - self.box.bottom + self.foot)
            low = cover[foot.seen_from(box)]
            np.minimum(low, self.corner[rows, columns], out=low)
        return np.minimum(cover, self.columns.most[columns])
