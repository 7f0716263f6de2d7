"""What `clipper templates check` looks at: ink against safe zones, colours against the pixels under them, boxes.

In: a template, covers; out: what is wrong, a line each. Everything is measured on what is really drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from clipper.errors import InputError
from clipper.picture import compose, motion
from clipper.picture.colour_vision import told_apart
from clipper.picture.content import Content
from clipper.picture.flashes import Flashes, flashes
from clipper.picture.geometry import Box, even_size
from clipper.picture.paint import words
from clipper.picture.safe_overlay import safe_box
from clipper.picture.settle import Reading, measured
from clipper.picture.specimen import FPS, SECONDS, specimen
from clipper.picture.stage import Staging
from clipper.picture.template import FORMATS, Art, Captions, EndCard, Line, Shape, Template

TEXTS = ("plain", "short", "long", "accents", "arabic")
_INK = 200  # coverage of 255 that counts as ink: letters and the box of a lit word, not their soft shadow
_SCALE = 0.5  # of the template's own size; one pixel of rounding is allowed for
_SMALL = 0.1  # of the template's own size: enough to see what flashes
_AT_ONCE = ("word-lit", "word-boxed", "sweep", "classic", "quiet")  # caption styles that show a caption as a whole
_WATCHED = (0.3, 0.7)  # of the specimen
_BLEED = 0.5  # percent from the picture's edge within which art is meant to be cut by it


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a template: the shape, the layer, and what it is."""

    format_name: str
    layer: str
    said: str

    def __str__(self) -> str:
        return f"{self.format_name}.{self.layer}: {self.said}"


def survey(template: Template, covers: Sequence[Image.Image] = (), platforms: Sequence[str] = ()) -> list[Fault]:
    """Everything that is wrong with a template, each fault once.

    Args:
        covers: to measure contrast on; none: a dark, a light and a garish one.
        platforms: whose buttons the words have to keep clear of; none: all of them.
    """
    covers = covers or trying_covers()
    found: dict[str, Fault] = {}
    for format_name in FORMATS:
        shape = template.shape(format_name)
        for fault in (
            *_boxes(shape, format_name, platforms),
            *_inks(template, format_name, covers[0], platforms),
            *flash_faults(template, format_name, covers[0]),
        ):
            found.setdefault(str(fault), fault)
        for cover in covers:
            measures = readings(template, format_name, specimen(template, format_name, cover))
            for key, fault in (*_contrasts(format_name, measures), *_voices(format_name, measures)):
                found.setdefault(key, fault)
    return list(found.values())


def readings(template: Template, format_name: str, content: Content, scale: float = _SCALE) -> list[Reading]:
    """What the colours of a clip's words and graphics reach on the pixels under them."""
    staging = _staging(template, format_name, content, scale)
    _, _, settled, uses = staging.settled(staging.blocks())
    return measured(uses, settled)


def ink_of(
    template: Template, format_name: str, content: Content, scale: float = _SCALE, *, few: bool = False
) -> dict[str, Box]:  # fmt: skip
    """By layer, the box around all ink that a clip's words ever have, in pixels of the scaled picture.

    Args:
        few: looks at captions once a word, and where all of a caption's words show at once, at the first and the last.
    """
    staging = _staging(template, format_name, content, scale)
    staging.done()
    out: dict[str, Box] = {}
    for part in staging.shape.all(Line):
        for _, block in staging.blocks().get(part.name, []):
            if part.ornament:
                continue
            piece = words.words(block, part, staging.sheet, (255, 255, 255, 255))
            ink = _bounds(np.asarray(piece.image.getchannel("A")), piece.left, piece.top)
            way = round(motion.NOD * staging.sheet.unit)
            if ink is not None and part.motion == "rise":
                ink = ink.around(ink.moved(0, -way))
            elif ink is not None and part.motion == "slide":
                ink = ink.around(ink.moved(-way if block.rtl else way, 0))
            _add(out, part.name, ink)
    for spoken in staging.shape.all(Captions):
        layer = staging.captions.get(spoken.name)
        if layer is None:
            continue
        ends = few and spoken.style in _AT_ONCE
        starts = [s for g in content.groups for s in (g.starts[:: max(1, len(g.starts) - 1)] if ends else g.starts)]
        moments = {s + after for s in starts for after in ((0.1,) if few else (0.02, 0.1, 0.2))}
        for frame in sorted({round(t * FPS) for t in moments}):
            patch = layer.patch(frame, layer.box)
            if patch is not None:
                _add(out, spoken.name, _bounds(patch.alpha, layer.box.left, layer.box.top))
    for end in staging.shape.all(EndCard):
        texts = content.placeholders()
        piece = words.end_card(end, staging.sheet, content.call, texts["show-line"], content.where, panel=False)
        _add(out, end.name, _bounds(np.asarray(piece.image.getchannel("A")), piece.left, piece.top))
    return out


