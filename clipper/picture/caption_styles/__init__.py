"""Captions: the words as they are spoken, one file a style, found by name.

In: groups (see `clipper.picture.captions`), a face, a box, colours; out: a layer.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from clipper.errors import UsageError
from clipper.picture.caption_group import Group
from clipper.picture.caption_styles.base import Captions, Setting, Spec, below_name
from clipper.picture.caption_styles.boxed import Pop, WordBoxed
from clipper.picture.caption_styles.colours import CaptionColours
from clipper.picture.caption_styles.lit import Sweep, WordLit
from clipper.picture.caption_styles.one_word import OneWord
from clipper.picture.caption_styles.plain import Classic, Quiet
from clipper.picture.caption_styles.roll_up import RollUp
from clipper.picture.geometry import Box
from clipper.picture.text import Face

CaptionStyle = Literal["word-lit", "word-boxed", "pop", "sweep", "one-word", "classic", "roll-up", "quiet"]

__all__ = [
    "STYLES", "CaptionColours", "CaptionStyle", "Captions", "Spec", "caption_layer", "face_for", "room_for_words",
]  # fmt: skip

STYLES: dict[str, type[Captions]] = {
    "word-lit": WordLit,
    "word-boxed": WordBoxed,
    "pop": Pop,
    "sweep": Sweep,
    "one-word": OneWord,
    "classic": Classic,
    "roll-up": RollUp,
    "quiet": Quiet,
}
_STILL = ("classic", "quiet")


def caption_layer(
    style: CaptionStyle,
    box: Box,
    groups: Sequence[Group],
    face: Face,
    spec: Spec,
    unit: float,
    colours: CaptionColours,
    fps: float,
    *,
    names: Face | None = None,
    reduced_motion: bool = False,
) -> Captions:
    """The layer that draws the captions.

    Args:
        style:
            "word-lit": the spoken word has the accent's colour.
            "word-boxed": the spoken word stands in a box of the accent's colour.
            "pop": the spoken word has the accent's colour and grows for a moment.
            "sweep": the accent's colour runs through each word while it is spoken (karaoke).
            "one-word": one word at a time, as large as the box allows.
            "classic": two lines on a soft plate, no word lit.
            "roll-up": lines move up when a new one begins.
            "quiet": nothing moves and no word is lit.
        box: where the words stand. All ink of words lies inside; shadows and plates reach a little beyond it (the
            layer's own `box` says how far).
        groups: in order, times in seconds from the clip's start, made for `room_for_words(box, ...)` with
            `clipper.picture.captions.group`; the same for every style, for the sidecars take them, too.
        face: of the words.
        spec: a template's text; only `size`, `smallest`, `lines`, `align`, `anchor` are read.
        unit: pixels in one percent of the picture's shorter side.
        colours: see `CaptionColours`.
        fps: frames a second.
        names: the face of a small line with the speaker's name above the words; None for no names.
        reduced_motion: every style becomes "quiet", but "classic", which is still already.

    Raises:
        UsageError: there is no such style.
        InputError: a name has a character that no font draws.
    """
    if style not in STYLES:
        near = difflib.get_close_matches(style, STYLES, 1)
        hint = f"did you mean {near[0]}?" if near else f"choose one of: {', '.join(STYLES)}"
        raise UsageError(f"there is no caption style {style}", hint)
    kind = STYLES["quiet"] if reduced_motion and style not in _STILL else STYLES[style]
    return kind(Setting(box, groups, face, spec, unit, colours, fps, names))


def face_for(style: str, path: Path, language: str | None = None) -> Face:
    """A font as a style sets it: `captions.group` and `caption_layer` are to measure with the same face."""
    return Face(path, language, STYLES[style].space if style in STYLES else 0.0)


def room_for_words(box: Box, spec: Spec, unit: float, *, names: bool) -> Box:
    """The part of a caption box in which the words stand, below the line with a name; `captions.group` wants its width
    and height."""
    return below_name(box, spec, unit) if names else box
