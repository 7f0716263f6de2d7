"""What the sound's facts say of sentences and runs of them. In: a talk with its facts; out: an array a sentence.

A speaker is held against that speaker alone: a soft voice that rises counts, a loud one that drones does not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clipper.highlights.talk import Floats, Talk

SOFTEST = -90.0  # dB; digital silence would outweigh everything
LEAST_WORDS = 60  # of a speaker whose own mean is known
HEIGHTS = 5.0  # semitones between two voices that are told apart by their pitch where speakers are not known
LEAST_SHARE = 0.15  # of the words that each of the two must have


def places(rate: float, frames: int, starts: ArrayLike, ends: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last frame (half-open, at least one) of each stretch of seconds, within `frames`."""
    a = np.clip((np.asarray(starts, dtype=float) * rate).astype(np.int64), 0, max(0, frames - 1))
    b = np.clip(np.ceil(np.asarray(ends, dtype=float) * rate).astype(np.int64), a + 1, max(1, frames))
    return a, b


def share(rate: float, true: NDArray[np.bool_], starts: ArrayLike, ends: ArrayLike) -> Floats:
    """The share of the frames of each stretch that are true, shape of `starts`."""
    if not len(true):
        return np.zeros(np.shape(starts))
    a, b = places(rate, len(true), starts, ends)
    sums = np.concatenate([[0], np.cumsum(true)])
    return np.asarray((sums[b] - sums[a]) / (b - a))


def loudness(talk: Talk) -> Floats:
    """The level of each sentence in dB below full scale, shape (n,); the mean of its power, so pauses hardly count."""
    facts = talk.sound
    if facts is None or not len(facts.energy):
        return np.zeros(len(talk.sentences))
    power = 10 ** (np.maximum(facts.energy, SOFTEST).astype(float) / 10)
    a, b = places(facts.rate, len(power), talk.starts, talk.ends)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    return np.asarray(10 * np.log10(np.maximum((sums[b] - sums[a]) / (b - a), 1e-10)))


def height(talk: Talk) -> Floats:
    """The middle pitch of each sentence in semitones over 100 Hz, shape (n,); nan where no voice was heard."""
    out = np.full(len(talk.sentences), np.nan)
    facts = talk.sound
    if facts is None or facts.pitch is None or not len(facts.pitch):
        return out
    firsts, lasts = places(facts.rate, len(facts.pitch), talk.starts, talk.ends)
    for i, (a, b) in enumerate(zip(firsts.tolist(), lasts.tolist(), strict=True)):
        voiced = facts.pitch[a:b]
        voiced = voiced[~np.isnan(voiced)]
        if len(voiced) >= facts.rate / 5:
            out[i] = 12 * np.log2(float(np.median(voiced)) / 100)
    return out


def against_own(talk: Talk, values: Floats, voices: NDArray[np.int64]) -> Floats:
    """Each sentence's value less the mean of its own voice, shape (n,).

    0 where the value is nan and for voices with too few words for a mean.
    """
    out = np.zeros(len(values))
    known = ~np.isnan(values)
    for voice in np.unique(voices):
        mine = known & (voices == voice)
        words = talk.lengths[mine]
        if words.sum() >= LEAST_WORDS:
            out[mine] = values[mine] - float(np.average(values[mine], weights=words))
    return out


def speakers(talk: Talk) -> NDArray[np.int64]:
    """A number for each sentence's speaker, shape (n,); all 0 where speakers are not known."""
    numbers: dict[str | None, int] = {}
    return np.array([numbers.setdefault(s.speaker, len(numbers)) for s in talk.sentences], dtype=np.int64)


def voices_by_height(talk: Talk, heights: Floats) -> NDArray[np.int64]:
    """The speakers where they are known, else a lower and a higher voice if there are clearly two, shape (n,).

    Without this the higher of two voices would always seem excited. The border is Otsu's (1979).
    """
    named = speakers(talk)
    known = ~np.isnan(heights)
    if named.any() or known.sum() < 8:
        return named
    order = np.flatnonzero(known)[np.argsort(heights[known], kind="stable")]
    sorted_heights, words = heights[order], talk.lengths[order]
    below = np.cumsum(words)
    total, sums = below[-1], np.cumsum(words * sorted_heights)
    low = sums[:-1] / below[:-1]
    high = (sums[-1] - sums[:-1]) / (total - below[:-1])
    part = below[:-1] / total
    k = int(np.argmax(part * (1 - part) * (high - low) ** 2))
    if high[k] - low[k] < HEIGHTS or not LEAST_SHARE <= part[k] <= 1 - LEAST_SHARE:
        return named
    return np.asarray(np.nan_to_num(heights, nan=-99.0) > sorted_heights[k], dtype=np.int64)
