"""What the feed or the page marks: soundbites and chapter starts.

Their times are checked against the words where they have any.
"""

from __future__ import annotations

import numpy as np

from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.span import clock

NEAR = 15.0  # seconds after a chapter's start in which a run opens with it


class Soundbite:
    """Share of the run that lies in a stretch the feed marks as worth hearing."""

    name = "soundbite"
    unit = "share"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        talk = setting.talk
        start, end = talk.starts[runs.first], talk.ends[runs.last - 1]
        out = np.zeros(len(runs))
        for bite in setting.feed.soundbites:
            common = np.minimum(end, bite.end) - np.maximum(start, bite.start)
            out = np.maximum(out, np.clip(common, 0, None) / np.maximum(end - start, 0.1))
        return out

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        talk = setting.talk
        for bite in setting.feed.soundbites:
            if min(talk.ends[last - 1], bite.end) > max(talk.starts[first], bite.start):
                return clock(bite.start, 0)
        return ""

    def say(self, value: float, evidence: str) -> str:
        return f"Your feed marks a soundbite here, at {evidence}." if evidence else "Your feed marks no soundbite here."


class ChapterStart:
    """1 where a chapter of the page starts in the run's first seconds."""

    name = "chapter_start"
    unit = "yes or no"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        start = setting.talk.starts[runs.first]
        out = np.zeros(len(runs))
        for at in setting.feed.chapters:
            out[(start >= at - 2.0) & (start <= at + NEAR)] = 1.0
        return out

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        start = float(setting.talk.starts[first])
        return next((clock(at, 0) for at in setting.feed.chapters if at - 2.0 <= start <= at + NEAR), "")

    def say(self, value: float, evidence: str) -> str:
        return f"A chapter of your page starts here, at {evidence}." if evidence else "No chapter starts here."


SIGNALS = (Soundbite(), ChapterStart())
