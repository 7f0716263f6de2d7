"""What moves in a scene. A layer tells which pixels it may touch, which of them differ between two frames, and what to
lay on them.

In: pictures, a box; out: `Patch`es. Nothing here knows of files or of YUV; captions and waveforms have rooms of their
own (caption_styles, waveforms), moviepy clips a file (foreign).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from clipper.picture.geometry import Box
from clipper.picture.palette import RGB


@dataclass(frozen=True, slots=True)
class Patch:
    """Pixels to lay over a box.

    Attributes:
        alpha: coverage, uint8, shape (height, width).
        colour: one colour, or uint8 of shape (height, width, 3). A layer keeps to one of the two.
    """

    alpha: NDArray[np.uint8]
    colour: RGB | NDArray[np.uint8]


class Layer(Protocol):
    """One moving part of the picture. Layers may lie over each other: later ones above.

    Attributes:
        box: all the pixels it may ever touch; even edges.
    """

    box: Box

    def dirty(self, before: int | None, after: int) -> list[Box]:
        """Where frame `after` may differ from frame `before`, in boxes inside `box`; empty where nothing does.

        `before` is None where nothing of the layer is in the picture yet. The narrower, the quicker: what a frame
        costs is what lies in these boxes.
        """
        ...

    def patch(self, frame: int, box: Box) -> Patch | None:
        """The pixels of `frame` in `box` (inside the layer's own) and as large as it; None where nothing shows."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a picture's upper left corner lies in a frame, in pixels, and how far it shows (0 to 1)."""

    left: int
    top: int
    opacity: float = 1.0


class PictureLayer:
    """A picture that slides, fades in or fades out: a headline, an end card, the next chapter's art.

    Args:
        picture: RGBA.
        box: all the pixels that it may touch; what would lie outside is cut off.
        at: where it lies in each frame; None while it is not there.
    """

    def __init__(self, picture: Image.Image, box: Box, at: Callable[[int], Placed | None]) -> None:
        self.box = box.even()
        self.at = at
        pixels = np.asarray(picture.convert("RGBA"))
        self.colour = np.ascontiguousarray(pixels[..., :3])
        self.alpha = np.ascontiguousarray(pixels[..., 3])

    def dirty(self, before: int | None, after: int) -> list[Box]:
        then, now = (None if before is None else self.at(before)), self.at(after)
        if then == now:
            return []
        boxes = [self._covered(one) for one in (then, now) if one is not None]
        return [b for b in boxes if not b.empty]

    def patch(self, frame: int, box: Box) -> Patch | None:
        now = self.at(frame)
        if now is None or now.opacity <= 0 or (shown := self._covered(now).common(box)).empty:
            return None
        alpha = np.zeros((box.height, box.width), dtype=np.uint8)
        colour = np.zeros((box.height, box.width, 3), dtype=np.uint8)
        source, target = shown.moved(-now.left, -now.top), shown.seen_from(box)
        cover = self.alpha[source.rows, source.columns]
        alpha[target] = cover if now.opacity >= 1 else np.rint(cover * np.float32(now.opacity)).astype(np.uint8)
        colour[target] = self.colour[source.rows, source.columns]
        return Patch(alpha, colour)

    def _covered(self, one: Placed) -> Box:
        height, width = self.alpha.shape
        return Box(one.left, one.top, one.left + width, one.top + height).common(self.box)


def rounded_mask(width: int, height: int, radius: float) -> NDArray[np.uint8]:
    """Coverage of a rounded rectangle, uint8, shape (height, width)."""
    # between its corners every row and every column is the same: only the corners and one of each need be drawn
    corner = ceil(max(radius, 0.0)) + 3
    wide, high = min(width, 2 * corner + 1), min(height, 2 * corner + 1)
    large = Image.new("L", (wide * 4, high * 4), 0)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, wide * 4 - 1, high * 4 - 1), radius * 4, fill=255)
    small = np.asarray(large.resize((wide, high), Image.Resampling.BOX))
    if height > high:
        small = np.repeat(small, [1] * corner + [height - high + 1] + [1] * corner, axis=0)
    if width > wide:
        small = np.repeat(small, [1] * corner + [width - wide + 1] + [1] * corner, axis=1)
    return small
