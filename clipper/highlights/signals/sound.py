"""How loud and how high it is spoken, each voice against itself.

Silent (0 everywhere) as long as nobody hands in `SoundFacts`.
"""

from __future__ import annotations

import numpy as np

from clipper.highlights.heard import against_own, height, loudness, speakers, voices_by_height
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.span import clock


class _AgainstOwn:
    """The mean over a run of its sentences' difference from their speakers' own mean; 0 where nobody would hear it."""

    audible: float

    def per_sentence(self, setting: Setting) -> Floats:
        raise NotImplementedError

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        if setting.talk.sound is None:
            return np.zeros(len(runs))
        value = runs.mean(self.per_sentence(setting), setting.talk.lengths)
        return np.where(np.abs(value) >= self.audible, value, 0.0)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        if setting.talk.sound is None:
            return ""
        here = self.per_sentence(setting)[first:last]
        most = first + int(np.argmax(here if here.mean() >= 0 else -here))
        return clock(float(setting.talk.starts[most]), 1)


class Energy(_AgainstOwn):
    """Level of the run's sentences over their speakers' mean level (the episode's where speakers are not known)."""

    name = "energy"
    unit = "dB"
    audible = 1.0

    def per_sentence(self, setting: Setting) -> Floats:
        return against_own(setting.talk, loudness(setting.talk), speakers(setting.talk))

    def say(self, value: float, evidence: str) -> str:
        if not evidence or not value:
            return "It is as loud as its speakers are elsewhere." if evidence else "How loud it is was not measured."
        more = "louder" if value >= 0 else "softer"
        return f"It is {abs(value):.1f} dB {more} than its speakers are elsewhere, most from {evidence} on."


class Pitch(_AgainstOwn):
    """Middle pitch of the run's sentences over their speakers' mean; a lower and a higher voice are told apart."""

    name = "pitch"
    unit = "semitones"
    audible = 0.5

    def per_sentence(self, setting: Setting) -> Floats:
        heights = height(setting.talk)
        return against_own(setting.talk, heights, voices_by_height(setting.talk, heights))

    def say(self, value: float, evidence: str) -> str:
        if not evidence or not value:
            return "It is spoken as high as elsewhere." if evidence else "How high it is spoken was not measured."
        more = "higher" if value >= 0 else "lower"
        return (
            f"It is spoken {abs(value):.1f} semitones {more} than its speakers speak elsewhere, "
            f"most from {evidence} on."
        )


SIGNALS = (Energy(), Pitch())
