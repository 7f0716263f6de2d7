"""A page: all words of a group as they stand in their box, drawn once, to be coloured as often as is needed.

In: a group laid out; out: coverage, how much of each pixel is ink, and the box of every word.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from clipper.picture.caption_styles.colours import CaptionColours
from clipper.picture.caption_styles.ink import Ink, Mask
from clipper.picture.geometry import Box
from clipper.picture.palette import RGB

Pixels = NDArray[np.uint8]
Packed = NDArray[np.uint32]  # colours in four bytes each: numpy handles one number a pixel many times as fast as three
_TIGHT, _WIDE = 0.045, 0.16  # em: how far the two shadows are blurred
_COARSE = 12.0  # pixels: from this blur on nobody sees that it was worked out at a quarter of the size
_DROP = 0.03  # em that they lie lower
_DEPTH = 0.66  # coverage of both together, at most
_STROKE = 0.07  # em: the outline's width
REACH = 0.42  # em around the words that shadows, outlines, boxes and plates may take
PLATE = (0.3, 0.2, 0.28)  # em: a plate's reach beside, above and below the words, and the radius of its corners


@dataclass(frozen=True, slots=True)
class Word:
    """A word in place: its number in the group, its box in the page (shared out between neighbours), its exact span and
    baseline, in pixels."""

    number: int
    text: str
    box: Box
    left: float
    right: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Page:
    """Drawn words, as large as the layer.

    Attributes:
        box: around everything that shows.
        alpha: coverage of words and what lies behind them, shape (height, width).
        share: how much of that is ink, in 255ths.
        under: the colour of what lies behind them (shadow, outline, plate), shape (height, width, 3), or one colour.
        ink: the words alone.
        back: coverage of what lies behind them alone.
        colour: with every word in its usual colour, shape (height, width, 3).
        text: the usual colour of words, and `usual` the boxes where it is another.
    """

    box: Box
    size: float
    words: tuple[Word, ...]
    alpha: Mask
    share: Mask
    under: RGB | Pixels
    ink: Ink
    back: Mask
    colour: Pixels
    text: RGB
    usual: tuple[tuple[Box, RGB], ...]

    def inks(self, box: Box) -> Packed:
        """The usual colours of ink in a box, at full coverage, in memory of its own."""
        out = np.full((box.height, box.width), packed(self.text))
        for place, own in self.usual:
            if not (part := place.common(box)).empty:
                out[part.seen_from(box)] = packed(own)
        return out

    def packed_behind(self, box: Box) -> Packed:
        """The same as `behind`, in memory of its own."""
        if isinstance(self.under, tuple):
            return np.full((box.height, box.width), packed(self.under))
        return packed(self.under[box.rows, box.columns])

    def behind(self, box: Box) -> Pixels:
        """The colours of what lies behind the words in a box."""
        if isinstance(self.under, tuple):
            return np.broadcast_to(np.array(self.under, np.uint8), (box.height, box.width, 3))
        return self.under[box.rows, box.columns]


Under = RGB | Pixels


def page(
    ink: Ink,
    size: float,
    words: tuple[Word, ...],
    colours: CaptionColours,
    usual: list[tuple[Box, RGB]],
    plate: Box | None,
) -> Page:
    """Puts words over their shadow, outline or plate.

    Args:
        usual: boxes whose words have another colour than the text's.
        plate: where the plate lies; None for none, and then there is a shadow.
    """
    return over_back(ink, backing(ink.mask, size, colours, plate), size, words, colours.text, usual)


def over_back(
    ink: Ink,
    behind: tuple[Mask, Under],
    size: float,
    words: tuple[Word, ...],
    text: RGB,
    usual: list[tuple[Box, RGB]],
) -> Page:
    """Puts words over what lies behind them: its coverage and its colours."""
    back, under = behind
    mask = ink.mask.astype(np.uint16)
    alpha = mask + (back * (255 - mask) + 127) // 255
    covered, share = alpha.astype(np.uint8), ink.mask.copy()
    # inside letters all is ink, outside nothing: what is to be worked out are their edges
    edges = np.flatnonzero((ink.mask > 0) & (ink.mask < 255))
    part, most = mask.ravel()[edges], alpha.ravel()[edges]
    share.ravel()[edges] = np.minimum((part * 255 + most // 2) // most, 255)
    bounds = Box(*(Image.fromarray(covered).getbbox() or (0, 0, 0, 0)))
    nothing = np.zeros((*alpha.shape, 3), np.uint8)
    bare = Page(bounds, size, words, covered, share, under, ink, back, nothing, text, tuple(usual))
    whole = Box(0, 0, alpha.shape[1], alpha.shape[0])
    nothing[bounds.rows, bounds.columns] = coloured(bare, bounds, text)
    for box, own in usual:
        box = box.common(whole)
        nothing[box.rows, box.columns] = coloured(bare, box, own)
    return bare


def coloured(one: Page, box: Box, ink: RGB | Pixels) -> Pixels:
    """The colours of a part of a page with its words in another colour, or in one for each column (width, 3)."""
    share = one.share[box.rows, box.columns]
    if isinstance(one.under, tuple) and isinstance(ink, tuple) and one.ink.own is None:
        steps = np.arange(256)[:, None]
        table = (np.array(one.under) * (255 - steps) + np.array(ink) * steps + 127) // 255
        # four bytes at a time: taken from a table of whole numbers, colours are there four times as soon
        packed = np.zeros((256, 4), np.uint8)
        packed[:, :3] = table
        colours = packed.view(np.uint32).ravel().take(share)
        return colours.view(np.uint8).reshape(*share.shape, 4)[..., :3]
    under = one.behind(box).astype(np.int32)
    inks = np.asarray(ink, dtype=np.int32)
    if one.ink.own is not None and one.ink.kept is not None:
        here = (box.rows, box.columns)
        inks = np.where(one.ink.kept[here][..., None], one.ink.own[here], inks)
    return ((under * 255 + (inks - under) * share[..., None] + 127) // 255).astype(np.uint8)


def packed(colours: RGB | Pixels) -> Packed:
    """Colours, shape (..., 3), or one colour, as one number each; always memory of its own."""
    given = np.asarray(colours, np.uint8)
    out = np.empty((*given.shape[:-1], 4), np.uint8)
    out[..., :3], out[..., 3] = given, 0
    return out.view(np.uint32)[..., 0]


def unpacked(colours: Packed) -> Pixels:
    """Packed colours as bytes, shape (..., 3), in the same memory."""
    return np.ascontiguousarray(colours)[..., None].view(np.uint8)[..., :3]


def backing(mask: Mask, size: float, colours: CaptionColours, plate: Box | None = None) -> tuple[Mask, Under]:
    """What lies behind words: coverage, and its colour or colours."""
    height, width = mask.shape
    if plate is not None and colours.plate is not None:
        r, g, b, most = colours.plate
        shape = np.asarray(rounded((width, height), plate, size * PLATE[2]), dtype=np.uint16)
        return (shape * most // 255).astype(np.uint8), (r, g, b)
    words = Image.fromarray(mask)
    back = np.zeros_like(mask)
    if colours.shadow is not None:
        reach, drop = ceil(size * _WIDE * 4), max(1, round(size * _DROP))
        near = Box(*(words.getbbox() or (0, 0, 1, 1))).grown(reach).inside(width, height)
        some = words.crop((near.left, near.top, near.right, near.bottom))
        tight = some.filter(ImageFilter.GaussianBlur(size * _TIGHT)).point([round(v * 0.55) for v in range(256)])
        wide = _blurred(some, size * _WIDE).point([round(v * 0.7) for v in range(256)])
        dropped = near.moved(0, drop).inside(width, height)
        dark = np.minimum(np.asarray(ImageChops.screen(tight, wide)), round(255 * _DEPTH))
        back[dropped.rows, dropped.columns] = dark[: dropped.height]
    if colours.outline is None:
        return back, colours.shadow or (0, 0, 0)
    line = np.asarray(grown(words, max(1, round(size * _STROKE)))).astype(np.float32)
    both = line + back * (255 - line) / 255
    share = np.divide(line, both, out=np.zeros_like(both), where=both > 0)[..., None]
    shadow, outline = np.array(colours.shadow or colours.outline), np.array(colours.outline)
    return np.rint(both).astype(np.uint8), np.rint(shadow + (outline - shadow) * share).astype(np.uint8)


def _blurred(mask: Image.Image, spread: float) -> Image.Image:
    """A wide blur; what is left of a mask after it can be worked out at a quarter of its size."""
    if spread < _COARSE:
        return mask.filter(ImageFilter.GaussianBlur(spread))
    small = mask.reduce(4).filter(ImageFilter.GaussianBlur(spread / 4))
    box = (0, 0, mask.width / 4, mask.height / 4)  # a reduced picture's last column may stand for fewer than four
    return small.resize(mask.size, Image.Resampling.BILINEAR, box)


def grown(mask: Image.Image, reach: int) -> Image.Image:
    """A mask grown by `reach` pixels to all sides, with round corners and smooth edges."""
    wide = mask
    # the larger of two shifted by r and by r / sqrt(2) is an octagon, near enough to a disc
    straight, slanted = reach, max(1, round(reach * 0.71))
    for x, y in ((straight, 0), (0, straight), (slanted, slanted), (slanted, -slanted)):
        for sign in (1, -1):
            wide = ImageChops.lighter(wide, ImageChops.offset(mask, sign * x, sign * y))
    return wide


def rounded(size: tuple[int, int], box: Box | tuple[float, float, float, float], radius: float) -> Image.Image:
    """A filled rounded rectangle as a mask of `size`, its edges smoothed by drawing it four times as large."""
    edges = (box.left, box.top, box.right, box.bottom) if isinstance(box, Box) else box
    left, top = floor(edges[0]) - 1, floor(edges[1]) - 1
    right, bottom = ceil(edges[2]) + 1, ceil(edges[3]) + 1
    # between its corners every row and every column is the same: only the corners and one of each need be drawn
    corner = ceil(radius) + 3
    wide, high = min(right - left, 2 * corner + 1), min(bottom - top, 2 * corner + 1)
    less_wide, less_high = right - left - wide, bottom - top - high
    large = Image.new("L", (wide * 4, high * 4), 0)
    moved = (left, top, left + less_wide, top + less_high)
    corners = [(v - o) * 4 for v, o in zip(edges, moved, strict=True)]
    shape = (corners[0], corners[1], corners[2] - 1, corners[3] - 1)
    ImageDraw.Draw(large).rounded_rectangle(shape, radius * 4, fill=255)
    small = np.asarray(large.resize((wide, high), Image.Resampling.BOX))
    if less_high:
        small = np.repeat(small, [1] * corner + [less_high + 1] + [1] * corner, axis=0)
    if less_wide:
        small = np.repeat(small, [1] * corner + [less_wide + 1] + [1] * corner, axis=1)
    mask = Image.new("L", size, 0)
    mask.paste(Image.fromarray(small), (left, top))
    return mask
