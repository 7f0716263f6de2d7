"""How far two clocks of the same talk lie apart. In: words with times of one clock and words heard with times of the
other; out: where the heard words stand in the first, and stretches of one distance.

Pure: no disk, no sound. `probe` goes by it for a producer's transcript, `highlights.feed_times` for the page's marks.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import Match as Block
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import median

import numpy as np
import regex
from numpy.typing import NDArray

from clipper.speech.formats.cues import units
from clipper.speech.model import Word

Floats = NDArray[np.float64]

COMMON = 60  # times that a word or pair may be said and still tells a place
BROAD = 3.0  # seconds: votes this close are for one distance (times inside a cue are spread, not measured)
SLACK = 4.0  # seconds that a single word may lie off its distance
APART = 1.0  # seconds: less between two distances is one distance
CHANGE = 0.3  # what another distance must be worth, as a share of a window's words
TRIED = 4  # distances that are looked at more closely for each window
MATCHED = 0.35  # share of what was heard, rare words weighing more, that must stand there in order
MATCHED_NEAR = 0.2  # the same where the distance is known: half of a window may be on the other side of a border
FEWEST = 4  # words
ALONE = 6  # words: fewer at an edge, with as many between them and the others, are chance
RARE = 0.5  # of the greatest weight: a word that counts without a neighbour that matches too

_PARTS = regex.compile(r"[\w]+")
_SILENT = str.maketrans("", "", "'’`´-")


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands from `start` on (in its own times) lies `by` seconds too early; `marks` say so."""

    start: float
    by: float
    marks: int


def by_at(start: float, pieces: Sequence[Piece]) -> float:
    """By how much what stands at `start` is moved; what stands before all pieces goes with the first.

    >>> by_at(5.0, [Piece(0.0, 0.0, 3), Piece(4.0, 31.0, 2)])
    31.0
    """
    by = [p.by for p in pieces if p.start <= start + 0.01]
    return by[-1] if by else pieces[0].by if pieces else 0.0


def side(by: float) -> str:
    """In words on which side a time lies that must be moved by so many seconds.

    >>> side(31.0), side(-2.0)
    ('early', 'late')
    """
    return "early" if by > 0 else "late"


@dataclass(frozen=True, slots=True)
class Said:
    """Words as they can be compared: lower case, no punctuation, one entry a word (a character without spaces).

    Attributes:
        times: seconds at which each begins, shape (n,).
        word: the number of the `Word` that each comes from, shape (n,).
    """

    keys: tuple[str, ...]
    times: Floats
    word: NDArray[np.int64]


