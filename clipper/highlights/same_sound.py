"""Whether a stretch of sound comes again elsewhere: the same recording, not only the same words.

In: the bands of the sound's facts and two places; out: how alike they are. A copy stays alike through another level,
another encoding and a bed of music beneath it; the same sentence said again does not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.talk import SoundFacts

SLACK = 1.0  # seconds by which the words' times may be wrong
RANGE = 30.0  # dB below each band's loud frames that are compared; deeper down lie room and music
SAME = 0.7  # likeness of a copy: copies have 0.78 and more, other sentences less than 0.5 (docs/choosing.md)
LEAST = 0.8  # seconds; less is too little to tell


def likeness(facts: SoundFacts, here: float, there: float, seconds: float) -> float | None:
    """The correlation of the bands' movements from -1 to 1 at the best place near `there`; None where it is not known.

    Args:
        facts: with `bands`.
        here, there: where the two stretches begin, in seconds.
        seconds: how long they are.
    """
    if facts.bands is None or seconds < LEAST:
        return None
    count, slack = round(seconds * facts.rate), round(SLACK * facts.rate)
    a, b = round(here * facts.rate), round(there * facts.rate)
    one = facts.bands[max(0, a) : a + count].astype(np.float64)
    low = max(0, b - slack)
    other = facts.bands[low : b + count + slack].astype(np.float64)
    if len(one) < LEAST * facts.rate or len(other) < len(one):
        return None
    one, other = _moved(one), np.maximum(other, _floor(other))
    one_power = float((one**2).sum())
    best = -1.0
    for lag in range(len(other) - len(one) + 1):
        part = other[lag : lag + len(one)]
        part = part - part.mean(axis=0)
        power = one_power * float((part**2).sum())
        if power > 0:
            best = max(best, float((one * part).sum()) / power**0.5)
    return best


def _floor(bands: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.percentile(bands, 95, axis=0) - RANGE)


def _moved(bands: NDArray[np.float64]) -> NDArray[np.float64]:
    held = np.maximum(bands, _floor(bands))
    return np.asarray(held - held.mean(axis=0))
