"""What a signal is: a number in a stated unit for each run of sentences, the words that caused it, and a
plain sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.cold_open import ColdOpen
from clipper.highlights.feed_times import Checked
from clipper.highlights.sense import Sense
from clipper.highlights.talk import Floats, Talk
from clipper.highlights.topics import Topics


@dataclass(frozen=True, slots=True)
class Setting:
    """What a signal may look at.

    Attributes:
        talk: the transcript made ready, the episode, and the sound's facts where they are known.
        topics: where each bullet is talked about.
        kinds: for each sentence "" or what it is instead of talk.
        sense: vectors of sentences, title and description.
        cold_open: sentences at the start that come again later.
        feed: soundbites and chapters where they lie in this audio.
        made: how much the point has been made where a clip ends before each sentence (endings.closure),
            shape (sentences + 1,).
    """

    talk: Talk
    topics: Topics
    kinds: tuple[str, ...]
    sense: Sense
    cold_open: ColdOpen
    feed: Checked
    made: Floats


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of whole sentences: `first` and `last`, half-open, shape (m,)."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def total(self, per_sentence: Floats) -> Floats:
        """The sum over each run's sentences, shape (m,)."""
        sums = np.concatenate([[0.0], np.cumsum(per_sentence)])
        return np.asarray(sums[self.last] - sums[self.first])

    def mean(self, per_sentence: Floats, lengths: Floats) -> Floats:
        """The mean over each run, sentences weighed by their words, shape (m,)."""
        return self.total(per_sentence * lengths) / np.maximum(self.total(lengths), 1.0)

    def __len__(self) -> int:
        return len(self.first)


class Signal(Protocol):
    """One thing that can be heard or read.

    Attributes:
        name: as in weights.toml.
        unit: of its value: "share", "per 100 words", "words", "seconds", "dB", ...
    """

    @property
    def name(self) -> str: ...

    @property
    def unit(self) -> str: ...

    def measure(self, setting: Setting, runs: Runs) -> Floats:
        """The value of each run in the signal's unit, shape (m,), finite; 0 where there is nothing to say."""
        ...

    def evidence(self, setting: Setting, first: int, last: int) -> str:
        """The words, or the second, that caused the value of one run."""
        ...

    def say(self, value: float, evidence: str) -> str:
        """A sentence in plain English."""
        ...
