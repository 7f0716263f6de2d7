"""Words that stand, and the end card. In: a layer, a text; out: a `Piece`."""

from __future__ import annotations

import string
from collections.abc import Mapping

import regex
from PIL import Image

from clipper.picture.bidi import starts_rtl
from clipper.picture.geometry import Box, place
from clipper.picture.layers import rounded_mask
from clipper.picture.paint.piece import Piece, Sheet
from clipper.picture.template import EndCard, Line, Text
from clipper.picture.text import LINE_HEIGHT, Block, draw_block, fit

_SECOND = 0.8  # of the call's size: the other lines of an end card, which are to be read on a phone
_LOW = 5.5  # times as wide as high: an end card whose lines stand beside each other
_LEFT = 0.52  # of its width, for the call
_BETWEEN = 0.1  # lines of the call's size between two of them
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
    """The call to listen on its panel (or without it, to measure its ink), RGBA; below it show and place, in a low
    panel beside it: they are to be read on a phone."""
    box = sheet.box(part.box)
    image = Image.new("RGBA", (box.width, box.height), (*sheet.palette.rgb(part.panel), 0))
    if panel:
        image.putalpha(Image.fromarray(rounded_mask(box.width, box.height, part.radius * sheet.unit)))
    pad = min(part.size * 0.6 * sheet.unit, box.height * 0.1)
    inner = Box(round(pad * 1.6), round(pad), box.width - round(pad * 1.6), box.height - round(pad))
    others = [text for text in (show, where) if text]
    if others and inner.width > _LOW * inner.height:
        split = inner.left + round(inner.width * _LEFT)
        gap = round(inner.height * 0.3)
        first = Box(inner.left, inner.top, split - gap // 2, inner.bottom)
        second = Box(split + gap // 2, inner.top, inner.right, inner.bottom)
        if starts_rtl(call):
            first, second = second, first
        columns = [(first, [(call, part.font, 1.0, 2)]), (second, [(text, part.small, _SECOND, 1) for text in others])]
    else:
        columns = [(inner, [(call, part.font, 1.0, 1), *((text, part.small, _SECOND, 1) for text in others)])]
    for column, rows in columns:
        _rows(image, column, rows, part, sheet)
    return Piece(image, box.left, box.top)


def _rows(image: Image.Image, box: Box, rows: list[tuple[str, str, float, int]], part: EndCard, sheet: Sheet) -> None:
    """Lines of an end card one below the other in the middle of `box`: text, font, share of the size, most lines."""
    total = sum(weight * lines for *_, weight, lines in rows) + _BETWEEN * (len(rows) - 1)
    size = min(part.size * sheet.unit, box.height / (total * LINE_HEIGHT))
    top = box.top + (box.height - total * size * LINE_HEIGHT) / 2
    for text, font, weight, lines in rows:
        height = round(size * weight * lines * LINE_HEIGHT)
        block = fit(text, sheet.face(font), box.width, height, size * weight, size * weight * 0.6, lines)
        piece = draw_block(block, sheet.palette.rgba(part.colour), part.align, "middle")
        image.alpha_composite(piece, (box.left, round(top)))
        top += height + _BETWEEN * size * LINE_HEIGHT
