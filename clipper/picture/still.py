"""What never moves in a scene: background, cover with its shadow, show line, headline, the progress bar's track.

In: a template's shape and the cover; out: RGB pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from clipper.picture.geometry import Box, even_size, place
from clipper.picture.layers import rounded_mask
from clipper.picture.palette import encoded, linear, parse
from clipper.picture.template import Template, Text
from clipper.picture.text import Face, draw_block, fit

Pixels = NDArray[np.uint8]


def still(
    template: Template,
    format_name: str,
    size: tuple[int, int],
    cover: Image.Image,
    headline: str,
    show_line: str,
) -> Pixels:
    """The base of a scene, uint8 RGB, shape (height, width, 3)."""
    shape = template.shape(format_name)
    unit = min(size) / 100
    picture = Image.fromarray(_background(template, size, cover))
    if shape.cover is not None:
        _lay_cover(picture, cover, place(shape.cover.box, size), shape.cover.radius * unit)
    if shape.show is not None and show_line:
        _lay_text(picture, show_line, template, "show", shape.show, size, shape.size, template.colours.muted)
    if shape.headline is not None and headline:
        _lay_text(picture, headline, template, "headline", shape.headline, size, shape.size, template.colours.text)
    if shape.progress is not None:
        box = place(shape.progress.box, size)
        track = Image.fromarray((rounded_mask(box.width, box.height, box.height / 2) * 0.22).astype(np.uint8))
        picture.paste((255, 255, 255), (box.left, box.top), track)
    return np.asarray(picture)


def _background(template: Template, size: tuple[int, int], cover: Image.Image) -> Pixels:
    spec = template.background
    if spec.kind == "plain":
        return np.asarray(Image.new("RGB", size, parse(spec.colour)[:3]))
    # blurred in small, where a wide blur costs little, and enlarged smoothly
    small = (max(8, size[0] // 6), max(8, size[1] // 6))
    art = ImageOps.fit(cover, small, Image.Resampling.BILINEAR)
    art = art.filter(ImageFilter.GaussianBlur(spec.blur / 100 * min(small)))
    light = linear(np.asarray(art, dtype=np.float64) / 255)
    bright = float((light @ np.array([0.2126, 0.7152, 0.0722])).max())
    light *= min(0.5, spec.brightness / max(bright, 1e-6))
    rows = np.linspace(-1, 1, small[1])[:, None, None]
    light *= 1 - 0.45 * np.abs(rows) ** 2.5  # a little darker towards top and bottom
    soft = encoded(light).astype(np.float32) * 255
    channels = [np.asarray(Image.fromarray(soft[..., i]).resize(size, Image.Resampling.BICUBIC)) for i in range(3)]
    # a fixed fine grain hides the steps between 8-bit levels in so wide a gradient
    grain = np.random.default_rng(7).uniform(-0.5, 0.5, (size[1], size[0], 1)).astype(np.float32)
    return np.clip(np.rint(np.stack(channels, axis=-1) + grain), 0, 255).astype(np.uint8)


def _lay_cover(picture: Image.Image, cover: Image.Image, box: Box, radius: float) -> None:
    """The cover, whole, in the middle of its box, with round corners over a soft shadow."""
    scale = min(box.width / cover.width, box.height / cover.height)
    width, height = max(1, round(cover.width * scale)), max(1, round(cover.height * scale))
    left, top = box.left + (box.width - width) // 2, box.top + (box.height - height) // 2
    reach = max(4, round(min(box.width, box.height) * 0.09))
    shadow = Image.new("L", (width + 4 * reach, height + 4 * reach), 0)
    ImageDraw.Draw(shadow).rounded_rectangle(
        (2 * reach, 2 * reach, 2 * reach + width, 2 * reach + height), radius, fill=150
    )
    shadow = shadow.filter(ImageFilter.GaussianBlur(reach * 0.6))
    picture.paste((0, 0, 0), (left - 2 * reach, top - 2 * reach + reach // 3), shadow)
    art = cover.resize((width, height), Image.Resampling.LANCZOS)
    picture.paste(art, (left, top), Image.fromarray(rounded_mask(width, height, radius)))


def _lay_text(
    picture: Image.Image,
    text: str,
    template: Template,
    role: str,
    spec: Text,
    size: tuple[int, int],
    shape_size: tuple[int, int],
    colour: str,
) -> None:
    # laid out at the template's own size, so that lines break alike at every other one of the same form
    own = even_size(*shape_size)
    if abs(own[0] * size[1] / (own[1] * size[0]) - 1) > 0.02:
        own = size
    box, measured, unit = place(spec.box, size), place(spec.box, own), min(own) / 100
    slack = 2 * min(own) // 360  # boxes are rounded to whole pixels, at 360p to a third of a percent
    block = fit(
        text,
        Face(template.font(role)),
        max(2, measured.width - slack),
        max(2, measured.height - slack),
        spec.size * unit,
        spec.smallest * unit,
        spec.lines,
    ).scaled(min(size) / min(own), box.width, box.height)
    patch = draw_block(block, parse(colour), spec.align, spec.anchor)
    picture.paste(patch, (box.left, box.top), patch)
