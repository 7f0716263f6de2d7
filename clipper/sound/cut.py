"""Cuts a clip's sound out of its window and lays the fades: pydub's work.

In: samples around the clip; out: the clip's samples.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from clipper.sound.decode import CHANNELS, RATE, Samples, decode_window
from clipper.span import Span

FADE_IN_MS = 12
FADE_OUT_MS = 60
_MARGIN_MS = 100  # decoded on both sides, so that pydub does the cutting
_HEADROOM = 8.0  # 18 dB for what stands above full scale: a loud MP3 decodes to peaks of 1.3 and more


def cut(path: Path, span: Span) -> Samples:
    """The clip's sound, float32, shape (n, 2), 48 kHz, with short fades so that nothing clicks.

    pydub counts in milliseconds; the cut falls on the nearest one.
    """
    start_ms, end_ms = round(span.start * 1000), round(span.end * 1000)
    before = min(start_ms, _MARGIN_MS)
    window = Span(start=(start_ms - before) / 1000, end=(end_ms + _MARGIN_MS) / 1000)
    segment = _segment(decode_window(path, window))
    piece = segment[before : before + (end_ms - start_ms)]
    length = end_ms - start_ms
    if length >= 2:  # pydub knows no fade of no length
        piece = piece.fade_in(min(FADE_IN_MS, length // 2)).fade_out(min(FADE_OUT_MS, length // 2))
    return _samples(piece)


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
