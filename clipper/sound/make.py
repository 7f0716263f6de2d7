"""A clip's sound made as its recipe says. In: a `Recipe`; out: samples of exactly the clip's length."""

from __future__ import annotations

import numpy as np

from clipper.sound.cut import cut
from clipper.sound.decode import CHANNELS, RATE, Samples
from clipper.sound.recipe import Recipe


def make(recipe: Recipe) -> Samples:
    """The clip's sound before it is levelled, float32, shape (n, 2), 48 kHz."""
    made = recipe.pieces
    out = np.zeros((round(made.seconds * RATE), CHANNELS), dtype=np.float32)
    for start, span in zip(made.starts, made.spans, strict=True):
        piece = cut(recipe.audio, span)
        at = round(start * RATE)
        count = min(len(piece), len(out) - at)
        out[at : at + count] = piece[:count]
    return out
