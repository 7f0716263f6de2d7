"""Decoded pictures, as they come: light, anything on them, movement; some of them are compared with the scene.

In: decoded frames; out: a `Seen`. A picture that stands still while no new caption is due is no fault: see picture.py.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from clipper.export.checks.model import Moment, Seen

Luma = NDArray[np.uint8]

ROWS, COLUMNS = 8, 4  # of all pixels, one in so many each way is looked at for light and movement
DARK = 40  # luma, of 16 to 235, below which nothing is seen
LIT = 0.002  # share of a picture's pixels that have to be lighter
FLAT = 12  # from the darkest to the brightest: below it a picture is one colour
STILL = 1.0  # seconds; shorter rests are not told


class Pictures(Protocol):
    """What is to be looked at closely."""

    def wants(self, at: float) -> bool:
        """Whether the picture shown at `at` seconds is one of them."""
        ...

    def compare(self, at: float, frame: Any) -> Moment:
        """Looks at it; `frame` is an av.VideoFrame."""
        ...


class Eyes:
    """Looks at frames one after the other; `broken` counts packets that could not be decoded."""

    def __init__(self, closely: Pictures | None, *, whole: bool) -> None:
        self.broken = 0
        self._closely, self._whole = closely, whole
        self._before: Luma | None = None
        self._looked = self._black = self._flat = 0
        self._judged = (False, False)  # the last picture: black, flat
        self._moved = self._last = 0.0
        self._still: list[tuple[float, float]] = []
        self._moments: list[Moment] = []

    def see(self, frame: Any) -> None:
        """Takes in a frame."""
        at = float(frame.pts * frame.time_base) if frame.pts is not None else self._last
        luma = np.ascontiguousarray(plane(frame)[::ROWS, ::COLUMNS])  # read once, not by every question
        if self._before is None or not np.array_equal(luma, self._before):
            if self._before is None or changed(luma, self._before):
                self._rest(at)
            self._before = luma
            self._judged = black(luma), flat(luma)
        self._looked += 1
        self._last = at
        self._black += self._judged[0]
        self._flat += self._judged[1]
        if self._closely is not None and self._closely.wants(at):
            self._moments.append(self._closely.compare(at, frame))

    def _rest(self, at: float) -> None:
        if self._whole and at - self._moved > STILL:
            self._still.append((self._moved, at))
        self._moved = at

    def seen(self, fps: float) -> Seen:
        """What was seen; `fps` of the file."""
        each = 1 / fps if fps > 0 else 0.0
        self._rest(self._last + each)
        black, flat = (n * each if self._whole else float(n) for n in (self._black, self._flat))
        return Seen(
            self._looked, self._whole, black, flat, tuple(self._still), self.broken, tuple(self._moments)
        )  # fmt: skip


def plane(frame: Any, number: int = 0) -> Luma:
    """A plane of a decoded 4:2:0 picture without a copy, uint8, shape (height, width)."""
    raw = frame.planes[number]
    rows = np.frombuffer(raw, dtype=np.uint8).reshape(raw.height, raw.line_size)
    return rows[:, : raw.width]


def changed(luma: Luma, before: Luma) -> bool:
    """Whether anything moves: what only trembles by one or two steps is the encoder's."""
    return bool((np.maximum(luma, before) - np.minimum(luma, before) > 3).any())


def black(luma: Luma) -> bool:
    """Whether next to no pixel is lit."""
    return bool((luma > DARK).mean() < LIT)


def flat(luma: Luma) -> bool:
    """Whether it is one colour."""
    return bool(int(luma.max()) - int(luma.min()) < FLAT)
