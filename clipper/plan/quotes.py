"""Where quoted words are said: words of a transcript and a producer's quote in, matches out.

Case, punctuation, accents and spacing do not count. A misheard word or two is forgiven, and what was nearest is
told where nothing fits.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property

from clipper.speech.model import Word

CLOSE = 0.8  # share of letters in common from which a passage counts as the one that was meant
BAND = 0.05  # matches this much worse than the best still compete by their place
TRIES = 400  # places that are compared letter by letter; the ones that share most words come first
UNSPACED = 0x0E00  # from Thai on, scripts that may be written without spaces


@dataclass(frozen=True, slots=True)
class Match:
    """The words `first` up to, but not with, `last`; `likeness` is 1.0 where every letter agrees."""

    first: int
    last: int
    likeness: float


def letters(text: str) -> str:
    """What counts when words are compared: letters and digits, without case, accents and punctuation.

    >>> letters("Don’t, Siobhán!")
    'dontsiobhan'
    """
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", apart) if c.isalnum())


class QuoteIndex:
    """The words of a transcript, prepared once for any number of quotes."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = [letters(w.text) for w in words]
        self._flat = "".join(self._words)
        self._owner = [i for i, w in enumerate(self._words) for _ in w]

    @cached_property
    def _spoken(self) -> list[int]:
        """Numbers of the words that have letters: a dash of its own is none."""
        return [i for i, w in enumerate(self._words) if w]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """For each word, where it stands among the spoken ones."""
        places: dict[str, list[int]] = defaultdict(list)
        for at, i in enumerate(self._spoken):
            places[self._words[i]].append(at)
        return dict(places)

    def exact(self, quote: str) -> list[Match]:
        """Every place where the quote is said letter for letter, from the first letter of a word to the last of one."""
        needle = letters(quote)
        found: list[Match] = []
        loose: list[Match] = []
        at = self._flat.find(needle) if needle else -1
        while at >= 0:
            end = at + len(needle)
            match = Match(self._owner[at], self._owner[end - 1] + 1, 1.0)
            opens = at == 0 or self._owner[at - 1] != self._owner[at]
            closes = end == len(self._owner) or self._owner[end] != self._owner[end - 1]
            (found if opens and closes else loose).append(match)
            at = self._flat.find(needle, at + 1)
        unspaced = all(ord(c) >= UNSPACED for c in needle)
        return found or (loose if unspaced else [])

    def near(self, quote: str) -> list[Match]:
        """Places that are most like the quote, best first; `likeness` says how much."""
        asked = [w for w in map(letters, quote.split()) if w]
        hits: Counter[int] = Counter()
        for j, word in enumerate(asked):
            known = [word] if word in self._places else []
            for similar in known or get_close_matches(word, self._places, n=3, cutoff=0.6):
                for at in self._places[similar]:
                    hits[at - j] += 1
        needle = "".join(asked)
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(needle)
        best: dict[int, Match] = {}
        for start, _ in hits.most_common(TRIES):
            for first in (start - 1, start, start + 1):
                for size in (len(asked) - 1, len(asked), len(asked) + 1):
                    match = self._compare(first, size, asked, matcher)
                    if match and (match.first not in best or best[match.first].likeness < match.likeness):
                        best[match.first] = match
        return sorted(best.values(), key=lambda m: (-m.likeness, m.first))

    def _compare(self, at: int, size: int, asked: list[str], matcher: SequenceMatcher[str]) -> Match | None:
        if size < 1 or at < 0 or at + size > len(self._spoken):
            return None
        numbers = self._spoken[at : at + size]
        said = [self._words[i] for i in numbers]
        matcher.set_seq1("".join(said))
        likeness = 0.0 if matcher.real_quick_ratio() < 0.4 else matcher.ratio()
        if size == len(asked) >= 4 and sum(a != b for a, b in zip(said, asked, strict=True)) <= 1:
            # One word in four or more heard as something else altogether: a name, mostly.
            likeness = max(likeness, CLOSE)
        return Match(numbers[0], numbers[-1] + 1, likeness)

    def matches(self, quote: str) -> list[Match]:
        """The places that may be meant: exact ones, else those that are alike enough and among the best."""
        exact = self.exact(quote)
        if exact:
            return exact
        near = self.near(quote)
        floor = max(CLOSE, near[0].likeness - BAND) if near else CLOSE
        return [m for m in near if m.likeness >= floor]
