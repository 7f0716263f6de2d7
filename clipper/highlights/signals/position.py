"""Position: the first and the last minutes of an episode seldom hold its best part."""

from __future__ import annotations

import numpy as np

from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.span import clock

EDGE = 240.0  # seconds


class Position:
    """0 in the middle, rising to 1 towards the first and the last second, over EDGE seconds (a tenth of short episodes)."""

    name = "edge"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        middle = (talk.starts[runs.first] + talk.ends[runs.last - 1]) / 2
        edge = max(1.0, min(EDGE, 0.1 * talk.duration))
        return np.clip(1.0 - np.minimum(middle, talk.duration - middle) / edge, 0.0, 1.0)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return clock(float(setting.talk.starts[first]), 0)

    def say(self, value: float, evidence: str) -> str:
        return f"It lies {'near an end' if value > 0 else 'well inside'} of the episode, at {evidence}."


SIGNAL = Position()
