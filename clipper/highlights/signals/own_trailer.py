"""Your own cold open: the run holds sentences that the episode opens with."""

from __future__ import annotations

import numpy as np

from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats

SAID_AGAIN = 0.5  # the cold open says the same, but it was not cut from here


class OwnTrailer:
    """1 where the run holds a sentence that the episode's own cold open has, 0.5 where that is another take, else 0.

    Where the sound is not known, the same words count as the same sound.
    """

    name = "cold_open"
    unit = "0 to 1"

    def _worth(self, setting: Setting) -> Floats:
        cold = setting.cold_open
        return np.where(cold.source > 0, np.where(cold.copied == 0, SAID_AGAIN, 1.0), 0.0)

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        worth = self._worth(setting)
        again = (runs.total((worth > 0).astype(float)) > 0) * SAID_AGAIN
        return np.where(runs.total((worth == 1.0).astype(float)) > 0, 1.0, again)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        worth = self._worth(setting)[first:last]
        if not worth.any():
            return ""
        best = first + int(np.argmax(worth))
        sound = ", and it is the same sound" if setting.cold_open.copied[best] == 1 else ""
        return f"“{setting.talk.sentences[best].text}”{sound}"

    def say(self, value: float, evidence: str) -> str:
        if not evidence:
            return "Your cold open does not have it."
        has = "Your own cold open has this" if value >= 1.0 else "Your own cold open says this too, in another take"
        return f"{has}: {evidence}{'' if evidence.endswith('”') else '.'}"


SIGNAL = OwnTrailer()
