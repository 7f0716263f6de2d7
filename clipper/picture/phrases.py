"""Where a phrase may be broken for reading: before "and" or "of", after a comma, never after "the".

In: words with their punctuation; out: the price of a break after each, 0 where it is welcome, over 5 where
it hurts.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path

from clipper.picture.segments import GLUE, break_costs

CLAUSE_ENDS = tuple(",;:—–、，；：،؛")
SENTENCE_ENDS = tuple(".!?…。！？।॥؟۔")
CLOSERS = "\"'”’)]»」』）】》〉\u200b\u200e\u200f"  # and what is not seen behind them
_OPENERS = "\"'“‘([«¿¡「『（【《〈"
_SURE = 0.12  # share of words that are function words, from which on a language counts as recognised
_HURTS = {"titles": 5.0, "never_last": 5.0, "numbers": 2.6, "prepositions": 2.0, "conjunctions": 2.0}
_HURTS |= {"pronouns": 1.2, "auxiliaries": 0.8}
_HELPS = {"conjunctions": 0.6, "prepositions": 0.45, "pronouns": 0.4, "never_last": 0.25, "auxiliaries": 0.1}


@dataclass(frozen=True, slots=True)
class Classes:
    """The function words of a language by class (see function_words.toml)."""

    words: dict[str, frozenset[str]]

    def of(self, word: str) -> tuple[str, ...]:
        return tuple(name for name, members in self.words.items() if word in members)

    def all(self) -> frozenset[str]:
        return frozenset().union(*self.words.values())

    def share(self, words: Sequence[str]) -> float:
        everything = self.all()
        return sum(w in everything for w in words) / max(1, len(words))


@cache
def languages() -> dict[str, Classes]:
    """All languages that the data file knows, by ISO 639-1 code."""
    text = Path(__file__).with_name("function_words.toml").read_text(encoding="utf-8")
    return {
        code: Classes({name: frozenset(members.split()) for name, members in classes.items()})
        for code, classes in tomllib.loads(text).items()
    }


def recognised(words: Sequence[str], language: str | None = None) -> Classes:
    """The function words of `language`, or of the one that most of the words' own function words belong to."""
    known = languages()
    if language in known:
        return known[language]
    plain = [bare(word) for word in words[:400]]
    counted = Counter(word for classes in known.values() for word in classes.all())
    # a word that four languages have says little: "la", "a", "o"
    best = max(known.values(), key=lambda classes: sum(1 / counted[w] for w in plain if w in classes.all()))
    return best if best.share(plain) >= _SURE else Classes({})


def bare(word: str) -> str:
    """A word without punctuation, in lower case and with straight apostrophes."""
    return word.replace("’", "'").strip(_OPENERS + CLOSERS + ".,;:!?…—–").lower()


def ends_sentence(word: str) -> bool:
    """Whether a sentence ends with this word, going by its punctuation alone."""
    return word.rstrip(CLOSERS).endswith(SENTENCE_ENDS)


def prices(words: Sequence[str], classes: Classes) -> list[float]:
    """What a break after each word costs; the last one's is 0. Words may end in `GLUE` (see segments.py)."""
    plain = [word.removesuffix(GLUE) for word in words]
    costs = [*map(_price, ["", *plain], plain, plain[1:], repeat(classes)), 0.0][: len(words)]
    return [cost + more for cost, more in zip(costs, break_costs(words), strict=True)]


def _price(earlier: str, before: str, after: str, classes: Classes) -> float:
    kinds_before = classes.of(bare(before))
    if "titles" in kinds_before and before.endswith(".") and after[:1].isupper():
        return _HURTS["titles"]
    if ends_sentence(before):
        return 0.0
    last = before.rstrip(CLOSERS)[-1:]
    if last in CLAUSE_ENDS:
        return 0.25 if last == "," else 0.1
    price = 1.0
    if after[-1:].isalnum():  # "melted them down," has no preposition: what ends a clause does not begin a phrase
        price -= max((_HELPS.get(kind, 0.0) for kind in classes.of(bare(after))), default=0.0)
    price += max((_HURTS[kind] for kind in kinds_before), default=0.0)
    kinds_after = classes.of(bare(after))
    if classes.words and not kinds_before and (not kinds_after or kinds_after == ("numbers",)):
        price += 0.4  # an adjective and its noun, most often
        if "never_last" in classes.of(bare(earlier)):
            price += 1.3  # and almost surely after an article
    if "numbers" in kinds_before and "numbers" in kinds_after:
        price += 1.4
    if any(c.isdigit() for c in before) or (any(c.isdigit() for c in after) and before[:1].isupper()):
        price += 1.6
    if _is_name(before) and _is_name(after):
        price += 2.0
    return price


def _is_name(word: str) -> bool:
    plain = word.lstrip(_OPENERS)
    return plain[:1].isupper() and plain not in ("I", "I'm", "I've", "I'd", "I'll")
