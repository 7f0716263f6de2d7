"""How far a clip is: a bar that fills, or a ring. In: a box, the number of frames, a colour; out: layers and tracks."""

from __future__ import annotations

from math import ceil, pi

import numpy as np
from numpy.typing import NDArray

from clipper.picture.geometry import Box
from clipper.picture.layers import Patch, rounded_mask
from clipper.picture.palette import RGB

Cover = NDArray[np.uint8]


class BarLayer:
    """A bar that fills from left to right over the clip.

    Args:
        ends: coverage of the whole bar, uint8, as large as the box (see `bar_mask`).
    """

    def __init__(self, box: Box, frames: int, colour: RGB, ends: Cover) -> None:
        self.box = box
        self.frames = max(2, frames)
        self.colour = colour
        self.ends = ends

    def dirty(self, before: int | None, after: int) -> list[Box]:
        low, high = sorted((0.0 if before is None else self._filled(before), self._filled(after)))
        if low == high:
            return []
        left = self.box.left
        return [Box(left + int(low), self.box.top, left + ceil(high), self.box.bottom)]

    def patch(self, frame: int, box: Box) -> Patch:
        rows, columns = box.seen_from(self.box)
        cover = np.clip(self._filled(frame) - np.arange(columns.start, columns.stop), 0, 1)
        return Patch((self.ends[rows, columns] * cover).astype(np.uint8), self.colour)

    def _filled(self, frame: int) -> float:
        """Pixels, in quarters."""
        return round(self.box.width * min(1.0, frame / (self.frames - 1)) * 4) / 4


class RingLayer:
    """A ring that closes clockwise from the top over the clip."""

    def __init__(self, box: Box, frames: int, colour: RGB, thickness: float) -> None:
        self.box = box
        self.frames = max(2, frames)
        self.colour = colour
        self.cover = ring_mask(box, thickness)
        radius = min(box.width, box.height) / 2 - thickness / 2
        x = np.arange(box.width) + 0.5 - box.width / 2
        y = (np.arange(box.height) + 0.5 - box.height / 2)[:, None]
        self.length = 2 * pi * radius
        self.along = (np.mod(np.arctan2(x, -y), 2 * pi) * radius).astype(np.float32)  # pixels from the top, clockwise

    def dirty(self, before: int | None, after: int) -> list[Box]:
        low, high = sorted((0.0 if before is None else self._filled(before), self._filled(after)))
        if low == high:
            return []
        if high - low > self.length / 8:
            return [self.box]
        spots = (self.cover > 0) & (self.along > low - 1.5) & (self.along < high + 1.5)
        rows, columns = np.flatnonzero(spots.any(axis=1)), np.flatnonzero(spots.any(axis=0))
        if not len(rows):
            return []
        left, top = self.box.left, self.box.top
        return [Box(left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)]

    def patch(self, frame: int, box: Box) -> Patch:
        at = box.seen_from(self.box)
        share = np.clip(self._filled(frame) - self.along[at] + 0.5, 0, 1)
        return Patch((self.cover[at] * share).astype(np.uint8), self.colour)

    def _filled(self, frame: int) -> float:
        if frame >= self.frames - 1:
            return self.length + 1
        return round(self.length * frame / (self.frames - 1) * 4) / 4


def bar_mask(box: Box, square: bool) -> Cover:
    """Coverage of a whole bar, its ends round unless `square`."""
    return rounded_mask(box.width, box.height, 0 if square else box.height / 2)


def ring_mask(box: Box, thickness: float) -> Cover:
    """Coverage of a whole ring inside a box, uint8."""
    outer = min(box.width, box.height) / 2
    x = np.arange(box.width) + 0.5 - box.width / 2
    y = (np.arange(box.height) + 0.5 - box.height / 2)[:, None]
    away = np.hypot(x, y)
    inside = np.clip(outer - away + 0.5 - 1, 0, 1) * np.clip(away - (outer - 1 - thickness) + 0.5, 0, 1)
    return np.asarray(np.rint(inside * 255), dtype=np.uint8)
