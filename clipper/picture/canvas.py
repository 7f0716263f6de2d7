"""Two canvases for one drawing: RGB for previews and moviepy, planar YUV for the encoder.

In: a still RGB base and layers; out: the pixels of any frame. Both keep what they drew and repaint only the boxes of
the layers whose key has changed; the blend is the same, so they differ by rounding at most.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from clipper.picture import yuv
from clipper.picture.geometry import Box
from clipper.picture.layers import Layer, Patch

Pixels = NDArray[np.uint8]
_PAD = 2  # a chroma sample at the box's right edge also sees the last column inside it


def blend(below: Pixels, above: Pixels | int, alpha: Pixels) -> Pixels:
    """`above` over `below` by `alpha` in 255ths, rounded to nearest; all uint8, shapes that broadcast."""
    a = alpha.astype(np.uint16)
    # at most 255 * 255 + 128, so 16 bits hold it, and x / 255 = (x + (x >> 8)) >> 8 after adding 128
    x = below * (255 - a) + above * a + np.uint16(128)
    return np.asarray((x + (x >> 8)) >> 8, dtype=np.uint8)


class RgbCanvas:
    """The picture as RGB, uint8, shape (height, width, 3), in `pixels`."""

    def __init__(self, base: Pixels, layers: Sequence[Layer]) -> None:
        self.base, self.layers = base, layers
        self.pixels = base.copy()
        self._keys: list[Hashable] = [None] * len(layers)

    def show(self, frame: int) -> Pixels:
        """Brings `pixels` to `frame` and returns them (the same array each time)."""
        for i, layer in enumerate(self.layers):
            key = layer.key(frame)
            if key == self._keys[i]:
                continue
            self._keys[i] = key
            box = layer.box
            below = self.base[box.rows, box.columns]
            self.pixels[box.rows, box.columns] = composed(below, layer.patch(frame))
        return self.pixels


class YuvCanvas:
    """The picture as YUV 4:2:0 planes in one buffer, ready for a pipe.

    Args:
        base: RGB, uint8, shape (height, width, 3), even sides.
        layers: none of which meets another.
    """

    def __init__(self, base: Pixels, layers: Sequence[Layer]) -> None:
        self.base, self.layers = base, layers
        height, width = base.shape[:2]
        self.buffer = np.empty(height * width * 3 // 2, dtype=np.uint8)
        self.planes = _views(self.buffer, width, height)
        self.planes[0][:] = yuv.luma(base)
        self.planes[1][:], self.planes[2][:] = yuv.chroma(base)
        self._under = [[p[s].copy() for p, s in zip(self.planes, _slices(layer.box), strict=True)] for layer in layers]
        self._keys: list[Hashable] = [None] * len(layers)

    def show(self, frame: int) -> memoryview:
        """Brings the planes to `frame` and returns the buffer: Y, then U, then V (the same memory each time)."""
        for i, layer in enumerate(self.layers):
            key = layer.key(frame)
            if key == self._keys[i]:
                continue
            self._keys[i] = key
            patch = layer.patch(frame)
            if patch is not None and not isinstance(patch.colour, tuple):
                self._paint_picture(layer.box, patch)
            else:
                self._paint_tint(i, layer.box, patch)
        return self.buffer.data

    def _paint_tint(self, index: int, box: Box, patch: Patch | None) -> None:
        """One colour through a mask, blended in YUV: three small planes instead of a conversion."""
        places = [plane[s] for plane, s in zip(self.planes, _slices(box), strict=True)]
        if patch is None or not isinstance(patch.colour, tuple):
            for place, under in zip(places, self._under[index], strict=True):
                place[:] = under
            return
        small = yuv.alpha_chroma(patch.alpha)
        alphas = (patch.alpha, small, small)
        for place, under, value, alpha in zip(
            places, self._under[index], yuv.colour(patch.colour), alphas, strict=True
        ):
            place[:] = blend(under, value, alpha)

    def _paint_picture(self, box: Box, patch: Patch) -> None:
        height, width = self.base.shape[:2]
        wide = box.grown(_PAD).inside(width, height)
        region = self.base[wide.rows, wide.columns].copy()
        inner = (
            slice(box.top - wide.top, box.bottom - wide.top),
            slice(box.left - wide.left, box.right - wide.left),
        )
        region[inner] = composed(region[inner], patch)
        self.planes[0][box.rows, box.columns] = yuv.luma(region[inner])
        u, v = yuv.chroma(region)
        # the leftmost chroma column lacks its left neighbour here and shows no ink: it stays as it is
        skip = 1 if wide.left > 0 else 0
        rows, columns = slice(wide.top // 2, wide.bottom // 2), slice(wide.left // 2 + skip, wide.right // 2)
        self.planes[1][rows, columns] = u[:, skip:]
        self.planes[2][rows, columns] = v[:, skip:]


def composed(below: Pixels, patch: Patch | None) -> Pixels:
    """A region of the base with a patch on it."""
    if patch is None:
        return below
    above = np.array(patch.colour, dtype=np.uint8) if isinstance(patch.colour, tuple) else patch.colour
    return blend(below, above, patch.alpha[..., None])


def _views(buffer: Pixels, width: int, height: int) -> tuple[Pixels, Pixels, Pixels]:
    luma, small = width * height, width * height // 4
    return (
        buffer[:luma].reshape(height, width),
        buffer[luma : luma + small].reshape(height // 2, width // 2),
        buffer[luma + small :].reshape(height // 2, width // 2),
    )


def _slices(box: Box) -> list[tuple[slice, slice]]:
    half = Box(box.left // 2, box.top // 2, box.right // 2, box.bottom // 2)
    return [(box.rows, box.columns), (half.rows, half.columns), (half.rows, half.columns)]
