"""Type: words measured, wrapped and shrunk until they fit their box, and drawn.

In: text, a face, a box in pixels; out: a `Block` of lines, and an RGBA picture of it. Shaping is raqm's. Everything is
measured at one size and scaled, so that a layout is the same at 360p as at 4K.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import regex
from PIL import Image, ImageDraw, ImageFont, features

from clipper.errors import InputError, MissingError
from clipper.picture.breaks import break_lines
from clipper.picture.phrases import prices, recognised

LINE_HEIGHT = 1.2  # of the type size: room for accents above capitals and for descenders
ELLIPSIS = "…"
REFERENCE = 256.0  # pixels: the size at which everything is measured
MOST_MARKS = 3  # combining marks on one letter; no orthography has more, and a tower of them leaves any box
_INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"  # joiners, marks of direction: one is enough
_STEPS = 24  # sizes tried between the largest and the smallest
_NARROWEST = 0.2  # em: less than any word takes with the space after it


@dataclass(frozen=True, slots=True)
class Ink:
    """Where a line's ink and advance lie around its origin on the baseline, in em; top is negative."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Face:
    """A font file; `at` gives it in a size."""

    path: Path

    def at(self, size: float) -> ImageFont.FreeTypeFont:
        return _font(str(self.path), max(1.0, round(size * 4) / 4))

    def width(self, text: str, size: float) -> float:
        """Advance of `text` in pixels."""
        return _advance(str(self.path), text) * size

    def ink(self, text: str) -> Ink:
        """Bounds of a line, advance included."""
        return _ink(str(self.path), text)

    def baseline(self, size: float) -> float:
        """From the top of a line box to the baseline, in pixels: capitals stand in the middle of their line."""
        return size * (LINE_HEIGHT - _ink(str(self.path), "H").top) / 2


@lru_cache(maxsize=64)
def _font(path: str, size: float) -> ImageFont.FreeTypeFont:
    if not features.check("raqm"):
        raise MissingError(
            "this Pillow has no raqm, which shapes text",
            "pip install --force-reinstall --only-binary :all: pillow",
        )
    try:
        return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)
    except OSError as error:
        raise InputError(f"{Path(path).name} is not a font that can be read", "name a TTF or OTF file") from error


@lru_cache(maxsize=16384)
def _advance(path: str, text: str) -> float:
    return _font(path, REFERENCE).getlength(text) / REFERENCE


@lru_cache(maxsize=4096)
def _ink(path: str, text: str) -> Ink:
    left, top, right, bottom = _font(path, REFERENCE).getbbox(text, anchor="ls")
    advance = _advance(path, text)
    return Ink(min(0.0, left / REFERENCE), top / REFERENCE, max(advance, right / REFERENCE), bottom / REFERENCE)


@lru_cache(maxsize=4096)
def _bounds(font: ImageFont.FreeTypeFont, text: str) -> tuple[float, float, float, float]:
    return font.getbbox(text, anchor="ls")


def clean(text: str) -> str:
    """`text` without what no font draws (control characters, halves of characters) and with at most three marks a
    letter."""
    kept = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs"))
    kept = regex.sub(rf"([{_INVISIBLE}])[{_INVISIBLE}]+", r"\1", kept)
    return regex.sub(rf"(\p{{M}}{{{MOST_MARKS}}})\p{{M}}+", r"\1", kept)


def words_of(text: str) -> list[str]:
    """Cleaned words; a no-break space holds its neighbours together."""
    return [w for w in regex.split(r"[^\S\u00a0\u202f]+", clean(text)) if regex.search(rf"[^\s{_INVISIBLE}]", w)]


def check_glyphs(text: str, face: Face) -> None:
    """Refuses text with a character that the face cannot draw: a box is never shown.

    Raises:
        InputError: names the character and the word.
    """
    cleaned = clean(text)
    missing = {c for c in set(cleaned) if not _drawn(str(face.path), c)}
    if not missing:
        return
    first = next(c for c in cleaned if c in missing)
    word = next((w for w in cleaned.split() if first in w), first)
    if len(word) > 40:
        at = word.index(first)
        word = word[max(0, at - 20) : at + 20]
    raise InputError(
        f"the font {face.path.name} has no {first!r} (U+{ord(first):04X}), needed for {word!r}",
        "choose a template whose font has it, or change the text in clips.yaml",
    )


def _drawn(path: str, character: str) -> bool:
    """Whether the font has a character, or the parts that the shaper composes it from."""
    if _has(path, character):
        return True
    parts = unicodedata.normalize("NFD", character)
    return parts != character and all(_has(path, part) for part in parts)


