"""Cuts a stretch out of an episode's sound: pydub's work. In: a file and a span; out: the samples there."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np

from clipper.sound.decode import CHANNELS, RATE, Samples, decode_window
from clipper.span import Span

_MARGIN_MS = 100  # decoded on both sides, so that pydub does the cutting
_HEADROOM = 8.0  # 18 dB for what stands above full scale: a loud MP3 decodes to peaks of 1.3 and more


def cut(path: Path, span: Span, before: int = 0, after: int = 0) -> Samples:
    """The sound of `span`, float32, shape (n, 2), 48 kHz, without fades.

    Args:
        before, after: samples more on either side; silence where the file has none.
    """
    first, last = round(span.start * RATE) - before, round(span.end * RATE) + after
    # pydub counts in milliseconds: the cut falls on the nearest one outside, and the samples beyond it go afterwards
    start_ms, end_ms = max(0, math.floor(first * 1000 / RATE)), max(0, math.ceil(last * 1000 / RATE))
    margin = min(start_ms, _MARGIN_MS)
    window = Span(start=(start_ms - margin) / 1000, end=(end_ms + _MARGIN_MS) / 1000)
    segment = _segment(decode_window(path, window))
    taken = _samples(segment[margin : margin + (end_ms - start_ms)])
    out = np.zeros((max(0, last - first), CHANNELS), dtype=np.float32)
    at = start_ms * RATE // 1000 - first  # below 0 by less than a millisecond, above 0 before the file's start
    source = taken[max(0, -at) :]
    target = max(0, at)
    count = min(len(source), len(out) - target)
    out[target : target + max(0, count)] = source[: max(0, count)]
    return out


def _segment(samples: Samples):  # type: ignore[no-untyped-def]  # pydub has no types
    """Samples as a pydub AudioSegment of 32 bits: quiet recordings are made louder later, 16 bits would hiss."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydub looks for an ffmpeg on the PATH, which it does not need here
        from pydub import AudioSegment
    scaled = samples * np.float32(2**31 / _HEADROOM)  # a power of two: nothing is lost
    np.clip(scaled, -(2**31), 2**31 - 128, out=scaled)
    whole = np.rint(scaled, out=scaled).astype("<i4")
    return AudioSegment(data=whole.tobytes(), sample_width=4, frame_rate=RATE, channels=CHANNELS)


def _samples(segment) -> Samples:  # type: ignore[no-untyped-def]
    whole = np.frombuffer(segment.raw_data, dtype="<i4").reshape(-1, CHANNELS)
    scale = np.float32(_HEADROOM / 2**31)
    return np.asarray(np.multiply(whole, scale, dtype=np.float32, casting="unsafe"), dtype=np.float32)
