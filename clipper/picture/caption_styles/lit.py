"""The spoken word takes the accent's colour: all of it at once ("word-lit"), or from its beginning to its end while it
is spoken ("sweep")."""

from __future__ import annotations

from math import ceil, floor

import numpy as np

from clipper.picture.bidi import starts_rtl
from clipper.picture.caption_styles.base import Captions, Setting, State
from clipper.picture.caption_styles.ink import Mask
from clipper.picture.caption_styles.page import Page, Pixels, Word, coloured
from clipper.picture.geometry import Box

_FINEST = 2  # steps a pixel of the sweep
_SOFT = 0.14  # em over which the sweep goes from one colour to the other


class WordLit(Captions):
    underlines = True

    def _pixels(self, state: State, box: Box) -> tuple[Mask, Pixels]:
        alpha, colour = super()._pixels(state, box)
        page = self._page(state[0])
        if 0 <= state[1] < len(page.words) and not (part := page.words[state[1]].box.common(box)).empty:
            colour = colour.copy()
            colour[part.seen_from(box)] = coloured(page, part, self.accent(state[0]))
        return alpha, colour


class Sweep(Captions):
    """A state's third number is how far into its lit word the colour has come, in parts of a pixel."""

    underlines = True

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.soft = max(1.0, self.type_size * _SOFT)

    def state(self, frame: int) -> State:
        index, *_ = state = super().state(frame)
        if index < 0:
            return state
        group, time = self.set.groups[index], frame / self.set.fps
        word = max((k for k, start in enumerate(group.starts) if start <= time), default=-1)
        if word < 0:
            return index, -1, 0
        # what was spoken stays coloured, also in the pause behind it
        length = max(1e-3, min(group.ends[word], group.end) - group.starts[word])
        share = min(1.0, max(0.0, (time - group.starts[word]) / length))
        words = self._page(index).words
        wide = words[word].right - words[word].left if word < len(words) else 0.0
        return index, word, round(share * (wide + self.soft) * _FINEST)

    def _differences(self, then: State, now: State) -> list[Box]:
        words = self._page(now[0]).words
        early, late = sorted((then[1:], now[1:]))
        if early[0] == late[0]:
            return [self._strip(words[late[0]], early[1], late[1])] if late[0] >= 0 else []
        between = words[max(0, early[0]) : late[0] + 1]
        return [word.box for word in between]

    def _strip(self, word: Word, low: int, high: int) -> Box:
        """The columns of a word in which two positions differ."""
        near, far = low / _FINEST - self.soft, high / _FINEST
        if starts_rtl(word.text):
            left, right = word.right - far, word.right - near
        else:
            left, right = word.left + near, word.left + far
        return Box(floor(left) - 1, word.box.top, ceil(right) + 1, word.box.bottom).common(word.box)

    def _pixels(self, state: State, box: Box) -> tuple[Mask, Pixels]:
        alpha, colour = super()._pixels(state, box)
        page = self._page(state[0])
        met = [w for w in page.words[: state[1] + 1] if w.box.meets(box)]
        if met:
            colour = colour.copy()
        for word in met:
            part = word.box.common(box)
            done = word.number < state[1]
            colour[part.seen_from(box)] = self._swept(page, word, part, state, done)
        return alpha, colour

    def _swept(self, page: Page, word: Word, part: Box, state: State, done: bool) -> Pixels:
        accent = self.accent(state[0])
        if done:
            return coloured(page, part, accent)
        x = np.arange(part.left, part.right) + 0.5
        gone = word.right - x if starts_rtl(word.text) else x - word.left
        share = np.clip((state[2] / _FINEST - gone) / self.soft, 0, 1)[:, None]
        text = np.array(self.set.colours.text, np.float64)
        return coloured(page, part, np.rint(text + (np.array(accent) - text) * share).astype(np.uint8))