@lru_cache(maxsize=8192)
def _has(path: str, character: str) -> bool:
    if character.isspace() or unicodedata.category(character) == "Cf" or 0xFE00 <= ord(character) <= 0xFE0F:
        return True
    font = _font(path, 32.0)
    unknown = font.getmask("\U0010ffff")
    mask = font.getmask(character)
    return mask.size != unknown.size or bytes(mask) != bytes(unknown)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of words that fit `width` x `height` pixels at `size`."""

    lines: tuple[tuple[str, ...], ...]
    face: Face
    size: float
    width: int
    height: int

    def line_top(self, index: int, anchor: str) -> float:
        """The top of the line box `index` in the block, in pixels; ink above or below the lines stays in the block."""
        used = len(self.lines) * self.size * LINE_HEIGHT
        above, below = self._stray()
        first = {"top": 0.0, "middle": (self.height - used) / 2, "bottom": self.height - used}[anchor]
        first = max(above, min(first, self.height - used - below))
        return first + index * self.size * LINE_HEIGHT

    def line_left(self, index: int, align: str) -> float:
        """The origin of line `index` in the block, in pixels; ink left of it or behind its end stays in the block."""
        ink = self.face.ink(" ".join(self.lines[index]))
        free = self.width - (ink.right - ink.left) * self.size
        x = {"left": 0.0, "centre": free / 2, "right": free}[align] - ink.left * self.size
        left, _, right, _ = _bounds(self.face.at(self.size), " ".join(self.lines[index]))
        return max(-left, min(x, self.width - right))

    def fits(self) -> bool:
        """Whether all ink lies in the block."""
        above, below = self._overshoot()
        used = len(self.lines) * self.size * LINE_HEIGHT
        return above + used + below <= self.height + 1e-6 and self.widest() <= self.width + 1e-6

    def widest(self) -> float:
        """The width of the longest line, in pixels."""
        inks = [self.face.ink(" ".join(line)) for line in self.lines]
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
        bounds = [_bounds(font, " ".join(line)) for line in self.lines]
        widest = max((right - min(0, left) for left, _, right, _ in bounds), default=0)
        return widest <= self.width and above + len(self.lines) * self.size * LINE_HEIGHT + below <= self.height

    def _stray(self) -> tuple[float, float]:
        """As `_overshoot`, in this very size: hinting moves accents by up to a pixel, and so does rounding."""
        font, baseline, pitch = self.face.at(self.size), self.face.baseline(self.size), self.size * LINE_HEIGHT
        above = below = 0.0
        for index, line in enumerate(self.lines):
            _, top, _, bottom = _bounds(font, " ".join(line))
            above = max(above, 1 - top - baseline - index * pitch)
            below = max(below, 1 + bottom - (len(self.lines) - index) * pitch + baseline)
        return above, below

    def _overshoot(self) -> tuple[float, float]:
        """By how much ink stands above the first line's box and below the last one's, in pixels."""
        baseline = self.face.baseline(1.0)
        above = below = 0.0
        for index, line in enumerate(self.lines):
            ink = self.face.ink(" ".join(line))
            above = max(above, -ink.top - baseline - index * LINE_HEIGHT)
            below = max(below, ink.bottom - (len(self.lines) - index) * LINE_HEIGHT + baseline)
        return above * self.size, below * self.size


def fit(text: str, face: Face, width: int, height: int, size: float, smallest: float, lines: int) -> Block:
    """`text` at the largest size from `size` down to `smallest` at which it fits, else cut with an ellipsis.

    Lines are balanced: of all ways to break into the fewest lines, the most even one that breaks at a good place. A box
    too low for a line of the smallest size gets smaller type.

    Raises:
        InputError: a character that the face cannot draw.
    """
    words = words_of(text)
    check_glyphs(" ".join(words), face)
    small = min(size, smallest)
    room = width / small * lines  # em that could be filled at all
    if len(words) <= room / _NARROWEST and sum(map(len, words)) <= room / 0.02:
        for step in range(_STEPS + 1):
            now = size - (size - small) * step / _STEPS
            block = _laid(words, face, width, height, now, lines)
            if block is not None:
                return block.scaled(1.0, width, height)
    while True:
        block = _with_ellipsis(words, face, width, height, small, lines)
        if block is not None or small <= 1:
            return (block or Block((), face, small, width, height)).scaled(1.0, width, height)
        small *= 0.9


def balanced(words: list[str], face: Face, size: float, width: float, rows: int) -> tuple[tuple[str, ...], ...] | None:
    """Words in the fewest lines up to `rows` that fit `width`, evenly filled; None if they do not fit."""
    if not words:
        return ()
    wide = [face.width(word, 1.0) for word in words]
    costs = prices(words, recognised(words))
    broken = break_lines(wide, face.width(" ", 1.0), width / size, rows, costs)
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
    return [*words[:-1], _shortened(words[-1].rstrip(",;:.–—-") or words[-1], face, room, ELLIPSIS)]


def _shortened(word: str, face: Face, room: float, tail: str = "") -> str:
    """A word, cut between graphemes and closed with an ellipsis where it is wider than `room` em."""

    def fits(text: str) -> bool:
        ink = face.ink(text)
        return ink.right - ink.left <= room

    head = word[: int(room / 0.02) + 8]
    if head == word and fits(word + tail):
        return word + tail
    graphemes = regex.findall(r"\X", head)
    low, high = 0, len(graphemes)
    while low < high:
        middle = (low + high + 1) // 2
        if fits("".join(graphemes[:middle]) + ELLIPSIS):
            low = middle
        else:
            high = middle - 1
    return "".join(graphemes[:low]) + ELLIPSIS


def draw_block(block: Block, colour: tuple[int, int, int, int], align: str, anchor: str) -> Image.Image:
    """The block as an RGBA picture of its box's size."""
    image = Image.new("RGBA", (block.width, block.height), (*colour[:3], 0))
    draw = ImageDraw.Draw(image)
    font = block.face.at(block.size)
    for i, line in enumerate(block.lines):
        baseline = block.line_top(i, anchor) + block.face.baseline(block.size)
        draw.text((block.line_left(i, align), baseline), " ".join(line), font=font, fill=colour, anchor="ls")
    return image
