"""Whether words can be read on the pixels that lie under them, and a scrim where they cannot.

In: pixels, boxes, colours; out: luminances, and pixels made darker or lighter. Contrast is WCAG 2.2's (1.4.3): 4.5 for
text, 3 for large type and for graphics.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from clipper.picture.geometry import Box
from clipper.picture.palette import RGB, encoded, linear, luminance
from clipper.picture.roles import reads

Pixels = NDArray[np.uint8]
TEXT, LARGE = 4.5, 3.0
# 18 point bold on a 720-point page is "large" in WCAG; on a phone a 1080-wide picture is 390 points wide, so 14 points
# bold are 3.6 percent of the shorter side
LARGE_FROM = 3.6
_SPARE = 1.03  # what rounding and the encoder may take
_EVERY = 2  # pixels looked at, in both directions
_WEIGHTS = np.array([0.2126, 0.7152, 0.0722])
_LIGHT = linear(np.arange(256) / 255.0)


def wanted(size: float) -> float:
    """The contrast that type of `size` percent of the shorter side needs."""
    return LARGE if size >= LARGE_FROM else TEXT


def light_of(pixels: Pixels) -> NDArray[np.float64]:
    """Relative luminance of RGB pixels."""
    return np.asarray(_LIGHT[pixels[..., :3]] @ _WEIGHTS)


def range_under(base: Pixels, box: Box) -> tuple[float, float]:
    """The darkest and the brightest luminance in a box; the outermost 0.2 percent of its pixels are left out."""
    part = base[box.rows, box.columns][::_EVERY, ::_EVERY]
    if part.size == 0:
        return 0.0, 0.0
    low, high = np.quantile(light_of(part), [0.002, 0.998])
    return float(low), float(high)


def strength(colour: RGB, low: float, high: float, least: float) -> tuple[float, bool]:
    """How much of a scrim it takes: 0 for none, and whether it is a dark one."""
    if reads(colour, low, high, least):
        return 0.0, True
    own = luminance(colour)
    least *= _SPARE
    # light words want everything below them at most this bright, dark words at least that bright
    dark_enough = (own + 0.05) / least - 0.05
    light_enough = (own + 0.05) * least - 0.05
    dark = own > 0.18
    if dark:
        return (1.0 if dark_enough <= 0 else max(0.0, 1 - dark_enough / max(high, 1e-6))), True
    return (1.0 if light_enough >= 1 else max(0.0, (light_enough - low) / max(1 - low, 1e-6))), False


def scrim(base: Pixels, box: Box, amount: float, dark: bool, feather: int) -> Pixels:
    """`base` with the light in `box` taken down (or up) by `amount`, softly towards the outside.

    Args:
        feather: pixels over which it fades, all of them outside the box.
    """
    height, width = base.shape[:2]
    around = box.grown(feather).inside(width, height)
    mask = Image.new("L", (around.width, around.height), 0)
    core = box.grown(ceil(feather * 0.55)).moved(-around.left, -around.top)
    mask.paste(255, (core.left, core.top, core.right, core.bottom))
    mask = mask.filter(ImageFilter.GaussianBlur(feather * 0.18))
    share = np.asarray(mask, dtype=np.float32)[..., None] / 255 * amount
    part = _LIGHT[base[around.rows, around.columns]]
    part = part * (1 - share) if dark else part * (1 - share) + share
    out = base.copy()
    out[around.rows, around.columns] = np.rint(encoded(part) * 255).astype(np.uint8)
    return out
