"""The loudness jumps within the run: something else was mixed in."""

from __future__ import annotations

import numpy as np

from clipper.highlights.heard import places
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.span import clock

LEAST = 4.0  # dB; two people at one table differ by less


class LoudnessJump:
    """The largest step of loudness within the run, in either direction; 0 below 4 dB."""

    name = "loudness_jump"
    unit = "dB"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk, facts = setting.talk, setting.talk.sound
        out = np.zeros(len(runs))
        if facts is None or facts.jumps is None or not len(facts.jumps) or not len(runs):
            return out
        # the largest of each sentence, with the pause before the next one, and then of the sentences of each run
        size = np.abs(facts.jumps)
        a, _ = places(facts.rate, len(size), talk.starts, talk.starts)
        per = np.maximum.reduceat(size, np.maximum.accumulate(a))
        _, last = places(facts.rate, len(size), talk.starts, talk.ends)
        for k, (i, j) in enumerate(zip(runs.first.tolist(), runs.last.tolist(), strict=True)):
            tail = size[int(a[j - 1]) : int(last[j - 1])].max(initial=0.0)
            out[k] = max(float(per[i : j - 1].max(initial=0.0)), float(tail))
        return np.where(out >= LEAST, out, 0.0)

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk, facts = setting.talk, setting.talk.sound
        if facts is None or facts.jumps is None or not len(facts.jumps):
            return ""
        a, b = places(facts.rate, len(facts.jumps), talk.starts[first], talk.ends[last - 1])
        here = np.abs(facts.jumps[int(a) : int(b)])
        return clock((int(a) + int(np.argmax(here))) / facts.rate, 1) if here.max() >= LEAST else ""

    def say(self, value: float, evidence: str) -> str:
        return f"The loudness jumps by {value:.1f} dB at {evidence}." if evidence else "It keeps its loudness."


SIGNAL = LoudnessJump()
