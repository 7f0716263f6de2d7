"""What moves in a scene. A layer tells which pixels it may touch, when they change, and what to lay on them.

In: captions, envelope, a box; out: `Patch`es. Nothing here knows of files or of YUV.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from clipper.picture.captions import Group, active, layout
from clipper.picture.geometry import Box
from clipper.picture.palette import RGB, on
from clipper.picture.template import Text
from clipper.picture.text import LINE_HEIGHT, Block, Face


@dataclass(frozen=True, slots=True)
class Patch:
    """Pixels to lay over a box.

    Attributes:
        alpha: coverage, uint8, shape (height, width).
        colour: one colour, or uint8 of shape (height, width, 3).
    """

    alpha: NDArray[np.uint8]
    colour: RGB | NDArray[np.uint8]


class Layer(Protocol):
    """One moving part of the picture.

    Attributes:
        box: the pixels it may touch; even edges; no two layers of a scene meet.
    """

    box: Box

    def key(self, frame: int) -> Hashable:
        """What shows in `frame`: equal keys mean equal pixels."""
        ...

    def patch(self, frame: int) -> Patch | None:
        """The pixels for `frame`, as large as the box; None where nothing shows."""
        ...


class WaveformLayer:
    """Mirrored bars with round ends, low tones in the middle; silence is a row of dots.

    Args:
        box: where.
        levels: float32 0 to 1, shape (frames, bands), band 0 the lowest; drawn twice, mirrored.
        colour: of the bars.
    """

    def __init__(self, box: Box, levels: NDArray[np.float32], colour: RGB) -> None:
        self.box = box
        self.colour = colour
        bands = levels.shape[1]
        pitch = box.width / (2 * bands)
        bar = max(2, int(pitch * 0.62) & ~1)
        radius = bar / 2
        reach = box.height / 2 - 1
        # half heights of every bar in quarter pixels, from a dot up to the whole box
        self.halves = np.rint((radius + levels * (reach - radius)) * 4).astype(np.int32)
        across = np.arange(bar) + 0.5 - radius
        drop = np.rint((radius - np.sqrt(np.maximum(0.0, radius**2 - across**2))) * 4).astype(np.int32)
        self.column = np.full(box.width, -1, dtype=np.int32)  # which band a column shows, -1 between bars
        self.drop = np.zeros(box.width, dtype=np.int32)
        for i in range(2 * bands):
            left = round(i * pitch + (pitch - bar) / 2)
            band = i - bands if i >= bands else bands - 1 - i
            self.column[left : left + bar] = band
            self.drop[left : left + bar] = drop[: box.width - left]
        rows = np.abs(np.arange(box.height) + 0.5 - box.height / 2)
        steps = np.arange(int(self.halves.max(initial=4)) + 2) / 4
        self.table = np.clip((steps[:, None] - rows[None] + 0.5) * 255, 0, 255).astype(np.uint8)
        self.table[0] = 0

    def key(self, frame: int) -> Hashable:
        return bytes(self.halves[min(frame, len(self.halves) - 1)])

    def patch(self, frame: int) -> Patch:
        halves = self.halves[min(frame, len(self.halves) - 1)]
        index = np.where(self.column >= 0, np.maximum(0, halves[self.column] - self.drop), 0)
        return Patch(np.ascontiguousarray(self.table[index].T), self.colour)


class ProgressLayer:
    """A bar that fills from left to right over the clip."""

    def __init__(self, box: Box, frames: int, colour: RGB) -> None:
        self.box = box
        self.frames = max(2, frames)
        self.colour = colour
        self.ends = rounded_mask(box.width, box.height, box.height / 2)

    def key(self, frame: int) -> Hashable:
        return round(self._filled(frame) * 4)

    def patch(self, frame: int) -> Patch:
        columns = np.arange(self.box.width)
        cover = np.clip(round(self._filled(frame) * 4) / 4 - columns, 0, 1)
        return Patch((self.ends * cover).astype(np.uint8), self.colour)

    def _filled(self, frame: int) -> float:
        return self.box.width * min(1.0, frame / (self.frames - 1))


class CaptionLayer:
    """The words of the group that is spoken, the spoken one lit.

    Args:
        box: where the words stand, without the margin that their shadow takes.
        groups: with times from the clip's start.
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
        size = (box.width, box.height, spec.size * unit, spec.smallest * unit, spec.lines)
        self.blocks: list[Block] = [layout(one, face, *size) for one in groups]
        self._still = lru_cache(maxsize=2)(self._draw_words)

    def key(self, frame: int) -> Hashable:
        return active(self.groups, frame / self.fps)

    def patch(self, frame: int) -> Patch | None:
        index, lit = active(self.groups, frame / self.fps)
        if index < 0:
            return None
        image = self._still(index).copy()
        if lit >= 0:
            self._light(image, index, lit)
        pixels = np.asarray(image)
        return Patch(np.ascontiguousarray(pixels[..., 3]), np.ascontiguousarray(pixels[..., :3]))

    def _draw_words(self, index: int) -> Image.Image:
        """All words of a group in white over their soft shadow."""
        block = self.blocks[index]
        mask = Image.new("L", (self.box.width, self.box.height), 0)
        draw = ImageDraw.Draw(mask)
        font = block.face.at(block.size)
        for row in range(len(block.lines)):
            x, y = self._origin(block, row)
            draw.text((x, y), " ".join(block.lines[row]), font=font, fill=255, anchor="ls")
        shadow = mask.filter(ImageFilter.GaussianBlur(block.size * 0.07)).point(lambda v: min(150, int(v * 0.8)))
        image = Image.new("RGBA", mask.size, (0, 0, 0, 0))
        image.putalpha(shadow)
        words = Image.new("RGBA", mask.size, (*self.text, 0))
        words.putalpha(mask)
        return Image.alpha_composite(image, words)

    def _origin(self, block: Block, row: int) -> tuple[float, float]:
        """Left end and baseline of a row, in the layer's box."""
        x = self.margin + block.line_left(row, self.spec.align)
        y = self.margin + block.line_top(row, self.spec.anchor) + block.face.baseline(block.size)
        return x, y

    def _light(self, image: Image.Image, index: int, lit: int) -> None:
        block = self.blocks[index]
        row, column = _position(block, lit)
        if row < 0:
            return  # the word went into the ellipsis
        line, font = block.lines[row], block.face.at(block.size)
        x, y = self._origin(block, row)
        x += block.face.width(" ".join([*line[:column], ""]), block.size)
        word = line[column]
        width = block.face.width(word, block.size)
        draw = ImageDraw.Draw(image)
        if self.style == "word-lit":
            draw.text((x, y), word, font=font, fill=(*self.accent, 255), anchor="ls")
            return
        side, height = block.size * 0.1, block.size * LINE_HEIGHT
        top = y - block.face.baseline(block.size)
        pill = (x - side, top + height * 0.03, x + width + side, top + height * 0.97)
        mask = _smooth_rectangle(image.size, pill, block.size * 0.2)
        image.paste((*self.accent, 255), (0, 0), mask)
        draw.text((x, y), word, font=font, fill=(*on(self.accent), 255), anchor="ls")


