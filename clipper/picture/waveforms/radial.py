"""Rays around a circle, with round ends; the cover may stand inside. Silence is a ring of dots.

Which ray a pixel belongs to and from what length on that ray reaches it, is worked out once; a frame is then one
comparison a pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

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
    in_quarters,
    lively,
)

_LEAST_PITCH = 3.5  # pixels from one ray to the next at the inner circle
_STEPS = 6  # lengths of the longest ray that are told apart
_STRIPS = 4  # of rows, in which the ring is painted: more are tighter, but each has its price


@dataclass(frozen=True, slots=True)
class _Near:
    """The pixels of a box that rays can reach: their places, whose they are, from what length on, and the most."""

    pixels: NDArray[np.intp]
    ray: NDArray[np.intp]
    reach: NDArray[np.float32]
    most: Cover


class Radial(Waveform):
    def __init__(
        self, box: Box, levels: Levels, colours: Sequence[RGB], turns: Turns, fps: float, options: Options
    ) -> None:
        super().__init__(box, levels, colours, turns, fps, options)
        self.outer = max(2.0, min(box.width, box.height) / 2 - 1)
        inner = self.outer * min(0.95, max(0.0, options.inner))
        rays = max(4, min(2 * options.bars, int(2 * np.pi * inner / _LEAST_PITCH)) // 2 * 2)
        self.radius = max(0.75, np.pi * inner / rays * options.thickness)
        self.first = inner + self.radius  # where a ray's lower round end has its middle
        self.middle = (box.left + box.width / 2, box.top + box.height / 2)
        self.rays = rays
        low, high = self.first, max(self.first, self.outer - self.radius)
        half = lively(levels, rays // 2)
        # low tones below, both sides alike
        self.shapes = in_quarters(low + np.concatenate([half, half[:, ::-1]], axis=1) * np.float32(high - low))
        self.hole = max(0.0, inner - 1)
        self.pixels = self._everywhere()
        self._near = lru_cache(maxsize=64)(self._geometry)

    def shape(self, frame: int) -> NDArray[np.int16]:
        return np.asarray(self.shapes[frame])

    def _ink(self, shape: NDArray[np.int16]) -> list[Box]:
        """Strips around the ring up to its longest ray, left and right of what is free inside."""
        longest = (int(shape.max()) / FINEST - self.first) / max(1.0, self.outer - self.radius - self.first)
        # in steps, so that there are few different boxes and what is known of their pixels can be kept
        reached = np.ceil(max(0.0, longest) * _STEPS) / _STEPS * (self.outer - self.radius - self.first)
        outer = min(self.outer, self.first + reached + self.radius) + 1.5
        x, y = self.middle
        edges = np.linspace(-outer, outer, _STRIPS + 1)
        out: list[Box] = []
        for top, bottom in pairwise(edges):
            nearest = 0.0 if top < 0 < bottom else min(abs(top), abs(bottom))
            farthest = max(abs(top), abs(bottom))
            wide = (outer**2 - nearest**2) ** 0.5
            free = max(0.0, self.hole**2 - farthest**2) ** 0.5 - 2
            rows = (int(np.floor(y + top)) & ~1, int(np.floor(y + bottom)) & ~1)
            left, right = int(np.floor(x - wide)), int(np.ceil(x + wide))
            spans = [(left, right)] if free < 8 else [(left, int(x - free) + 1), (int(x + free), right)]
            out += [Box(a, rows[0], b, rows[1]).common(self.box) for a, b in spans]
        out[-1] = Box(out[-1].left, out[-1].top, out[-1].right, out[-1].bottom + 2).common(self.box)
        return [b for b in out if not b.empty]

    def _everywhere(self) -> tuple[NDArray[np.uint16], NDArray[np.float32], Cover]:
        """For every pixel: its ray, the length from which that ray covers it, and the most it ever does."""
        box, step = self.box, 2 * np.pi / self.rays
        x = np.arange(box.left, box.right, dtype=np.float32) + np.float32(0.5 - self.middle[0])
        y = np.arange(box.top, box.bottom, dtype=np.float32)[:, None] + np.float32(0.5 - self.middle[1])
        turn = np.arctan2(x, y)  # 0 straight down
        ray = np.floor(turn / np.float32(step))
        off = turn - (ray + np.float32(0.5)) * np.float32(step)
        length = np.hypot(x, y)
        along, across = length * np.cos(off), np.abs(length * np.sin(off))
        radius = np.float32(self.radius)
        side = np.clip(radius + np.float32(0.5) - across, 0, 1)
        bow = np.sqrt(radius**2 - np.minimum(across, radius) ** 2)
        start = np.clip(along + bow - np.float32(self.first - 0.5), 0, 1)  # the round end at the circle
        reach = (along - bow - np.float32(0.5)) * 255
        most = (np.minimum(side, start) * 255).astype(np.uint8)
        most[reach >= self.outer * 255] = 0
        return (ray.astype(np.int32) % self.rays).astype(np.uint16), reach, most

    @property
    def reached(self) -> NDArray[np.bool_]:
        """The pixels that a ray may ever cover, shape (height, width); the cover may stand in the others."""
        return np.asarray(self.pixels[2] > 0)

    def _geometry(self, box: Box) -> _Near:
        here = box.seen_from(self.box)
        ray, reach, most = self.pixels
        pixels = np.flatnonzero(most[here])
        return _Near(
            pixels, ray[here].ravel()[pixels].astype(np.intp), reach[here].ravel()[pixels], most[here].ravel()[pixels]
        )

    def _cover(self, frame: int, box: Box) -> Cover:
        near = self._near(box)
        ends = self.shapes[frame].astype(np.float32) * np.float32(255 / FINEST)
        some = ends.take(near.ray)
        some -= near.reach
        np.maximum(some, 0, out=some)  # np.clip takes twice as long
        np.minimum(some, 255, out=some)
        cover = np.zeros(box.height * box.width, dtype=np.uint8)
        cover[near.pixels] = np.minimum(some.astype(np.uint8), near.most)
        return cover.reshape(box.height, box.width)
