"""What only the sound tells: energy, pitch and laughter.

Silent (0 everywhere) as long as nobody hands in `SoundFacts`.
"""

from __future__ import annotations

import numpy as np

from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.span import clock


class Energy:
    """Mean level of the run's frames over the episode's median level, in dB."""

    name = "energy"
    unit = "dB"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        facts = setting.talk.sound
        if facts is None or not len(facts.energy):
            return np.zeros(len(runs))
        level = np.maximum(np.asarray(facts.energy, dtype=float), -90.0)
        sums = np.concatenate([[0.0], np.cumsum(level - np.median(level))])
        a = np.clip((setting.talk.starts[runs.first] * facts.rate).astype(int), 0, len(level) - 1)
        b = np.clip((setting.talk.ends[runs.last - 1] * facts.rate).astype(int), a + 1, len(level))
        return np.asarray((sums[b] - sums[a]) / (b - a))

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        facts = setting.talk.sound
        if facts is None:
            return ""
        a = int(setting.talk.starts[first] * facts.rate)
        here = facts.energy[a : int(setting.talk.ends[last - 1] * facts.rate)]
        return clock((a + int(np.argmax(here))) / facts.rate, 1) if len(here) else ""

    def say(self, value: float, evidence: str) -> str:
        return f"It is {abs(value):.1f} dB {'louder' if value >= 0 else 'quieter'} than the rest, most at {evidence}."


class HeardLaughter:
    """Share of the run's frames in which laughter is likelier than not."""

    name = "heard_laughter"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        facts = setting.talk.sound
        if facts is None or facts.laughter is None or not len(facts.laughter):
            return np.zeros(len(runs))
        sums = np.concatenate([[0.0], np.cumsum(facts.laughter > 0.5)])
        a = np.clip((setting.talk.starts[runs.first] * facts.rate).astype(int), 0, len(facts.laughter) - 1)
        b = np.clip((setting.talk.ends[runs.last - 1] * facts.rate).astype(int), a + 1, len(facts.laughter))
        return np.asarray((sums[b] - sums[a]) / (b - a))

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        facts = setting.talk.sound
        if facts is None or facts.laughter is None:
            return ""
        a = int(setting.talk.starts[first] * facts.rate)
        here = facts.laughter[a : int(setting.talk.ends[last - 1] * facts.rate)]
        return clock((a + int(np.argmax(here))) / facts.rate, 1) if len(here) else ""

    def say(self, value: float, evidence: str) -> str:
        return f"Somebody laughs at {evidence}." if evidence else "Nobody laughs."


SIGNALS = (Energy(), HeardLaughter())
