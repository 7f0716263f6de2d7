"""What every style of captions has in common: which group shows and which word is lit in a frame, pages drawn once and
kept, and the smallest boxes that differ.

In: groups, a face, a box; out: `Captions`, the base of every style.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from typing import Protocol

import numpy as np

from clipper.picture.caption_group import Group, active, layout, row_edges
from clipper.picture.caption_styles.colours import CaptionColours
from clipper.picture.caption_styles.ink import Ink, Mask, Placed, drawn, shared
from clipper.picture.caption_styles.page import PLATE, REACH, Page, Pixels, Word, page
from clipper.picture.geometry import Box
from clipper.picture.layers import Patch, rounded_mask
from clipper.picture.palette import RGB
from clipper.picture.segments import joined
from clipper.picture.text import LINE_HEIGHT, Block, Face, fit

State = tuple[int, ...]  # number of the group, number of its lit word, and what a style adds; -1 for none
NOTHING: State = (-1, -1)
NAME = 0.46  # of the type size: a speaker's name
_LINE = (0.135, 0.075)  # em: how far below the baseline an underline begins, and its thickness
_NAME_LINE = 1.75  # of the name's size: its line and the air below


class Spec(Protocol):
    """What captions want to know of a template's text."""

    @property
    def size(self) -> float: ...
    @property
    def smallest(self) -> float: ...
    @property
    def lines(self) -> int: ...
    @property
    def align(self) -> str: ...
    @property
    def anchor(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """All that a style is made of (see `clipper.picture.caption_styles.caption_layer`)."""

    box: Box
    groups: Sequence[Group]
    face: Face
    spec: Spec
    unit: float
    colours: CaptionColours
    fps: float
    names: Face | None = None


def name_line(spec: Spec, unit: float) -> int:
    """Pixels that a line with a speaker's name takes."""
    return ceil(spec.size * unit * NAME * _NAME_LINE)


class Captions:
    """A layer of captions (see `clipper.picture.layers.Layer`).

    Here the words stand still and none is lit. A style overrides `_more`, what else its picture of a frame depends on,
    `_differences`, where two states of one group differ, and `_pixels`.
    """

    lit = True  # whether the spoken word is marked
    plate = False  # whether the words stand on a plate
    space = 0.0  # em by which spaces are wider than the font's, where something of a word reaches into them
    underlines = False  # whether what stands out is underlined, where its colour would be taken for the lit word's

    def __init__(self, setting: Setting) -> None:
        self.set = setting
        self.type_size = setting.spec.size * setting.unit
        self.margin = max(4, (round(self.type_size * REACH) + 1) & ~1)
        self.box = setting.box.grown(self.margin)
        self.words_box = setting.box.moved(-self.box.left, -self.box.top)  # in the layer
        if setting.names is not None:
            self.words_box = below_name(self.words_box, setting.spec, setting.unit)
        self._starts = [g.start for g in setting.groups]
        # kept small, for a clip may have a thousand groups: which frames come next is what is needed
        self._page = lru_cache(maxsize=2)(self._drawn)

    # which frame shows what

    def state(self, frame: int) -> State:
        """What `frame` shows: the number of the group, that of its lit word, and what the style adds."""
        time = frame / self.set.fps
        index = bisect_right(self._starts, time) - 1
        if index < 0:
            return NOTHING
        shown, lit = active(self.set.groups[index : index + 1], time)
        if shown != 0:
            return NOTHING
        return (index, lit if self.lit else -1, *self._more(frame, index, lit))

    def _more(self, frame: int, index: int, lit: int) -> State:
        return ()

    def dirty(self, before: int | None, after: int) -> list[Box]:
        then, now = NOTHING if before is None else self.state(before), self.state(after)
        if then == now:
            return []
        if then[0] == now[0]:
            boxes = self._differences(then, now)
        else:
            boxes = [self._reach(state) for state in (then, now) if state[0] >= 0]
        places = [b.moved(self.box.left, self.box.top).common(self.box) for b in boxes]
        return [b for b in places if not b.empty]

    def patch(self, frame: int, box: Box) -> Patch | None:
        state = self.state(frame)
        if state[0] < 0:
            return None
        alpha, colour = self._pixels(state, box.moved(-self.box.left, -self.box.top))
        return Patch(alpha, colour)

    # what a style changes

    def _reach(self, state: State) -> Box:
        """All that a state may touch, in the layer."""
        return self._page(state[0]).box

    def _differences(self, then: State, now: State) -> list[Box]:
        """Where two states of one group differ, in boxes in the layer."""
        words = self._page(now[0]).words
        return [words[state[1]].box for state in (then, now) if 0 <= state[1] < len(words)]

    def _pixels(self, state: State, box: Box) -> tuple[Mask, Pixels]:
        """Coverage and colours in a box of the layer."""
        one = self._page(state[0])
        return one.alpha[box.rows, box.columns], one.colour[box.rows, box.columns]

    # what all share

    def accent(self, index: int) -> RGB:
        return self.set.colours.of(self.set.groups[index].speaker)

    def _laid(self, group: Group) -> Block:
        box, spec, unit = self.words_box, self.set.spec, self.set.unit
        size = (box.width, box.height, spec.size * unit, spec.smallest * unit, spec.lines)
        return layout(group, self.set.face, *size)

    def _drawn(self, index: int) -> Page:
        """The page of a group."""
        group = self.set.groups[index]
        block = self._laid(group)
        edges = row_edges(group, self.set.face, self.words_box.width, self.type_size, self.set.spec.lines)
        lines = [Placed(block.text(row), *self._origin(block, row)) for row in range(len(block.lines))]
        words: list[Word] = []
        for row, ((first, _), placed) in enumerate(zip(edges, lines, strict=True)):
            words += placed_words(first, row, placed, block)
        ink = drawn(lines, block.face, block.size, self.box.width, self.box.height)
        loud = [word for word in words if group.emphasised(word.number)]
        marks = [_underline(word, block.size, self.words_box) for word in loud] if self.underlines else []
        usual = [(box, self.accent(index)) for box in (marks if self.underlines else [word.box for word in loud])]
        ink = underlined(ink, marks)
        if self.set.names is not None and group.speaker:
            name = self._name(group.speaker, block.line_top(0, self.set.spec.anchor))
            ink = over(ink, name[0])
            usual.append((name[1], self.accent(index)))
        plate = self._plate(block, lines) if self.plate else None
        return page(ink, block.size, tuple(words), self.set.colours, usual, plate)

    def _origin(self, block: Block, row: int) -> tuple[float, float]:
        """Left end and baseline of a row, in the layer."""
        spec, box = self.set.spec, self.words_box
        x = box.left + block.line_left(row, spec.align)
        return x, box.top + block.line_top(row, spec.anchor) + block.face.baseline(block.size)

    def _plate(self, block: Block, lines: list[Placed]) -> Box:
        """The box behind all lines."""
        widths = [block.face.width(line.text, block.size) for line in lines]
        left = min((line.x for line in lines), default=0.0)
        right = max((line.x + width for line, width in zip(lines, widths, strict=True)), default=0.0)
        top = self.words_box.top + block.line_top(0, self.set.spec.anchor)
        bottom = top + (len(lines) - 1) * block.pitch + block.size * LINE_HEIGHT
        side, above, _ = (share * block.size for share in PLATE)
        box = Box(floor(left - side), floor(top - above * 0.6), ceil(right + side), ceil(bottom + above * 0.6))
        return box.inside(self.box.width, self.box.height)

    def _name(self, speaker: str, first: float) -> tuple[Ink, Box]:
        """A speaker's name above the first line of words, whose top is `first`."""
        face, spec = self.set.names, self.set.spec
        assert face is not None
        size, room = self.type_size * NAME, self.words_box
        height = name_line(spec, self.set.unit)
        top = room.top + floor(first) - height
        one = fit(speaker, face, room.width, height, size, size * 0.6, 1)
        lines = []
        for row in range(len(one.lines)):
            x = room.left + one.line_left(row, spec.align)
            lines.append(Placed(one.text(row), x, top + one.line_top(row, "top") + one.face.baseline(one.size)))
        box = Box(room.left, top, room.right, top + height)
        return drawn(lines, one.face, one.size, self.box.width, self.box.height), box


def below_name(box: Box, spec: Spec, unit: float) -> Box:
    """What a line with a name leaves of a box."""
    return Box(box.left, min(box.top + name_line(spec, unit), box.bottom - 2), box.right, box.bottom)


def placed_words(first: int, row: int, placed: Placed, block: Block) -> list[Word]:
    """The words of a line, the first of which has the number `first`."""
    line, ink = block.lines[row], block.face.at(block.size).getbbox(placed.text)
    exact = [block.word_edges(row, column) for column in range(len(line))]
    top, bottom = floor(placed.y + ink[1]) - 1, ceil(placed.y + ink[3]) + 1
    return [
        Word(
            first + i,
            joined((line[i],)),
            Box(round(placed.x + left), top, round(placed.x + right), bottom),
            placed.x + exact[i][0],
            placed.x + exact[i][1],
            placed.y,
        )
        for i, (left, right) in enumerate(shared(exact, block.size))
    ]


def _underline(word: Word, size: float, inside: Box) -> Box:
    top, thick = round(word.baseline + size * _LINE[0]), max(2, round(size * _LINE[1]))
    top = min(top, inside.bottom - thick)
    return Box(round(word.left), top, round(word.right), top + thick).common(inside)


def underlined(ink: Ink, marks: Sequence[Box]) -> Ink:
    """Text with bars below it."""
    if not marks:
        return ink
    mask = ink.mask.copy()
    for box in marks:
        if not box.empty:
            bar = rounded_mask(box.width, box.height, box.height / 2)
            np.maximum(mask[box.rows, box.columns], bar, out=mask[box.rows, box.columns])
    return Ink(mask, ink.own, ink.kept)


def over(one: Ink, other: Ink) -> Ink:
    """Two texts that do not meet, in one picture."""
    mask = np.maximum(one.mask, other.mask)
    if other.own is None or other.kept is None:
        return Ink(mask, one.own, one.kept)
    if one.own is None or one.kept is None:
        return Ink(mask, other.own, other.kept)
    return Ink(mask, np.where(other.kept[..., None], other.own, one.own), one.kept | other.kept)
