"""How high a voice speaks. In: windows at 4 kHz; out: the fundamental of each in Hz, and how sure it is.

Autocorrelation over that of the window itself, so that a low voice is not taken for a high one.
Source: P. Boersma, "Accurate short-term analysis of the fundamental frequency", IFA Proceedings 17 (1993).
"""

from __future__ import annotations

import numpy as np

from clipper.sound.stream import FOURTH, Floats

WINDOW = 160  # samples at 4 kHz, 40 ms: nearly three periods of the lowest voice
SHORTEST, LONGEST = 7, 57  # samples of a period: 571 Hz down to 70 Hz
VOICED = 0.5  # of the signal's power that must come back after one period
OCTAVE = 0.02  # by which a period loses against one half as long: both fit a high voice
LOUD = 40.0  # dB below the loud frames; what is softer is no voice, or too far off
SMOOTH = 5  # frames whose median is taken: a single frame an octave off vanishes

_SIZE = 256  # of the transform: the window and LONGEST of silence, so that its end does not meet its beginning
_HANN = np.hanning(WINDOW).astype(np.float32)
_LAGS = LONGEST + 2
_OWN = np.fft.irfft(np.abs(np.fft.rfft(_HANN, _SIZE)) ** 2, _SIZE)[:_LAGS].astype(np.float32)


def periods(windows: Floats) -> tuple[Floats, Floats]:
    """The fundamental in Hz and the share of power that is periodic (0 to 1), each shape (n,)."""
    centred = windows - windows.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred * _HANN, _SIZE, axis=1)
    back = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, _SIZE, axis=1)[:, :_LAGS]
    back = back / (back[:, :1] + 1e-9) / (_OWN / _OWN[0])
    lags = np.arange(_LAGS, dtype=np.float32)
    weighed = back[:, SHORTEST : LONGEST + 1] - OCTAVE * np.log2(lags[SHORTEST : LONGEST + 1] / SHORTEST)
    best = np.argmax(weighed, axis=1) + SHORTEST
    rows = np.arange(len(best))
    left, top, right = back[rows, best - 1], back[rows, best], back[rows, best + 1]
    bend = left - 2 * top + right
    shift = np.where(np.abs(bend) > 1e-6, 0.5 * (left - right) / np.where(bend == 0, 1.0, bend), 0.0)
    hertz = FOURTH / (best + np.clip(shift, -0.5, 0.5))
    return hertz.astype(np.float32), np.clip(top, 0.0, 1.0).astype(np.float32)


def voice(hertz: Floats, periodic: Floats, energy: Floats) -> Floats:
    """Hz where a voice sounds, nan elsewhere, shape (n,).

    Args:
        hertz, periodic: of `periods`.
        energy: dB of the same frames.
    """
    if not len(hertz):
        return hertz
    loud = float(np.percentile(energy, 95))
    sounds = (periodic > VOICED) & (energy > loud - LOUD)
    half = SMOOTH // 2
    out = np.full(len(hertz), np.nan, dtype=np.float32)
    for a in range(0, len(hertz), 60_000):  # twenty minutes at a time: the medians need room
        b = min(len(hertz), a + 60_000)
        low, high = max(0, a - half), min(len(hertz), b + half)
        padded = np.pad(hertz[low:high], (half - (a - low), half - (high - b)), mode="edge")
        out[a:b] = np.median(np.lib.stride_tricks.sliding_window_view(padded, SMOOTH), axis=1)
    out[~sounds] = np.nan
    return out
