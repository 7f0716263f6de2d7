"""Topic: how much a run is about one of the page's bullets."""

from __future__ import annotations

import numpy as np

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
        return best

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        k = best_topic(setting, first, last)
        return "" if k is None else f"“{setting.topics.matches[k].topic}”"

    def say(self, value: float, evidence: str) -> str:
        return f"It is about your bullet {evidence}." if evidence else "It is about none of your bullets."


def best_topic(setting: Setting, first: int, last: int, least: float = 0.05) -> int | None:
    """The number of the bullet that the run is about; None if none of them is strong enough."""
    weight = setting.talk.lengths[first:last]
    best, value = None, least
    for k, found in enumerate(setting.topics.matches):
        if found.span is None:
            continue
        mean = float((setting.topics.strength[k, first:last] * weight).sum() / weight.sum()) * found.confidence
        if mean > value:
            best, value = k, mean
    return best


SIGNAL = Topic()
