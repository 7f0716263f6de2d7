"""Topic: how much a run is about one of the page's bullets."""

from __future__ import annotations

import numpy as np

from clipper.highlights.bullets import LEAST, bullet_of
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats


class Topic:
    """The mean strength of the best fitting bullet over the run, times that bullet's confidence."""

    name = "topic"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        best = np.zeros(len(runs))
        for k, found in enumerate(setting.topics.matches):
            if found.span is not None:
                mean = runs.mean(setting.topics.strength[k], setting.talk.lengths)
                best = np.maximum(best, mean * found.confidence)
        return np.where(best > LEAST, best, 0.0)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        k, _ = bullet_of(setting.talk, setting.topics, first, last)
        return "" if k is None else f"“{setting.topics.matches[k].topic}”"

    def say(self, value: float, evidence: str) -> str:
        return f"It is about your bullet {evidence}." if evidence else "It is about none of your bullets."


SIGNAL = Topic()
