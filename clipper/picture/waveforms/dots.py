"""Columns of dots that grow from the middle row outwards, as in a halftone. Silence is a row of small dots."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipper.picture.geometry import Box
from clipper.picture.palette import RGB
from clipper.picture.waveforms.base import (
    Cover,
    Levels,
    Options,
    Turns,
    Waveform,
    bars_that_fit,
    from_the_middle,
)

_LEAST = 0.42  # radius of the middle row's dots in silence, as a share of the largest
_LEAST_PITCH = 5.0  # pixels from one dot to the next
_SOFT = 2.2  # rows over which the dots of a column grow smaller towards its end
_SCALE = 64  # a row in a shape


class Dots(Waveform):
    def __init__(
        self, box: Box, levels: Levels, colours: Sequence[RGB], turns: Turns, fps: float, options: Options
    ) -> None:
        super().__init__(box, levels, colours, turns, fps, options)
        count = min(bars_that_fit(box.width, options.bars), max(1, int(box.width / _LEAST_PITCH)))
        pitch = box.width / count
        self.half = max(0, int((box.height / pitch - 1) / 2))  # rows above the middle one
        self.pitch, self.radius = pitch, min(pitch * options.thickness * 0.65, pitch / 2 - 0.5)
        self.shapes = np.rint(from_the_middle(levels, count) * (self.half + _SOFT) * _SCALE).astype(np.int16)
        x, y = np.arange(box.width) + 0.5, np.arange(box.height) + 0.5 - box.height / 2
        self.column = np.minimum((x / pitch).astype(np.intp), count - 1)
        self.row = np.rint(y / pitch).astype(np.intp)
        away = np.hypot(x - (self.column + 0.5) * pitch, (y - self.row * pitch)[:, None])
        away[np.abs(self.row) > self.half] = np.inf
        self.row = np.minimum(np.abs(self.row), self.half)
        self.away = ((away - 0.5) * 255).astype(np.float32)  # of every pixel from its dot's middle

    def shape(self, frame: int) -> NDArray[np.int16]:
        return np.asarray(self.shapes[frame])

    def _ink(self, shape: NDArray[np.int16]) -> list[Box]:
        rows = min(self.half, int(shape.max()) // _SCALE + 1)
        middle, reach = self.box.top + self.box.height / 2, (rows + 0.5) * self.pitch
        top, bottom = int(middle - reach) - 1, int(np.ceil(middle + reach)) + 1
        return [Box(self.box.left, top, self.box.right, bottom).common(self.box)]

    def _cover(self, frame: int, box: Box) -> Cover:
        rows, columns = box.seen_from(self.box)
        level = self.shapes[frame] * np.float32(1 / _SCALE)
        # the radius of every dot: from the middle row outwards, shape (half + 1, columns of dots)
        full = np.clip((level - np.arange(self.half + 1, dtype=np.float32)[:, None]) / np.float32(_SOFT), 0, 1)
        size = np.sqrt(full)
        size[0] = np.maximum(size[0], np.float32(_LEAST))
        radii = np.where(size > 0, size * np.float32(self.radius * 255), np.float32(-1e9))
        cover = radii[:, self.column[columns]][self.row[rows]]
        cover -= self.away[rows, columns]
        np.clip(cover, 0, 255, out=cover)
        return np.asarray(cover, dtype=np.uint8)
