"""Somebody laughs, in the run or at once after it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.heard import share
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats, Talk
from clipper.span import clock

AFTER = 1.5  # seconds behind the run: who laughs at its last word laughs there
REACH = 0.4  # seconds around a frame that were looked at for it
JOINED = 0.6  # seconds between two parts of one laugh
WORDS = 2.0  # a second: where more are said it is speech, whatever it sounds like


class HeardLaughter:
    """Share of the run's time (and of 1.5 s after it) in which laughter is heard and no flow of words."""

    name = "heard_laughter"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        if talk.sound is None or talk.sound.laughter is None or not len(runs):
            return np.zeros(len(runs))
        true = np.zeros(len(talk.sound.laughter), dtype=np.bool_)
        for a, b in _laughs(talk):
            true[int(a * talk.sound.rate) : int(b * talk.sound.rate)] = True
        return share(talk.sound.rate, true, talk.starts[runs.first], talk.ends[runs.last - 1] + AFTER)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk = setting.talk
        begin, end = float(talk.starts[first]), float(talk.ends[last - 1]) + AFTER
        return next((clock(max(a, begin), 1) for a, b in _laughs(talk) if a < end and b > begin), "")

    def say(self, value: float, evidence: str) -> str:
        return f"Somebody laughs at {evidence}." if evidence else "Nobody is heard laughing."


def _laughs(talk: Talk) -> list[tuple[float, float]]:
    """Start and end of each laugh in seconds."""
    facts = talk.sound
    if facts is None or facts.laughter is None:
        return []
    middles: NDArray[np.float64] = np.array([(w.start + w.end) / 2 for w in talk.words])
    out: list[tuple[float, float]] = []
    frames = np.flatnonzero(facts.laughter > 0.5)
    for part in np.split(frames, np.flatnonzero(np.diff(frames) > JOINED * facts.rate) + 1):
        if not len(part):
            continue
        begin = max(0.0, float(part[0]) / facts.rate - REACH)
        end = float(part[-1] + 1) / facts.rate + REACH
        said = int(((middles >= begin) & (middles < end)).sum())
        if said <= WORDS * (end - begin):
            out.append((begin, end))
    return out


SIGNAL = HeardLaughter()
