"""Signals that count words of one list:
superlatives, contrast, advice, story, numbers, "you", negation, hedging, ...
"""

from __future__ import annotations

from dataclasses import dataclass

from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats


@dataclass(frozen=True, slots=True)
class Count:
    """How often a list of words and phrases is met, per 100 words."""

    name: str
    lists: tuple[str, ...]
    word_lists: tuple[str, ...]
    text: str
    unit: str = "per 100 words"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        per = sum((talk.count(x) for x in self.lists), start=0.0 * talk.lengths)
        per = sum((talk.count_words(x) for x in self.word_lists), start=per)
        return runs.mean(100.0 * per / talk.lengths, talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk = setting.talk
        quotes = [q for q in (talk.quote(x, first, last) for x in self.lists) if q]
        said = talk.spoken(first, last)
        words = dict.fromkeys(w for x in self.word_lists for w in said if talk.lang.has(x, w))
        return ", ".join([*quotes, *(f"“{w}”" for w in list(words)[:3])])

    def say(self, value: float, evidence: str) -> str:
        return f"{self.text}: {evidence}." if evidence else f"{self.text}: no."


SIGNALS = (
    Count("superlatives", ("superlatives",), (), "It speaks of extremes"),
    Count("contrast", ("contrast",), (), "It turns against what one expects"),
    Count("advice", ("advice",), (), "It gives advice"),
    Count("story", ("story",), (), "It tells what happened"),
    Count("claims", ("claims",), (), "It makes a claim"),
    Count("future", ("future",), (), "It speaks of what is to come"),
    Count("time", (), ("time_words",), "It sets things in time"),
    Count("we", (), ("we_words",), "It speaks for a group"),
    Count("you", (), ("second_person",), "It speaks to the listener"),
    Count("first_person", (), ("first_person",), "It speaks of the speaker"),
    Count("negation", (), ("negation",), "It says what is not so"),
    Count("pointing", (), ("pointing",), "It leans on words that point elsewhere"),
    Count("loose_links", (), ("loose_links",), "It strings clauses together"),
    Count("hedging", ("hedges",), (), "It hedges"),
    Count("fillers", ("fillers",), (), "It hesitates"),
    Count("advertising", ("ad_open", "ad_close", "ad_weak"), (), "It sounds like an advertisement"),
    Count("housekeeping", ("greetings", "housekeeping", "signoffs"), (), "It is housekeeping"),
    Count("laughter", ("laughter",), (), "There is laughter"),
)
