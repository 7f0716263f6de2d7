"""What can be seen in the sound without understanding it: where it is loud enough to be speech, and where it changes.

In: samples at 16 kHz; out: a `Heard`, both every 5 ms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from clipper.speech.engines.base import RATE
from clipper.speech.limits import limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clipper.speech.engines.base import Samples

STEP = 80  # samples a frame: 5 ms, a sixth of a video frame
FRAME = STEP / RATE  # seconds
_LOUD = 240  # samples that a level is taken over: 15 ms
_SEEN = 400  # samples of a spectrum: 25 ms, as Whisper's own (whisper/audio.py, N_FFT)
_SIZE = 512
_BANDS = 24  # mel bands from 100 to 7600 Hz
_CHUNK = 5_000  # frames that are worked out at once: 25 s, about 20 MB

Floats = NDArray[np.float64]
Frames = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Heard:
    """The sound of a stretch, a value every `FRAME` seconds.

    Attributes:
        speech: whether it is as loud as speech there, shape (n,); pauses of less than limits().edges.pause are filled.
        onsets, offsets: frames at which such sound begins, and the first frame after it, shapes (k,).
        silence: seconds without such sound before each frame, shape (n + 1,).
        change: how much the spectrum of the 30 ms behind a frame differs from that of the 30 ms before it, shape (n,);
            1 is a strong change for this stretch.
    """

    speech: NDArray[np.bool_]
    onsets: Frames
    offsets: Frames
    silence: Floats
    change: Floats

    def __len__(self) -> int:
        return len(self.speech)


def listen(samples: Samples) -> Heard:
    """Levels and changes of float32 mono samples at 16 kHz, full scale 1.0."""
    edges = limits().edges
    flat = np.append(samples[:1], samples[1:] - np.float32(0.7) * samples[:-1])  # hisses count as vowels do
    level, change = _measured(flat)
    runs = _runs(level > _threshold(level), round(edges.pause / FRAME), round(edges.blip / FRAME))
    speech = np.zeros(len(level), dtype=bool)
    for first, last in runs:
        speech[first:last] = True
    strong = float(np.percentile(change[speech], 90)) if speech.any() else 1.0
    return Heard(
        speech,
        np.array([first for first, _ in runs], dtype=np.int64),
        np.array([last for _, last in runs], dtype=np.int64),
        np.concatenate([[0.0], np.cumsum(~speech) * FRAME]),
        change / max(strong, 1e-6),
    )


def _measured(samples: Samples) -> tuple[Floats, Floats]:
    """Level in dB and spectral change of every frame."""
    count = len(samples) // STEP
    padded = np.concatenate([np.zeros(_SEEN // 2, np.float32), samples, np.zeros(_SEEN, np.float32)])
    level, bands = np.empty(count), np.empty((count, _BANDS), np.float32)
    edge = (_SEEN - _LOUD) // 2
    for first in range(0, count, _CHUNK):
        last = min(count, first + _CHUNK)
        seen = np.lib.stride_tricks.sliding_window_view(padded, _SEEN)[first * STEP : last * STEP : STEP]
        level[first:last] = 10 * np.log10(np.mean(seen[:, edge : edge + _LOUD] ** 2, axis=1) + 1e-10)
        spectrum = np.abs(np.fft.rfft(seen * _window(), _SIZE, axis=1)).astype(np.float32) ** 2
        bands[first:last] = np.log(spectrum @ _mel() + np.float32(1e-7))
    half = 6  # frames: 30 ms on each side
    change = np.zeros(count)
    if count > 2 * half:
        total = np.cumsum(np.vstack([np.zeros((1, _BANDS)), bands]), axis=0)
        middle = np.arange(half, count - half)
        after, before = total[middle + half] - total[middle], total[middle] - total[middle - half]
        change[middle] = np.sqrt(np.mean(((after - before) / half) ** 2, axis=1))
    return level, change


def _threshold(level: Floats) -> Floats:
    """From which level on a frame may be speech, in dB, by the levels of the 15 s around it."""
    edges = limits().edges
    out = np.empty(len(level))
    step, half = round(2 / FRAME), round(7.5 / FRAME)
    for first in range(0, len(level), step):
        near = level[max(0, first - half) : first + step + half]
        floor, loud = np.percentile(near, (5, 90))
        out[first : first + step] = max(floor + edges.above_floor, loud - edges.below_speech)
    return out


def _runs(loud: NDArray[np.bool_], pause: int, blip: int) -> list[tuple[int, int]]:
    """Where it is loud, pauses shorter than `pause` frames filled and blips shorter than `blip` left out."""
    joined: list[tuple[int, int]] = []
    for first, last in _stretches(loud):
        if joined and first - joined[-1][1] < pause:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return [(first, last) for first, last in joined if np.count_nonzero(loud[first:last]) >= blip]


def _stretches(loud: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    turns = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
    return zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True)


@cache
def _window() -> NDArray[np.float32]:
    return np.hanning(_SEEN).astype(np.float32)


@cache
def _mel() -> NDArray[np.float32]:
    """Triangular mel bands, shape (_SIZE // 2 + 1, _BANDS). Source: HTK book, 5.4 (mel = 2595 lg(1 + f / 700))."""
    low, high = (2595 * np.log10(1 + f / 700) for f in (100, 7600))
    points = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2595) - 1) / RATE * _SIZE
    bins = np.arange(_SIZE // 2 + 1)[:, None]
    rising = (bins - points[:-2]) / (points[1:-1] - points[:-2])
    falling = (points[2:] - bins) / (points[2:] - points[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)
