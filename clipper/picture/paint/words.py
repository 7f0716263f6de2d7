"""Words that stand, and the end card. In: a layer, a text; out: a `Piece`."""

from __future__ import annotations

import string
from collections.abc import Mapping

import regex
from PIL import Image

from clipper.picture.geometry import Box, place
from clipper.picture.layers import rounded_mask
from clipper.picture.paint.piece import Piece, Sheet
from clipper.picture.template import EndCard, Line, Text
from clipper.picture.text import LINE_HEIGHT, Block, draw_block, fit

_PLACEHOLDER = regex.compile(r"\{([a-z][a-z0-9-]*)\}")


def filled(text: str, texts: Mapping[str, str], capitals: bool = False) -> str:
    """`text` with its placeholders filled; what has nothing to show leaves no separator behind."""
    if _PLACEHOLDER.search(text) and not any(texts.get(name) for name in _PLACEHOLDER.findall(text)):
        return ""
    out = _PLACEHOLDER.sub(lambda found: texts.get(found[1], ""), text)
    out = regex.sub(r"(?:\s*·\s*){2,}", " · ", out)
    out = regex.sub(r"^[\s·—–-]+(?=\s)|[\s·]+$|^\s*·\s*", "", out).strip()
    out = out.strip(string.whitespace)
    return out.upper() if capitals else out


def initials(name: str) -> str:
    """The first letters of a name's first and last word, whole graphemes."""
    parts = name.split()
    chosen = [parts[0], parts[-1]] if len(parts) > 1 else parts
    return "".join(regex.findall(r"\X", part)[0].upper() for part in chosen)


def block_of(text: str, part: Text, sheet: Sheet) -> Block:
    """`text` laid out for its box."""
    box, measured, unit = sheet.box(part.box), place(part.box, sheet.own), min(sheet.own) / 100
    slack = 2 * min(sheet.own) // 360  # boxes are rounded to whole pixels, at 360p to a third of a percent
    block = fit(
        text,
        sheet.face(part.font),
        max(2, measured.width - slack),
        max(2, measured.height - slack),
        part.size * unit,
        part.smallest * unit,
        part.lines,
    )
    return block.scaled(min(sheet.size) / min(sheet.own), box.width, box.height)


def ink_box(block: Block, part: Text, sheet: Sheet) -> Box:
    """Where the lines of a block lie in the frame, with their line height."""
    box = sheet.box(part.box)
    if not block.lines:
        return box
    top = block.line_top(0, part.anchor)
    height = len(block.lines) * block.size * LINE_HEIGHT
    width = block.widest()
    left = {"left": 0.0, "centre": (box.width - width) / 2, "right": box.width - width}[part.align]
    return Box(
        box.left + int(left), box.top + int(top), box.left + int(left + width) + 1, box.top + int(top + height) + 1
    ).common(box)


def words(block: Block, part: Text, sheet: Sheet, colour: tuple[int, int, int, int]) -> Piece:
    """A block of text as a picture of its box."""
    box = sheet.box(part.box)
    return Piece(draw_block(block, colour, part.align, part.anchor), box.left, box.top)


def line(text: str, part: Line, sheet: Sheet) -> Piece:
    """A layer's text, drawn in its role's colour."""
    return words(block_of(text, part, sheet), part, sheet, sheet.palette.rgba(part.colour))


def end_card(part: EndCard, sheet: Sheet, call: str, show: str, where: str, panel: bool = True) -> Piece:
    """The call to listen on its panel (or without it, to measure its ink), RGBA."""
    box = sheet.box(part.box)
    image = Image.new("RGBA", (box.width, box.height), (*sheet.palette.rgb(part.panel), 0))
    if panel:
        image.putalpha(Image.fromarray(rounded_mask(box.width, box.height, part.radius * sheet.unit)))
    pad = min(part.size * 0.75 * sheet.unit, box.height * 0.16)
    inner = Box(round(pad * 1.25), round(pad), box.width - round(pad * 1.25), box.height - round(pad))
    colour = sheet.palette.rgba(part.colour)
    rows = [(call, part.font, 1.0)]
    if show:
        rows.append((show, part.small, 0.64))
    if where:
        rows.append((where, part.small, 0.64))
    total = sum(weight for *_, weight in rows) + 0.18 * (len(rows) - 1)
    size = min(part.size * sheet.unit, inner.height / (total * LINE_HEIGHT))
    top = inner.top + (inner.height - total * size * LINE_HEIGHT) / 2
    for text, font, weight in rows:
        height = round(size * weight * LINE_HEIGHT)
        face = sheet.face(font)
        block = fit(text, face, inner.width, height, size * weight, size * weight * 0.6, 1)
        piece = draw_block(block, colour, part.align, "middle")
        image.alpha_composite(piece, (inner.left, round(top)))
        top += height + 0.18 * size * LINE_HEIGHT
    return Piece(image, box.left, box.top)
