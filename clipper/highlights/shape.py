"""The shape of a run: begins where a thought begins, keeps to it, ends where its point has been made.

In: runs, scored; out: for a run that was chosen for what it says, the run over the same passage that a listener would
rather hear. The signals decide what is worth posting, the shape where it begins and ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.boundaries import overrun
from clipper.highlights.bullets import said_of
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats, Talk

BEGINNING = 0.25  # how much the place where it begins counts beside the one where it ends
TURN = 0.5  # how much more a place counts where another voice begins
OVERRUN = 0.6  # how much a point that is made inside it counts against it
# How much a spread of the score and ten seconds count beside the shape: first where no pause is known, so that an end
# is told by words alone, then where pauses are. Found on the picks of tests/benchmarks, 2026-11-24 (docs/choosing.md).
SCORE = (2.5, 0.5)
TEN_SECONDS = (0.5, 0.15)
# how much a run counts that says all words of its bullet; on the sample 0.5 to 2 choose the same, 2026-12-01
TOLD = 1.0
PAUSES = 0.25  # seconds between sentences, in the mean, from which pauses are known


def shape(setting: Setting, first: int, last: int) -> float:
    """How well sentences `first` up to `last` hang together, about -2 to 3."""
    made, sentences = setting.made, setting.talk.sentences
    begins = float(made[first]) if first else 0.5
    begins += TURN * (first > 0 and sentences[first].speaker != sentences[first - 1].speaker)
    return float(made[last]) + BEGINNING * begins - OVERRUN * overrun(made, first, last)


def reshaped(setting: Setting, found: Runs, scores: Floats, free: NDArray[np.bool_], k: int, bullet: int) -> int:
    """The free run that holds the middle of run `k` and has the best shape, score and length counted in; perhaps `k`.

    Args:
        scores: of the runs, shape (m,).
        free: runs that may still be chosen, shape (m,).
        bullet: what run `k` is about, -1 for none: the one that says more of it tells more of what was promised.
    """
    talk = setting.talk
    start, end = talk.starts[found.first], talk.ends[found.last - 1]
    middle = (start[k] + end[k]) / 2
    near = np.flatnonzero(free & (start <= middle) & (middle < end))
    if not len(near):
        return k
    heard = _pauses(talk)
    by_score = (SCORE[0] + heard * (SCORE[1] - SCORE[0])) / (float(scores.std()) or 1.0)
    by_length = (TEN_SECONDS[0] + heard * (TEN_SECONDS[1] - TEN_SECONDS[0])) / 10.0
    shapes = np.array([shape(setting, int(found.first[p]), int(found.last[p])) for p in near])
    worth = shapes + by_score * scores[near] - by_length * (end[near] - start[near])
    if bullet >= 0:
        told = said_of(talk, setting.topics, bullet, found.first[near], found.last[near])
        worth += TOLD * setting.topics.matches[bullet].confidence * told
    return int(near[int(np.argmax(np.round(worth, 9)))])


def _pauses(talk: Talk) -> float:
    """How far the transcript knows of pauses between sentences, 0 to 1."""
    gaps = np.clip(talk.starts[1:] - talk.ends[:-1], 0.0, 2.0 * PAUSES)
    return float(min(1.0, gaps.mean() / PAUSES)) if len(gaps) else 0.0
