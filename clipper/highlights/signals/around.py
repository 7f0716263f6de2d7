"""What stands around a run: a question just before it, a reaction just after it, and how it ends."""

from __future__ import annotations

import numpy as np

from clipper.highlights.boundaries import anew, is_question
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats


class Reaction:
    """1 where one of the two sentences after the run reacts to it ("Wow.", "That's amazing.", laughter)."""

    name = "reaction"
    unit = "yes or no"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        hits = setting.talk.count("reactions") > 0
        after = np.append(hits, [False, False])
        return np.asarray((after[runs.last] | after[runs.last + 1]).astype(float))

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        end = min(last + 2, len(setting.talk.sentences))
        return setting.talk.quote("reactions", last, end, 1) if end > last else ""

    def say(self, value: float, evidence: str) -> str:
        return f"The answer to it is {evidence}." if evidence else "Nobody reacts to it."


class Answer:
    """1 where one of the two sentences before the run is a question of six words or more, and the run does not ask."""

    name = "after_question"
    unit = "yes or no"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        asks = np.array([is_question(talk, i) and talk.lengths[i] >= 6 for i in range(len(talk.sentences))])
        before = np.concatenate([[False, False], asks])
        return np.asarray(((before[runs.first] | before[runs.first + 1]) & ~asks[runs.first]).astype(float))

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk = setting.talk
        return next(
            (f"“{talk.sentences[i].text}”" for i in range(max(0, first - 2), first) if is_question(talk, i)), ""
        )

    def say(self, value: float, evidence: str) -> str:
        return f"It answers the question before it: {evidence}" if evidence else "It answers no question."


class Ending:
    """1 where a new thought begins after the run, 0.5 where another voice goes on, 0 where the thought goes on."""

    name = "ending"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        out = np.zeros(len(setting.talk.sentences) + 1)
        for i in set(runs.last.tolist()):
            out[i] = anew(setting.talk, i)
        return out[runs.last]

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return f"“{' '.join(setting.talk.sentences[last - 1].text.split()[-6:])}”"

    def say(self, value: float, evidence: str) -> str:
        return f"{'A new thought begins after it' if value >= 1 else 'The talk goes on after it'}: it ends {evidence}."


SIGNALS = (Reaction(), Answer(), Ending())
