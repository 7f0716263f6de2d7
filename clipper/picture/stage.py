"""A template's shape and a clip's content as a still base and the layers that move on it.

In: a template, a `Content`, a size; out: a `Stage`. Fields, art and the logo lie below; words, captions, the waveform
and the progress above them, in the template's order; the end card over all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipper.picture import motion
from clipper.picture.caption_styles import CaptionColours, caption_layer, face_for
from clipper.picture.captions import Group
from clipper.picture.content import Content, Levels
from clipper.picture.geometry import Box
from clipper.picture.ground import Ground, changed, grounds, sides
from clipper.picture.layers import Layer, PictureLayer
from clipper.picture.paint import words
from clipper.picture.paint.piece import Piece, Sheet, layout_size
from clipper.picture.palette import luminance
from clipper.picture.progress import BarLayer, RingLayer, bar_mask
from clipper.picture.roles import palette
from clipper.picture.segments import language_of
from clipper.picture.settle import Settled, Use, settle, uses_of
from clipper.picture.speakers import turns, voices
from clipper.picture.template import Captions, EndCard, Line, Progress, Shape, Template, Waveform
from clipper.picture.text import Block, Change
from clipper.picture.waveforms import Options, waveform

Pixels = NDArray[np.uint8]
_END_FADE = 0.4  # seconds
_END_SHARE = 0.3  # of a clip that its end card may take; a shorter clip has none
_FALLBACK_SPEAKERS = ("", "")
ONE_VOICE = "this look is for two voices and only one is known here, so one side stays empty: choose another template"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scene is made of; `notes` are for the producer: brand colours that cannot be read, words that the
    template's fonts cannot set."""

    base: Pixels
    layers: tuple[Layer, ...]
    notes: tuple[str, ...]


def stage(
    template: Template,
    format_name: str,
    content: Content,
    size: tuple[int, int],
    frames: int,
    fps: float,
    reduced_motion: bool = False,
) -> Stage:
    """Draws what stands still and prepares what moves.

    Raises:
        InputError: a font, a picture or a character is missing.
    """
    return Staging(template, format_name, content, size, frames, fps, reduced_motion).done()


