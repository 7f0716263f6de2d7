"""Packs as `clipper pack` writes them, with a tiny real MP4 whose bytes differ from clip to clip."""

from __future__ import annotations

import datetime
import functools
import hashlib
import random
import struct
import tempfile
from pathlib import Path
from typing import Any

import av
import numpy as np

from clipper.export.packed import Packed, PackedFile, PackedVideo, write_packed
from clipper.publish.base import Pack

VTT = "WEBVTT\n\n00:00.000 --> 00:00.500\nThe strangest thing I ever found\n"
SRT = "1\n00:00:00,000 --> 00:00:00,500\nThe strangest thing I ever found\n"
TEXT = "The strangest thing I ever found was a bell. Hear it all: https://oddlygood.example/42 #podcast #bells"
ALT = "A cover in orange with a waveform; a woman tells how she found a bell."


@functools.cache
def video(width: int = 72, height: int = 128, frames: int = 15) -> bytes:
    """Half a second of H.264 and AAC in an MP4 with its index in front."""
    with (
        tempfile.NamedTemporaryFile(suffix=".mp4") as held,
        av.open(held.name, "w", options={"movflags": "+faststart"}) as out,
    ):
        picture = out.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        sound = out.add_stream("aac", rate=48000, layout="mono")
        for n in range(frames):
            pixels = np.full((height, width, 3), (n * 10 % 255, 120, 60), np.uint8)
            out.mux(picture.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        out.mux(picture.encode(None))
        wave = np.zeros((1, 1024 * (frames * 1600 // 1024)), np.float32)
        frame = av.AudioFrame.from_ndarray(wave, "fltp", layout="mono")
        frame.rate = 48000
        out.mux(sound.encode(frame))
        out.mux(sound.encode(None))
        out.close()
        return Path(held.name).read_bytes()


def padded(data: bytes, size: int, seed: str) -> bytes:
    """The same film with a box of other bytes at its end, so that it has `size` bytes and its own digest."""
    left = size - len(data)
    if left < 8:
        return data
    return data + struct.pack(">I4s", left, b"free") + random.Random(seed).randbytes(left - 8)


def make_pack(
    out: Path, platform: str, number: int = 1, *, size: int = 60_000, name: str = "clip.mp4", **changes: Any
) -> Pack:
    """A pack in OUT/packs/PLATFORM/NN-a-bell; the same number has the same content on every platform.

    Args:
        size: bytes of the video.
        changes: of the manifest's values.
    """
    folder = out / "packs" / platform / f"{number:02d}-a-bell-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    film = padded(video(), size, f"{number}")
    files = {name: film, "captions.vtt": VTT.encode(), "captions.srt": SRT.encode(), "cover.jpg": cover()}
    for file, data in files.items():
        (folder / file).write_bytes(data)

    def said(file: str, kind: str) -> dict[str, Any]:
        data = files[file]
        return {"name": file, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "kind": kind}

    values: dict[str, Any] = {
        "platform": platform,
        "clip": f"c{number}",
        "content": hashlib.sha256(f"content {number}".encode()).hexdigest(),
        "made": datetime.datetime(2026, 11, 30, tzinfo=datetime.UTC),
        "title": f"A bell, number {number}",
        "text": f"{TEXT} ({number})",
        "alt": ALT,
        "hashtags": ("podcast", "bells"),
        "link": "https://oddlygood.example/42",
        "language": "en",
        "show": "Oddly Good Work",
        "video": PackedVideo(**said(name, "video/mp4"), width=72, height=128, seconds=0.5, fps=30),
        "cover": PackedFile(**said("cover.jpg", "image/jpeg")),
        "vtt": PackedFile(**said("captions.vtt", "text/vtt")),
        "srt": PackedFile(**said("captions.srt", "application/x-subrip")),
        **changes,
    }
    packed = Packed(**values)
    write_packed(folder, packed)
    return Pack(folder, packed)


@functools.cache
def cover() -> bytes:
    import io

    from PIL import Image

    held = io.BytesIO()
    Image.new("RGB", (72, 128), (230, 120, 30)).save(held, "JPEG")
    return held.getvalue()
