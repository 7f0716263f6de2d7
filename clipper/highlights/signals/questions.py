"""Question and answer: the run opens with a question and goes on with its answer."""

from __future__ import annotations

import numpy as np

from clipper.highlights.boundaries import is_question
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats


class Questions:
    """1 where the run opens with a question of five words or more that the run then answers, else 0."""

    name = "question"
    unit = "yes or no"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        asks = np.array(
            [is_question(talk, i) and talk.lengths[i] >= 5 for i in range(len(talk.sentences))], dtype=float
        )
        return asks[runs.first] * (runs.last - runs.first >= 2)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return f"“{setting.talk.sentences[first].text}”" if is_question(setting.talk, first) else ""

    def say(self, value: float, evidence: str) -> str:
        return f"It opens with a question and answers it: {evidence}" if evidence else "It opens with no question."


SIGNAL = Questions()
