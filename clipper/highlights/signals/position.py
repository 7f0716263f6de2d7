"""Position: editors take more from the first half; the first and the last minutes seldom hold the best part."""

from __future__ import annotations

import numpy as np

from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.span import clock

EDGE = 180.0  # seconds


def _middle(setting: Setting, runs: Runs) -> Floats:
    return np.asarray((setting.talk.starts[runs.first] + setting.talk.ends[runs.last - 1]) / 2)


class Late:
    """How far into the episode the run lies, 0 to 1."""

    name = "late"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        return _middle(setting, runs) / max(setting.talk.duration, 1.0)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return clock(float(setting.talk.starts[first]), 0)

    def say(self, value: float, evidence: str) -> str:
        return f"It comes at {evidence}, {100 * value:.0f} % into the episode."


class Edge:
    """0 in the middle, rising to 1 towards the first and the last second, over EDGE seconds (a tenth of short
    episodes).
    """

    name = "edge"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        duration = setting.talk.duration
        edge = max(1.0, min(EDGE, 0.1 * duration))
        middle = _middle(setting, runs)
        return np.clip(1.0 - np.minimum(middle, duration - middle) / edge, 0.0, 1.0)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return clock(float(setting.talk.starts[first]), 0)

    def say(self, value: float, evidence: str) -> str:
        return f"It lies {'near an end' if value > 0 else 'well inside'} of the episode, at {evidence}."


SIGNALS = (Late(), Edge())