def trying_covers(side: int = 480) -> list[Image.Image]:
    """A dark, a light and a garish cover."""
    dark = Image.new("RGB", (side, side), (12, 12, 16))
    ImageDraw.Draw(dark).ellipse((side * 0.3, side * 0.35, side * 0.7, side * 0.75), fill=(58, 26, 90))
    light = Image.new("RGB", (side, side), (248, 244, 236))
    ImageDraw.Draw(light).ellipse((side * 0.35, side * 0.3, side * 0.85, side * 0.8), fill=(214, 120, 92))
    garish = Image.new("RGB", (side, side), (255, 0, 140))
    draw = ImageDraw.Draw(garish)
    for x in range(0, side * 2, side // 8):
        draw.polygon(
            [(x, 0), (x + side // 16, 0), (x - side // 4, side), (x - side // 4 - side // 16, side)], (255, 236, 0)
        )
    draw.ellipse((side * 0.2, side * 0.3, side * 0.8, side * 0.9), fill=(0, 210, 255))
    return [dark, light, garish]


def _staging(template: Template, format_name: str, content: Content, scale: float) -> Staging:
    width, height = template.shape(format_name).size
    size = even_size(width * scale, height * scale)
    return Staging(template, format_name, content, size, round(SECONDS * FPS), FPS, False)


def _contrasts(format_name: str, measures: Sequence[Reading]) -> Iterator[tuple[str, Fault]]:
    for one in measures:
        if not one.good:
            said = f"{one.use.key} reaches {one.ratio:.1f}:1 on a cover, {one.use.least:g}:1 is wanted"
            yield f"{format_name}.{one.use.name}.{one.use.key}", Fault(format_name, one.use.name, said)


def _voices(format_name: str, measures: Sequence[Reading]) -> Iterator[tuple[str, Fault]]:
    """Speakers are told apart by colour: for every kind of eyes."""
    by_use = {(one.use.name, one.use.key): one for one in measures}
    for (name, key), second in by_use.items():
        first = by_use.get((name, "accent")) or by_use.get((name, "colour"))
        if key != "second" or first is None or first.use.role == second.use.role:
            continue
        if not told_apart(first.colour, second.colour):
            said = "the two speakers' colours look alike to colour-blind eyes"
            yield f"{format_name}.{name}.voices", Fault(format_name, name, said)


def _inks(template: Template, format_name: str, cover: Image.Image, platforms: Sequence[str]) -> Iterator[Fault]:
    width, height = template.shape(format_name).size
    size = even_size(width * _SCALE, height * _SCALE)
    safe = safe_box(size, platforms).grown(1)
    for text in TEXTS:
        try:
            inks = ink_of(template, format_name, specimen(template, format_name, cover, text))
        except InputError as error:
            if text == "arabic":  # a font for it may not be installed; doctor says so
                continue
            yield Fault(format_name, "fonts", f"{error.message}; {error.mend}")
            continue
        for name, ink in inks.items():
            if ink.common(safe) != ink:
                sides = [
                    f"{edge} {over / size[axis] * 100:.1f} %"
                    for edge, over, axis in (
                        ("left", safe.left - ink.left, 0),
                        ("top", safe.top - ink.top, 1),
                        ("right", ink.right - safe.right, 0),
                        ("bottom", ink.bottom - safe.bottom, 1),
                    )
                    if over > 0
                ]
                yield Fault(format_name, name, f"{text} text lies outside the safe zone: {', '.join(sides)}")


def _boxes(shape: Shape, format_name: str, platforms: Sequence[str]) -> Iterator[Fault]:
    size = even_size(*shape.size)
    captions = [Box(*_edges(part.box)) for part in shape.all(Captions)]
    for end in shape.all(EndCard):
        if any(Box(*_edges(end.box)).meets(box) for box in captions):
            yield Fault(format_name, end.name, "the end card would cover captions")
    safe = safe_box(size, platforms)
    for art in shape.all(Art):
        left, top, width, height = art.box
        bleeds = min(left, top, 100 - left - width, 100 - top - height) <= _BLEED
        if format_name != "vertical" or bleeds:
            continue
        box = Box(*(round(v) for v in _scaled(art.box, size))).grown(-2)
        if box.common(safe) != box:
            yield Fault(format_name, art.name, "the cover lies outside the safe zone")
    if not any(
        "{headline}" in part.text or "{hook}" in part.text or "{quotation}" in part.text for part in shape.all(Line)
    ):
        yield Fault(format_name, "headline", "no text shows {headline}: the first frame would say nothing")


def flash_faults(template: Template, format_name: str, cover: Image.Image) -> Iterator[Fault]:
    """What is said of a template that flashes."""
    found = flashing(template, format_name, cover)
    if not found.safe:
        said = f"{found.share:.0%} of a field of view flash more than three times a second (WCAG 2.3.1: under 25 %)"
        yield Fault(format_name, "flashes", said)


def flashing(template: Template, format_name: str, cover: Image.Image) -> Flashes:
    """How much flashes in some seconds of the specimen, whose sound moves more than any talk."""
    frames = round(SECONDS * FPS)
    content = specimen(template, format_name, cover)
    scene = compose.scene(template, format_name, content, frames=frames, fps=FPS, scale=_SMALL)
    return flashes((scene.frame(n) for n in range(round(frames * _WATCHED[0]), round(frames * _WATCHED[1]))), FPS)


def _edges(place: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    """A percent box in thousandths of a percent, whole numbers."""
    left, top, width, height = (round(v * 1000) for v in place)
    return left, top, left + width, top + height


def _scaled(place: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[float, float, float, float]:
    left, top, width, height = place
    w, h = size[0] / 100, size[1] / 100
    return left * w, top * h, (left + width) * w, (top + height) * h


def _bounds(alpha: np.ndarray, left: int, top: int) -> Box | None:
    ink = alpha > _INK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return None
    return Box(left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)


def _add(out: dict[str, Box], name: str, ink: Box | None) -> None:
    if ink is not None:
        out[name] = ink.around(out[name]) if name in out else ink
