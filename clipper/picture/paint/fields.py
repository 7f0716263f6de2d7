"""Backgrounds and panels. In: a layer, colours, art; out: a `Piece`."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from clipper.picture.geometry import Box
from clipper.picture.layers import rounded_mask
from clipper.picture.paint.piece import Piece, Sheet
from clipper.picture.palette import encoded, from_oklab, linear, oklab
from clipper.picture.template import Background, Panel

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def background(part: Background, sheet: Sheet, art: Image.Image) -> Piece:
    """What lies behind everything, RGB."""
    box = sheet.box(part.box)
    size = (box.width, box.height)
    if part.fill == "plain":
        image = Image.new("RGB", size, sheet.palette.rgb(part.colours[0]))
    elif part.fill == "gradient":
        image = _gradient(part, sheet, size)
    elif part.fill == "blurred-cover":
        image = Image.fromarray(_soft(part, size, art))
    else:
        if part.fill == "picture":
            from clipper.picture.cover import open_cover

            art = open_cover(sheet.template.file(part.file))
        image = ImageOps.fit(art, size, Image.Resampling.LANCZOS)
    if part.tint and part.fill not in ("plain", "gradient"):
        image = _tinted(image, sheet.palette.rgb(part.colours[0]), part.tint)
    return Piece(image, box.left, box.top)


def panel(part: Panel, sheet: Sheet) -> Piece:
    """A field of colour, RGBA, with its shadow."""
    box = sheet.box(part.box)
    *colour, alpha = sheet.palette.rgba(part.colour)
    cover = rounded_mask(box.width, box.height, part.radius * sheet.unit).astype(np.float32)
    cover *= part.opacity * alpha / 255
    if part.fade != "none":
        cover *= _fade(part.fade, box)
    mask = Image.fromarray(np.rint(cover).astype(np.uint8))
    if not part.shadow:
        image = Image.new("RGBA", mask.size, (*colour[:3], 0))
        image.putalpha(mask)
        return Piece(image, box.left, box.top)
    return _shadowed(Image.new("RGB", mask.size, tuple(colour)), mask, box, part.shadow, sheet.unit * 2.6)


def shadow_piece(art: Image.Image, mask: Image.Image, box: Box, dark: float, reach: float) -> Piece:
    """A picture with round corners over its own soft shadow."""
    return _shadowed(art, mask, box, dark, reach)


def _shadowed(art: Image.Image, mask: Image.Image, box: Box, dark: float, reach: float) -> Piece:
    pad = max(4, round(reach * 2.2))
    shade = Image.new("L", (box.width + 2 * pad, box.height + 2 * pad), 0)
    drop = round(reach * 0.4)
    shade.paste(mask.point(lambda v: round(v * dark * 0.75)), (pad, pad + drop))
    shade = shade.filter(ImageFilter.GaussianBlur(reach * 0.7))
    image = Image.new("RGBA", shade.size, (0, 0, 0, 0))
    image.putalpha(shade)
    top = Image.new("RGBA", shade.size, (0, 0, 0, 0))
    top.paste(art, (pad, pad))
    whole = Image.new("L", shade.size, 0)
    whole.paste(mask, (pad, pad))
    top.putalpha(whole)
    return Piece(Image.alpha_composite(image, top), box.left - pad, box.top - pad)


def _soft(part: Background, size: tuple[int, int], art: Image.Image) -> NDArray[np.uint8]:
    # blurred in small, where a wide blur costs little, and enlarged smoothly
    small = (max(8, size[0] // 6), max(8, size[1] // 6))
    blurred = ImageOps.fit(art, small, Image.Resampling.BILINEAR)
    blurred = blurred.filter(ImageFilter.GaussianBlur(part.blur / 100 * min(small)))
    light = linear(np.asarray(blurred, dtype=np.float64) / 255)
    bright = float((light @ _LUMINANCE).max())
    light *= min(1.6, part.brightness / max(bright, 1e-6))
    rows = np.linspace(-1, 1, small[1])[:, None, None]
    light *= 1 - 0.45 * np.abs(rows) ** 2.5  # a little darker towards top and bottom
    soft = encoded(light).astype(np.float32) * 255
    channels = [np.asarray(Image.fromarray(soft[..., i]).resize(size, Image.Resampling.BICUBIC)) for i in range(3)]
    return _grained(np.stack(channels, axis=-1))


def _grained(soft: NDArray[np.float32]) -> NDArray[np.uint8]:
    """8-bit levels under a fixed fine grain, which hides the steps between them in so wide a gradient."""
    grain = np.random.default_rng(7).uniform(-0.5, 0.5, (*soft.shape[:2], 1)).astype(np.float32)
    return np.asarray(np.clip(np.rint(soft + grain), 0, 255), dtype=np.uint8)


def _gradient(part: Background, sheet: Sheet, size: tuple[int, int]) -> Image.Image:
    """From colour to colour, evenly for the eye (in OKLab)."""
    width, height = size
    stops = oklab(np.array([sheet.palette.rgb(role) for role in part.colours], dtype=np.float64) / 255)
    angle = radians(part.angle - 90)
    dx, dy = cos(angle), sin(angle)
    span = abs(dx) * width + abs(dy) * height
    along = (
        (np.arange(width) - width / 2 + 0.5)[None] * dx + (np.arange(height) - height / 2 + 0.5)[:, None] * dy
    ) / span + 0.5
    steps = np.linspace(0, 1, 1024)
    places = np.linspace(0, 1, len(stops))
    table = np.stack([np.interp(steps, places, stops[:, i]) for i in range(3)], axis=-1)
    colours = (from_oklab(table) * 255).astype(np.float32)
    return Image.fromarray(_grained(colours[np.clip(np.rint(along * 1023), 0, 1023).astype(np.intp)]))


def _tinted(image: Image.Image, colour: tuple[int, int, int], amount: float) -> Image.Image:
    return Image.blend(image, Image.new("RGB", image.size, colour), amount)


def _fade(side: str, box: Box) -> NDArray[np.float32]:
    """1 to 0 towards a side, flat at both ends."""
    length = box.height if side in ("up", "down") else box.width
    ramp = np.linspace(1, 0, length, dtype=np.float32)
    ramp = ramp * ramp * (3 - 2 * ramp)
    if side in ("up", "left"):
        ramp = ramp[::-1]
    return ramp[:, None] if side in ("up", "down") else ramp[None, :]