def _position(block: Block, word: int) -> tuple[int, int]:
    """Row and column of the word with this number; (-1, -1) where the block was cut before it."""
    for row, line in enumerate(block.lines):
        if word < len(line):
            return row, word
        word -= len(line)
    return -1, -1


def _smooth_rectangle(size: tuple[int, int], box: tuple[float, float, float, float], radius: float) -> Image.Image:
    """A filled rounded rectangle as a mask, its edges smoothed by drawing it four times as large."""
    left, top = int(box[0]) - 1, int(box[1]) - 1
    right, bottom = int(box[2]) + 2, int(box[3]) + 2
    large = Image.new("L", ((right - left) * 4, (bottom - top) * 4), 0)
    corners = [(v - o) * 4 for v, o in zip(box, (left, top, left, top), strict=True)]
    ImageDraw.Draw(large).rounded_rectangle(tuple(corners), radius * 4, fill=255)
    mask = Image.new("L", size, 0)
    mask.paste(large.resize((right - left, bottom - top), Image.Resampling.BOX), (left, top))
    return mask


def rounded_mask(width: int, height: int, radius: float) -> NDArray[np.uint8]:
    """Coverage of a rounded rectangle, uint8, shape (height, width)."""
    large = Image.new("L", (width * 4, height * 4), 0)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, width * 4 - 1, height * 4 - 1), radius * 4, fill=255)
    return np.asarray(large.resize((width, height), Image.Resampling.BOX))
