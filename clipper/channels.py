"""Stereo whose two channels cancel each other out, as one wire turned round makes it: their sum would be silence.

In: decoded frames as they come; out: the same frames, or only their left channel where both are opposite.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

OPPOSITE = -0.8  # correlation of both channels, from which one of them was wired the wrong way round
LOUD = 1e-3  # of full scale: what is quieter tells nothing
ENOUGH = 40  # loud frames, about a second, that decide


class Uncancelled:
    """Frames in, frames out; the first loud ones are held until it is known how the channels stand to each other.

    Attributes:
        opposite: whether only the left channel is given.
    """

    def __init__(self) -> None:
        self.opposite = False
        self._known = False
        self._held: list[Any] = []
        self._loud = 0
        self._sums = np.zeros(3)  # left and right squared, and their product

    def push(self, frame: Any) -> Iterator[Any]:
        """What can be given once `frame` is there."""
        if self._known or len(frame.layout.channels) != 2:
            yield from (*self._flushed(), self._one(frame))
            return
        pair = _pair(frame)
        if not self._held and np.abs(pair).max(initial=0.0) < LOUD:
            yield frame
            return
        self._held.append(frame)
        self._loud += 1
        left, right = pair
        # sums of products, not @: that wakes threads which wait for one another where other programs have the cores
        self._sums += [float((one * other).sum()) for one, other in ((left, left), (right, right), (left, right))]
        if self._loud >= ENOUGH:
            self._decide()
            yield from self._flushed()

    def rest(self) -> Iterator[Any]:
        """What is still held at the end."""
        if self._held:
            self._decide()
        yield from self._flushed()

    def _decide(self) -> None:
        left, right, both = self._sums
        self._known = True
        self.opposite = bool(both < OPPOSITE * np.sqrt(left * right))

    def _flushed(self) -> Iterator[Any]:
        held, self._held = self._held, []
        for frame in held:
            yield self._one(frame)

    def _one(self, frame: Any) -> Any:
        if not self.opposite or len(frame.layout.channels) != 2:
            return frame
        import av

        values = frame.to_ndarray()
        left: Any = np.ascontiguousarray(values[:1] if frame.format.is_planar else values[:, ::2])
        made = av.AudioFrame.from_ndarray(left, format=frame.format.name, layout="mono")
        made.sample_rate = frame.sample_rate
        made.pts = frame.pts
        made.time_base = frame.time_base
        return made


def uncancelled(frames: Iterator[Any]) -> Iterator[Any]:
    """`frames`, without a stereo that cancels itself out."""
    sides = Uncancelled()
    for frame in frames:
        yield from sides.push(frame)
    yield from sides.rest()


def _pair(frame: Any) -> Any:
    """Both channels, float64, shape (2, n), full scale 1.0."""
    values = frame.to_ndarray()
    pair = values.astype(np.float64) if frame.format.is_planar else values.reshape(-1, 2).T.astype(np.float64)
    if values.dtype.kind in "iu":
        info = np.iinfo(values.dtype)
        pair = (pair - (128.0 if info.min == 0 else 0.0)) / (info.max + 1.0)
    return np.nan_to_num(pair, posinf=0.0, neginf=0.0)
