"""Your own cold open: the run holds sentences that the episode opens with."""

from __future__ import annotations

import numpy as np

from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats


class OwnTrailer:
    """1 where the run holds a sentence that the episode's own cold open has, else 0."""

    name = "cold_open"
    unit = "yes or no"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        return (runs.total((setting.cold_open.source > 0).astype(float)) > 0).astype(float)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        source = setting.cold_open.source[first:last]
        place = np.flatnonzero(source > 0)
        return f"“{setting.talk.sentences[first + int(place[0])].text}”" if len(place) else ""

    def say(self, value: float, evidence: str) -> str:
        return f"Your own cold open has this: {evidence}" if evidence else "Your cold open does not have it."


SIGNAL = OwnTrailer()
