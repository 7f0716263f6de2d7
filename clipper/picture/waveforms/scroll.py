"""The loudness of the last seconds as mirrored bars that run from right, where now is, to left. Silence is a row of
dots."""

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
    bars_that_fit,
    in_quarters,
    mirrored,
)

_FADED = 0.12  # of the width, in which the oldest bars fade away
_BORN = 0.03  # of the width, in which the newest come


class Scroll(Waveform):
    def __init__(
        self, box: Box, levels: Levels, colours: Sequence[RGB], turns: Turns, fps: float, options: Options
    ) -> None:
        super().__init__(box, levels, colours, turns, fps, options)
        self.count = bars_that_fit(box.width, options.bars)
        self.pitch = box.width / self.count
        self.each = options.span * fps / self.count  # frames that a bar stands for
        self.radius = max(1.0, self.pitch * options.thickness / 2)
        self.heights = self._history(levels)
        x = (np.arange(box.width) + 0.5) / box.width
        edge = np.clip(x / _FADED, 0, 1) ** 2 * np.clip((1 - x) / _BORN, 0, 1)
        self.edge = np.rint(edge * 256).astype(np.uint16)

    def _history(self, levels: Levels) -> NDArray[np.int16]:
        """The half height of every bar that there ever is; the first `count` stand for the time before the clip."""
        loud = np.asarray((levels.astype(np.float64) ** 2).mean(axis=1) ** 0.5 if levels.size else np.zeros(1))
        edges = np.arange(int(len(loud) / self.each) + 3) * self.each
        starts = np.minimum(edges[:-1].astype(np.intp), len(loud) - 1)
        ends = np.minimum(np.maximum(edges[1:].astype(np.intp), starts + 1), len(loud))
        sums = np.concatenate([[0.0], np.cumsum(loud)])
        bars = (sums[ends] - sums[starts]) / (ends - starts)
        bars = np.clip(bars * 1.25, 0, 1)  # a mean over bands and frames never reaches the loudest of them
        reach = self.box.height / 2 - 1
        low = min(self.radius, reach)
        heights = low + bars.astype(np.float32) * np.float32(reach - low)
        return in_quarters(np.concatenate([np.full(self.count + 1, low, dtype=np.float32), heights]))

    def shape(self, frame: int) -> NDArray[np.int16]:
        """The bars that can be seen, and how far the first of them has moved, in sixteenths of a pixel."""
        first, moved = divmod(frame / self.each, 1.0)
        seen = self.heights[int(first) : int(first) + self.count + 2]
        if (seen == seen[0]).all():
            # a row of equal dots: standing still is what silence looks like
            moved = 0.0
        return np.append(seen, np.int16(round(moved * self.pitch * 16)))

    def _ink(self, shape: NDArray[np.int16]) -> list[Box]:
        return [around_middle(self.box, int(shape[:-1].max()) / FINEST)]

    def _changed(self, then: NDArray[np.int16], now: NDArray[np.int16]) -> list[Box]:
        return self._ink(then if then[:-1].max() > now[:-1].max() else now)

    def _cover(self, frame: int, box: Box) -> Cover:
        columns = box.seen_from(self.box)[1]
        shape = self.shape(frame)
        x = np.arange(columns.start, columns.stop) + (0.5 + shape[-1] / 16)
        bar = (x / self.pitch).astype(np.intp)
        across = np.abs(x - (bar + 0.5) * self.pitch).astype(np.float32)
        # the round end, and the share of a column that lies in the bar
        inside = np.minimum(across, np.float32(self.radius))
        drop = np.float32(self.radius) - np.sqrt(np.maximum(np.float32(self.radius**2) - inside**2, 0))
        share = np.clip(np.float32(self.radius + 0.5) - across, 0, 1)
        bar = np.minimum(bar, len(shape) - 2)
        cover = mirrored(shape[bar] * np.float32(1 / FINEST) - drop, self.box, box)
        weight = (share * self.edge[columns]).astype(np.uint16)
        return np.asarray((cover * weight) >> 8, dtype=np.uint8)
