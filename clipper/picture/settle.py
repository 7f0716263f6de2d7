"""Colours of words and graphics, settled on the pixels that lie under them.

In: a shape's layers, all grounds of a clip, a palette; out: a colour for each layer, grounds with a scrim where it
takes one, and notes on brand colours that cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from clipper.picture import legible
from clipper.picture.colour_vision import told_apart
from clipper.picture.geometry import Box
from clipper.picture.palette import RGB, luminance
from clipper.picture.roles import Palette, lighter, readable, reads
from clipper.picture.template import Captions, Line, Part, Progress, Shape, Waveform
from clipper.picture.template.names import DERIVED

Pixels = NDArray[np.uint8]
_PLAIN = 1.7  # contrast between the lightest and the darkest pixel below which a ground counts as plain


@dataclass(frozen=True, slots=True)
class Use:
    """A role that stands somewhere: the layer's name and key, the box, the contrast it needs."""

    name: str
    key: str
    role: str
    box: Box
    least: float
    graphic: bool = False


@dataclass(slots=True)
class Settled:
    """Colours by (layer's name, key), and what a producer is to know."""

    grounds: list[Pixels]
    colours: dict[tuple[str, str], tuple[int, int, int, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def rgba(self, part: Part, key: str = "colour") -> tuple[int, int, int, int]:
        return self.colours[(part.name, key)]

    def rgb(self, part: Part, key: str = "colour") -> RGB:
        return self.colours[(part.name, key)][:3]


def settle(
    uses: Sequence[Use], grounds: Sequence[Pixels], palette: Palette, feather: int, speakers: int = 1
) -> Settled:
    """Settles every use.

    A colour that the cover gave gets lighter or darker; a fixed one turns where its ground is plain; where the ground
    is busy a scrim goes under it. The show's own colours stay as they are. Where two `speakers` or more talk, their
    colours are kept apart for every kind of colour vision.
    """
    out = Settled(list(grounds))
    by_role: dict[str, list[Use]] = {}
    for use in uses:
        by_role.setdefault(use.role, []).append(use)
    for role, here in by_role.items():
        colour = palette.rgba(role)
        one = None
        if palette.source(role) in DERIVED and not palette.is_brand(role):
            # a progress bar along the edge of the art must not turn the accent white everywhere
            leading = [use for use in here if not use.graphic] or here
            ranges = [_range(out.grounds, use.box) for use in leading]
            one = readable(
                colour[:3], min(r[0] for r in ranges), max(r[1] for r in ranges), max(use.least for use in leading)
            )
        for use in here:
            if one is not None:
                low, high = _range(out.grounds, use.box)
                own = one if not use.graphic else readable(one, low, high, use.least) or one
                out.colours[(use.name, use.key)] = (*own, colour[3])
            else:
                out.colours[(use.name, use.key)] = _one(use, colour, palette, out, feather)
    if speakers > 1:
        for use in uses:
            if use.key == "second" and palette.source(use.role) in DERIVED and not palette.is_brand(use.role):
                _keep_apart(use, out)
    return out


def _keep_apart(use: Use, out: Settled) -> None:
    """The second speaker's colour, lighter or darker until everybody can tell it from the first one's."""
    first = out.colours.get((use.name, "accent")) or out.colours.get((use.name, "colour"))
    second = out.colours[(use.name, use.key)]
    if first is None or first[:3] == second[:3] or told_apart(first[:3], second[:3]):
        return
    low, high = _range(out.grounds, use.box)
    for step in range(1, 16):
        for by in (-0.03 * step, 0.03 * step):
            moved = lighter(second[:3], by)
            if reads(moved, low, high, use.least) and told_apart(first[:3], moved):
                out.colours[(use.name, use.key)] = (*moved, second[3])
                return


@dataclass(frozen=True, slots=True)
class Reading:
    """What a layer's colour reaches on the pixels under it: the smallest contrast ratio there, and the one it needs."""

    use: Use
    ratio: float
    colour: RGB

    @property
    def good(self) -> bool:
        return self.ratio >= self.use.least


def measured(uses: Sequence[Use], settled: Settled) -> list[Reading]:
    """Every use's contrast on all grounds of the clip."""
    out = []
    for use in uses:
        *colour, alpha = settled.colours[(use.name, use.key)]
        r, g, b = colour
        own = luminance(_over((r, g, b), alpha, settled.grounds[0], use.box))
        low, high = _range(settled.grounds, use.box)
        ratio = max(1.0, (own + 0.05) / (high + 0.05), (low + 0.05) / (own + 0.05))
        out.append(Reading(use, ratio, (r, g, b)))
    return out


def _one(
    use: Use, colour: tuple[int, int, int, int], palette: Palette, out: Settled, feather: int
) -> tuple[int, int, int, int]:
    low, high = _range(out.grounds, use.box)
    for alpha in dict.fromkeys((colour[3], 255)):
        if reads(_over(colour[:3], alpha, out.grounds[0], use.box), low, high, use.least):
            return (*colour[:3], alpha)
    brand = palette.is_brand(use.role)
    if (high + 0.05) / (low + 0.05) < _PLAIN and not brand:
        found = readable(colour[:3], low, high, use.least)
        if found is not None:
            return (*found, 255)
    if use.graphic:  # bars and rings stand beside words, not under them: no scrim over the art for them
        found = readable(colour[:3], low, high, use.least)
        return (*(found or colour[:3]), 255)
    amount, dark = legible.strength(colour[:3], low, high, use.least)
    if brand and (high + 0.05) / (low + 0.05) < _PLAIN:
        own = luminance(colour[:3])
        ratio = max((own + 0.05) / (high + 0.05), (low + 0.05) / (own + 0.05))
        out.notes.append(
            f"brand colour {use.role} reaches only {max(1.0, ratio):.1f}:1 in {use.name}, {use.least:g}:1 is readable"
        )
        return (*colour[:3], 255)
    out.grounds = [legible.scrim(ground, use.box, amount, dark, feather) for ground in out.grounds]
    low, high = _range(out.grounds, use.box)
    final = (
        colour[:3] if brand or reads(colour[:3], low, high, use.least) else readable(colour[:3], low, high, use.least)
    )
    return (*(final or colour[:3]), 255)


def _over(colour: RGB, alpha: int, ground: Pixels, box: Box) -> RGB:
    """A colour as it looks half clear over the mean of its ground."""
    if alpha == 255:
        return colour
    part = ground[box.rows, box.columns]
    below = part.reshape(-1, 3).mean(axis=0) if part.size else np.zeros(3)
    r, g, b = (
        round(float(c) * alpha / 255 + float(u) * (255 - alpha) / 255) for c, u in zip(colour, below, strict=True)
    )
    return r, g, b


def _range(grounds: Sequence[Pixels], box: Box) -> tuple[float, float]:
    ranges = [legible.range_under(ground, box) for ground in grounds]
    return min(r[0] for r in ranges), max(r[1] for r in ranges)


def _edge(box: Box) -> Box:
    """A strip along the top of a round waveform's box: what its rays stand on, the art in its middle left out."""
    return Box(box.left, box.top, box.right, box.top + max(2, box.height // 12))


def uses_of(shape: Shape, boxes: dict[str, tuple[Box, float]]) -> Iterator[Use]:
    """Every role that a shape's layers stand in.

    Args:
        boxes: by a layer's name: where its ink lies, and its type's size in percent of the shorter side.
    """
    for part in shape.layers:
        if not part.shown or part.name not in boxes:
            continue
        box, size = boxes[part.name]
        if isinstance(part, Line):
            if part.ornament:
                continue
            yield Use(part.name, "colour", part.colour, box, legible.wanted(size))
            if part.second:
                yield Use(part.name, "second", part.second, box, legible.wanted(size))
        elif isinstance(part, Captions):
            yield Use(part.name, "colour", part.colour, box, legible.wanted(size))
            yield Use(part.name, "accent", part.accent, box, legible.LARGE)
            yield Use(part.name, "second", part.second, box, legible.LARGE)
        elif isinstance(part, Waveform):
            for key, role in (("colour", part.colour), ("second", part.second)):
                yield Use(part.name, key, role, _edge(box) if part.style == "radial" else box, legible.LARGE, True)
        elif isinstance(part, Progress):
            round_one = part.style == "ring"
            yield Use(part.name, "colour", part.colour, _edge(box) if round_one else box, legible.LARGE, True)
