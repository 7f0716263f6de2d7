"""Text in a box: words wrapped and shrunk until they fit, and drawn.

In: text, a face, a box in pixels; out: a `Block` of lines, and an RGBA picture of it. Everything is laid out at one
size and scaled, so that lines break alike at 360p and at 4K.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from PIL import Image

from clipper.picture import bidi
from clipper.picture.breaks import break_lines
from clipper.picture.face import LINE_HEIGHT, REFERENCE, Change, Face, Ink, missing
from clipper.picture.phrases import prices, recognised
from clipper.picture.segments import GLUE, clean, graphemes, joined, words_of

__all__ = [
    "ELLIPSIS", "GLUE", "LINE_HEIGHT", "REFERENCE", "Block", "Change", "Face", "Ink", "balanced", "check_glyphs",
    "clean", "draw_block", "fit", "joined", "spaces", "words_of",
]  # fmt: skip

ELLIPSIS = "…"
_TRAILING = ",;:.–—-、，。；：،؛।"  # goes before an ellipsis
_STEPS = 24  # sizes tried between the largest and the smallest
_NARROWEST = 0.2  # em: less than any word takes with the space after it
_TALL = 0.02  # em between the ink of two lines of tall script, at least


def check_glyphs(text: str, face: Face) -> None:
    """Refuses text with a character that no font here has: a box is never shown.

    Raises:
        InputError: names the character and the word, and what would help.
    """
    error = missing(face, clean(text))
    if error is not None:
        raise error


@lru_cache(maxsize=4096)
def _rtl(lines: tuple[tuple[str, ...], ...]) -> bool:
    return bidi.starts_rtl(" ".join(itertools.chain(*lines)))


@lru_cache(maxsize=4096)
def _pitch(lines: tuple[tuple[str, ...], ...], face: Face) -> float:
    """From baseline to baseline, in em: more than usual where marks above and below letters would touch."""
    if len(lines) < 2 or all(ord(c) < 0x590 for line in lines for word in line for c in word):
        return LINE_HEIGHT
    inks = [face.ink(joined(line)) for line in lines]
    return max(LINE_HEIGHT, *(one.bottom - after.top + _TALL for one, after in itertools.pairwise(inks)))


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of words that fit `width` x `height` pixels at `size`."""

    lines: tuple[tuple[str, ...], ...]
    face: Face
    size: float
    width: int
    height: int

    @property
    def rtl(self) -> bool:
        """Whether the text runs from right to left, as its first strong letter says."""
        return _rtl(self.lines)

    @property
    def pitch(self) -> float:
        """From one line to the next, in pixels."""
        return self.size * _pitch(self.lines, self.face)

    def text(self, index: int) -> str:
        """Line `index` as it is measured and drawn: of the whole text's direction, whatever its own first letter."""
        line = joined(self.lines[index])
        if self.rtl == bidi.starts_rtl(line):
            return line
        return (bidi.RLM if self.rtl else bidi.LRM) + line

    def word_edges(self, index: int, column: int) -> tuple[float, float]:
        """Left and right edge of a word in line `index`, in pixels from the line's origin."""
        return self.face.at(self.size).word_span(self.lines[index], column, self.text(index))

    def draw_word(self, image: Image.Image, at: tuple[float, float], index: int, column: int, fill: Any) -> None:
        """Draws one word of line `index` where it stands in the line, whose origin is `at`: in other colours, say."""
        self.face.at(self.size).draw_word(image, at, self.lines[index], column, fill, self.text(index))

    def line_top(self, index: int, anchor: str) -> float:
        """The top of the line box `index` in the block, in pixels; ink above or below the lines stays in the block."""
        used = self._used()
        above, below = self._stray()
        first = {"top": 0.0, "middle": (self.height - used) / 2, "bottom": self.height - used}[anchor]
        first = max(above, min(first, self.height - used - below))
        return first + index * self.pitch

    def line_left(self, index: int, align: str) -> float:
        """The origin of line `index` in the block, in pixels; ink left of it or behind its end stays in the block.

        Text that runs from right to left mirrors: "left" is where lines begin, on the right.
        """
        line = self.text(index)
        ink = self.face.ink(line)
        if self.rtl:
            align = {"left": "right", "right": "left"}.get(align, align)
        free = self.width - (ink.right - ink.left) * self.size
        x = {"left": 0.0, "centre": free / 2, "right": free}[align] - ink.left * self.size
        left, _, right, _ = self.face.at(self.size).getbbox(line)
        return max(-left, min(x, self.width - right))

    def fits(self) -> bool:
        """Whether all ink lies in the block."""
        above, below = self._overshoot()
        return above + self._used() + below <= self.height + 1e-6 and self.widest() <= self.width + 1e-6

    def widest(self) -> float:
        """The width of the longest line, in pixels."""
        inks = [self.face.ink(self.text(i)) for i in range(len(self.lines))]
        return max((ink.right - ink.left for ink in inks), default=0.0) * self.size

    def scaled(self, factor: float, width: int, height: int) -> Block:
        """The same lines in a box of another size, a little smaller where the box was rounded down."""
        block = replace(self, size=self.size * factor, width=width, height=height)
        for _ in range(200):
            if block.fits() and block._drawn_inside():
                break
            block = replace(block, size=block.size * 0.995)
        return block

    def _drawn_inside(self) -> bool:
        """Whether the pixels of this very size stay in the block, too."""
        font, (above, below) = self.face.at(self.size), self._stray()
        bounds = [font.getbbox(self.text(i)) for i in range(len(self.lines))]
        widest = max((right - min(0, left) for left, _, right, _ in bounds), default=0)
        return widest <= self.width and above + self._used() + below <= self.height

    def _stray(self) -> tuple[float, float]:
        """As `_overshoot`, in this very size: hinting moves accents by up to a pixel, and so does rounding."""
        font, baseline, pitch = self.face.at(self.size), self.face.baseline(self.size), self.pitch
        above = below = 0.0
        for index in range(len(self.lines)):
            _, top, _, bottom = font.getbbox(self.text(index))
            above = max(above, 1 - top - baseline - index * pitch)
            below = max(below, 1 + bottom + baseline + index * pitch - self._used())
        return above, below

    def _used(self) -> float:
        """The height of the lines' boxes, in pixels."""
        return (len(self.lines) - 1) * self.pitch + self.size * LINE_HEIGHT if self.lines else 0.0

    def _overshoot(self) -> tuple[float, float]:
        """By how much ink stands above the first line's box and below the last one's, in pixels."""
        baseline, pitch = self.face.baseline(1.0), _pitch(self.lines, self.face)
        used = self._used() / self.size
        above = below = 0.0
        for index in range(len(self.lines)):
            ink = self.face.ink(self.text(index))
            above = max(above, -ink.top - baseline - index * pitch)
            below = max(below, ink.bottom + baseline + index * pitch - used)
        return above * self.size, below * self.size


