"""Opening: how well the first sentence stands alone."""

from __future__ import annotations

import numpy as np

from clipper.highlights.boundaries import CLEAN_OPEN, opening
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats


class Opening:
    """1 where the first sentence stands alone; 0.5 where it begins with a soft link ("so", "and I"); else 0."""

    name = "opening"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        out = np.zeros(len(talk.sentences))
        for i in set(runs.first.tolist()):
            if opening(talk, i) == CLEAN_OPEN:
                out[i] = 0.5 if talk.lang.opens_with("openers_soft", talk.spoken(i, i + 1)) else 1.0
        return out[runs.first]

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        return f"“{' '.join(setting.talk.sentences[first].text.split()[:6])}”"

    def say(self, value: float, evidence: str) -> str:
        return f"Its first sentence {'stands alone' if value >= 1 else 'leans on what came before'}: {evidence}."


SIGNAL = Opening()
