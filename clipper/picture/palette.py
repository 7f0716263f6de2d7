"""Colours from the cover art, chosen so that they can be read.

In: an RGB picture; out: colours as (red, green, blue), 0 to 255.
Sources: OKLab, B. Ottosson 2020; contrast ratio and relative luminance, WCAG 2.2, 1.4.3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

RGB = tuple[int, int, int]

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
FALLBACK_ACCENT: RGB = (255, 196, 61)


def parse(colour: str) -> tuple[int, int, int, int]:
    """Red, green, blue, alpha from "#RRGGBB" or "#RRGGBBAA"."""
    digits = colour.removeprefix("#")
    r, g, b = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    return r, g, b, int(digits[6:8], 16) if len(digits) == 8 else 255


def linear(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB 0 to 1 as linear light 0 to 1; any shape."""
    return np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)


def encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light 0 to 1 as sRGB 0 to 1; any shape."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def oklab(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """OKLab lightness, a, b of sRGB colours; shape (n, 3), 0 to 1."""
    lms = np.cbrt(linear(colours) @ _TO_LMS.T)
    return np.asarray(lms @ _TO_LAB.T)


def from_oklab(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB 0 to 1 of OKLab colours, clipped to what a screen can show; shape (n, 3)."""
    lms = (lab @ np.linalg.inv(_TO_LAB).T) ** 3
    return encoded(lms @ np.linalg.inv(_TO_LMS).T)


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 to 1."""
    r, g, b = linear(np.array(colour[:3]) / 255.0)
    return float(0.2126 * r + 0.7152 * g + 0.0722 * b)


def contrast(one: RGB, other: RGB) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def accent(
    image: Image.Image,
    behind: RGB = (16, 18, 24),
    least: float = 4.5,
    lightest: RGB = (89, 89, 89),
    least_on_lightest: float = 3.0,
) -> RGB:
    """The liveliest colour of a cover that covers a visible part, made light enough to be read on `behind`.

    On `lightest`, which is a blurred background where it is brightest (luminance 0.10), it reaches what WCAG 1.4.11
    asks of graphics and of large type. A colour's weight is its chroma times the square root of its share; a grey
    cover gives a fixed warm yellow.
    """
    small = image.convert("RGB").resize((96, 96), Image.Resampling.BOX)
    quantised = small.quantize(16, method=Image.Quantize.MEDIANCUT)
    flat = np.array(quantised.getpalette() or [], dtype=np.float64)
    counts = quantised.getcolors() or []
    pairs = [(n, flat[3 * int(i) : 3 * int(i) + 3]) for n, i in counts if isinstance(i, int)]
    colours = np.array([c for _, c in pairs]).reshape(-1, 3) / 255.0
    share = np.array([n for n, _ in pairs], dtype=np.float64) / (96 * 96)
    lab = oklab(colours)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    best = int(np.argmax(chroma * np.sqrt(share) * (0.4 + lab[:, 0])))
    if chroma[best] < 0.04:
        return FALLBACK_ACCENT
    chosen = lab[best : best + 1].copy()
    for _ in range(40):
        r, g, b = (round(float(v) * 255) for v in from_oklab(chosen)[0])
        if contrast((r, g, b), behind) >= least and contrast((r, g, b), lightest) >= least_on_lightest:
            break
        chosen[0, 0] = min(1.0, chosen[0, 0] + 0.02)
    return r, g, b


def on(colour: RGB) -> RGB:
    """Near-black or white, whichever reads better on `colour`."""
    dark: RGB = (14, 16, 20)
    return dark if contrast(dark, colour) >= contrast((255, 255, 255), colour) else (255, 255, 255)
