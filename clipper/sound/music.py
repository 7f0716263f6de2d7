"""Music, also softly under a voice. In: windows at 4 kHz; out: how likely it is, over the whole episode.

A note stands still in the spectrum, a voice glides: counted is how long each frequency stays a peak.
Source: K. Seyerlehner, T. Pohle, M. Schedl, G. Widmer, "Automatic music detection in television productions", DAFx-07
(continuous frequency activation); its threshold is set anew for 4 kHz (docs/choosing.md).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clipper.sound.stream import FOURTH, Floats

WINDOW = 512  # samples at 4 kHz, 128 ms: bins of 7.8 Hz
HOP = 320  # samples, 80 ms
EVERY = 5  # windows from one answer to the next, 0.4 s
BLOCK = 32  # windows that an answer looks at, 2.6 s
NEIGHBOURS = 10  # bins on each side, whose mean a peak must exceed
PEAK = 4.0  # dB by which
SOFTEST = -20.0  # dB of a peak, full scale being 42: what is softer is the codec's own
LOWEST, HIGHEST = 28, 232  # bins: 220 Hz, as the first harmonics of a low, even voice stand still too, to 1.8 kHz
ALWAYS = 20  # per cent of the blocks: what a peak has even in these hums all episode long, and is taken off
NOTES = 5  # the steadiest peaks count
LIKELY = 1.15  # their sum at which music is as likely as not: talk and hum stay below, a bed 18 dB softer lies above
SOFT = 0.05  # by which it must differ for near certainty
STEADY = 15  # answers whose median is taken, 6 s
LEAST = 16  # answers in a row, 6.4 s: a shorter run is a drawn-out vowel more often than a jingle

_HANN = np.hanning(WINDOW).astype(np.float32)
_BINS = WINDOW // 2 + 1


class Notes:
    """Collects peaks window by window (a bit each: three hours are 4 MB)."""

    def __init__(self) -> None:
        self._rows: list[NDArray[np.uint8]] = []

    def add(self, windows: Floats) -> None:
        if not len(windows):
            return
        spectrum = np.fft.rfft(windows * _HANN, axis=1)
        decibels = 10 * np.log10(spectrum.real**2 + spectrum.imag**2 + 1e-7)
        padded = np.pad(decibels, ((0, 0), (NEIGHBOURS + 1, NEIGHBOURS)), mode="edge")
        sums = np.cumsum(padded, axis=1)
        around = (sums[:, 2 * NEIGHBOURS + 1 :] - sums[:, : -2 * NEIGHBOURS - 1]) / (2 * NEIGHBOURS + 1)
        peaks = (decibels - around > PEAK) & (decibels > SOFTEST)
        peaks[:, :LOWEST] = peaks[:, HIGHEST:] = False
        self._rows.append(np.packbits(peaks, axis=1))

    def likelihood(self, rate: float, frames: int) -> Floats:
        """0 to 1 for each of `frames` frames, `rate` a second; 0 throughout in less than 3 s of sound."""
        bits = np.concatenate(self._rows) if self._rows else np.zeros((0, 1), dtype=np.uint8)
        if len(bits) <= BLOCK:
            return np.zeros(frames, dtype=np.float32)
        stays = _stays(bits)
        stays = np.maximum(stays - np.percentile(stays, ALWAYS, axis=0).astype(np.float32), 0.0)
        total = _median(_steadiness(stays), STEADY)
        chance = 1 / (1 + np.exp(-np.clip((total - LIKELY) / SOFT, -50, 50)))
        chance[_short(chance > 0.5)] = 0.5
        seconds = (np.arange(len(total)) * EVERY + BLOCK / 2) * HOP / FOURTH
        return np.asarray(np.interp(np.arange(frames) / rate, seconds, chance), dtype=np.float32)


def _stays(bits: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The share of each block in which each bin is a peak, shape (answers, bins)."""
    starts = np.arange(0, len(bits) - BLOCK, EVERY)
    out = np.empty((len(starts), _BINS), dtype=np.float32)
    for a in range(0, len(starts), 512):
        mine = starts[a : a + 512]
        peaks = np.unpackbits(bits[mine[0] : mine[-1] + BLOCK], axis=1, count=_BINS)
        sums = np.concatenate([np.zeros((1, _BINS), dtype=np.int32), np.cumsum(peaks, axis=0, dtype=np.int32)])
        at = mine - mine[0]
        out[a : a + 512] = (sums[at + BLOCK] - sums[at]) / BLOCK
    return out


def _steadiness(stays: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sum of the steadiest peaks, each measured from the higher of the valleys beside it, shape (answers,)."""
    out = np.empty(len(stays), dtype=np.float32)
    for a in range(0, len(stays), 4096):
        part = stays[a : a + 4096]
        middle = part[:, 3:-3]
        left = np.minimum(np.minimum(part[:, :-6], part[:, 1:-5]), part[:, 2:-4])
        right = np.minimum(np.minimum(part[:, 4:-2], part[:, 5:-1]), part[:, 6:])
        is_top = (middle >= part[:, 2:-4]) & (middle > part[:, 4:-2])
        height = np.where(is_top, middle - np.maximum(left, right), 0.0)
        out[a : a + 4096] = np.partition(height, -NOTES, axis=1)[:, -NOTES:].sum(axis=1)
    return out


def _short(likely: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """True in runs of true values that are shorter than LEAST; one at either end may go on beyond it and is left."""
    out = np.zeros_like(likely)
    borders = np.flatnonzero(np.diff(likely)) + 1
    for a, b in pairwise(borders.tolist()):
        out[a:b] = likely[a] and b - a < LEAST
    return out


def _median(values: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    padded = np.pad(values, width // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1))
