"""Music under the run: a trailer, a jingle, an advertisement; and captions do not sing."""

from __future__ import annotations

import numpy as np

from clipper.highlights.heard import places, share
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.span import clock

LEAST = 0.05  # of the run's time; less is the tail of a jingle


class MusicBed:
    """Share of the run's time in which music is likelier than not; 0 below a twentieth."""

    name = "music_bed"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        if talk.sound is None or talk.sound.music is None:
            return np.zeros(len(runs))
        under = share(talk.sound.rate, talk.sound.music > 0.5, talk.starts[runs.first], talk.ends[runs.last - 1])
        return np.where(under >= LEAST, under, 0.0)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk, facts = setting.talk, setting.talk.sound
        if facts is None or facts.music is None or not len(facts.music):
            return ""
        a, b = places(facts.rate, len(facts.music), talk.starts[first], talk.ends[last - 1])
        here = np.flatnonzero(facts.music[int(a) : int(b)] > 0.5)
        return clock((int(a) + int(here[0])) / facts.rate, 1) if len(here) else ""

    def say(self, value: float, evidence: str) -> str:
        if not evidence or not value:
            return "No music is heard under it."
        return f"Music plays under {100 * value:.0f} % of it, from {evidence} on."


SIGNAL = MusicBed()
