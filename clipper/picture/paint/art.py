"""The cover and the logo. In: a layer, a picture; out: a `Piece`."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps

from clipper.picture.geometry import Box
from clipper.picture.kept import Kept
from clipper.picture.layers import rounded_mask
from clipper.picture.paint.fields import shadow_piece
from clipper.picture.paint.piece import Piece, Sheet
from clipper.picture.template import Art, Logo

_kept: Kept[Image.Image] = Kept(4)  # the same art lies on both sides of a look for two
_RIM = 0.14  # how much light the hairline around a cover has


def cover(part: Art, sheet: Sheet, art: Image.Image) -> Piece:
    """The cover with round corners, over a soft shadow, inside a frame of its own if it has one."""
    box = sheet.box(part.box)
    if part.fit == "contain":
        width, height = _within(art.size, box)
        box = _stands(box, width, height, part.align, part.anchor)
    rim = round(part.border * sheet.unit)
    inner = (max(2, box.width - 2 * rim), max(2, box.height - 2 * rim))
    image = _filled(art, inner, part.focus)
    radius = part.radius * sheet.unit
    mask = Image.fromarray(rounded_mask(box.width, box.height, min(radius, min(box.width, box.height) / 2)))
    if rim:
        framed = Image.new("RGB", (box.width, box.height), sheet.palette.rgb("panel"))
        shape = rounded_mask(*inner, min(max(0.0, radius - rim), min(inner) / 2))
        framed.paste(image, (rim, rim), Image.fromarray(shape))
        image = framed
    if part.shadow:
        _rimmed(image, min(radius, min(box.width, box.height) / 2), sheet.unit)
        return shadow_piece(image, mask, box, part.shadow, min(box.width, box.height) * 0.085)
    whole = image.convert("RGBA")
    whole.putalpha(mask)
    return Piece(whole, box.left, box.top)


def logo(part: Logo, sheet: Sheet) -> Piece:
    """The show's own mark, whole, in its box.

    Raises:
        InputError: the file is damaged.
    """
    from clipper.errors import InputError

    box = sheet.box(part.box)
    path = sheet.template.file(part.file)
    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as opened:
            mark = ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as error:  # damaged files make Pillow raise almost anything
        raise InputError(f"the logo {path.name} is not a picture that can be read", "save it as PNG") from error
    trimmed = mark.getchannel("A").getbbox()
    if trimmed:
        mark = mark.crop(trimmed)
    width, height = _within(mark.size, box)
    mark = mark.resize((width, height), Image.Resampling.LANCZOS)
    if part.opacity < 1:
        mark.putalpha(mark.getchannel("A").point(lambda v: round(v * part.opacity)))
    place = _stands(box, width, height, part.align, part.anchor)
    return Piece(mark, place.left, place.top)


def _rimmed(image: Image.Image, radius: float, unit: float) -> None:
    """A hairline of light along the edge, so that dark art stands out from a dark ground."""
    line = max(1, round(unit * 0.16))
    outer = rounded_mask(*image.size, radius).astype(np.int16)
    inner = np.zeros_like(outer)
    height, width = outer.shape
    inner[line:-line, line:-line] = rounded_mask(width - 2 * line, height - 2 * line, max(0.0, radius - line))
    image.paste((255, 255, 255), (0, 0), Image.fromarray(((outer - inner).clip(0, 255) * _RIM).astype(np.uint8)))


def _within(size: tuple[int, int], box: Box) -> tuple[int, int]:
    scale = min(box.width / size[0], box.height / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _stands(box: Box, width: int, height: int, align: str, anchor: str) -> Box:
    left = box.left + {"left": 0, "centre": (box.width - width) // 2, "right": box.width - width}[align]
    top = box.top + {"top": 0, "middle": (box.height - height) // 2, "bottom": box.height - height}[anchor]
    return Box(left, top, left + width, top + height)


def _filled(art: Image.Image, size: tuple[int, int], focus: float) -> Image.Image:
    """As much of the art as fills `size`; `focus` says which part of what is too long is kept."""
    fitted = _kept.get(
        (size, focus), (art,), lambda: ImageOps.fit(art, size, Image.Resampling.LANCZOS, centering=(focus, focus))
    )
    return fitted.copy()  # it is painted on
