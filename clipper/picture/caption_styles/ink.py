"""Lines of type as masks, and where each word lies on its line.

In: a face, text, a size; out: coverage, the colours of emoji, spans in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipper.picture.text import Face

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Ink:
    """Drawn text.

    Attributes:
        mask: coverage, shape (height, width).
        own: colours that the text has by itself (emoji), shape (height, width, 3), None where it has none.
        kept: where `own` counts, shape (height, width).
    """

    mask: Mask
    own: NDArray[np.uint8] | None = None
    kept: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A line's text and its origin on the baseline, in pixels of the picture that it is drawn into."""

    text: str
    x: float
    y: float


def drawn(lines: list[Placed], face: Face, size: float, width: int, height: int) -> Ink:
    """Lines of type in a picture of `width` x `height`."""
    font = face.at(size)
    if not any(run.source.emoji for line in lines for run in face.runs(line.text)):
        image = Image.new("L", (width, height), 0)
        for line in lines:
            font.draw(image, (line.x, line.y), line.text, 255)
        return Ink(np.array(image))
    # in white and in black: what is the same in both has a colour of its own
    both = []
    for fill in ((255, 255, 255), (0, 0, 0)):
        picture = Image.new("RGBA", (width, height), (*fill, 0))
        for line in lines:
            font.draw(picture, (line.x, line.y), line.text, (*fill, 255))
        both.append(np.asarray(picture))
    white, black = both
    mask = np.ascontiguousarray(white[..., 3])
    kept = (mask > 0) & (np.abs(white[..., :3].astype(np.int16) - black[..., :3]).max(axis=2) < 128)
    return Ink(mask, np.ascontiguousarray(white[..., :3]), kept)


def shared(exact: list[tuple[float, float]], size: float) -> list[tuple[float, float]]:
    """Left and right edges of the words of a line, each with half of the space beside it: all ink lies in one of
    them."""
    order = sorted(range(len(exact)), key=lambda i: exact[i])
    out = list(exact)
    for one, other in pairwise(order):
        middle = (exact[one][1] + exact[other][0]) / 2
        out[one], out[other] = (out[one][0], middle), (middle, out[other][1])
    reach = size * 0.12  # an accent or a swash beyond the first and the last letter
    if order:
        out[order[0]] = out[order[0]][0] - reach, out[order[0]][1]
        out[order[-1]] = out[order[-1]][0], out[order[-1]][1] + reach
    return out
