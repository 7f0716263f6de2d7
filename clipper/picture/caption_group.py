"""A caption: words that are shown together, where they stand and which of them is lit.

In: `Group`s (made by `clipper.picture.captions`), a face, a box; out: lines of type, and what shows at a time.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from clipper.picture.breaks import break_lines
from clipper.picture.phrases import prices, recognised
from clipper.picture.segments import glued
from clipper.picture.text import Block, Face, spaces

SIDE = 0.12  # em kept free on both sides of a line: the lit word's box stands out by 0.1 and its smoothed edge
LIT = 0.35  # seconds that a word stays lit after it was said, when no other follows


@dataclass(frozen=True, slots=True)
class Group:
    """Words shown together, from `start` to `end` in seconds of the clip; `starts` is when each word lights.

    Attributes:
        rows: how many of the words stand in each line; empty where the layout is to find out.
        scale: their type size as a share of the template's largest.
        spaces: whether a space stands before each word; empty where before every one.
        emphasis: whether each word is to stand out; empty for none.
        sounds: whether each word is no speech ("[laughs]"), and so never lit; empty for none.
    """

    words: tuple[str, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    start: float
    end: float
    speaker: str | None = None
    rows: tuple[int, ...] = ()
    scale: float = 1.0
    spaces: tuple[bool, ...] = ()
    emphasis: tuple[bool, ...] = ()
    sounds: tuple[bool, ...] = ()

    @property
    def text(self) -> str:
        return self.between(0, len(self.words))

    def between(self, first: int, last: int) -> str:
        """The words `first` up to, but not with, `last`, with a space where there is one."""
        if not self.spaces:
            return " ".join(self.words[first:last])
        pairs = zip(self.words[first:last], self.spaces[first:last], strict=True)
        return "".join(" " * space + word for word, space in pairs)[self.spaces[first] if first < last else 0 :]

    def line(self, first: int, last: int) -> tuple[str, ...]:
        """Words as lines of type have them: glued to the next where no space stands between (see `segments`)."""
        words = self.words[first:last]
        if not self.spaces:
            return words
        return tuple(w if i + 1 >= last or self.spaces[i + 1] else glued(w) for i, w in enumerate(words, first))

    def emphasised(self, word: int) -> bool:
        return bool(self.emphasis) and self.emphasis[word]

    def lights(self, word: int) -> bool:
        """Whether a word is lit when its time comes."""
        return not self.sounds or not self.sounds[word]


def layout(one: Group, face: Face, width: int, height: int, size: float, smallest: float, lines: int) -> Block:
    """The lines of a group, as `group` found them; all groups have one size, but for a word that is wider than a line.

    Such a word is made smaller and never cut: it is what is said. `smallest` and `lines` hold for groups without lines.
    """
    broken = tuple(one.line(first, last) for first, last in row_edges(one, face, width, size, lines))
    now = size * one.scale
    block = Block(broken, face, now, width, height)
    over = block.widest() / max(1.0, width - 2 * SIDE * now)
    return Block(block.lines, face, now / max(1.0, over), width, height).scaled(1.0, width, height)


def row_edges(one: Group, face: Face, width: int, size: float, lines: int) -> list[tuple[int, int]]:
    """The first word of every line, and the one behind its last."""
    rows = one.rows or _rows(one, face, width, size, lines)
    return list(itertools.pairwise(itertools.accumulate(rows, initial=0)))


def _rows(one: Group, face: Face, width: int, size: float, lines: int) -> tuple[int, ...]:
    words = one.line(0, len(one.words))
    widths = [face.width(word, 1.0) for word in one.words]
    costs = prices(words, recognised(one.words))
    room = width / size - 2 * SIDE
    for tight in range(12):
        broken = break_lines(widths, spaces(words, face), room * 1.15**tight, lines, costs)
        if broken is not None:
            edges = [0, *broken.ends]
            return tuple(b - a for a, b in itertools.pairwise(edges))
    return (len(one.words),)


def active(groups: Sequence[Group], time: float) -> tuple[int, int]:
    """Which group shows at `time` and which of its words is lit; -1 where none."""
    for i, one in enumerate(groups):
        if one.start <= time < one.end:
            lit = -1
            for k, start in enumerate(one.starts):
                if start <= time:
                    lit = k
            if lit >= 0 and (time > one.ends[lit] + LIT or not one.lights(lit)):
                lit = -1
            return i, lit
    return -1, -1
