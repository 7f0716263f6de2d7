"""Scenes to test with: the shipped template on a cover and words made here, and small scenes of plain layers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from clipper.picture import compose, template
from clipper.picture.content import Content
from clipper.picture.geometry import Box
from clipper.picture.layers import Patch
from clipper.picture.scene import Scene
from clipper.sound.decode import RATE, Samples
from clipper.speech.model import Word

TEXT = "The clock in our kitchen runs four minutes fast, and nobody has ever dared to set it right again."


def cover(seed: int = 3) -> Image.Image:
    """Loud colours with hard and soft edges."""
    rng = np.random.default_rng(seed)
    soft = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)).resize((600, 600), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(soft)
    draw.ellipse((120, 150, 420, 450), fill=(240, 130, 40))
    draw.rectangle((300, 60, 560, 130), fill=(20, 60, 200))
    return soft


def words(seconds: float) -> list[Word]:
    """Words evenly spoken over the clip."""
    said = TEXT.split()
    out, at, i = [], 0.1, 0
    while at + 0.3 < seconds:
        out.append(Word(text=said[i % len(said)], start=at, end=at + 0.25))
        at, i = at + 0.3, i + 1
    return out


def levels(frames: int, seed: int = 5) -> NDArray[np.float32]:
    """A waveform's levels that rise and fall, with a stretch of silence."""
    rng = np.random.default_rng(seed)
    out = rng.random((frames, compose.MOST_BANDS), dtype=np.float32)
    out[frames // 3 : frames // 3 + 4] = 0
    return out


def spotlight(
    seconds: float = 2.0,
    fps: float = 30.0,
    scale: float = 0.25,
    shape: str = "vertical",
    size: tuple[int, int] | None = None,
) -> Scene:
    """The shipped template, small."""
    from clipper.picture.scene import build

    look = template.load("spotlight")
    frames = max(1, round(seconds * fps))
    return build(
        look,
        shape,
        Content(
            cover=cover(),
            headline="Why nobody sets the clock",
            show_line="A show about kitchens",
            groups=compose.captions(look, shape, words(seconds), seconds),
            levels=levels(frames),
        ),
        frames=frames,
        fps=fps,
        scale=scale,
        size=size,
    )


def noise(width: int, height: int, seed: int = 1) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def grey(width: int, height: int) -> NDArray[np.uint8]:
    return np.full((height, width, 3), 90, dtype=np.uint8)


class Numbers:
    """A layer that writes the frame's number as 16 black or white squares of 16 pixels, from its upper left corner."""

    def __init__(self) -> None:
        self.box = Box(0, 0, 64, 64)

    def dirty(self, before: int | None, after: int) -> list[Box]:
        return [] if before == after else [self.box]

    def patch(self, frame: int, box: Box) -> Patch:
        bits = np.array([(frame >> i) & 1 for i in range(16)], dtype=np.uint8).reshape(4, 4) * 255
        squares = np.kron(bits, np.ones((16, 16), dtype=np.uint8))[box.rows, box.columns]
        return Patch(np.full_like(squares, 255), np.repeat(squares[..., None], 3, axis=2))


def read_number(luma: NDArray[np.uint8]) -> int:
    """The number that `Numbers` wrote into a frame."""
    return sum(1 << (4 * r + c) for r in range(4) for c in range(4) if luma[16 * r + 8, 16 * c + 8] > 128)


def numbered(frames: int, fps: float, width: int = 64, height: int = 64) -> Scene:
    """A grey picture whose frames say which they are."""
    return Scene(grey(width, height), [Numbers()], frames, fps)


def clicks(seconds: float, *at: float) -> Samples:
    """Silence with short bursts at these seconds."""
    out = np.zeros((round(seconds * RATE), 2), dtype=np.float32)
    for t in at:
        first = round(t * RATE)
        burst = np.sin(np.arange(96) * 2 * np.pi * 3000 / RATE) * np.hanning(96)
        out[first : first + 96] = 0.8 * burst[:, None].astype(np.float32)
    return out


def tone(seconds: float) -> Samples:
    t = np.arange(round(seconds * RATE)) / RATE
    return np.repeat((0.2 * np.sin(2 * np.pi * 220 * t))[:, None], 2, axis=1).astype(np.float32)
