"""One smooth curve about the middle line, as an oscilloscope draws it, with a fainter one behind. Silence is a straight
line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from clipper.picture.geometry import Box
from clipper.picture.palette import RGB
from clipper.picture.waveforms.base import FINEST, Cover, Levels, Options, Turns, Waveform, put_together, taper

# The sound in five bands; each moves a wave of its own: waves over the box's width, share, turns a second.
_WAVES = np.array([1.6, 2.9, 4.3, 6.1, 8.3])
_SHARES = np.array([0.32, 0.28, 0.20, 0.12, 0.08])
_SPEEDS = np.array([0.45, -0.7, 0.95, -1.2, 1.5])
_GAIN = 4.5  # waves seldom meet at their crests; what would be too high is bent, not cut
_BEHIND = 0.36  # coverage of the curve behind
_STROKE = 0.042  # of the box's height, at the usual thickness
_USUAL = 0.62


class Line(Waveform):
    def __init__(
        self, box: Box, levels: Levels, colours: Sequence[RGB], turns: Turns, fps: float, options: Options
    ) -> None:
        super().__init__(box, levels, colours, turns, fps, options)
        self.stroke = min(max(1.5, box.height * _STROKE * options.thickness / _USUAL), box.height / 2)
        self.reach = max(0.0, box.height / 2 - 2 - self.stroke / 2)
        self.strength = put_together(levels, len(_WAVES))
        x = (np.arange(box.width) + 0.5) / box.width - 0.5
        angle = 2 * np.pi * x[:, None] * _WAVES
        weights = taper(box.width, 0.5)[:, None] * (_SHARES * _GAIN)
        self.waves = np.concatenate([np.sin(angle) * weights, np.cos(angle) * weights], axis=1).astype(np.float32)
        self._curves = lru_cache(maxsize=4)(self._bent)

    def shape(self, frame: int) -> NDArray[np.int16]:
        """How far every column of the curve and of the one behind lies below the middle, in quarters of a pixel."""
        return self._curves(frame)

    def _bent(self, frame: int) -> NDArray[np.int16]:
        turned = 0.0 if self.options.calm else frame / self.fps
        phase = 2 * np.pi * _SPEEDS * turned
        strength = self.strength[frame]
        # the one behind lags by a third of a turn and is a little lower
        parts = [
            np.concatenate([np.cos(p) * strength, np.sin(p) * strength]) * much
            for p, much in ((phase, 1.0), (phase + 2 * np.pi / 3, 0.8))
        ]
        curves = np.tanh(self.waves @ np.stack(parts, axis=1).astype(np.float32)) * np.float32(self.reach)
        return np.rint(curves.T * FINEST).astype(np.int16)

    def _ink(self, shape: NDArray[np.int16]) -> list[Box]:
        return [self._rows(int(shape.min()), int(shape.max()))]

    def _changed(self, then: NDArray[np.int16], now: NDArray[np.int16]) -> list[Box]:
        return [self._rows(int(min(then.min(), now.min())), int(max(then.max(), now.max())))]

    def _rows(self, high: int, low: int) -> Box:
        middle, half = self.box.top + self.box.height / 2, self.stroke / 2 + 1
        top, bottom = int(middle + high / FINEST - half) - 1, int(middle + low / FINEST + half) + 2
        return Box(self.box.left, top, self.box.right, bottom).common(self.box)

    def _cover(self, frame: int, box: Box) -> Cover:
        columns = box.seen_from(self.box)[1]
        curves = self.shape(frame) * np.float32(1 / FINEST) + np.float32(self.box.height / 2)
        rows = np.arange(box.top, box.bottom, dtype=np.float32) + np.float32(0.5 - self.box.top)
        front = self._stroked(curves[0], rows, columns, 1.0)
        behind = self._stroked(curves[1], rows, columns, 0.6)
        faint = ((behind.astype(np.uint16) * round(_BEHIND * 256)) >> 8).astype(np.uint8)
        return np.maximum(front, faint)

    def _stroked(self, curve: NDArray[np.float32], rows: NDArray[np.float32], columns: slice, width: float) -> Cover:
        """A stroke along a curve: across it, and not down, is where its width is measured."""
        lean = (255 / np.sqrt(1 + np.gradient(curve) ** 2)).astype(np.float32)[columns]
        cover = np.abs(rows[:, None] - curve[columns])
        cover *= -lean
        cover += np.float32(255 * (self.stroke * width / 2 + 0.5))
        np.clip(cover, 0, 255, out=cover)
        return np.asarray(cover, dtype=np.uint8)
