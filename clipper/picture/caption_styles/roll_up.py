"""Lines that move up when a new one begins, as live captions do; the oldest goes at the top of the box.

A state is the number of the newest line, and how far it has come in, in frames.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import numpy as np

from clipper.picture.caption_group import Group, layout, row_edges
from clipper.picture.caption_styles.base import NOTHING, Captions, Setting, State, over, placed_words
from clipper.picture.caption_styles.ink import Ink, Mask, Placed, drawn
from clipper.picture.caption_styles.page import Page, Pixels, Under, backing, over_back
from clipper.picture.geometry import Box
from clipper.picture.palette import RGB
from clipper.picture.text import LINE_HEIGHT

_MOVES = 0.2  # seconds
_GONE = 0.05  # seconds without a caption that clear the box


@dataclass(frozen=True, slots=True)
class _Row:
    """A line: the group it is of and its words there, from when it shows, and the number of the first line that it may
    be seen with."""

    group: int
    first: int
    last: int
    start: float
    oldest: int


@dataclass(frozen=True, slots=True)
class _Strip:
    """A line drawn, as wide as the layer: its ink, what lies behind it, and the boxes of words in other colours."""

    ink: Ink
    back: Mask
    under: Under
    usual: tuple[tuple[Box, RGB], ...]


class RollUp(Captions):
    lit = False

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.steps = max(1, round(_MOVES * setting.fps))
        self.rows = self._all_rows()
        self._row_starts = [row.start for row in self.rows]
        scale = min((group.scale for group in setting.groups), default=1.0)
        pitch = self.type_size * scale * LINE_HEIGHT
        # boxes are rounded to whole pixels, so that lines which fit may seem to want a pixel more
        self.slots = max(1, min(setting.spec.lines, floor(self.words_box.height / pitch + 0.05)))
        self.pitch = min(pitch, self.words_box.height / self.slots)
        free = max(0.0, self.words_box.height - self.slots * self.pitch)
        self.first = {"top": 0.0, "middle": free / 2, "bottom": free}[setting.spec.anchor]
        self._strip = lru_cache(maxsize=8)(self._drawn_row)
        self._rolled = lru_cache(maxsize=2)(self._composed)

    def _all_rows(self) -> list[_Row]:
        out: list[_Row] = []
        ended = -1.0
        oldest = 0
        for number, group in enumerate(self.set.groups):
            if group.start > ended + _GONE:
                oldest = len(out)
            ended = group.end
            edges = row_edges(group, self.set.face, self.words_box.width, self.type_size, self.set.spec.lines)
            for i, (first, last) in enumerate(edges):
                start = group.start if i == 0 else max(group.start, group.starts[first])
                out.append(_Row(number, first, last, start, oldest))
        return out

    def state(self, frame: int) -> State:
        time = frame / self.set.fps
        row = bisect_right(self._row_starts, time) - 1
        if row < 0 or time >= self.set.groups[self.rows[row].group].end:
            return NOTHING
        if row == self.rows[row].oldest:
            return row, self.steps
        since = floor((time - self.rows[row].start) * self.set.fps + 1e-6)
        return row, min(self.steps, max(0, since))

    def _reach(self, state: State) -> Box:
        return self._rolled(state).box

    def _differences(self, then: State, now: State) -> list[Box]:
        return [self._reach(then).around(self._reach(now))]

    def _pixels(self, state: State, box: Box) -> tuple[Mask, Pixels]:
        one = self._rolled(state)
        return one.alpha[box.rows, box.columns], one.colour[box.rows, box.columns]

    def _composed(self, state: State) -> Page:
        """All lines that show, at a moment of their way up."""
        newest, step = state
        row = self.rows[newest]
        left = 1.0 if step >= self.steps else 1 - (1 - (step + 1) / (self.steps + 1)) ** 3
        mask = np.zeros((self.box.height, self.box.width), np.uint8)
        back, own, kept = mask.copy(), None, None
        plain = self.set.colours.shadow or (0, 0, 0)
        under: Under = plain if self.set.colours.outline is None else np.full((*mask.shape, 3), plain, np.uint8)
        usual: list[tuple[Box, RGB]] = []
        for number in range(max(row.oldest, newest - self.slots), newest + 1):
            slot = self.slots - 1 - (newest - number) + (1 - left)
            strip = self._strip(number)
            top = self.words_box.top + round(self.first + slot * self.pitch) - self.margin
            shown = left if number == newest else (1 - left if number == newest - self.slots else 1.0)
            place = Box(0, top, self.box.width, top + strip.back.shape[0])
            _lay(mask, strip.ink.mask, place.common(self._inner()), place, shown)
            # what comes or goes has no shadow where its ink is cut off
            everywhere = place.common(Box(0, 0, self.box.width, self.box.height) if shown == 1 else self._inner())
            if not isinstance(under, tuple) and not isinstance(strip.under, tuple):
                more = strip.back[everywhere.seen_from(place)] >= back[everywhere.rows, everywhere.columns]
                under[everywhere.rows, everywhere.columns][more] = strip.under[everywhere.seen_from(place)][more]
            _lay(back, strip.back, everywhere, place, shown)
            usual += [(box.moved(0, top), colour) for box, colour in strip.usual]
            if strip.ink.own is not None and strip.ink.kept is not None:
                own = np.zeros((*mask.shape, 3), np.uint8) if own is None else own
                kept = np.zeros(mask.shape, dtype=bool) if kept is None else kept
                part = place.common(self._inner())
                here, there = part.seen_from(place), (part.rows, part.columns)
                own[there] = np.where(strip.ink.kept[here][..., None], strip.ink.own[here], own[there])
                kept[there] |= strip.ink.kept[here]
        ink = Ink(mask, own, kept)
        speaker = self.set.groups[row.group].speaker
        if self.set.names is not None and speaker:
            name, box = self._name(speaker, self.first)
            ink = over(ink, name)
            back = np.maximum(back, backing(name.mask, self.type_size, self.set.colours)[0])
            usual.append((box, self.accent(row.group)))
        return over_back(ink, (back, under), self.type_size, (), self.set.colours.text, usual)

    def _inner(self) -> Box:
        """Where ink may lie: in the lines' places, and so never in a name above them."""
        top = self.words_box.top + floor(self.first)
        bottom = self.words_box.top + ceil(self.first + self.slots * self.pitch)
        return Box(0, top, self.box.width, min(bottom, self.words_box.bottom))

    def _drawn_row(self, number: int) -> _Strip:
        row = self.rows[number]
        group = self.set.groups[row.group]
        line = _part(group, row.first, row.last)
        height = max(2, ceil(self.pitch) + 1)  # a pixel more: type that is rounded up must not be made smaller
        block = layout(line, self.set.face, self.words_box.width, height, self.type_size, 1.0, 1)
        x = self.words_box.left + block.line_left(0, self.set.spec.align)
        y = self.margin + block.line_top(0, "middle") + block.face.baseline(block.size)
        placed = Placed(block.text(0), x, y)
        ink = drawn([placed], block.face, block.size, self.box.width, height + 2 * self.margin)
        words = placed_words(0, 0, placed, block)
        usual = tuple((word.box, self.accent(row.group)) for word in words if line.emphasised(word.number))
        back, under = backing(ink.mask, block.size, self.set.colours)
        return _Strip(ink, back, under, usual)


def _part(group: Group, first: int, last: int) -> Group:
    """A line of a group as a group of its own."""
    return Group(
        group.words[first:last],
        group.starts[first:last],
        group.ends[first:last],
        group.start,
        group.end,
        group.speaker,
        (last - first,),
        group.scale,
        group.spaces[first:last],
        group.emphasis[first:last],
        group.sounds[first:last],
    )


def _lay(onto: Mask, mask: Mask, part: Box, place: Box, shown: float) -> None:
    """The part of a mask at `place` that lies in `part`, where it covers more than what is there."""
    if part.empty:
        return
    source = mask[part.seen_from(place)]
    if shown < 1:
        source = ((source * np.uint16(round(shown * 256))) >> 8).astype(np.uint8)
    target = onto[part.rows, part.columns]
    np.maximum(target, source, out=target)
