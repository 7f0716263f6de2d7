"""What stands around a run: a question just before it, a reaction just after it, and how it ends."""

from __future__ import annotations

import numpy as np

from clipper.highlights.boundaries import is_question, overrun
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats

CLEAR = 0.5  # closure from which a place is clearly one where a point has been made


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
    """How much the point has been made where the run ends, from about -1 to 2 (endings.closure)."""

    name = "ending"
    unit = "closure"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        return np.asarray(setting.made[runs.last])

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return f"“{' '.join(setting.talk.sentences[last - 1].text.split()[-6:])}”"

    def say(self, value: float, evidence: str) -> str:
        made = "The point is made where it ends" if value >= CLEAR else "The talk goes on after it"
        return f"{made}: {evidence}."


class OneThought:
    """How much better the point was made at some place inside the run, 0 or less: there the run is about two things."""

    name = "one_thought"
    unit = "closure"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        pairs = zip(runs.first.tolist(), runs.last.tolist(), strict=True)
        return np.array([-overrun(setting.made, first, last) for first, last in pairs])

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        inside = setting.made[first + 1 : last]
        if not len(inside) or inside.max() <= CLEAR:
            return ""
        return f"“{' '.join(setting.talk.sentences[first + int(np.argmax(inside))].text.split()[-6:])}”"

    def say(self, value: float, evidence: str) -> str:
        return f"A first point is made inside it: {evidence}." if evidence else "It keeps to one thought."


class Beginning:
    """How much what came before the run had come to its end, from about -1 to 2: whether the run begins anew."""

    name = "beginning"
    unit = "closure"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        return np.asarray(np.where(runs.first > 0, setting.made[runs.first], CLEAR))

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return f"“{' '.join(setting.talk.sentences[first].text.split()[:6])}”"

    def say(self, value: float, evidence: str) -> str:
        return f"{'A new thought begins' if value >= CLEAR else 'It begins amid a thought'} with {evidence}."


SIGNALS = (Reaction(), Answer(), Ending(), OneThought(), Beginning())