def said(words: Iterable[Word]) -> Said:
    """What `words` say.

    >>> said([Word(text="Don't,", start=1, end=2), Word(text="東京", start=2, end=3)]).keys
    ('dont', '東', '京')
    """
    keys: list[str] = []
    times: list[float] = []
    numbers: list[int] = []
    for number, word in enumerate(words):
        plain = unicodedata.normalize("NFKC", word.text).casefold().translate(_SILENT)
        parts = [part for unit, _ in units(plain) for part in _PARTS.findall(unit)]
        for k, part in enumerate(parts):
            keys.append(part)
            times.append(word.start + (word.end - word.start) * k / len(parts))
            numbers.append(number)
    return Said(tuple(keys), np.array(times, dtype=np.float64), np.array(numbers, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Match:
    """Where a window's words stand in the given ones.

    Attributes:
        by: seconds that the given times must be moved by (median over the words).
        share: of what was heard, rare words weighing more.
        first, last: the first and last given entry that was heard.
        before, after: heard entries before the first and after the last one that matches.
        differences: heard minus given, a word each.
    """

    by: float
    share: float
    first: int
    last: int
    before: int
    after: int
    differences: tuple[float, ...]


class Given:
    """A transcript's words, indexed so that others are found in them."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.said = said(words)
        self._places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for feature, i in _features(self.said.keys):
            self._places[feature].append(i)

    @property
    def times(self) -> Floats:
        return self.said.times

    def weight(self, key: str) -> float:
        """How much a word tells: 1 where it is said once or never, towards 0 where it is said always."""
        size = len(self.said.keys) + 2
        return math.log(size / max(1, len(self._places.get((key,), ())))) / math.log(size)

    def matches(self, heard: Said) -> list[Match]:
        """Where `heard` may stand, near or far, best first; empty where it stands nowhere."""
        offsets: list[float] = []
        weights: list[float] = []
        for feature, i in _features(heard.keys):
            places = self._places.get(feature, ())
            if len(places) <= COMMON:
                offsets.extend(float(heard.times[i] - self.times[j]) for j in places)
                weights.extend([math.log((len(self.said.keys) + 2) / len(places)) if places else 0.0] * len(places))
        found: list[Match] = []
        for by in _peaks(np.array(offsets), np.array(weights)):
            match = self.at(heard, by, MATCHED)
            if match is not None and all(abs(match.by - m.by) >= APART for m in found):
                found.append(match)
        return sorted(found, key=lambda m: -m.share)

    def at(self, heard: Said, by: float, least: float = MATCHED_NEAR) -> Match | None:
        """How `heard` stands at about the distance `by`; None where less than the share `least` does."""
        if not heard.keys:
            return None
        low, high = np.searchsorted(self.times, [heard.times[0] - by - SLACK, heard.times[-1] - by + SLACK])
        keys = self.said.keys[low:high]
        blocks = [
            block
            for block in SequenceMatcher(None, keys, heard.keys, autojunk=False).get_matching_blocks()
            if block.size > 1 or (block.size == 1 and self.weight(keys[block.a]) >= RARE)
        ]
        pairs = [(int(low) + b.a + k, b.b + k) for b in _together(blocks) for k in range(b.size)]
        for middle, slack in ((by, SLACK), (None, BROAD)):
            if len(pairs) < FEWEST:
                return None
            middle = median(self._apart(heard, pair) for pair in pairs) if middle is None else middle
            pairs = [pair for pair in pairs if abs(self._apart(heard, pair) - middle) <= slack]
        if len(pairs) < FEWEST:
            return None
        share = sum(self.weight(heard.keys[h]) for _, h in pairs) / sum(self.weight(k) for k in heard.keys)
        if share < least:
            return None
        apart = tuple(self._apart(heard, pair) for pair in pairs)
        return Match(
            median(apart), share, pairs[0][0], pairs[-1][0], pairs[0][1], len(heard.keys) - 1 - pairs[-1][1], apart
        )

    def _apart(self, heard: Said, pair: tuple[int, int]) -> float:
        return float(heard.times[pair[1]] - self.times[pair[0]])


def _together(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks without those of a few words at the edges that stand alone: chance puts them there."""
    first, last = 0, len(blocks)
    while last - first > 1 and _alone(blocks[first], _gap(blocks[first], blocks[first + 1])):
        first += 1
    while last - first > 1 and _alone(blocks[last - 1], _gap(blocks[last - 2], blocks[last - 1])):
        last -= 1
    return blocks[first:last]


def _alone(block: Block, gap: int) -> bool:
    return block.size < min(ALONE, gap + 1)


def _gap(one: Block, other: Block) -> int:
    return other.b - one.b - one.size


def _features(keys: Sequence[str]) -> list[tuple[tuple[str, ...], int]]:
    """Words and pairs of words with their places: without spaces only pairs of characters tell anything."""
    return [((key,), i) for i, key in enumerate(keys)] + [(pair, i) for i, pair in enumerate(pairwise(keys))]


def _peaks(offsets: Floats, weights: Floats) -> list[float]:
    """The distances that most votes are for, the best first."""
    order = np.argsort(offsets)
    offsets, weights = offsets[order], weights[order]
    found: list[float] = []
    for _ in range(TRIED):
        if not len(offsets):
            break
        total = np.concatenate([[0.0], np.cumsum(weights)])
        ends = np.searchsorted(offsets, offsets + BROAD, side="right")
        sums = total[ends] - total[:-1]
        best = int(np.argmax(sums))
        found.append(float(np.median(offsets[best : ends[best]])))
        left = (offsets < offsets[best] - BROAD) | (offsets > offsets[best] + 2 * BROAD)
        offsets, weights = offsets[left], weights[left]
    return found


def chain(windows: Sequence[Sequence[Match]]) -> list[Match | None]:
    """The match of each window that is believed, or None, windows in order of time.

    What was said later stands later, and few distances explain all: the sum of shares counts, less CHANGE for each
    change of distance. So a sponsor read that comes twice is found at its neighbours' distance.
    """
    rows = [(w, m) for w, matches in enumerate(windows) for m in matches]
    best: list[float] = []
    back: list[int | None] = []
    for n, (w, match) in enumerate(rows):
        value, before = 0.0, None
        for k, (earlier, other) in enumerate(rows[:n]):
            if earlier < w and other.last < match.first:
                worth = best[k] - (CHANGE if abs(other.by - match.by) >= APART else 0.0)
                if worth > value:
                    value, before = worth, k
        best.append(value + match.share)
        back.append(before)
    chosen: list[Match | None] = [None] * len(windows)
    at: int | None = max(range(len(rows)), key=lambda n: best[n]) if rows else None
    while at is not None:
        chosen[rows[at][0]] = rows[at][1]
        at = back[at]
    return chosen
