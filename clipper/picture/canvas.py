"""Two canvases for one drawing: RGB for previews and moviepy, planar YUV for the encoder.

In: a still RGB base and layers; out: the pixels of any frame. Each keeps the frame it showed last. For the next one it
asks every layer which boxes differ, puts those that meet together, and paints each from the base up, all layers in
their order. What has not changed is not touched, so a frame costs what its changed boxes cost.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipper.picture import yuv
from clipper.picture.geometry import Box, merged
from clipper.picture.layers import Layer, Patch
from clipper.picture.palette import RGB

Pixels = NDArray[np.uint8]
Planes = tuple[Pixels, Pixels, Pixels]
Plane = Pixels | yuv.Exact  # whole numbers, or such as are cut down to them where they are written
_Laid = tuple[int, Box, Patch]  # the number of a layer, where it lies, what it lays there
# The chroma sample right of a changed box sees the box's last column, and the one at its left edge sees the column
# before it: two more columns on both sides hold all that is needed.
_MARGIN = 2


class _Canvas:
    """What both have in common: which boxes are to be painted, and how layers lie over each other.

    Attributes:
        touched: how many pixels were painted for the frame shown last.
    """

    def __init__(self, base: Pixels, layers: Sequence[Layer]) -> None:
        self.base, self.layers = base, tuple(layers)
        self.bounds = Box(0, 0, base.shape[1], base.shape[0])
        self._shown: int | None = None
        self.touched = 0

    def _changed(self, frame: int) -> list[Box]:
        """Boxes with even edges that do not meet; outside them `frame` looks like the frame shown last."""
        dirty = [box for layer in self.layers for box in layer.dirty(self._shown, frame)]
        # should painting fail half-way, the next frame is painted anew
        self._shown = None
        boxes = merged([b for b in (box.even().common(self.bounds) for box in dirty) if not b.empty])
        self.touched = sum(box.width * box.height for box in boxes)
        return boxes

    def _patches(self, frame: int, box: Box) -> list[_Laid]:
        """What layers lay over `box` in `frame`, from the lowest to the highest."""
        out: list[_Laid] = []
        for number, layer in enumerate(self.layers):
            part = layer.box.common(box)
            patch = None if part.empty else layer.patch(frame, part)
            if patch is not None:
                out.append((number, part, patch))
        return out

    def _composed(self, laid: Sequence[_Laid], box: Box) -> Pixels:
        """The picture inside `box`."""
        under = self.base[box.rows, box.columns]
        if not laid:
            return under
        if under.size < yuv.FEW:
            return _composed_of_few(under, laid, box)
        # Pillow blends in one pass over the pixels, numpy in nine
        picture = Image.fromarray(under)
        for _, part, patch in laid:
            mask = Image.fromarray(np.ascontiguousarray(patch.alpha))
            place = (part.left - box.left, part.top - box.top, part.right - box.left, part.bottom - box.top)
            above = patch.colour if isinstance(patch.colour, tuple) else Image.fromarray(patch.colour)
            picture.paste(above, place, mask)
        return np.asarray(picture)


def _composed_of_few(under: Pixels, laid: Sequence[_Laid], box: Box) -> Pixels:
    """The same, to the level, for so few pixels that handing them to Pillow and back costs more than blending them."""
    picture = under.astype(np.uint32)
    for _, part, patch in laid:
        at = part.seen_from(box)
        alpha = patch.alpha[..., None].astype(np.uint32)
        mixed = picture[at] * (255 - alpha) + np.asarray(patch.colour, dtype=np.uint32) * alpha + 128
        picture[at] = ((mixed >> 8) + mixed) >> 8  # Pillow's division by 255 (its MULDIV255)
    return picture.astype(np.uint8)


class RgbCanvas(_Canvas):
    """The picture as RGB, uint8, shape (height, width, 3), in `pixels`."""

    def __init__(self, base: Pixels, layers: Sequence[Layer]) -> None:
        super().__init__(base, layers)
        self.pixels = base.copy()

    def show(self, frame: int) -> Pixels:
        """Brings `pixels` to `frame` and returns them (the same array each time)."""
        for box in self._changed(frame):
            self.pixels[box.rows, box.columns] = self._composed(self._patches(frame, box), box)
        self._shown = frame
        return self.pixels


class YuvCanvas(_Canvas):
    """The picture as YUV 4:2:0 planes in one buffer, ready for a pipe.

    Args:
        base: RGB, uint8, shape (height, width, 3), even sides.
        layers: from the lowest to the highest.
        planes: memory of somebody else's to draw into instead of `buffer`: Y, U and V, uint8, of the picture's size and
            half of it.
    """

    def __init__(self, base: Pixels, layers: Sequence[Layer], planes: Planes | None = None) -> None:
        super().__init__(base, layers)
        height, width = base.shape[:2]
        self.buffer = np.empty(0 if planes is not None else height * width * 3 // 2, dtype=np.uint8)
        self.planes = planes or _views(self.buffer, width, height)
        step = 64  # rows at a time: the whole picture as 32-bit numbers would be twelve times as large
        for top in range(0, height, step):
            self._convert(base[top : top + step], Box(0, top, width, min(height, top + step)))
        self._tints: dict[int, _Tint | None] = {}

    def show(self, frame: int) -> memoryview:
        """Brings the planes to `frame` and returns the buffer: Y, then U, then V (the same memory each time).

        It is empty where the planes are somebody else's.
        """
        for box in self._changed(frame):
            wide = box.wider(_MARGIN).common(self.bounds)
            laid = self._patches(frame, wide)
            if not self._tinted(laid, wide):
                self._convert(self._composed(laid, wide), wide)
        self._shown = frame
        return self.buffer.data

    def _convert(self, rgb: Pixels, box: Box) -> None:
        self._write(box, yuv.luma(rgb), *yuv.chroma(rgb))

    def _write(self, box: Box, y: Plane, u: Plane, v: Plane) -> None:
        self.planes[0][box.rows, box.columns] = y
        # the first chroma column lacks its left neighbour here; the change does not reach it
        skip = 1 if box.left > 0 else 0
        rows, columns = slice(box.top // 2, box.bottom // 2), slice(box.left // 2 + skip, box.right // 2)
        self.planes[1][rows, columns] = u[:, skip:]
        self.planes[2][rows, columns] = v[:, skip:]

    def _tinted(self, laid: Sequence[_Laid], wide: Box) -> bool:
        """The short way for the common case: one layer alone, of one colour, over a base with soft colours.

        Then Y, U and V can be blended as they are: three small planes instead of a blend and a conversion in RGB.
        """
        if len(laid) != 1:
            return False
        number, part, patch = laid[0]
        if number not in self._tints:
            layer = self.layers[number]
            self._tints[number] = _Tint.over(self.base, layer.box.wider(_MARGIN).common(self.bounds), layer)
        tint = self._tints[number]
        if tint is None:
            return False
        if not isinstance(patch.colour, tuple):
            self._tints[number] = None  # a layer of many colours has them in every frame
            return False
        if tint.box.common(wide) != wide:
            return False  # another layer's box, which reaches beyond this one's
        self._write(wide, *tint.blended(patch, part, wide))
        return True


class _Tint:
    """The planes of the base under a layer, not rounded, and what one colour adds to them at full coverage."""

    def __init__(self, base: Pixels, box: Box) -> None:
        self.box = box
        # with the half that rounds, so that it need not be added in every frame
        self.under = [plane + np.float32(0.5) for plane in yuv.exact(base[box.rows, box.columns])]
        self.colour: RGB | None = None
        self.spans: list[yuv.Exact] = []

    @classmethod
    def over(cls, base: Pixels, box: Box, layer: Layer) -> _Tint | None:
        """None where the base's colours change within a chroma sample: there an average of products is not a product
        of averages. Only the pixels count that the layer may ever cover (its `reached`, where it says so)."""
        reached: NDArray[np.bool_] | None = getattr(layer, "reached", None)
        where = None
        if reached is not None:
            where = np.zeros((box.height, box.width), dtype=np.bool_)
            where[layer.box.common(box).seen_from(box)] = reached[box.common(layer.box).seen_from(layer.box)]
        return cls(base, box) if yuv.smooth(base[box.rows, box.columns], where=where) else None

    def blended(self, patch: Patch, part: Box, wide: Box) -> tuple[yuv.Exact, yuv.Exact, yuv.Exact]:
        """Y, U, V of `wide` with the patch on its `part`, and the half that rounds."""
        luma = wide.seen_from(self.box)
        small = tuple(slice(s.start // 2, s.stop // 2) for s in luma)
        places = (luma, small, small)
        if patch.colour != self.colour and isinstance(patch.colour, tuple):
            self.colour = patch.colour
            full = (255, 255 * yuv.WEIGHTS, 255 * yuv.WEIGHTS)  # what `alpha` and `sums` below are at full coverage
            colours = yuv.colour(patch.colour)
            parts = zip(colours, self.under, full, strict=True)
            self.spans = [(under - np.float32(0.5) - c) * np.float32(-1 / most) for c, under, most in parts]
        alpha = patch.alpha
        if part != wide:
            alpha = np.zeros((wide.height, wide.width), dtype=np.uint8)
            alpha[part.seen_from(wide)] = patch.alpha
        sums = yuv.sited(alpha)
        weights: tuple[NDArray[np.uint8] | NDArray[np.uint16], ...] = (alpha, sums, sums)
        y, u, v = (
            _blended(weight, span[at], under[at])
            for span, under, weight, at in zip(self.spans, self.under, weights, places, strict=True)
        )
        return y, u, v


def _blended(weight: NDArray[np.uint8] | NDArray[np.uint16], span: yuv.Exact, under: yuv.Exact) -> yuv.Exact:
    plane = np.multiply(weight, span, dtype=np.float32)
    plane += under
    return plane


def _views(buffer: Pixels, width: int, height: int) -> Planes:
    luma, small = width * height, width * height // 4
    return (
        buffer[:luma].reshape(height, width),
        buffer[luma : luma + small].reshape(height // 2, width // 2),
        buffer[luma + small :].reshape(height // 2, width // 2),
    )
