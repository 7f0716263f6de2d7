"""Emoji as pictures with coverage: from fonts of bitmaps, which have one size, and from layered outlines.

In: text that an emoji font draws, a size; out: an RGBA picture, laid onto another of any mode.
"""

from __future__ import annotations

from math import ceil, floor

from PIL import Image, ImageDraw, ImageFont

from clipper.picture.fonts import Source

Colour = int | tuple[int, ...]


def picture(
    source: Source, font: ImageFont.FreeTypeFont, scale: float, text: str, fraction: tuple[float, float]
) -> tuple[Image.Image, tuple[int, int]]:
    """Emoji as an RGBA picture, and where it lies around the origin."""
    left, top, right, bottom = (int(v) for v in font.getbbox(text, anchor="ls"))
    size = max(1, right - left + 2), max(1, bottom - top + 2)
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    shift = (0.0, 0.0) if source.native else fraction
    ImageDraw.Draw(image).text(
        (1 - left + shift[0], 1 - top + shift[1]),
        text,
        font=font,
        fill=(0, 0, 0, 255),
        anchor="ls",
        embedded_color=True,
    )
    if scale == 1.0:
        return image, (left - 1, top - 1)
    # cut to whole pixels of the result, so that nothing of it is moved
    box = floor(left * scale), floor(top * scale), ceil(right * scale), ceil(bottom * scale)
    wide, high = max(1, box[2] - box[0]), max(1, box[3] - box[1])
    inner = (left - 1, top - 1)
    from_left, from_top = box[0] / scale - inner[0], box[1] / scale - inner[1]
    canvas = Image.new("RGBA", (ceil(wide / scale) + 4, ceil(high / scale) + 4), (0, 0, 0, 0))
    moved = max(0, ceil(-from_left)), max(0, ceil(-from_top))
    canvas.paste(image, moved)
    part = (from_left + moved[0], from_top + moved[1])
    region = (part[0], part[1], min(canvas.width, part[0] + wide / scale), min(canvas.height, part[1] + high / scale))
    # colours under clear pixels must not bleed into the edge: premultiplied while it is scaled
    small = canvas.convert("RGBa").resize((wide, high), Image.Resampling.LANCZOS, box=region, reducing_gap=2.0)
    return small.convert("RGBA"), (box[0], box[1])


def lay(image: Image.Image, patch: Image.Image, left: int, top: int, fill: Colour) -> None:
    """A picture with coverage onto another one, whatever its mode."""
    if image.mode == "RGBA":
        cut = max(0, -left), max(0, -top)
        if cut[0] < patch.width and cut[1] < patch.height and left < image.width and top < image.height:
            image.alpha_composite(patch, (max(0, left), max(0, top)), cut)
    elif image.mode == "L":
        image.paste(fill if isinstance(fill, int) else 255, (left, top), patch.getchannel("A"))
    else:
        image.paste(patch.convert("RGB"), (left, top), patch.getchannel("A"))
