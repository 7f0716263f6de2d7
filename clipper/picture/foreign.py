"""A moviepy clip of someone else's as a layer: its rectangle is dirty in every frame.

In: a moviepy clip, with or without a mask; out: patches.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from clipper.picture.geometry import Box
from clipper.picture.layers import Patch


class ForeignLayer:
    """Lays a moviepy clip into the picture.

    Args:
        clip: any moviepy VideoClip; its `mask`, where it has one, is its coverage (0 to 1).
        left, top: its upper left corner in the picture, in pixels.
        fps: frames a second of the scene.
        start: seconds of the scene at which it begins; it is there for its own duration, or for good.
    """

    def __init__(self, clip: Any, left: int, top: int, fps: float, start: float = 0.0) -> None:
        self.clip, self.fps, self.start = clip, fps, start
        width, height = clip.size
        self.place = Box(left, top, left + int(width), top + int(height))
        self.box = self.place.even()
        self._last: tuple[int, Patch] | None = None

    def dirty(self, before: int | None, after: int) -> list[Box]:
        was_there = before is not None and self._time(before) is not None
        return [self.place] if was_there or self._time(after) is not None else []

    def patch(self, frame: int, box: Box) -> Patch | None:
        time = self._time(frame)
        if time is None:
            return None
        if self._last is None or self._last[0] != frame:
            self._last = (frame, self._drawn(time))
        whole, at = self._last[1], box.seen_from(self.box)
        assert not isinstance(whole.colour, tuple)
        return Patch(whole.alpha[at], whole.colour[at])

    def _time(self, frame: int) -> float | None:
        """The clip's own time in a frame; None while it is not there."""
        # a hair later than n / fps: what rounds down to the frame before would show each frame late
        time = frame / self.fps - self.start + 1e-6
        duration = self.clip.duration
        return time if time >= 0 and (duration is None or time < duration) else None

    def _drawn(self, time: float) -> Patch:
        colour = np.zeros((self.box.height, self.box.width, 3), dtype=np.uint8)
        alpha = np.zeros((self.box.height, self.box.width), dtype=np.uint8)
        at = self.place.seen_from(self.box)
        colour[at] = np.clip(self.clip.get_frame(time), 0, 255)[..., :3]
        mask = self.clip.mask
        alpha[at] = 255 if mask is None else np.rint(np.clip(mask.get_frame(time), 0, 1) * 255)
        return Patch(alpha, colour)
