"""How it is said: numbers, density, repeated words, questions, exchange of turns, short sentences, pace."""

from __future__ import annotations

import numpy as np

from clipper.highlights.boundaries import is_question
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats


class Numbers:
    """Figures and words for numbers, per 100 words."""

    name = "numbers"
    unit = "per 100 words"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        per = talk.count_words("number_words")
        places = [i for i, w in enumerate(talk.said) if any(c.isdecimal() for c in w)]
        if places:
            np.add.at(per, talk.sentence_of(places), 1.0)
        return runs.mean(100.0 * per / talk.lengths, talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        said = setting.talk.spoken(first, last)
        has = setting.talk.lang.has
        found = dict.fromkeys(w for w in said if has("number_words", w) or any(c.isdecimal() for c in w))
        return ", ".join(f"“{w}”" for w in list(found)[:3])

    def say(self, value: float, evidence: str) -> str:
        return f"It names numbers: {evidence}." if evidence else "It names no numbers."


class Density:
    """Content words (no stop words), per 100 words."""

    name = "density"
    unit = "per 100 words"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        per = np.bincount(talk.term_sentence, minlength=len(talk.sentences)) / talk.lengths
        return runs.mean(100.0 * per, talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return ""

    def say(self, value: float, evidence: str) -> str:
        return f"Of 100 words, {value:.0f} carry meaning of their own."


class Stumbles:
    """The same word twice in a row ("the the"), per 100 words."""

    name = "stumbles"
    unit = "per 100 words"

    def _places(self, setting: Setting) -> list[int]:
        said = setting.talk.said
        return [i for i in range(len(said) - 1) if said[i] and said[i] == said[i + 1]]

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        per, places = np.zeros(len(talk.sentences)), self._places(setting)
        if places:
            np.add.at(per, talk.sentence_of(places), 1.0)
        return runs.mean(100.0 * per / talk.lengths, talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk = setting.talk
        a, b = talk.sentences[first].first, talk.sentences[last - 1].last
        found = [f"“{talk.said[i]} {talk.said[i + 1]}”" for i in self._places(setting) if a <= i < b - 1]
        return ", ".join(found[:2])

    def say(self, value: float, evidence: str) -> str:
        return f"The speaker stumbles: {evidence}." if evidence else "The speaker does not stumble."


class Asking:
    """Share of the words that stand in questions."""

    name = "asking"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        per = np.array([is_question(talk, i) for i in range(len(talk.sentences))], dtype=float)
        return runs.mean(per, talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return next(
            (f"“{setting.talk.sentences[i].text}”" for i in range(first, last) if is_question(setting.talk, i)), ""
        )

    def say(self, value: float, evidence: str) -> str:
        return f"It asks more than it tells: {evidence}" if evidence else "It asks nothing."


class Exchange:
    """Sentences that only answer ("Yeah.", "Right."), as a share of the sentences."""

    name = "back_channels"
    unit = "share"

    def _short(self, setting: Setting) -> list[bool]:
        talk = setting.talk
        listed = set(talk.lang.phrases.get("back_channels", ()))
        return [tuple(talk.spoken(i, i + 1)) in listed for i in range(len(talk.sentences))]

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        return np.asarray(
            runs.total(np.array(self._short(setting), dtype=float)) / np.maximum(runs.last - runs.first, 1)
        )

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        short = self._short(setting)
        return ", ".join(f"“{setting.talk.sentences[i].text}”" for i in range(first, last) if short[i])

    def say(self, value: float, evidence: str) -> str:
        return f"It is broken up by answers of one word: {evidence}." if evidence else "Nobody speaks into it."


class ShortSentences:
    """Share of sentences of three words or fewer."""

    name = "scraps"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        return np.asarray(runs.total((setting.talk.lengths <= 3).astype(float)) / np.maximum(runs.last - runs.first, 1))

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk = setting.talk
        return ", ".join(f"“{talk.sentences[i].text}”" for i in range(first, last) if talk.lengths[i] <= 3)

    def say(self, value: float, evidence: str) -> str:
        return f"It has scraps of sentences: {evidence}." if evidence else "It speaks in whole sentences."


class Returns:
    """What comes back: the mean of ln(1 + count in the episode) of the run's content words that are said more
    than once.
    """

    name = "returns"
    unit = "ln of times"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        counts = np.bincount(talk.terms.ids, minlength=len(talk.terms.names)).astype(float)
        worth = np.where(counts > 1, np.log1p(counts), 0.0)
        per = np.bincount(talk.term_sentence, weights=worth[talk.terms.ids], minlength=len(talk.sentences))
        return runs.mean(per / talk.lengths, talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk = setting.talk
        here = np.flatnonzero((talk.term_sentence >= first) & (talk.term_sentence < last))
        counts = np.bincount(talk.terms.ids, minlength=len(talk.terms.names))
        times = {talk.said[int(talk.terms.word[i])]: int(counts[talk.terms.ids[i]]) for i in here}
        return ", ".join(f"“{w}” ({times[w]} times)" for w in sorted(times, key=lambda w: (-times[w], w))[:3])

    def say(self, value: float, evidence: str) -> str:
        return f"It has words that the episode returns to: {evidence}." if evidence else "Its words do not come back."


SIGNALS = (Numbers(), Density(), Stumbles(), Asking(), Exchange(), ShortSentences(), Returns())
