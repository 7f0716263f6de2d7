"""Captions: the words of a clip in groups that read as phrases, timed to the frame.

In: the clip's words (times from the clip's start), a face and a box; out: `Group`s, the same for the picture and for
the SRT and VTT beside it.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import regex

from clipper.picture.breaks import Broken, break_lines
from clipper.picture.caption_group import SIDE, Group, active, layout
from clipper.picture.phrases import Classes, ends_sentence, prices, recognised
from clipper.picture.segments import glued
from clipper.picture.text import LINE_HEIGHT, Face, check_glyphs, clean
from clipper.picture.wording import Emphasis, clip_words, sounds
from clipper.speech.model import Word

__all__ = ["AIM", "LEAD", "Emphasis", "Group", "active", "clip_words", "group", "layout", "letters"]

HOLD = 0.5  # seconds that a group stays after its last word when nothing follows
LEAD = 0.3  # seconds that a group may come before its first word, to be there long enough
LEAST = 0.05  # seconds that any group is there, whatever the words' times say
AIM = 20.0  # Latin letters a second that are read without haste; source: see reading.toml
_MOST_WORDS = 14  # in a group
# What counts in choosing groups, against the prices of breaks in phrases.py (0 where a break is welcome, 1 between any
# two words, over 5 after an article).
_EACH = 0.7  # every group: few are better than many
_EMPTY = 0.9  # a group that fills nothing of its box
_INNER_SENTENCE, _INNER_CLAUSE = 2.2, 0.2  # a sentence's or a clause's end inside a group
_TORN = 1.5  # a sentence that begins in a group after the end of another and does not end in it
_BREAK = 1.6  # times the price of the break behind the group
_HASTE = 4.0  # a group that is there for no time at all, against one that has its least time
_FAST = 0.05  # each character a second above the aim
_ALONE = 1.0  # a single word
_LINES = 0.8  # of the price of its line breaks
_PAUSE = 1.2  # each second of silence at a break, up to half a second


def group(
    words: Sequence[Word],
    face: Face,
    size: float,
    width: int,
    lines: int,
    gap: float,
    seconds: float,
    duration: float,
    *,
    height: float | None = None,
    language: str | None = None,
    emphasis: Emphasis | None = None,
) -> list[Group]:
    """Breaks words into groups of at most `lines` lines of `width` pixels at type size `size`.

    A group always ends at a pause of `gap` seconds and where the speaker changes. Elsewhere the cheapest way to cut the
    whole clip is taken: ends of sentences and clauses first, then before conjunctions and prepositions, never after an
    article, groups even and there for at least `seconds`. The first group stands from the clip's first frame on, and a
    group stays until the next one comes if that is soon.

    Args:
        height: of the box in pixels, if the type has to be smaller for all lines to fit.
        language: ISO 639-1; without it the words themselves tell.
        emphasis: which of `words` are to stand out (see `clipper.picture.wording.read`).

    Raises:
        InputError: a character that the face cannot draw.
    """
    spoken = _in_order(words, duration, emphasis or Emphasis())
    if not spoken:
        return []
    check_glyphs(" ".join(w.text for w in spoken), face)
    scale = 1.0 if height is None else min(1.0, height / (lines * LINE_HEIGHT * size))
    room = width / (size * scale) - 2 * SIDE
    classes = recognised([w.text for w in spoken], language)
    runs: list[tuple[list[_Said], Broken | None]] = []
    stretches = _stretches(spoken, gap)
    for i, stretch in enumerate(stretches):
        after = stretches[i + 1][0].start if i + 1 < len(stretches) else duration
        runs += _Cut(stretch, face, room, lines, seconds, after, classes).runs()
    times = _times([run for run, _ in runs], gap, seconds, duration)
    return [_grouped(run, broken, start, end, scale) for (run, broken), (start, end) in zip(runs, times, strict=True)]


class _Said(Word):
    """A word to be shown, and whether it stands out or is no speech."""

    loud: bool = False
    sound: bool = False


def _in_order(words: Sequence[Word], duration: float, emphasis: Emphasis) -> list[_Said]:
    """Words that can be shown, their times inside the clip and never running backwards."""
    out: list[_Said] = []
    latest = 0.0
    silent = sounds([word.text for word in words])
    for i, word in enumerate(words):
        text = " ".join(clean(word.text).split())
        if not text:
            continue
        start = min(max(word.start, latest), duration)
        end = min(max(word.end, start), duration)
        latest = start
        fields = {**dict(word), "text": text, "start": start, "end": end}
        out.append(_Said(**fields, loud=i in emphasis.words, sound=silent[i]))
    return out


def _stretches(words: Sequence[_Said], gap: float) -> list[list[_Said]]:
    """Words between two pauses, of one speaker."""
    out: list[list[_Said]] = []
    for word in words:
        last = out[-1][-1] if out else None
        if last is None or word.start - last.end >= gap or word.speaker != last.speaker:
            out.append([])
        out[-1].append(word)
    return out


class _Cut:
    """The cheapest way to cut one stretch of words into groups, by dynamic programming over the break points.

    Args:
        room: em that a line may take.
        after: when the next stretch begins, in seconds.
    """

    def __init__(
        self, words: list[_Said], face: Face, room: float, lines: int, seconds: float, after: float, classes: Classes
    ) -> None:
        self.words, self.room, self.lines, self.seconds, self.after = words, room, lines, seconds, after
        texts = [w.text for w in words]
        # a word that no space follows is glued to the next one: a line breaks there, if at all, where its script allows
        follows = [*(word.space for word in words[1:]), True]
        texts = [word.text if space else glued(word.text) for word, space in zip(words, follows, strict=True)]
        self.spaces = [face.width(" ", 1.0) * space for space in follows]
        self.widths = [face.width(word.text, 1.0) for word in words]
        self.prices = prices(texts, classes)
        self.letters = [letters(word.text) for word in words]
        self.stops = [ends_sentence(word.text) for word in words]
        self.commas = [word.text.endswith(",") for word in words]
        self.apart = [word.space for word in words]

    def runs(self) -> list[tuple[list[_Said], Broken | None]]:
        """Groups in order, each with its lines; None for a single word that is wider than a line."""
        count = len(self.words)
        cost = [0.0] + [float("inf")] * count
        back: list[tuple[int, Broken | None]] = [(0, None)] * (count + 1)
        for end in range(1, count + 1):
            for first in range(end - 1, max(-1, end - 1 - _MOST_WORDS), -1):
                broken = break_lines(
                    self.widths[first:end], self.spaces[first:end], self.room, self.lines, self.prices[first:end]
                )
                if broken is None and end - first > 1:
                    break
                price = cost[first] + self._price(first, end, broken)
                if price < cost[end]:
                    cost[end], back[end] = price, (first, broken)
        out: list[tuple[list[_Said], Broken | None]] = []
        at = count
        while at > 0:
            first, broken = back[at]
            out.append((self.words[first:at], broken))
            at = first
        return out[::-1]

    def _price(self, first: int, end: int, broken: Broken | None) -> float:
        begins, last, count = self.words[first].start, self.words[end - 1].end, end - first
        filled = (sum(self.widths[first:end]) + sum(self.spaces[first : end - 1])) / (self.room * self.lines)
        price = _EACH + _EMPTY * (1 - min(1.0, filled)) ** 2 + _LINES * (broken.cost if broken else 0.0)
        if count == 1 and len(self.words) > 1:
            price += _ALONE
        inner = sum(self.stops[first : end - 1])
        price += _INNER_SENTENCE * inner + (_TORN if inner and not self.stops[end - 1] else 0.0)
        price += _INNER_CLAUSE * sum(self.commas[first : end - 1])
        if end < len(self.words):
            following = self.words[end].start
            price += _BREAK * self.prices[end - 1] - _PAUSE * min(0.5, max(0.0, following - last))
        else:
            following = max(last, min(self.after, last + HOLD))
        before = self.words[first - 1].end if first else begins - LEAD
        there = following - max(before, begins - LEAD)
        if there < self.seconds:
            price += _HASTE * (1 - there / self.seconds)
        read = sum(self.letters[first:end]) + sum(self.apart[first + 1 : end])
        return price + _FAST * max(0.0, read / max(0.1, following - begins) - AIM)


def _times(runs: list[list[_Said]], gap: float, seconds: float, duration: float) -> list[tuple[float, float]]:
    """Start and end of each group; none overlaps another and every one is there for a moment at least.

    A group that would be gone too soon comes a little before its first word, if the last word of the one before has
    ended by then and that one has had its own time.
    """
    starts = [0.0]
    for i in range(1, len(runs)):
        own = runs[i][0].start
        following = runs[i + 1][0].start if i + 1 < len(runs) else duration
        missing = seconds - (following - own)
        earliest = max(own - LEAD, runs[i - 1][-1].end, min(own, starts[-1] + seconds))
        starts.append(min(own, max(own - max(0.0, missing), earliest)))
    least = min(LEAST, duration / max(1, len(runs)))
    for i in range(1, len(runs)):
        starts[i] = max(starts[i], starts[i - 1] + least)
    for i in range(len(runs) - 1, 0, -1):
        starts[i] = min(starts[i], duration - (len(runs) - i) * least)
    out = []
    for i, run in enumerate(runs):
        following = starts[i + 1] if i + 1 < len(runs) else duration
        wanted = max(run[-1].end, starts[i] + seconds)
        end = following if following - wanted <= gap + HOLD else wanted + HOLD
        out.append((starts[i], min(end, following)))
    return out


def letters(text: str) -> float:
    """How much there is to read, in Latin letters."""
    if text.isascii():
        return len(text)
    return sum(weight * len(regex.findall(characters, text)) for characters, weight in _weights())


@cache
def _weights() -> list[tuple[str, float]]:
    speed = tomllib.loads(Path(__file__).with_name("reading.toml").read_text(encoding="utf-8"))
    kinds = {"han": r"\p{Han}", "kana": r"[\p{Hiragana}\p{Katakana}]", "hangul": r"\p{Hangul}"}
    rest = r"[^\p{M}\p{Cf}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"
    return [*((characters, float(speed[name])) for name, characters in kinds.items()), (rest, 1.0)]


def _grouped(run: list[_Said], broken: Broken | None, start: float, end: float, scale: float) -> Group:
    edges = [0, *(broken.ends if broken else (len(run),))]
    return Group(
        tuple(w.text for w in run),
        tuple(w.start for w in run),
        tuple(w.end for w in run),
        start,
        end,
        run[0].speaker,
        tuple(b - a for a, b in itertools.pairwise(edges)),
        scale,
        spaces=() if all(w.space for w in run) else tuple(w.space for w in run),
        emphasis=tuple(w.loud for w in run) if any(w.loud for w in run) else (),
        sounds=tuple(w.sound for w in run) if any(w.sound for w in run) else (),
    )
