"""Captions as a layer: the group that is spoken, its spoken word lit.

In: groups (see `clipper.picture.captions`), a face, a box; out: patches. A group's words are drawn once; from one word
to the next only the two words' own boxes change.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import ceil, floor

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from clipper.picture.captions import Group, active, layout
from clipper.picture.geometry import Box
from clipper.picture.layers import Patch
from clipper.picture.palette import RGB, on
from clipper.picture.template import Text
from clipper.picture.text import LINE_HEIGHT, Block, Face

State = tuple[int, int]  # number of the group, number of its lit word; -1 for none
_PILL_SIDE, _PILL_RADIUS = 0.1, 0.2  # of the type size


class CaptionLayer:
    """The words of the group that is spoken, the spoken one lit.

    Args:
        box: where the words stand, without the margin that their shadow takes.
        groups: in order, with times from the clip's start.
        unit: pixels in one percent of the picture's shorter side.
        style: "word-boxed" sets the lit word in a rounded box, "word-lit" colours it.
    """

    def __init__(
        self,
        box: Box,
        groups: Sequence[Group],
        face: Face,
        spec: Text,
        unit: float,
        text: RGB,
        accent: RGB,
        style: str,
        fps: float,
    ) -> None:
        self.margin = max(4, round(spec.size * unit * 0.3) & ~1)
        self.box = box.grown(self.margin)
        self.groups, self.face, self.spec = groups, face, spec
        self.text, self.accent, self.style, self.fps = text, accent, style, fps
        self._starts = [g.start for g in groups]
        size = (box.width, box.height, spec.size * unit, spec.smallest * unit, spec.lines)
        # kept small, for a clip may have a thousand groups: which frames come next is what is needed
        self._block = lru_cache(maxsize=64)(lambda i: layout(groups[i], face, *size))
        self._words = lru_cache(maxsize=2)(self._draw_words)
        self._lit = lru_cache(maxsize=4)(self._draw_lit)

    def state(self, frame: int) -> State:
        """What `frame` shows."""
        time = frame / self.fps
        index = bisect_right(self._starts, time) - 1
        if index < 0:
            return -1, -1
        shown, lit = active(self.groups[index : index + 1], time)
        return (index, lit) if shown == 0 else (-1, -1)

    def dirty(self, before: int | None, after: int) -> list[Box]:
        then, now = (-1, -1) if before is None else self.state(before), self.state(after)
        if then == now:
            return []
        boxes = [self._place(self._lit(*state)[0]) for state in (then, now) if state[1] >= 0]
        if then[0] != now[0]:
            boxes += [self._place(self._words(index)[0]) for index in (then[0], now[0]) if index >= 0]
        return [b for b in boxes if not b.empty]

    def patch(self, frame: int, box: Box) -> Patch | None:
        index, lit = self.state(frame)
        if index < 0:
            return None
        here = box.moved(-self.box.left, -self.box.top)
        image = self._words(index)[1].crop((here.left, here.top, here.right, here.bottom))
        if lit >= 0:
            place, word = self._lit(index, lit)
            if not place.empty:
                image.paste(word, (place.left - here.left, place.top - here.top))
        pixels = np.asarray(image)
        return Patch(pixels[..., 3], pixels[..., :3])

    def _place(self, box: Box) -> Box:
        return box.moved(self.box.left, self.box.top).common(self.box)

    def _draw_words(self, index: int) -> tuple[Box, Image.Image]:
        """All words of a group over their soft shadow, as large as the layer; and the box that has ink."""
        block = self._block(index)
        mask = Image.new("L", (self.box.width, self.box.height), 0)
        draw = ImageDraw.Draw(mask)
        font = block.face.at(block.size)
        for row in range(len(block.lines)):
            draw.text(self._origin(block, row), " ".join(block.lines[row]), font=font, fill=255, anchor="ls")
        shadow = mask.filter(ImageFilter.GaussianBlur(block.size * 0.07)).point(lambda v: min(150, int(v * 0.8)))
        image = Image.new("RGBA", mask.size, (0, 0, 0, 0))
        image.putalpha(shadow)
        words = Image.new("RGBA", mask.size, (*self.text, 0))
        words.putalpha(mask)
        image = Image.alpha_composite(image, words)
        return Box(*(image.getchannel("A").getbbox() or (0, 0, 0, 0))), image

    def _draw_lit(self, index: int, lit: int) -> tuple[Box, Image.Image]:
        """What lighting a word changes: its box within the layer, and the pixels there."""
        block = self._block(index)
        row, column = _position(block, lit)
        if row < 0:
            return Box(0, 0, 0, 0), Image.new("RGBA", (1, 1))  # the word went into the ellipsis
        line, font = block.lines[row], block.face.at(block.size)
        x, y = self._origin(block, row)
        # measured with the font that drew the line, so that the word lies on itself to a fraction of a pixel
        x += font.getlength(" ".join([*line[:column], ""]))
        word = line[column]
        top = y - block.face.baseline(block.size)
        side, height = block.size * _PILL_SIDE, block.size * LINE_HEIGHT
        width = font.getlength(word)
        pill = (x - side, top + height * 0.03, x + width + side, top + height * 0.97)
        ink = font.getbbox(word, anchor="ls")
        box = _outside(x + ink[0], y + ink[1], x + ink[2], y + ink[3])
        if self.style != "word-lit":
            box = box.around(_outside(*pill))
        box = box.inside(self.box.width, self.box.height)
        image = self._words(index)[1].crop((box.left, box.top, box.right, box.bottom))
        draw = ImageDraw.Draw(image)
        fill = self.accent
        if self.style != "word-lit":
            moved = (pill[0] - box.left, pill[1] - box.top, pill[2] - box.left, pill[3] - box.top)
            image.paste((*self.accent, 255), (0, 0), _smooth_rectangle(image.size, moved, block.size * _PILL_RADIUS))
            fill = on(self.accent)
        draw.text((x - box.left, y - box.top), word, font=font, fill=(*fill, 255), anchor="ls")
        return box, image

    def _origin(self, block: Block, row: int) -> tuple[float, float]:
        """Left end and baseline of a row, in the layer's box."""
        x = self.margin + block.line_left(row, self.spec.align)
        y = self.margin + block.line_top(row, self.spec.anchor) + block.face.baseline(block.size)
        return x, y


def _outside(left: float, top: float, right: float, bottom: float) -> Box:
    """Whole pixels around edges, with one more for smoothed edges."""
    return Box(floor(left) - 1, floor(top) - 1, ceil(right) + 1, ceil(bottom) + 1)


def _position(block: Block, word: int) -> tuple[int, int]:
    """Row and column of the word with this number; (-1, -1) where the block was cut before it."""
    for row, line in enumerate(block.lines):
        if word < len(line):
            return row, word
        word -= len(line)
    return -1, -1


def _smooth_rectangle(size: tuple[int, int], box: tuple[float, float, float, float], radius: float) -> Image.Image:
    """A filled rounded rectangle as a mask, its edges smoothed by drawing it four times as large."""
    left, top = floor(box[0]) - 1, floor(box[1]) - 1
    right, bottom = ceil(box[2]) + 1, ceil(box[3]) + 1
    large = Image.new("L", ((right - left) * 4, (bottom - top) * 4), 0)
    corners = [(v - o) * 4 for v, o in zip(box, (left, top, left, top), strict=True)]
    ImageDraw.Draw(large).rounded_rectangle(tuple(corners), radius * 4, fill=255)
    mask = Image.new("L", size, 0)
    mask.paste(large.resize((right - left, bottom - top), Image.Resampling.BOX), (left, top))
    return mask