def fit(text: str, face: Face, width: int, height: int, size: float, smallest: float, lines: int) -> Block:
    """`text` at the largest size from `size` down to `smallest` at which it fits, else cut with an ellipsis.

    Lines are balanced: of all ways to break into the fewest lines, the most even one that breaks at a good place. A box
    too low for a line of the smallest size gets smaller type.

    Where even the smallest type does not fit, lines may break inside phrases (Chinese, Japanese, Thai) and in long
    words with hyphens, before anything is cut.

    Raises:
        InputError: a character that no font here has.
    """
    words = words_of(text)
    face = face.reading(text)
    check_glyphs(joined(words), face)
    small = min(size, smallest)
    room = width / small * lines  # em that could be filled at all
    fine = words_of(text, fine=True) if len(text) <= room / 0.02 else words
    for pieces in (words, fine) if fine != words else (words,):
        if len(pieces) <= room / _NARROWEST and sum(map(len, pieces)) <= room / 0.02:
            for step in range(_STEPS + 1):
                now = size - (size - small) * step / _STEPS
                block = _laid(pieces, face, width, height, now, lines)
                if block is not None:
                    return block.scaled(1.0, width, height)
    while True:
        block = _with_ellipsis(fine, face, width, height, small, lines)
        if block is not None or small <= 1:
            return (block or Block((), face, small, width, height)).scaled(1.0, width, height)
        small *= 0.9


