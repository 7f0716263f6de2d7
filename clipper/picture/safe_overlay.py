"""What apps cover, laid over a picture for a look. In: a size, platforms; out: a layer that never changes."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from clipper.picture.geometry import Box
from clipper.picture.layers import PictureLayer, Placed
from clipper.platforms import safe_zone

_TINT = (255, 40, 60, 92)
_EDGE = (255, 255, 255, 220)


def safe_box(size: tuple[int, int], platforms: Sequence[str] = ()) -> Box:
    """The pixels that none of these platforms (() is all) covers."""
    width, height = size
    zone = safe_zone(platforms or None, width, height)
    return Box(
        round(zone.left * width), round(zone.top * height), round(zone.right * width), round(zone.bottom * height)
    )


def overlay(size: tuple[int, int], platforms: Sequence[str] = ()) -> PictureLayer:
    """A red veil over what these platforms cover, with a thin line around what is free."""
    free = safe_box(size, platforms)
    image = Image.new("RGBA", size, _TINT)
    image.paste((0, 0, 0, 0), (free.left, free.top, free.right, free.bottom))
    line = max(1, round(min(size) / 360))
    ImageDraw.Draw(image).rectangle(
        (free.left - line, free.top - line, free.right + line - 1, free.bottom + line - 1), outline=_EDGE, width=line
    )
    placed = Placed(0, 0)
    return PictureLayer(image, Box(0, 0, *size), lambda frame: placed)
