"""Looking before rendering: one frame, a sheet of frames, a draft clip. The drawing is the scene's own.

In: a `Scene`; out: PNG bytes, or a small MP4.
"""

from __future__ import annotations

import struct
import zlib
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from clipper.export.encode import encode
from clipper.export.quality import quality
from clipper.progress import Progress, silent
from clipper.sound.decode import Samples

if TYPE_CHECKING:
    from clipper.picture.scene import Scene

DRAFT_SCALE = 0.5  # of the template's size, for `build(scale=...)`
_GAP = 8  # pixels between the pictures of a sheet


def frame_png(scene: Scene, number: int, width: int | None = None) -> bytes:
    """Frame `number` as PNG; the nearest there is when the number lies outside the clip.

    Args:
        width: in pixels, for a smaller picture; None for the scene's own size.
    """
    picture = Image.fromarray(scene.frame(number))
    if width is not None and width < picture.width:
        picture = picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.BOX)
    return _png(picture)


def contact_sheet(scene: Scene, count: int = 12, *, columns: int = 4, width: int = 270) -> bytes:
    """`count` frames spread evenly over the clip, first and last among them, as one PNG.

    Args:
        width: of each frame, in pixels.
    """
    count = max(1, min(count, scene.frames))
    columns = max(1, min(columns, count))
    height = max(1, round(scene.h * width / scene.w))
    rows = ceil(count / columns)
    size = columns * (width + _GAP) + _GAP, rows * (height + _GAP) + _GAP
    sheet = Image.new("RGB", size, (32, 32, 32))
    for i in range(count):
        number = round(i * (scene.frames - 1) / max(1, count - 1))
        picture = Image.fromarray(scene.frame(number)).resize((width, height), Image.Resampling.BOX)
        row, column = divmod(i, columns)
        sheet.paste(picture, (_GAP + column * (width + _GAP), _GAP + row * (height + _GAP)))
    return _png(sheet)


def draft(
    scene: Scene, sound: Samples | Path | None, path: Path, *, progress: Progress = silent, note: str = ""
) -> None:
    """Writes a quick clip to look at: `scene` built with DRAFT_SCALE, sound as `encode` takes it."""
    encode(scene, sound, path, quality("draft"), progress=progress, note=note)


def _png(picture: Image.Image) -> bytes:
    """PNG with one filter (Sub) for all rows and the quickest deflate: half the time that Pillow takes, which tries
    every filter on every row. Source: W3C PNG, 9.2 and 5.2.
    """
    pixels = np.asarray(picture.convert("RGB"))
    height, width = pixels.shape[:2]
    flat = pixels.reshape(height, width * 3)
    rows = np.empty((height, width * 3 + 1), dtype=np.uint8)
    rows[:, 0] = 1
    rows[:, 1:4] = flat[:, :3]
    np.subtract(flat[:, 3:], flat[:, :-3], out=rows[:, 4:])
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.data, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
