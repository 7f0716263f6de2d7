"""How loud each 20 ms are, all together and in twelve bands. In: windows; out: decibels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.sound.stream import HOP, Floats
from clipper.speech.engines.base import RATE

WINDOW = 512  # samples at 16 kHz, 32 ms: a fifth of a syllable
BANDS = 12
LOWEST, HIGHEST = 100.0, 7500.0  # Hz
FLOOR = 1e-10  # power below which nothing sounds, -100 dB

_HANN = np.hanning(WINDOW).astype(np.float32)
_SCALE = 2.0 / (WINDOW * float((_HANN**2).sum()))  # a full-scale sine gives -3 dB, as its mean power does


def _edges() -> NDArray[np.int64]:
    """The first bin of each band and the one behind the last: of equal width in mel (O'Shaughnessy 1987)."""
    mel = np.linspace(2595 * np.log10(1 + LOWEST / 700), 2595 * np.log10(1 + HIGHEST / 700), BANDS + 1)
    return np.rint(700 * (10 ** (mel / 2595) - 1) * WINDOW / RATE).astype(np.int64)


_EDGES = _edges()


def levels(windows: Floats) -> tuple[Floats, NDArray[np.int8]]:
    """Decibels below full scale of each window's middle 20 ms, shape (n,), and of each band, int8, shape (n, BANDS)."""
    a = (WINDOW - HOP) // 2
    middle = windows[:, a : a + HOP]
    energy = 10 * np.log10(np.einsum("ij,ij->i", middle, middle) / HOP + FLOOR)
    spectrum = np.fft.rfft(windows * _HANN, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    # sums of bins, and no product of matrices: that one wakes a thread on every core for very little
    summed = np.add.reduceat(power[:, : _EDGES[-1]], _EDGES[:-1], axis=1)
    bands = 10 * np.log10(summed * _SCALE + FLOOR)
    return energy.astype(np.float32), np.rint(np.clip(bands, -100, 27)).astype(np.int8)
