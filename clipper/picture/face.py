"""A face: a template's font, and behind it whatever font has the letters that it lacks.

In: text; out: its advance, its ink and its pixels. A line is cut into runs of one font and one direction; each is
shaped by raqm, all stand on one baseline. Emoji are in colour. Everything is measured at one size and scaled, so that a
layout is the same at 360p as at 4K.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, floor, modf
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from clipper.errors import InputError
from clipper.picture import bidi, emoji, fonts
from clipper.picture.emoji import Colour
from clipper.picture.fonts import Source
from clipper.picture.segments import clean, graphemes, joined, language_of, offsets

LINE_HEIGHT = 1.2  # of the type size: room for accents above capitals and for descenders
REFERENCE = 256.0  # pixels: the size at which everything is measured
EMOJI = 0.9  # of the type size: emoji fonts fill a whole em, letters do not


@dataclass(frozen=True, slots=True)
class Ink:
    """Where a line's ink and advance lie around its origin on the baseline, in em; top is negative."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Run:
    """Part of a line, `start` to `end` in its characters, in one font and one direction."""

    start: int
    end: int
    source: Source
    level: int


@dataclass(frozen=True, slots=True)
class Change:
    """A font that stands in for the template's own: its name, where it comes from, and the first letters it sets."""

    font: str
    origin: str
    letters: str

    def __str__(self) -> str:
        where = {"shipped": "which ships with clipper", "system": "a font of this system"}
        return f"“{self.letters}” is set in {self.font}, {where.get(self.origin, f'from {self.origin}')}"


@dataclass(frozen=True, slots=True)
class Face:
    """A font file and its stand-ins; `at` gives it in a size.

    Attributes:
        language: ISO 639-1 or BCP 47, which decides between the forms of Chinese, Japanese and Korean; without it the
            text's own letters do.
        space: em by which the spaces between words are wider than the font's own.
    """

    path: Path
    language: str | None = None
    space: float = 0.0

    def reading(self, text: str, language: str | None = None) -> Face:
        """The same face for a text of which only parts will be measured: all parts take the language of the whole."""
        if self.language is not None:
            return self
        found = language_of(text, language)
        return replace(self, language=found) if found else self

    def at(self, size: float) -> Type:
        return _type(self, max(1.0, round(size * 4) / 4))

    def width(self, text: str, size: float) -> float:
        """Advance of `text` in pixels."""
        return _advance(self, text) * size

    def ink(self, text: str) -> Ink:
        """Bounds of a line, advance included."""
        return _ink(self, text)

    def baseline(self, size: float) -> float:
        """From the top of a line box to the baseline, in pixels: capitals stand in the middle of their line."""
        return size * (LINE_HEIGHT - _ink(self, "H").top) / 2

    def own(self) -> Source:
        return Source(str(self.path), name=self.path.stem)

    def runs(self, text: str) -> tuple[Run, ...]:
        """The runs of a line from left to right.

        Raises:
            InputError: a character that no font here has.
        """
        return _runs(self, text)

    def changes(self, text: str) -> list[Change]:
        """The fonts that stand in for the template's own in `text`; emoji, which no font for text has, left out."""
        letters: dict[tuple[str, str], str] = {}
        text = clean(text)
        for run in self.runs(text):
            if run.source.path != str(self.path) and not run.source.emoji:
                key = run.source.name, run.source.origin
                letters[key] = letters.get(key, "") + text[run.start : run.end]
        return [Change(font, origin, found.strip()[:12]) for (font, origin), found in letters.items()]


@lru_cache(maxsize=4096)
def _plain(own: Source, text: str) -> bool:
    """Whether the face's own font sets the text from left to right, as it sets most."""
    return not bidi.has_rtl(text) and not any(fonts.is_emoji(g) for g in graphemes(text)) and fonts.covers(own, text)


@lru_cache(maxsize=16384)
def _runs(face: Face, text: str) -> tuple[Run, ...]:
    own = face.own()
    if not text:
        return ()
    if (text.isascii() and fonts.covers(own, text)) or _plain(own, text):
        return tuple(_spaced(face, [Run(0, len(text), own, 0)], text))
    weight, language = fonts.weight_of(str(face.path)), language_of(text, face.language)
    levels = bidi.levels(text)
    runs: list[Run] = []
    at = 0
    for cluster in graphemes(text):
        before = runs[-1] if runs else None
        level = levels[at]
        if before is not None and not before.source.emoji and all(fonts.ignorable(c) for c in cluster):
            source = before.source  # a space stays with the word before it
        else:
            source = _source(own, cluster, text, weight, language)
        if before is not None and before.source == source and before.level == level:
            runs[-1] = Run(before.start, at + len(cluster), source, level)
        else:
            runs.append(Run(at, at + len(cluster), source, level))
        at += len(cluster)
    runs = _spaced(face, runs, text)
    return tuple(runs[i] for i in bidi.visual([run.level for run in runs]))


