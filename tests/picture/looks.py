"""Faces and ink, for tests of type."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipper.picture.text import Block, Face
from clipper.resources import fonts_dir

BOLD = Face(fonts_dir() / "inter" / "InterDisplay-ExtraBold.otf")
PLAIN = Face(fonts_dir() / "inter" / "Inter-Medium.otf")
_ROOM = 80  # pixels around the box in which lost ink would show


def ink_around(block: Block, align: str, anchor: str) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of all ink, measured from the box, drawn where there is room on all sides."""
    image = Image.new("L", (block.width + 2 * _ROOM, block.height + 2 * _ROOM), 0)
    font = block.face.at(block.size)
    for i in range(len(block.lines)):
        at = (
            _ROOM + block.line_left(i, align),
            _ROOM + block.line_top(i, anchor) + block.face.baseline(block.size),
        )
        font.draw(image, at, block.text(i), 255)
    # under an eighth of full ink is the last smoothing of an edge
    box = image.point(lambda v: 255 if v > 32 else 0).getbbox()
    return None if box is None else (box[0] - _ROOM, box[1] - _ROOM, box[2] - _ROOM, box[3] - _ROOM)


def luminance(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """WCAG relative luminance of RGB pixels."""
    from clipper.picture.palette import linear

    return np.asarray(linear(pixels[..., :3] / 255.0) @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: NDArray[np.float64] | float, other: NDArray[np.float64] | float) -> NDArray[np.float64]:
    light, dark = np.maximum(one, other), np.minimum(one, other)
    return np.asarray((light + 0.05) / (dark + 0.05))
