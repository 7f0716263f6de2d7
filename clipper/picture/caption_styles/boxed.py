"""Styles that draw the spoken word anew: in a box of the accent's colour ("word-boxed"), or grown for a moment
("pop")."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import numpy as np
from PIL import Image

from clipper.picture.caption_styles.base import Captions, Setting, State
from clipper.picture.caption_styles.ink import Ink, Mask, Placed, drawn
from clipper.picture.caption_styles.page import Packed, Page, Pixels, Word, coloured, packed, rounded, unpacked
from clipper.picture.geometry import Box
from clipper.picture.text import LINE_HEIGHT

_PILL_SIDE, _PILL_RADIUS, _PILL_INSET = 0.1, 0.22, 0.03  # of the type size
_POP = 0.15  # seconds that a word grows and settles
_MOST = 1.12  # how large it becomes
_SIDEWAYS = 0.12  # em that both sides of it may take of the spaces beside it


@dataclass(frozen=True, slots=True)
class Spot:
    """What a lit word changes: a box of the layer, and the pixels there."""

    box: Box
    alpha: Mask
    colour: Pixels


class _Spotted(Captions):
    """A style that lays a spot over the page."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._spot = lru_cache(maxsize=6)(self._draw_spot)

    def _draw_spot(self, state: State) -> Spot | None:
        raise NotImplementedError

    def _reach(self, state: State) -> Box:
        spot, box = self._spot(state), super()._reach(state)
        return box if spot is None else box.around(spot.box)

    def _differences(self, then: State, now: State) -> list[Box]:
        return [spot.box for state in (then, now) if (spot := self._spot(state)) is not None]

    def _pixels(self, state: State, box: Box) -> tuple[Mask, Pixels]:
        alpha, colour = super()._pixels(state, box)
        spot = self._spot(state)
        if spot is not None and not (part := spot.box.common(box)).empty:
            alpha, colour = alpha.copy(), colour.copy()
            place, source = part.seen_from(box), part.seen_from(spot.box)
            alpha[place], colour[place] = spot.alpha[source], spot.colour[source]
        return alpha, colour

    def _word(self, state: State) -> tuple[Page, Word] | None:
        page = self._page(state[0])
        return (page, page.words[state[1]]) if 0 <= state[1] < len(page.words) else None


class WordBoxed(_Spotted):
    space = 0.12

    def _draw_spot(self, state: State) -> Spot | None:
        found = self._word(state)
        if found is None:
            return None
        page, word = found
        accent, size = self.accent(state[0]), page.size
        top = word.baseline - self.set.face.baseline(size)
        side, inset = size * _PILL_SIDE, size * LINE_HEIGHT * _PILL_INSET
        _, high, _, low = self.set.face.at(size).getbbox(word.text)  # some scripts reach beyond a Latin line
        pill = (
            word.left - side,
            min(top + inset, word.baseline + high - inset),
            word.right + side,
            max(top + size * LINE_HEIGHT - inset, word.baseline + low + inset),
        )
        around = _outside(*pill).around(word.box).inside(self.box.width, self.box.height)
        moved = (pill[0] - around.left, pill[1] - around.top, pill[2] - around.left, pill[3] - around.top)
        fill = np.asarray(rounded((around.width, around.height), moved, size * _PILL_RADIUS))
        # the word in its new colour on the box, its neighbours as they were but for the shadow that the box covers
        place = (around.rows, around.columns)
        own = word.box.common(around)
        inks = page.inks(around)
        inks[own.seen_from(around)] = packed(self.set.colours.ink_on(accent))
        if page.ink.own is not None and page.ink.kept is not None:
            inks = np.where(page.ink.kept[place], packed(page.ink.own[place]), inks)
        alpha, colour = page.back[place].copy(), page.packed_behind(around)
        _lay_over(alpha, colour, fill, packed(accent))
        _lay_over(alpha, colour, page.ink.mask[place], inks)
        return Spot(around, alpha, unpacked(colour))


