"""Small real media files for tests."""

from __future__ import annotations

import io
import math
import struct
import wave
from pathlib import Path

from PIL import Image

from clipper.media import run_ffmpeg


def wav(path: Path, seconds: float = 0.5) -> Path:
    rate = 8000
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        samples = (int(8000 * math.sin(i / 5)) for i in range(int(rate * seconds)))
        sound.writeframes(b"".join(struct.pack("<h", s) for s in samples))
    return path


def encoded(path: Path, seconds: float = 0.5) -> Path:
    """An MP3, M4A, OGG, FLAC ... by the ending."""
    source = wav(path.with_name(f".{path.stem}-source.wav"), seconds)
    done = run_ffmpeg(["-y", "-i", source, path])
    assert done.returncode == 0, done.stderr.decode()
    source.unlink()
    return path


def jpeg(colour: str = "red", size: int = 16) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(made, "JPEG")
    return made.getvalue()