def _spaced(face: Face, runs: list[Run], text: str) -> list[Run]:
    """Runs in which a space is a run of its own, where spaces are wider than the font's: it is so in `_length`."""
    if not face.space or " " not in text:
        return runs
    out: list[Run] = []
    for run in runs:
        at = run.start
        for gap in (i for i in range(run.start, run.end) if text[i] == " "):
            if at < gap:
                out.append(replace(run, start=at, end=gap))
            out.append(replace(run, start=gap, end=gap + 1))
            at = gap + 1
        if at < run.end:
            out.append(replace(run, start=at, end=run.end))
    return out


def _source(own: Source, cluster: str, text: str, weight: int, language: str) -> Source:
    if fonts.covers(own, cluster) and not fonts.is_emoji(cluster):
        return own
    found = fonts.find(cluster, weight, language)
    if found is None:
        raise _missing(own, cluster, text)
    return found


def missing(face: Face, text: str) -> InputError | None:
    """The error for the first character of `text` that no font has, with its word; None where all can be drawn."""
    own = face.own()
    if all(fonts.has(own, c) for c in set(text)):
        return None
    weight, language = fonts.weight_of(str(face.path)), language_of(text[:4000], face.language)
    for cluster in dict.fromkeys(graphemes(text)):
        if not fonts.covers(own, cluster) and fonts.find(cluster, weight, language) is None:
            return _missing(own, cluster, text)
    return None


def _missing(own: Source, cluster: str, text: str) -> InputError:
    first = next((c for c in cluster if not fonts.has(own, c)), cluster[0])
    word = next((w for w in text.split() if cluster in w), cluster)
    if len(word) > 40:
        at = word.index(cluster)
        word = word[max(0, at - 20) : at + 20]
    name = unicodedata.name(first, "").partition("-")[0]
    return InputError(
        f"neither {Path(own.path).name} nor any other font here has {first!r} (U+{ord(first):04X}"
        f"{', ' + name.capitalize() if name else ''}), needed for {word!r}",
        fonts.mend_for(first),
    )


