"""Small real media files for tests."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Iterator
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


def enhanced(path: Path, colours: list[str], every: float) -> Path:
    """An M4A whose chapters have pictures, as QuickTime keeps them: a track of stills named by the sound's `tref`."""
    stills = path.with_name(".stills")
    stills.mkdir()
    for number, colour in enumerate(colours):
        (stills / f"{number}.jpg").write_bytes(jpeg(colour, 64))
    source = wav(path.with_name(".source.wav"), every * len(colours))
    pictures = ["-framerate", str(1 / every), "-i", stills / "%d.jpg"]
    plain = path.with_name(".plain.mp4")
    done = run_ffmpeg(
        ["-y", "-i", source, *pictures, "-map", "0:a", "-map", "1:v", "-c:v", "copy", "-c:a", "aac", plain]
    )
    assert done.returncode == 0, done.stderr.decode()
    path.write_bytes(_named(plain.read_bytes()))
    return path


def _named(data: bytes) -> bytes:
    """The first track names the second as its chapters; ffmpeg writes the index last, so nothing else moves."""
    boxes = list(_boxes(data, 0, len(data)))
    _, start, end = next(b for b in boxes if b[0] == b"moov")
    inside = list(_boxes(data, start + 8, end))
    _, first, last = next(b for b in inside if b[0] == b"trak")
    name = struct.pack(">I4sI4sI", 20, b"tref", 12, b"chap", 2)
    trak = struct.pack(">I4s", last - first + len(name), b"trak") + data[first + 8 : last] + name
    moov = data[start + 8 : first] + trak + data[last:end]
    return data[:start] + struct.pack(">I4s", len(moov) + 8, b"moov") + moov + data[end:]


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while at < end:
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, at, at + size
        at += size