def spaces(words: Sequence[str], face: Face) -> list[float]:
    """The space after each word, in em; none after one that ends in `GLUE`."""
    space = face.width(" ", 1.0)
    return [0.0 if word.endswith(GLUE) else space for word in words]


def balanced(words: list[str], face: Face, size: float, width: float, rows: int) -> tuple[tuple[str, ...], ...] | None:
    """Words in the fewest lines up to `rows` that fit `width`, evenly filled; None if they do not fit."""
    if not words:
        return ()
    wide = [face.width(word, 1.0) for word in words]
    costs = prices(words, recognised(words))
    broken = break_lines(wide, spaces(words, face), width / size, rows, costs)
    if broken is None:
        return None
    edges = [0, *broken.ends]
    return tuple(tuple(words[a:b]) for a, b in itertools.pairwise(edges))


def _laid(words: list[str], face: Face, width: int, height: int, size: float, lines: int) -> Block | None:
    rows = min(lines, int(height / (size * LINE_HEIGHT) + 1e-6))
    broken = balanced(words, face, size, width, rows) if rows else None
    if broken is None:
        return None
    block = Block(broken, face, size, width, height)
    return block if block.fits() else None


def _with_ellipsis(words: Sequence[str], face: Face, width: int, height: int, size: float, lines: int) -> Block | None:
    """As many words as there is room for, an ellipsis behind the last; None where not even a letter fits."""
    kept = [_shortened(word, face, width / size) for word in words[: int(width / size * lines / _NARROWEST) + 1]]
    whole = len(kept) == len(words)
    low, high, best = 0, len(kept), None
    while low < high or best is None:
        middle = (low + high + 1) // 2
        if middle == 0:
            break
        cut = middle < len(kept) or not whole
        block = _laid(_closed(kept[:middle], face, width / size, cut), face, width, height, size, lines)
        if block is not None:
            low, best = middle, block
        else:
            high = middle - 1
    return best


def _closed(words: list[str], face: Face, room: float, cut: bool) -> list[str]:
    """`words`, the last one ending in an ellipsis if something is missing behind it."""
    if not cut or words[-1].endswith(ELLIPSIS):
        return words
    last = words[-1].removesuffix(GLUE)
    return [*words[:-1], _shortened(last.rstrip(_TRAILING) or last, face, room, ELLIPSIS)]


def _shortened(word: str, face: Face, room: float, tail: str = "") -> str:
    """A word, cut between graphemes and closed with an ellipsis where it is wider than `room` em."""

    def fits(text: str) -> bool:
        ink = face.ink(text)
        return ink.right - ink.left <= room

    head = word[: int(room / 0.02) + 8]
    if head == word and fits(word.removesuffix(GLUE) + tail):
        return word + tail
    letters = graphemes(head)
    low, high = 0, len(letters)
    while low < high:
        middle = (low + high + 1) // 2
        if fits("".join(letters[:middle]) + ELLIPSIS):
            low = middle
        else:
            high = middle - 1
    return "".join(letters[:low]) + ELLIPSIS


def draw_block(block: Block, colour: tuple[int, int, int, int], align: str, anchor: str) -> Image.Image:
    """The block as an RGBA picture of its box's size."""
    image = Image.new("RGBA", (block.width, block.height), (*colour[:3], 0))
    font = block.face.at(block.size)
    for i in range(len(block.lines)):
        baseline = block.line_top(i, anchor) + block.face.baseline(block.size)
        font.draw(image, (block.line_left(i, align), baseline), block.text(i), colour)
    return image