class Staging:
    """One shape of one clip on its way to a `Stage`; `survey` looks at its parts."""

    def __init__(
        self,
        template: Template,
        format_name: str,
        content: Content,
        size: tuple[int, int],
        frames: int,
        fps: float,
        reduced_motion: bool,
    ) -> None:
        self.shape: Shape = template.shape(format_name)
        self.content, self.frames, self.fps, self.calm = content, frames, fps, reduced_motion
        self.names = tuple(content.speakers) or voices(content.groups)
        self._worded = bool(content.groups)
        one, two, *_ = (*self.names, *_FALLBACK_SPEAKERS)
        spoken = {"speaker": one, "speaker1": one, "speaker2": two}
        self.texts = {
            **content.placeholders(), **spoken, "initials1": words.initials(one), "initials2": words.initials(two)
        }  # fmt: skip
        colours = palette(template.colours, template.brand, content.cover)
        said = " ".join(word for group in content.groups for word in group.words)
        language = language_of(" ".join((said, *self.texts.values())), content.language) or None
        self.sheet = Sheet(template, size, layout_size(self.shape.size, size), colours, self.texts, language)
        self.turns = turns(content.groups, self.names, frames, fps)
        self.layers: list[Layer] = []
        self.captions: dict[str, Layer] = {}  # by the name of their layer in the template
        self.late: list[tuple[int, Callable[[Levels], Layer]]] = []

    def settled(
        self, blocks: dict[str, list[tuple[int, Block]]]
    ) -> tuple[list[Ground], list[Pixels], Settled, list[Use]]:
        """The grounds as art changes, or those of the two sides, and all colours settled on them."""
        lit = sides(self.shape, self.sheet, self.content)
        states = [] if lit else grounds(self.shape, self.sheet, self.content, self.fps, self.frames)
        whole = lit or [state.pixels for state in states]
        feather = max(2, round(4 * self.sheet.unit))
        uses = list(uses_of(self.shape, self._ink(blocks)))
        return states, lit, settle(uses, whole, self.sheet.palette, feather, len(self.names)), uses

    def done(self) -> Stage:
        blocks = self.blocks()
        states, lit, settled, _ = self.settled(blocks)
        base = settled.grounds[0]
        if lit:
            self._light_sides(settled.grounds)
        else:
            self._change_art(states, settled.grounds)
        still = Image.fromarray(base)
        for part in self.shape.layers:
            if not part.shown:
                continue
            if isinstance(part, Line):
                self._line(part, blocks, settled, still)
            elif isinstance(part, Captions):
                self._captions(part, settled)
            elif isinstance(part, Waveform):
                self._waveform(part, settled)
            elif isinstance(part, Progress):
                self._progress(part, settled)
        for end in self.shape.all(EndCard):
            self._end(end, blocks, settled.grounds[int(self.turns[-1] == 1)] if lit else settled.grounds[-1])
        self._finish_late()
        notes = (*settled.notes, *map(str, self._changes(blocks)), *self._alone())
        return Stage(np.asarray(still), tuple(self.layers), notes)

    def _alone(self) -> list[str]:
        """What is to be said of a look for two where only one voice is known."""
        sides = any(getattr(part, "speaker", 0) == 2 for part in self.shape.layers)
        return [ONE_VOICE] if sides and self._worded and len(self.names) < 2 else []

    # what is written

    def blocks(self) -> dict[str, list[tuple[int, Block]]]:
        """Each text layer's words laid out; those that name the speaker once for each speaker (-1: for all)."""
        out: dict[str, list[tuple[int, Block]]] = {}
        for part in self.shape.all(Line):
            whose = list(enumerate(self.names)) if "{speaker}" in part.text and len(self.names) > 1 else [(-1, "")]
            for number, name in whose:
                texts = {**self.texts, "speaker": name} if name else self.texts
                text = words.filled(part.text, texts, part.capitals)
                if text:
                    out.setdefault(part.name, []).append((number, words.block_of(text, part, self.sheet)))
        return out

    def _ink(self, blocks: dict[str, list[tuple[int, Block]]]) -> dict[str, tuple[Box, float]]:
        """Where each layer's ink may lie, and how large its type is."""
        out: dict[str, tuple[Box, float]] = {}
        for part in self.shape.layers:
            if isinstance(part, Line) and part.name in blocks:
                for _, block in blocks[part.name]:
                    box = words.ink_box(block, part, self.sheet)
                    size = block.size / self.sheet.unit
                    if part.name in out:
                        box, size = box.around(out[part.name][0]), min(size, out[part.name][1])
                    out[part.name] = box, size
            elif isinstance(part, Captions) and self.content.groups:
                least = min((group.scale for group in self._said(part)), default=1.0)
                out[part.name] = self.sheet.box(part.box), part.size * least
            elif isinstance(part, Waveform | Progress):
                out[part.name] = self.sheet.box(part.box), 0.0
        return out

    def _line(
        self, part: Line, blocks: dict[str, list[tuple[int, Block]]], settled: Settled, still: Image.Image
    ) -> None:
        for number, block in blocks.get(part.name, []):
            key = "second" if number == 1 and part.second else "colour"
            colour = self.sheet.palette.rgba(part.colour) if part.ornament else settled.rgba(part, key)
            piece = words.words(block, part, self.sheet, colour)
            left, top = piece.left, piece.top
            if number >= 0:
                self._lay(piece, motion.by_turn(left, top, self.turns == number, 0.0, self.fps))
            elif part.speaker:
                self._lay(piece, motion.by_turn(left, top, self._speaks(part.speaker), part.idle, self.fps))
            elif part.motion != "none" and not self.calm:
                way = motion.NOD * self.sheet.unit
                dx, dy = (0.0, -way) if part.motion == "rise" else (-way if block.rtl else way, 0.0)
                self._lay(piece, motion.nods(left, top, dx, dy, self.fps), round(way) + 2)
            elif any(layer.box.meets(piece.box) for layer in self.layers):
                self._lay(piece, motion.stays(left, top))
            else:
                piece.onto(still)

    # what moves

    def _captions(self, part: Captions, settled: Settled) -> None:
        said = self._said(part)
        if not said:
            return
        text, accent, second = (settled.rgb(part, key) for key in ("colour", "accent", "second"))
        colours = CaptionColours(
            text=text,
            accent=second if part.speaker == 2 else accent,
            shadow=None if luminance(text) < 0.2 else (0, 0, 0),
            speakers=dict(zip(self.names, (accent, second), strict=False)) if len(self.names) > 1 else {},
        )
        face = face_for(part.style, self.sheet.template.font(part.font), self.sheet.language)
        layer = caption_layer(
            part.style,  # type: ignore[arg-type]
            self.sheet.box(part.box),
            said,
            face,
            part,
            self.sheet.unit,
            colours,
            self.fps,
            names=self.sheet.face(part.font) if part.names and len(self.names) > 1 else None,
            reduced_motion=self.calm,
        )
        self.layers.append(layer)
        self.captions[part.name] = layer

    def _changes(self, blocks: dict[str, list[tuple[int, Block]]]) -> list[Change]:
        """The fonts that stand in for the template's own, each once."""
        lines = [(b.face, b.text(i)) for laid in blocks.values() for _, b in laid for i in range(len(b.lines))]
        for part in self.shape.all(Captions):
            lines += [(self.sheet.face(part.font), " ".join(group.words)) for group in self._said(part)]
        found: dict[str, Change] = {}
        for face, text in lines:
            for change in face.changes(text):
                found.setdefault(change.font, change)
        return list(found.values())

    def _said(self, part: Captions) -> list[Group]:
        """The groups that a caption layer shows: all, or those of its side; who is not known is on the first side."""
        groups = self.content.groups
        if not part.speaker:
            return list(groups)
        second = self.names[1] if len(self.names) > 1 else None
        return [g for g in groups if (g.speaker == second and second is not None) == (part.speaker == 2)]

    def _waveform(self, part: Waveform, settled: Settled) -> None:
        place, box = len(self.layers), self.sheet.box(part.box)
        first, second = settled.rgb(part), settled.rgb(part, "second")
        quiet = ~self._speaks(part.speaker) if part.speaker else None

        def drawn(levels: Levels) -> Layer:
            if quiet is not None:
                levels = levels * ~quiet[: len(levels), None]
            colours = [second] * 2 if part.speaker == 2 else [first, second]
            whose = np.minimum(self.turns, 1)
            options = Options(bars=part.bars, inner=part.inner, calm=self.calm)
            return waveform(part.style, box, levels, colours, turns=whose, fps=self.fps, options=options)  # type: ignore[arg-type]

        self.late.append((place, drawn))

    def _progress(self, part: Progress, settled: Settled) -> None:
        box, colour = self.sheet.box(part.box), settled.rgb(part)
        if part.style == "ring":
            self.layers.append(RingLayer(box, self.frames, colour, part.thickness * self.sheet.unit))
        else:
            self.layers.append(BarLayer(box, self.frames, colour, bar_mask(box, part.style == "edge")))

    def _end(self, part: EndCard, blocks: dict[str, list[tuple[int, Block]]], ground: Pixels) -> None:
        """The end card; words that it would cut through go as it comes."""
        show = words.filled("{show-line}", self.texts)
        if not self.content.call or not show or self.frames / self.fps < part.seconds / _END_SHARE:
            return
        where = self.content.where or self.content.handle
        piece = words.end_card(part, self.sheet, self.content.call, show, where)
        start = self.frames - round(part.seconds * self.fps)
        boxes = [self.sheet.box(line.box) for line in self.shape.all(Line) if line.name in blocks and not line.ornament]
        for box in boxes:
            if box.meets(piece.box) and box.common(piece.box) != box:
                bare = Piece(Image.fromarray(ground[box.rows, box.columns]), box.left, box.top)
                self._lay(bare, motion.fades_in(box.left, box.top, start, _END_FADE, self.fps))
        self._lay(piece, motion.fades_in(piece.left, piece.top, start, _END_FADE, self.fps))

    def _finish_late(self) -> None:
        """The waveforms, once everything else is drawn: only now the sound has to be finished."""
        if not self.late:
            return
        levels = self.content.levels() if callable(self.content.levels) else self.content.levels
        if levels is None:
            levels = np.zeros((self.frames, 8), dtype=np.float32)
        for place, drawn in reversed(self.late):
            self.layers.insert(place, drawn(levels))

    # what changes under the words

    def _change_art(self, states: list[Ground], pixels: list[Pixels]) -> None:
        for before, after, state in zip(pixels, pixels[1:], states[1:], strict=False):
            box = changed(before, after)
            if box is not None:
                piece = Piece(Image.fromarray(after[box.rows, box.columns]), box.left, box.top)
                self._lay(piece, motion.fades_in(box.left, box.top, state.start, motion.CROSSES, self.fps))

    def _light_sides(self, pixels: list[Pixels]) -> None:
        box = changed(pixels[0], pixels[1])
        if box is not None and (self.turns == 1).any():
            piece = Piece(Image.fromarray(pixels[1][box.rows, box.columns]), box.left, box.top)
            self._lay(piece, motion.by_turn(box.left, box.top, self.turns == 1, 0.0, self.fps))

    def _speaks(self, side: int) -> NDArray[np.bool_]:
        """The frames in which the speaker of a side talks; who is alone has the first side."""
        return np.asarray(self.turns == side - 1)

    def _lay(self, piece: Piece, at: motion.At, reach: int = 0) -> None:
        box = piece.box.grown(reach).inside(*self.sheet.size)
        self.layers.append(PictureLayer(piece.image, box, at))
