"""Colours from the cover art, chosen so that they can be read.

In: an RGB picture; out: colours as (red, green, blue), 0 to 255.
Sources: OKLab, B. Ottosson 2020; contrast ratio and relative luminance, WCAG 2.2, 1.4.3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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


def on(colour: RGB) -> RGB:
    """Near-black or white, whichever reads better on `colour`."""
    dark: RGB = (14, 16, 20)
    return dark if contrast(dark, colour) >= contrast((255, 255, 255), colour) else (255, 255, 255)