class Pop(_Spotted):
    """A state's third number counts the frames since its word began; the last one stays."""

    underlines = True
    space = 0.06

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.steps = max(1, round(_POP * setting.fps))

    def _more(self, frame: int, index: int, lit: int) -> State:
        if lit < 0:
            return (0,)
        since = frame / self.set.fps - self.set.groups[index].starts[lit]
        return (min(self.steps, max(0, floor(since * self.set.fps + 1e-6))),)

    def _draw_spot(self, state: State) -> Spot | None:
        found = self._word(state)
        if found is None:
            return None
        page, word = found
        if state[2] in (0, self.steps):  # not grown yet, or settled: its colour is all that changes
            own = word.box.inside(self.box.width, self.box.height)
            return Spot(own, page.alpha[own.rows, own.columns], coloured(page, own, self.accent(state[0])))
        placed, size = self._grown(page, word, state[2] / self.steps)
        left, top, right, bottom = self.set.face.at(size).getbbox(placed.text)
        bounds = _outside(placed.x + left, placed.y + top, placed.x + right, placed.y + bottom)
        box = bounds.around(word.box).inside(self.box.width, self.box.height)
        alpha, colour = self._without(page, word, box)
        large, ink = self._moving(placed, size, page, word, box), packed(self.accent(state[0]))
        if large.own is not None and large.kept is not None:
            ink = np.where(large.kept, packed(large.own), ink)
        whole = packed(colour)
        _lay_over(alpha, whole, large.mask, ink)
        return Spot(box, alpha, unpacked(whole))

    def _without(self, page: Page, word: Word, box: Box) -> tuple[Mask, Pixels]:
        """A part of the page as it would be without a word, but with the line that may be under it."""
        own = word.box.common(box)
        alpha, colour = page.alpha[box.rows, box.columns].copy(), page.colour[box.rows, box.columns].copy()
        alpha[own.seen_from(box)] = page.back[own.rows, own.columns]
        colour[own.seen_from(box)] = page.behind(own)
        for mark, _ in page.usual:
            if not (part := mark.common(own)).empty:
                alpha[part.seen_from(box)] = page.alpha[part.rows, part.columns]
                colour[part.seen_from(box)] = page.colour[part.rows, part.columns]
        return alpha, colour

    def _moving(self, placed: Placed, size: float, page: Page, word: Word, box: Box) -> Ink:
        """A word in a frame in which it moves: that of the page stretched, which nobody sees in motion."""
        if page.ink.own is not None:
            at = Placed(placed.text, placed.x - box.left, placed.y - box.top)
            return drawn([at], self.set.face, size, box.width, box.height)
        own, less = word.box.inside(self.box.width, self.box.height), page.size / size
        x, y = word.left - own.left, word.baseline - own.top
        matrix = (less, 0, x - (placed.x - box.left) * less, 0, less, y - (placed.y - box.top) * less)
        usual = Image.fromarray(page.ink.mask[own.rows, own.columns])
        moved = usual.transform((box.width, box.height), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
        return Ink(np.asarray(moved))

    def _grown(self, page: Page, word: Word, done: float) -> tuple[Placed, float]:
        """Where a word stands at a moment of its growth, and its size; no ink leaves the words' box."""
        size, face, box = page.size, self.set.face, self.set.box.moved(-self.box.left, -self.box.top)
        wide = (word.right - word.left) / size
        most = 1 + min(_MOST - 1, _SIDEWAYS / max(wide, 0.1))
        factor = _eased(done, most)
        middle = word.baseline + face.ink("x").top * size / 2
        while True:
            now = size * factor
            font = face.at(now)
            left, top, right, bottom = font.getbbox(word.text)
            x = (word.left + word.right) / 2 - font.getlength(word.text) / 2
            y = middle + (word.baseline - middle) * factor
            x = min(max(x, box.left - left + 2), box.right - right - 2)
            y = min(max(y, box.top - top + 1), box.bottom - bottom - 1)
            if factor <= 1 or (right - left + 4 <= box.width and bottom - top + 2 <= box.height):
                break
            factor = max(1.0, factor - 0.02)
        if factor <= 1:
            return Placed(word.text, word.left, word.baseline), size
        return Placed(word.text, x, y), now


def _eased(done: float, most: float) -> float:
    """From 1 quickly up to `most` in the first half, back to 1 in the second; level at the top and the end."""
    if done < 0.5:
        return 1 + (most - 1) * (1 - (1 - 2 * done) ** 2)
    fall = (2 * done - 1) ** 2 * (3 - 2 * (2 * done - 1))
    return most + (1 - most) * fall


def _lay_over(alpha: Mask, colour: Packed, mask: Mask, ink: Packed) -> None:
    """Lays ink, of one colour or of one for each pixel, over coverage and colours, in place; only at the edges of the
    ink is anything worked out."""
    full = mask == 255
    np.copyto(colour, ink, where=full)
    np.copyto(alpha, np.uint8(255), where=full)
    at = np.flatnonzero((mask > 0) & ~full)
    top, below = mask.ravel()[at].astype(np.int32), alpha.ravel()[at].astype(np.int32)
    total = top * 255 + below * (255 - top)
    inks = unpacked(ink.ravel()[at] if ink.ndim else ink).astype(np.int32)
    under = unpacked(colour.ravel()[at]).astype(np.int32)
    mixed = (inks * (top * 255)[:, None] + under * (below * (255 - top))[:, None] + (total // 2)[:, None]) // total[
        :, None
    ]
    colour.ravel()[at] = packed(mixed.astype(np.uint8))
    alpha.ravel()[at] = ((total + 127) // 255).astype(np.uint8)


def _outside(left: float, top: float, right: float, bottom: float) -> Box:
    """Whole pixels around edges, with one more for smoothed edges."""
    return Box(floor(left) - 1, floor(top) - 1, ceil(right) + 1, ceil(bottom) + 1)
