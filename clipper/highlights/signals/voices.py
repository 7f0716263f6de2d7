"""Who speaks and how sure the recogniser is: the main voice, exchange of turns, crosstalk, pace, low confidence."""

from __future__ import annotations

from collections import Counter

import numpy as np

from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.span import clock

SURE = 0.5  # a word below this recogniser confidence is a doubtful one


class MainVoice:
    """Share of the words said by the one who says most in the episode; 0 everywhere where speakers are not known."""

    name = "main_voice"
    unit = "share"

    def _main(self, setting: Setting) -> str | None:
        said: Counter[str] = Counter()
        for sentence, length in zip(setting.talk.sentences, setting.talk.lengths, strict=True):
            if sentence.speaker is not None:
                said[sentence.speaker] += int(length)
        return max(sorted(said), key=lambda s: said[s]) if len(said) > 1 else None

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        main = self._main(setting)
        if main is None:
            return np.zeros(len(runs))
        per = np.array([s.speaker == main for s in setting.talk.sentences], dtype=float)
        return runs.mean(per, setting.talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return self._main(setting) or ""

    def say(self, value: float, evidence: str) -> str:
        return (
            f"{100 * value:.0f} % of it is said by {evidence}, who says most in this episode."
            if evidence
            else "One voice only."
        )


class Turns:
    """Changes of speaker a minute."""

    name = "turns"
    unit = "a minute"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        change = np.array(
            [i > 0 and s.speaker != talk.sentences[i - 1].speaker for i, s in enumerate(talk.sentences)], dtype=float
        )
        inside = runs.total(change) - change[runs.first]
        return np.asarray(60.0 * inside / np.maximum(talk.ends[runs.last - 1] - talk.starts[runs.first], 1.0))

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk = setting.talk
        places = [i for i in range(first + 1, last) if talk.sentences[i].speaker != talk.sentences[i - 1].speaker]
        return clock(float(talk.starts[places[0]]), 0) if places else ""

    def say(self, value: float, evidence: str) -> str:
        return (
            f"The speakers change {value:.1f} times a minute, first at {evidence}."
            if evidence
            else "One speaker throughout."
        )


class Crosstalk:
    """Share of the words that begin before the word of another speaker has ended."""

    name = "crosstalk"
    unit = "share"

    def _places(self, setting: Setting) -> list[int]:
        words = setting.talk.words
        return [
            i for i in range(1, len(words))
            if words[i].speaker != words[i - 1].speaker and words[i].start < words[i - 1].end - 0.05
        ]  # fmt: skip

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk, places = setting.talk, self._places(setting)
        per = np.zeros(len(talk.sentences))
        if places:
            np.add.at(per, talk.sentence_of(places), 1.0)
        return runs.mean(per / talk.lengths, talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        a, b = setting.talk.sentences[first].first, setting.talk.sentences[last - 1].last
        place = next((i for i in self._places(setting) if a <= i < b), None)
        return "" if place is None else clock(setting.talk.words[place].start, 1)

    def say(self, value: float, evidence: str) -> str:
        return f"Two speak at once at {evidence}." if evidence else "Nobody speaks over another."


class Doubt:
    """Share of the words of which the recogniser is less than half sure; 0 for words that a person wrote."""

    name = "doubt"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        places = [i for i, w in enumerate(talk.words) if w.confidence is not None and w.confidence < SURE]
        per = np.zeros(len(talk.sentences))
        if places:
            np.add.at(per, talk.sentence_of(places), 1.0)
        return runs.mean(per / talk.lengths, talk.lengths)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        a, b = setting.talk.sentences[first].first, setting.talk.sentences[last - 1].last
        found = [w.text for w in setting.talk.words[a:b] if w.confidence is not None and w.confidence < SURE]
        return ", ".join(f"“{w}”" for w in found[:4])

    def say(self, value: float, evidence: str) -> str:
        return f"The recogniser was not sure of {evidence}." if evidence else "The recogniser was sure of every word."


class Pace:
    """Words a minute against the episode's mean, as a ratio; 1 where word times were not measured."""

    name = "pace"
    unit = "times the mean"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        if talk.transcript.timing != "measured":
            return np.ones(len(runs))
        seconds = np.maximum(talk.ends[runs.last - 1] - talk.starts[runs.first], 0.1)
        mean = talk.lengths.sum() / max(float((talk.ends - talk.starts).sum()), 0.1)
        return np.asarray(runs.total(talk.lengths) / seconds / mean)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return ""

    def say(self, value: float, evidence: str) -> str:
        return f"It is spoken {value:.2f} times as fast as the rest."


SIGNALS = (MainVoice(), Turns(), Crosstalk(), Doubt(), Pace())
