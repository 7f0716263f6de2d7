"""Near the title, near the description, near what the episode keeps coming back to: by words that go together in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clipper.highlights.sense import likeness
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats


@dataclass(frozen=True, slots=True)
class Meaning:
    """Cosine between a run and the title, the description or the whole episode (`target`)."""

    name: str
    target: str
    text: str
    unit: str = "cosine"

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        table = setting.sense.sentences
        sums = np.concatenate([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0)])
        return likeness(sums[runs.last] - sums[runs.first], getattr(setting.sense, self.target))

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        """The words of the run that pull it there most."""
        talk, target = setting.talk, getattr(setting.sense, self.target)
        here = np.flatnonzero((talk.term_sentence >= first) & (talk.term_sentence < last))
        counts = np.bincount(talk.terms.ids, minlength=len(talk.terms.names))
        pull = setting.sense.sentences[talk.term_sentence[here]] @ target
        best: dict[str, float] = {}
        for place, value in zip(here.tolist(), pull.tolist(), strict=True):
            word = talk.said[int(talk.terms.word[place])]
            if counts[talk.terms.ids[place]] > 1:
                best[word] = max(best.get(word, 0.0), value)
        return ", ".join(f"“{w}”" for w in sorted(best, key=lambda w: (-best[w], w))[:3])

    def say(self, value: float, evidence: str) -> str:
        return f"{self.text}: {evidence}." if evidence else f"{self.text}."


SIGNALS = (
    Meaning("title_sense", "title", "It is close to what the title speaks of"),
    Meaning("description_sense", "description", "It is close to the description"),
    Meaning("centre", "centre", "It is about what the episode keeps coming back to"),
)
