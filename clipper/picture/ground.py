"""What lies under all words: fields of colour, art, the logo; as it is at first and as it changes.

In: a shape's layers, a cover, chapter art, who speaks; out: whole pictures (grounds), one for each state. A chapter's
art and a speaker's bright side are states: the scene fades from one to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipper.picture.content import Content
from clipper.picture.geometry import Box
from clipper.picture.kept import Kept
from clipper.picture.paint import art, fields
from clipper.picture.paint.piece import Piece, Sheet
from clipper.picture.progress import bar_mask, ring_mask
from clipper.picture.template import Art, Background, Logo, Panel, Part, Progress, Shape

Pixels = NDArray[np.uint8]
DRAWN = (Art, Background, Logo, Panel, Progress)
_kept: Kept[Pixels] = Kept(6)  # up to 6 MB each


@dataclass(frozen=True, slots=True)
class Ground:
    """A state of what lies under the words: RGB pixels, and from which frame on it shows (0 for the first)."""

    pixels: Pixels
    start: int = 0


def grounds(shape: Shape, sheet: Sheet, content: Content, fps: float, frames: int) -> list[Ground]:
    """One ground for each piece of art that the clip shows, in order."""
    at = sorted(content.chapters, key=lambda chapter: chapter.start)
    begun = [c for c in at if c.start * fps < 1]
    first = begun[-1].picture if begun else content.cover
    arts = [(0, first)]
    if any(getattr(part, "chapters", False) and _shows_art(part) for part in shape.layers if part.shown):
        arts += [(round(c.start * fps), c.picture) for c in at if c.start * fps >= 1 and round(c.start * fps) < frames]
    return [Ground(_painted(shape, sheet, content.cover, picture, 0), start) for start, picture in arts]


def sides(shape: Shape, sheet: Sheet, content: Content) -> list[Pixels]:
    """The ground while the first and while the second speaker talks; empty where a shape has no sides."""
    if not any(panel.speaker for panel in shape.all(Panel)):
        return []
    return [_painted(shape, sheet, content.cover, content.cover, side) for side in (1, 2)]


def changed(one: Pixels, other: Pixels) -> Box | None:
    """The box outside of which two grounds are alike; even edges."""
    differs = (one != other).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return None
    box = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return box.even().inside(one.shape[1], one.shape[0])


def _shows_art(part: Part) -> bool:
    return isinstance(part, Art) or (isinstance(part, Background) and part.fill in ("cover", "blurred-cover"))


def _painted(shape: Shape, sheet: Sheet, cover: Image.Image, chapter: Image.Image, side: int) -> Pixels:
    """A whole ground; another clip of the same look has the same one."""
    drawn = tuple(part.model_dump_json() for part in shape.layers if part.shown and isinstance(part, DRAWN))
    colours = tuple(sorted(sheet.palette.roles.items())), tuple(sorted(sheet.palette.taken.items()))
    settled = tuple(sorted(sheet.palette.settled.items()))
    files = tuple(sorted((name, digest) for name, (_, digest) in sheet.template.files.items()))
    key = drawn, colours, settled, files, sheet.size, side
    return _kept.get(key, (cover, chapter), lambda: _paint(shape, sheet, cover, chapter, side))


def _paint(shape: Shape, sheet: Sheet, cover: Image.Image, chapter: Image.Image, side: int) -> Pixels:
    picture = Image.new("RGB", sheet.size, sheet.palette.rgb("background"))
    for piece in _pieces(shape.layers, sheet, cover, chapter, side):
        piece.onto(picture)
    return np.asarray(picture)


def _pieces(parts: Sequence[Part], sheet: Sheet, cover: Image.Image, chapter: Image.Image, side: int) -> list[Piece]:
    out: list[Piece] = []
    for part in parts:
        if not part.shown:
            continue
        shown = chapter if getattr(part, "chapters", False) else cover
        if isinstance(part, Background):
            out.append(fields.background(part, sheet, shown))
        elif isinstance(part, Panel):
            lit = part.speaker in (0, side)
            out.append(
                fields.panel(part if lit else part.model_copy(update={"opacity": part.opacity * part.idle}), sheet)
            )
        elif isinstance(part, Art):
            out.append(art.cover(part, sheet, shown))
        elif isinstance(part, Logo) and part.file:
            out.append(art.logo(part, sheet))
        elif isinstance(part, Progress):
            out.append(_track(part, sheet))
    return out


def _track(part: Progress, sheet: Sheet) -> Piece:
    box = sheet.box(part.box)
    mask = ring_mask(box, part.thickness * sheet.unit) if part.style == "ring" else bar_mask(box, part.style == "edge")
    image = Image.new("RGBA", (box.width, box.height), (*sheet.palette.rgb(part.track), 0))
    image.putalpha(Image.fromarray((mask * part.track_opacity).astype(np.uint8)))
    return Piece(image, box.left, box.top)
