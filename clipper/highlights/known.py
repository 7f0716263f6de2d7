"""Which passages of a talk were used or refused before. In: a talk, the words of earlier clips; out: where they are
said again, and the runs that repeat them. Pure.

By words and not by times: an episode that is uploaded again has other times, and another recogniser spells otherwise.
Pairs of words, next to each other or with one between, must come again at about one common distance; chance meetings
lie at all distances.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.language import normal
from clipper.highlights.signals.base import Runs
from clipper.highlights.talk import Talk

SHARE = 0.5  # of a passage's words that must come again; measured in docs/choosing.md
LEAST = 8  # words of a passage that counts: fewer are said by chance
DRIFT = 0.1  # of a passage's length that words may be left out or put in along the way
HALF = 0.5  # of the shorter one: from here on a run repeats a passage
UNSPACED = 0x0E00  # from Thai on, scripts that may be written without spaces


@dataclass(frozen=True, slots=True)
class Passage:
    """What was said in an earlier clip, and why it is not to be offered ("you left it out in clips.yaml (c3)")."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Place:
    """Words `first` up to `last` of a talk that say again what a passage said; `share` of its words came again."""

    first: int
    last: int
    share: float


class WordIndex:
    """The words of a talk, prepared once for any number of passages."""

    def __init__(self, words: Sequence[str]) -> None:
        self._tokens: list[str] = []
        self._owner: list[int] = []
        for i, word in enumerate(words):
            for token in _tokens(word):
                self._tokens.append(token)
                self._owner.append(i)

    @cached_property
    def _grams(self) -> dict[tuple[str, ...], list[int]]:
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for gram, at, _ in _pairs(self._tokens):
            found[gram].append(at)
        return dict(found)

    def places(self, text: str) -> list[Place]:
        """Where the words of `text` are said again, best first, none overlapping another."""
        asked = [t for word in text.split() for t in _tokens(word)]
        n = len(asked)
        if n < LEAST or not self._tokens:
            return []
        hits = [(i, j, reach) for gram, i, reach in _pairs(asked) for j in self._grams.get(gram, ())]
        if not hits:
            return []
        here, there, reach = (np.array(column, dtype=np.int64) for column in zip(*hits, strict=True))
        away = there - here + n  # never negative
        slack = max(2, int(DRIFT * n))
        # a hit in twenty at one distance, at least, or the passage cannot be there
        crowd = np.convolve(np.bincount(away), np.ones(2 * slack + 1, dtype=np.int64))[slack:]
        out: list[Place] = []
        for distance in np.argsort(-crowd, kind="stable")[:50].tolist():
            if crowd[distance] < SHARE * n / 2:
                break
            near = np.abs(away - distance) <= slack
            heard = np.zeros(n, dtype=bool)
            heard[here[near]] = True
            heard[here[near] + reach[near]] = True
            share = float(heard.mean())
            first, last = int(there[near].min()), int((there[near] + reach[near]).max()) + 1
            place = Place(self._owner[first], self._owner[last - 1] + 1, share)
            if share >= SHARE and all(place.last <= p.first or p.last <= place.first for p in out):
                out.append(place)
        return out


def repeats(talk: Talk, found: Runs, passages: Iterable[Passage]) -> tuple[NDArray[np.int64], tuple[Passage, ...]]:
    """For each run the number of the passage that it repeats, -1 for none, shape (m,); and the passages themselves.

    Only passages that are said again in this talk are given back.
    """
    which = np.full(len(found), -1, dtype=np.int64)
    index = WordIndex([w.text for w in talk.words])
    begin = np.array([s.first for s in talk.sentences], dtype=np.int64)[found.first]
    end = np.array([s.last for s in talk.sentences], dtype=np.int64)[found.last - 1]
    heard: list[Passage] = []
    for passage in passages:
        places = index.places(passage.text)
        for place in places:
            common = np.minimum(end, place.last) - np.maximum(begin, place.first)
            same = common >= HALF * np.minimum(end - begin, place.last - place.first)
            which[same & (which < 0)] = len(heard)
        if places:
            heard.append(passage)
    return which, tuple(heard)


def _tokens(word: str) -> list[str]:
    plain = "".join(c for c in normal(word) if c.isalnum())
    return list(plain) if any(ord(c) >= UNSPACED for c in plain) else [plain] if plain else []


def _pairs(tokens: Sequence[str]) -> list[tuple[tuple[str, ...], int, int]]:
    """Each word with the next and with the one after that, its place, and how far the other one is.

    Characters of a script without spaces go by threes: pairs of them are too common.
    """
    out: list[tuple[tuple[str, ...], int, int]] = []
    for i, token in enumerate(tokens):
        if len(token) == 1 and ord(token) >= UNSPACED:
            if i + 2 < len(tokens):
                out.append((tuple(tokens[i : i + 3]), i, 2))
            continue
        for step in (1, 2):
            if i + step < len(tokens):
                out.append(((token, "" if step == 1 else "_", tokens[i + step]), i, step))
    return out
