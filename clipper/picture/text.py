"""Type: words measured, wrapped and shrunk until they fit their box, and drawn.

In: text, a face, a box in pixels; out: a `Block` of lines, and an RGBA picture of it. Shaping is raqm's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from clipper.errors import InputError, MissingError

LINE_HEIGHT = 1.2  # of the type size: room for accents above capitals and for descenders
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Face:
    """A font file; `at` gives it in a size."""

    path: Path

    def at(self, size: float) -> ImageFont.FreeTypeFont:
        return _font(str(self.path), round(size * 4) / 4)

    def width(self, text: str, size: float) -> float:
        """Advance of `text` in pixels."""
        return self.at(size).getlength(text)

    def baseline(self, size: float) -> float:
        """From the top of a line box to the baseline, in pixels: capitals stand in the middle of their line."""
        return size * LINE_HEIGHT / 2 - self.at(size).getbbox("H", anchor="ls")[1] / 2


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


def check_glyphs(text: str, face: Face) -> None:
    """Refuses text with a character that the face cannot draw: a box is never shown.

    Raises:
        InputError: names the character and the word.
    """
    missing = next((c for c in text if not _has(str(face.path), c)), None)
    if missing is not None:
        word = next((w for w in text.split() if missing in w), missing)
        raise InputError(
            f"the font {face.path.name} has no {missing!r} (U+{ord(missing):04X}), needed for {word!r}",
            "choose a template whose font has it, or change the text in clips.yaml",
        )


@lru_cache(maxsize=8192)
def _has(path: str, character: str) -> bool:
    if character.isspace() or not character.isprintable() or character in "\u200d\ufe0f\u200e\u200f":
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
        """The top of the line box `index` in the block, in pixels."""
        used = len(self.lines) * self.size * LINE_HEIGHT
        first = {"top": 0.0, "middle": (self.height - used) / 2, "bottom": self.height - used}[anchor]
        return first + index * self.size * LINE_HEIGHT

    def line_left(self, index: int, align: str) -> float:
        """The left edge of line `index` in the block, in pixels."""
        free = self.width - self.face.width(" ".join(self.lines[index]), self.size)
        return {"left": 0.0, "centre": free / 2, "right": free}[align]


def fit(text: str, face: Face, width: int, height: int, size: float, smallest: float, lines: int) -> Block:
    """`text` at the largest size from `size` down to `smallest` at which it fits, else cut with an ellipsis.

    Lines are balanced: of all ways to break into the fewest lines, the one whose longest line is shortest.
    """
    words = text.split()
    check_glyphs(text, face)
    steps = 24
    for step in range(steps + 1):
        now = size - (size - smallest) * step / steps
        rows = min(lines, max(1, int(height / (now * LINE_HEIGHT))))
        broken = balanced(words, face, now, width, rows)
        if broken is not None:
            return Block(broken, face, now, width, height)
    return _with_ellipsis(words, face, width, height, smallest, lines)


def balanced(words: list[str], face: Face, size: float, width: float, rows: int) -> tuple[tuple[str, ...], ...] | None:
    """Words in the fewest lines up to `rows` that fit `width`, evenly filled; None if they do not fit."""
    greedy = _greedy(words, face, size, width)
    if greedy is None or len(greedy) > rows:
        return None
    best, low, high = greedy, 0.0, width
    while high - low > size * 0.1:  # the narrowest measure that needs no further line
        middle = (low + high) / 2
        tried = _greedy(words, face, size, middle)
        if tried is not None and len(tried) <= len(greedy):
            best, high = tried, middle
        else:
            low = middle
    return best


def _greedy(words: list[str], face: Face, size: float, width: float) -> tuple[tuple[str, ...], ...] | None:
    lines: list[list[str]] = []
    for word in words:
        if lines and face.width(" ".join([*lines[-1], word]), size) <= width:
            lines[-1].append(word)
        elif face.width(word, size) <= width:
            lines.append([word])
        else:
            return None
    return tuple(tuple(line) for line in lines)


def _with_ellipsis(words: list[str], face: Face, width: int, height: int, size: float, lines: int) -> Block:
    rows = min(lines, max(1, int(height / (size * LINE_HEIGHT))))
    kept = [_cut(word, face, size, width) for word in words[:200]]
    low, high = 0, len(kept)
    while low < high:
        middle = (low + high + 1) // 2
        if balanced([*kept[: middle - 1], kept[middle - 1] + ELLIPSIS], face, size, width, rows) is not None:
            low = middle
        else:
            high = middle - 1
    if low == 0:
        return Block(((_cut(kept[0] + ELLIPSIS, face, size, width),),) if kept else (), face, size, width, height)
    tail = "" if low == len(words) else ELLIPSIS
    broken = balanced([*kept[: low - 1], kept[low - 1] + tail], face, size, width, rows)
    return Block(broken or ((kept[0],),), face, size, width, height)


def _cut(word: str, face: Face, size: float, width: float) -> str:
    """A word shortened with an ellipsis until it fits a line of its own."""
    if face.width(word, size) <= width:
        return word
    low, high = 0, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if face.width(word[:middle] + ELLIPSIS, size) <= width:
            low = middle
        else:
            high = middle - 1
    return word[:low] + ELLIPSIS


def draw_block(block: Block, colour: tuple[int, int, int, int], align: str, anchor: str) -> Image.Image:
    """The block as an RGBA picture of its box's size."""
    image = Image.new("RGBA", (block.width, block.height), (*colour[:3], 0))
    draw = ImageDraw.Draw(image)
    font = block.face.at(block.size)
    for i, line in enumerate(block.lines):
        baseline = block.line_top(i, anchor) + block.face.baseline(block.size)
        draw.text((block.line_left(i, align), baseline), " ".join(line), font=font, fill=colour, anchor="ls")
    return image
