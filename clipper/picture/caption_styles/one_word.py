"""One word at a time, as large as its box allows; short words come together with the next one, so that nothing changes
more than three times a second if it can be helped. A word comes in by growing a little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import floor

import numpy as np
from PIL import Image

from clipper.picture.caption_group import Group, layout
from clipper.picture.caption_styles.base import Captions, Setting, State
from clipper.picture.caption_styles.ink import Mask
from clipper.picture.caption_styles.page import Pixels
from clipper.picture.geometry import Box
from clipper.picture.phrases import bare, ends_sentence, recognised
from clipper.picture.text import LINE_HEIGHT, Block

LEAST = 1 / 3  # seconds that a word is there, if the words after it can wait
MOST = 3  # words that come together
_GROWS = 0.12  # seconds
_FROM = 0.86  # of its size
_LARGEST = 1.45  # of the template's size for captions, where the box has room


def units(group: Group) -> list[tuple[int, int]]:
    """Which words of a group are shown together: the first, and the one behind the last."""
    function = recognised(group.words).words.get("never_last", frozenset())
    out: list[tuple[int, int]] = []
    first = 0
    for last in range(1, len(group.words) + 1):
        word = group.words[last - 1]
        following = group.starts[last] if last < len(group.words) else group.end
        enough = following - group.starts[first] >= LEAST and bare(word) not in function
        if enough or last - first >= MOST or last == len(group.words) or ends_sentence(word):
            out.append((first, last))
            first = last
    if len(out) > 1 and group.end - group.starts[out[-1][0]] < LEAST and out[-1][1] - out[-2][0] <= MOST:
        out[-2:] = [(out[-2][0], out[-1][1])]
    return out


def split(groups: Sequence[Group]) -> list[Group]:
    """Groups of what is shown together, one line each."""
    out: list[Group] = []
    for group in groups:
        parts = units(group)
        for i, (first, last) in enumerate(parts):
            start = group.start if i == 0 else group.starts[first]
            end = group.end if i + 1 == len(parts) else group.starts[parts[i + 1][0]]
            out.append(
                replace(
                    group,
                    words=group.words[first:last],
                    starts=group.starts[first:last],
                    ends=group.ends[first:last],
                    start=start,
                    end=end,
                    rows=(last - first,),
                    scale=1.0,
                    spaces=group.spaces[first:last],
                    emphasis=group.emphasis[first:last],
                    sounds=group.sounds[first:last],
                )
            )
    return out


class OneWord(Captions):
    """A state's third number counts the frames since its word came; the last one stays."""

    lit = False

    def __init__(self, setting: Setting) -> None:
        super().__init__(replace(setting, groups=split(setting.groups)))
        self.steps = max(1, round(_GROWS * setting.fps))
        self._growing = lru_cache(maxsize=2)(self._smaller)

    def _laid(self, group: Group) -> Block:
        box = self.words_box
        size = min(self.type_size * _LARGEST, box.height / LINE_HEIGHT)
        return layout(group, self.set.face, box.width, box.height, size, 1.0, 1)

    def _more(self, frame: int, index: int, lit: int) -> State:
        since = frame / self.set.fps - self.set.groups[index].start
        return (min(self.steps, max(0, floor(since * self.set.fps + 1e-6))),)

    def _differences(self, then: State, now: State) -> list[Box]:
        return [self._page(now[0]).box]

    def _pixels(self, state: State, box: Box) -> tuple[Mask, Pixels]:
        if state[2] >= self.steps:
            return super()._pixels(state, box)
        place, pixels = self._growing(state)
        out = np.zeros((box.height, box.width, 4), np.uint8)
        part = place.common(box)
        if not part.empty:
            out[part.seen_from(box)] = pixels[part.seen_from(place)]
        return out[..., 3], out[..., :3]

    def _smaller(self, state: State) -> tuple[Box, Pixels]:
        """The page at a moment of its growth: where it lies, and RGBA."""
        page = self._page(state[0])
        box = page.box
        done = 1 - (1 - (state[2] + 1) / (self.steps + 1)) ** 2
        factor = _FROM + (1 - _FROM) * done
        width, height = max(1, round(box.width * factor)), max(1, round(box.height * factor))
        left, top = box.left + (box.width - width) // 2, box.top + (box.height - height) // 2
        whole = np.dstack([page.colour[box.rows, box.columns], page.alpha[box.rows, box.columns]])
        if not whole.size:
            return box, whole
        # colours under clear pixels must not bleed into the edges: premultiplied while it is scaled
        small = (
            Image.fromarray(whole).convert("RGBa").resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
        )
        return Box(left, top, left + width, top + height), np.asarray(small.convert("RGBA"))
