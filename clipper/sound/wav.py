"""Samples as a float WAV that ffmpeg reads; Python's own `wave` knows no floats."""

from __future__ import annotations

import struct
from pathlib import Path

from clipper.sound.decode import RATE, Samples


def wav_bytes(samples: Samples) -> bytes:
    """A RIFF file, 32-bit float, of samples of shape (n, channels)."""
    data = samples.astype("<f4").tobytes()
    channels = samples.shape[1]
    head = struct.pack("<HHIIHH", 3, channels, RATE, RATE * channels * 4, channels * 4, 32)
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def write_wav(path: Path, samples: Samples) -> None:
    """Writes `wav_bytes` to `path`."""
    path.write_bytes(wav_bytes(samples))
