"""Mirrored bars with round ends, low tones in the middle. Silence is a row of dots."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipper.picture.geometry import Box
from clipper.picture.palette import RGB
from clipper.picture.waveforms.base import (
    ENDS,
    FINEST,
    Cover,
    Levels,
    Options,
    Turns,
    Waveform,
    around_middle,
    bars_that_fit,
    bell,
    columns_of,
    in_quarters,
    lively,
    mirrored,
)


class Mirrored(Waveform):
    def __init__(
        self, box: Box, levels: Levels, colours: Sequence[RGB], turns: Turns, fps: float, options: Options
    ) -> None:
        super().__init__(box, levels, colours, turns, fps, options)
        half = max(1, bars_that_fit(box.width, options.bars) // 2)
        self.columns = columns_of(box.width, 2 * half, options.thickness)
        owner = self.columns.owner
        self.band = np.where(owner >= half, owner - half, half - 1 - owner)
        reach = box.height / 2 - 1
        low = min(self.columns.radius, reach)
        self.shapes = in_quarters(low + lively(levels, half) * bell(2 * half, ENDS)[half:] * (reach - low))

    def shape(self, frame: int) -> NDArray[np.int16]:
        return np.asarray(self.shapes[frame])

    def _ink(self, shape: NDArray[np.int16]) -> list[Box]:
        return [around_middle(self.box, int(shape.max()) / FINEST)]

    def _cover(self, frame: int, box: Box) -> Cover:
        columns = box.seen_from(self.box)[1]
        heights = self.shapes[frame][self.band[columns]] * np.float32(1 / FINEST) - self.columns.drop[columns]
        return np.minimum(mirrored(heights, self.box, box), self.columns.most[columns])
