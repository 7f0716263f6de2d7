"""How loud each band of a voice is in each frame of the picture: what a waveform shows.

In: a clip's samples; out: levels 0 to 1, one row a frame.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.sound.decode import RATE, Samples
from clipper.sound.quiet import middle

WINDOW = 2048  # samples, 43 ms: two frames of speech
LOWEST, HIGHEST = 120.0, 7000.0  # Hz, where voices are
RANGE = 42.0  # dB from the loudest down to a line
FLOOR = -60.0  # dB of a band, about -80 dBFS of a tone: a clip that stays below it is silent
ATTACK, RELEASE = 0.75, 0.22  # share of the way to a higher, a lower level in one frame of 1/30 s


def levels(samples: Samples, fps: float, frames: int, bands: int) -> NDArray[np.float32]:
    """Levels 0 to 1, float32, shape (frames, bands), band 0 the lowest; rises fast, falls slowly.

    0 dB is what the loudest two in a hundred values of this clip reach, so that a clip looks the same before and after
    it is brought to its loudness; but never below FLOOR: silence is a line.

    Args:
        samples: float32, shape (n, 2), 48 kHz.
    """
    edges = _edges(bands)
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)
    weights = np.maximum(
        0, 1 - np.abs(np.log2(np.maximum(frequencies, 1)[:, None] / edges[None, 1:-1])) / edges_width(bands)
    )
    weights /= np.maximum(weights.sum(axis=0), 1e-9)
    window = np.hanning(WINDOW).astype(np.float32)
    power = np.empty((frames, bands), dtype=np.float32)
    for first in range(0, frames, 256):
        numbers = np.arange(first, min(frames, first + 256))
        centres = np.rint(numbers / fps * RATE).astype(int)
        mono = _stretch(samples, int(centres[0]) - WINDOW // 2, int(centres[-1]) + WINDOW // 2)
        pieces = mono[(centres - centres[0])[:, None] + np.arange(WINDOW)] * window
        power[numbers] = (np.abs(np.fft.rfft(pieces, axis=1)) ** 2 / WINDOW) @ weights
    decibels = 10 * np.log10(power + 1e-12)
    # high tones of speech are weaker; without a tilt the outer bars would never move
    decibels += np.linspace(0, 14, bands)[None]
    top = max(float(np.percentile(decibels, 98)), FLOOR) if decibels.size else 0.0
    return _smoothed(np.clip(1 + (decibels - top) / RANGE, 0, 1).astype(np.float32) ** 1.4, fps)


def _stretch(samples: Samples, start: int, end: int) -> Samples:
    """The mean of both channels from sample `start` up to `end`, silence where the clip has none."""
    out = np.zeros(end - start, dtype=np.float32)
    piece = samples[max(0, start) : max(0, end)]
    out[max(0, -start) : max(0, -start) + len(piece)] = middle(piece)
    return out


def _edges(bands: int) -> NDArray[np.float64]:
    return np.geomspace(LOWEST, HIGHEST, bands + 2)


def edges_width(bands: int) -> float:
    """Octaves between two neighbouring bands, at least a third, so that each band sees a bin."""
    return max(1 / 3, float(np.log2(HIGHEST / LOWEST)) / (bands + 1))


def _smoothed(raw: NDArray[np.float32], fps: float) -> NDArray[np.float32]:
    up, down = 1 - (1 - ATTACK) ** (30 / fps), 1 - (1 - RELEASE) ** (30 / fps)
    now = np.zeros(raw.shape[1], dtype=np.float32)
    out = np.empty_like(raw)
    for i, row in enumerate(raw):
        now = now + (row - now) * np.where(row > now, up, down).astype(np.float32)
        out[i] = now
    return out