class Type:
    """A face in a size: measures lines and draws them.

    It stands in for Pillow's own font in `ImageDraw.text` with anchor "ls" (`embedded_color=True` for emoji in colour);
    `draw` does more.
    """

    def __init__(self, face: Face, size: float) -> None:
        self.face, self.size = face, size

    def getlength(self, text: str, *_: Any, **__: Any) -> float:
        """Advance of a line, in pixels."""
        return sum(self._length(run, text[run.start : run.end]) for run in self.face.runs(text))

    def getbbox(self, text: str, *_: Any, **__: Any) -> tuple[float, float, float, float]:
        """Ink of a line around its origin on the baseline, in whole pixels."""
        return _bounds(self, text)

    def span(self, text: str, start: int, end: int) -> tuple[float, float]:
        """Left and right edge of the characters `start` to `end` on the line `text`, in pixels from its origin."""
        edges = [
            (x + left, x + right)
            for x, run in self._placed(text)
            if run.start < end and start < run.end
            for left, right in [self._part(run, text, max(start, run.start), min(end, run.end))]
        ]
        return (min(a for a, _ in edges), max(b for _, b in edges)) if edges else (0.0, 0.0)

    def word_span(self, words: Sequence[str], number: int, text: str | None = None) -> tuple[float, float]:
        """`span` of one of the words of a line; `text` is the line where it has a mark of direction before it."""
        line = joined(words) if text is None else text
        return self.span(line, *_word_part(words, number, line))

    def draw_word(
        self,
        image: Image.Image,
        at: tuple[float, float],
        words: Sequence[str],
        number: int,
        fill: Colour,
        text: str | None = None,
    ) -> None:
        """Draws one word of a line where it stands in it; `at` is the line's origin."""
        line = joined(words) if text is None else text
        self.draw(image, at, line, fill, _word_part(words, number, line))

    def draw(
        self,
        image: Image.Image,
        at: tuple[float, float],
        text: str,
        fill: Colour,
        part: tuple[int, int] | None = None,
    ) -> None:
        """Draws a line, or the characters `part` of it where they stand in the line.

        Args:
            image: RGBA, RGB or L.
            at: the line's origin, on the baseline, in pixels; fractions count.
        """
        start, end = part or (0, len(text))
        for x, run in self._placed(text):
            first, last = max(start, run.start), min(end, run.end)
            if first >= last:
                continue
            left, _ = self._part(run, text, first, last) if (first, last) != (run.start, run.end) else (0.0, 0.0)
            self._draw_piece(image, (at[0] + x + left, at[1]), text[first:last], run, fill)

    def getmask2(
        self, text: str, mode: str = "", *_: Any, start: tuple[float, float] = (0, 0), ink: int = 0, **__: Any
    ) -> tuple[Any, tuple[int, int]]:
        """For `ImageDraw.text`, which pastes what it gets here."""
        left, top, right, bottom = self.getbbox(text)
        size = max(1, ceil(right) - floor(left) + 2), max(1, ceil(bottom) - floor(top) + 2)
        colour = tuple(ink >> shift & 255 for shift in (0, 8, 16))
        image = Image.new("RGBA", size, (*colour, 0)) if mode == "RGBA" else Image.new("L", size, 0)
        fill: Colour = (*colour, 255) if mode == "RGBA" else 255
        self.draw(image, (start[0] - floor(left) + 1, start[1] - floor(top) + 1), text, fill)
        return image.im, (floor(left) - 1, floor(top) - 1)

    def getmask(self, text: str, mode: str = "", *_: Any, **given: Any) -> Any:
        """As `getmask2`, without the offset."""
        return self.getmask2(text, mode, **given)[0]

    def _placed(self, text: str) -> list[tuple[float, Run]]:
        placed, x = [], 0.0
        for run in self.face.runs(text):
            placed.append((x, run))
            x += self._length(run, text[run.start : run.end])
        return placed

    def _part(self, run: Run, text: str, first: int, last: int) -> tuple[float, float]:
        """Left and right edge of some of a run's characters, from the run's left edge."""
        before = self._length(run, text[run.start : first])
        through = self._length(run, text[run.start : last])
        if run.level % 2 == 0:
            return before, through
        whole = self._length(run, text[run.start : run.end])
        return whole - through, whole - before

    def _length(self, run: Run, text: str) -> float:
        shown = _shown(run, text)
        if not shown:
            return 0.0
        font, scale = self._font(run.source)
        wider = self.face.space * self.size if text == " " else 0.0
        return float(font.getlength(shown, direction=_direction(run))) * scale + wider

    def _box(self, run: Run, text: str) -> tuple[float, float, float, float]:
        font, scale = self._font(run.source)
        left, top, right, bottom = font.getbbox(_shown(run, text), anchor="ls", direction=_direction(run))
        if scale == 1.0:
            return left, top, right, bottom
        return floor(left * scale), floor(top * scale), ceil(right * scale), ceil(bottom * scale)

    def _font(self, source: Source) -> tuple[ImageFont.FreeTypeFont, float]:
        """The font for a run, and by how much what it draws is to be scaled: bitmaps have one size."""
        size = self.size * EMOJI if source.emoji else self.size
        font = fonts.opened(source, max(1.0, size))
        return font, (size / source.native if source.native else 1.0)

    def _draw_piece(self, image: Image.Image, at: tuple[float, float], text: str, run: Run, fill: Colour) -> None:
        shown = _shown(run, text)
        if not shown:
            return
        font, scale = self._font(run.source)
        if not run.source.emoji:
            draw = ImageDraw.Draw(image)
            draw.text(at, shown, font=font, fill=fill, anchor="ls", direction=_direction(run))
            return
        patch, (left, top) = emoji.picture(run.source, font, scale, shown, (modf(at[0])[0], modf(at[1])[0]))
        if isinstance(fill, tuple) and len(fill) == 4 and fill[3] < 255:
            patch.putalpha(patch.getchannel("A").point(lambda a: a * fill[3] // 255))
        emoji.lay(image, patch, int(at[0]) + left, int(at[1]) + top, fill)


@lru_cache(maxsize=512)
def _type(face: Face, size: float) -> Type:
    return Type(face, size)


@lru_cache(maxsize=16384)
def _advance(face: Face, text: str) -> float:
    return _type(face, REFERENCE).getlength(text) / REFERENCE


@lru_cache(maxsize=4096)
def _ink(face: Face, text: str) -> Ink:
    left, top, right, bottom = _type(face, REFERENCE).getbbox(text)
    advance = _advance(face, text)
    return Ink(min(0.0, left / REFERENCE), top / REFERENCE, max(advance, right / REFERENCE), bottom / REFERENCE)


@lru_cache(maxsize=4096)
def _bounds(one: Type, text: str) -> tuple[float, float, float, float]:
    runs = one.face.runs(text)
    if len(runs) == 1:
        return one._box(runs[0], text) if _shown(runs[0], text) else (0, 0, 0, 0)
    boxes = []
    for x, run in one._placed(text):
        piece = text[run.start : run.end]
        if _shown(run, piece):
            left, top, right, bottom = one._box(run, piece)
            # a run's origin lies between pixels, which may widen its smoothed edges by one
            boxes.append((floor(x + left), top, ceil(x + right), bottom))
    if not boxes:
        return 0, 0, 0, 0
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _word_part(words: Sequence[str], number: int, line: str) -> tuple[int, int]:
    lead = len(line) - len(joined(words))
    start, end = offsets(words)[number]
    return start + lead, end + lead


def _shown(run: Run, text: str) -> str:
    """What of a run goes to the shaper."""
    if text.isascii():
        return text
    plain = bidi.without_marks(text)
    # our emoji font is built without this selector, and others have it in their ligatures
    return plain.replace("\ufe0f", "") if run.source.emoji and run.source.origin == "shipped" else plain


def _direction(run: Run) -> str:
    return "rtl" if run.level % 2 else "ltr"
