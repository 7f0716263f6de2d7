"""Candidates and their choice. In: a setting and what was asked for; out:
runs of whole sentences, best first, spread out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.boundaries import CLEAN_END, CLEAN_OPEN, ending, opening
from clipper.highlights.model import Settings
from clipper.highlights.shape import reshaped
from clipper.highlights.signals import SIGNALS
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.highlights.weights import Weights

HOLE = 5.0  # seconds without a word: no run goes across
ENDS_A_START = 24  # runs kept for each opening
APART = 20.0  # seconds between two clips, less in short episodes:
APART_SHARE = 0.006  # of the episode
TOPIC_AGAIN = 1.0  # how much a second clip about the same bullet loses, in spreads of the score
LEAST_TOPIC = 0.05  # a run is about a bullet if its mean strength times the confidence is more
PASSAGE = 60.0  # seconds: spread of what counts as the passage around a run
AROUND = 0.6  # how much the passage counts beside the run itself
SPREAD = 0.3  # how much likeness to what is chosen counts against a run, in the unit of the score


def runs(setting: Setting, settings: Settings) -> Runs:
    """Runs within the band that open and end well and hold nothing but talk;
    ends that are not clean only where no other is.
    """
    talk = setting.talk
    n = len(talk.sentences)
    barred = np.array([k != "" for k in setting.kinds])
    ends_clean = np.array([ending(talk, i + 1) == CLEAN_END for i in range(n)])
    firsts: list[int] = []
    lasts: list[int] = []
    for i in range(n):
        if barred[i] or opening(talk, i) != CLEAN_OPEN:
            continue
        found = []
        for j in range(i, n):
            if (
                barred[j]
                or (j > i and talk.starts[j] - talk.ends[j - 1] > HOLE)
                or talk.ends[j] - talk.starts[i] > settings.longest
            ):
                break
            if talk.ends[j] - talk.starts[i] >= settings.shortest and ends_clean[j]:
                found.append(j + 1)
        if len(found) > ENDS_A_START:
            found = [found[round(k * (len(found) - 1) / (ENDS_A_START - 1))] for k in range(ENDS_A_START)]
        firsts += [i] * len(found)
        lasts += found
    return Runs(np.array(firsts, dtype=np.int64), np.array(lasts, dtype=np.int64))


def measure(setting: Setting, found: Runs) -> dict[str, Floats]:
    """The value of every signal for every run."""
    return {name: np.nan_to_num(signal.measure(setting, found)) for name, signal in SIGNALS.items()}


def standard(values: Floats) -> Floats:
    """Values set against the others of this episode: mean 0, spread 1, cut at 3; all 0 where they do not differ."""
    spread = float(values.std()) if len(values) else 0.0
    return np.clip((values - values.mean()) / spread, -3.0, 3.0) if spread > 1e-9 else np.zeros_like(values)


def score(values: dict[str, Floats], weights: Weights) -> Floats:
    """The weighted sum that orders the runs."""
    length = len(next(iter(values.values()), np.zeros(0)))
    total = np.zeros(length)
    for name, weight in weights.signals.items():
        total += weight * standard(values[name])
    return total


def with_passage(setting: Setting, found: Runs, scores: Floats) -> Floats:
    """The scores with a part of what the runs around each one score: a good passage is seldom one sentence long."""
    if not len(found):
        return scores
    middle = (setting.talk.starts[found.first] + setting.talk.ends[found.last - 1]) / 2
    step = PASSAGE / 6
    place = (middle / step).astype(int)
    n = int(place.max()) + 1
    half = 18
    taps = np.exp(-0.5 * (np.arange(-half, half + 1) * step / PASSAGE) ** 2)
    total = np.convolve(np.bincount(place, weights=scores, minlength=n), taps)[half : half + n]
    many = np.convolve(np.bincount(place, minlength=n).astype(float), taps)[half : half + n]
    return np.asarray(scores + AROUND * (total / np.maximum(many, 1e-9))[place])


def topics_of(setting: Setting, found: Runs) -> NDArray[np.int64]:
    """The number of the bullet that each run is about, -1 for none, shape (m,)."""
    best, which = np.full(len(found), LEAST_TOPIC), np.full(len(found), -1, dtype=np.int64)
    for k, match in enumerate(setting.topics.matches):
        if match.span is not None:
            about = found.mean(setting.topics.strength[k], setting.talk.lengths) * match.confidence
            which = np.where(about > best, k, which)
            best = np.maximum(about, best)
    return which


def choose(setting: Setting, found: Runs, scores: Floats, count: int) -> list[int]:
    """Numbers of up to `count` runs: the best first, then by maximal marginal relevance, none overlapping another.

    What is near in time to a chosen run, or about the same bullet, loses SPREAD (TOPIC_AGAIN) spreads of the score
    for each.
    """
    talk = setting.talk
    if not len(found) or count <= 0:
        return []
    start, end = talk.starts[found.first], talk.ends[found.last - 1]
    middle = (start + end) / 2
    topic = topics_of(setting, found)
    # rounding makes the order the same where another machine adds in another order
    value = np.round(scores, 9) - 1e-8 * np.arange(len(scores)) / len(scores)
    spread = float(scores.std()) or 1.0
    near = max(60.0, talk.duration / (2 * count))
    apart = float(np.clip(talk.duration * APART_SHARE, 1.0, APART))
    chosen: list[int] = []
    while len(chosen) < count:
        k = int(np.argmax(value))
        if value[k] == -np.inf:
            break
        k = reshaped(setting, found, scores, value > -np.inf, k, int(topic[k]))
        chosen.append(k)
        value = value - SPREAD * spread * np.exp(-0.5 * ((middle - middle[k]) / near) ** 2)
        if topic[k] >= 0:
            value = value - TOPIC_AGAIN * spread * (topic == topic[k])
        value = np.where((start < end[k] + apart) & (end > start[k] - apart), -np.inf, value)
    return chosen
