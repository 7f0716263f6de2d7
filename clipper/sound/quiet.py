"""How loud a stretch is from moment to moment, and where in it nobody would hear a cut. In: samples; out: decibels and
sample numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipper.sound.decode import RATE, Samples

HOP = RATE // 200  # samples, 5 ms
_WINDOW = 2 * HOP
_DEEPEST = 60.0  # dB below speech; digital silence is no measure of a room
_SHARE = 0.25  # of the way from the room's noise up to speech: below it nobody speaks or breathes
NEAR = RATE // 200  # samples around a place in which a zero crossing is looked for

Decibels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Quiet:
    """The levels of a recording: of its noise and its speech, and the border below which it is quiet; dB."""

    noise: float
    speech: float

    @property
    def border(self) -> float:
        return self.noise + _SHARE * (self.speech - self.noise)


def levels(samples: Samples) -> Decibels:
    """The level of 10 ms around every 5 ms, dB of full scale, float32, shape (n // HOP + 1,)."""
    mono = middle(samples) if samples.ndim == 2 else samples
    side = (samples[:, 0] - samples[:, 1]) / 2 if samples.ndim == 2 else mono
    power = np.maximum(mono**2, side**2)  # channels that cancel each other are not quiet
    count = len(power) // HOP + 1
    sums = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])
    centres = np.arange(count) * HOP
    low, high = np.maximum(centres - _WINDOW // 2, 0), np.minimum(centres + _WINDOW // 2, len(power))
    mean = (sums[high] - sums[np.minimum(low, high)]) / np.maximum(high - low, 1)
    return np.asarray(10 * np.log10(np.maximum(mean, 1e-12)), dtype=np.float32)


def middle(samples: Samples) -> NDArray[np.float32]:
    """The mean of both channels, shape (n,); a tenth of the time that numpy takes for a mean of two."""
    return (samples[:, 0].astype(np.float32, copy=False) + samples[:, 1]) / np.float32(2)


def measured(curve: Decibels) -> Quiet:
    """The levels of noise and speech in a curve."""
    if not len(curve):
        return Quiet(-_DEEPEST, 0.0)
    speech = float(np.percentile(curve, 90))
    return Quiet(max(float(np.percentile(curve, 5)), speech - _DEEPEST), speech)


def zero_crossing(samples: Samples, at: int, reach: int = NEAR) -> int:
    """The sample nearest to `at` at which the sound passes through zero; the smallest one near where it never does."""
    low, high = max(1, at - reach), min(len(samples), at + reach + 1)
    if low >= high:
        return min(max(at, 0), len(samples))
    near = middle(samples[low - 1 : high])
    crossings = np.flatnonzero((near[:-1] <= 0) & (near[1:] > 0) | (near[:-1] >= 0) & (near[1:] < 0)) + low
    if len(crossings):
        return int(crossings[np.argmin(np.abs(crossings - at))])
    return int(np.argmin(np.abs(near[1:]))) + low


def quietest(curve: Decibels, low: int, high: int, wanted: int, reach: float, most: float = 18.0) -> int:
    """The hop in `low` up to `high` that is quietest; one `reach` away from `wanted` must be so by `most` dB."""
    low, high = max(0, low), min(len(curve), high)
    if high <= low:
        return min(max(wanted, 0), max(0, len(curve) - 1))
    hops = np.arange(low, high)
    smooth = np.convolve(np.pad(curve, 1, mode="edge"), [1 / 3, 1 / 3, 1 / 3], mode="valid")
    price = smooth[low:high] + most * ((hops - wanted) / max(reach, 1.0)) ** 2
    return int(hops[np.argmin(price)])
