"""Waveforms: the clip's own sound as a moving shape, one file a style, found by name.

In: a box, the levels of the sound in each frame, the speakers' colours; out: a layer.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from clipper.errors import UsageError
from clipper.picture.geometry import Box
from clipper.picture.palette import RGB
from clipper.picture.waveforms.bars import Bars
from clipper.picture.waveforms.base import Options, Waveform
from clipper.picture.waveforms.dots import Dots
from clipper.picture.waveforms.filled import Filled
from clipper.picture.waveforms.line import Line
from clipper.picture.waveforms.mirrored import Mirrored
from clipper.picture.waveforms.radial import Radial
from clipper.picture.waveforms.scroll import Scroll

WaveformStyle = Literal["bars", "mirrored", "line", "filled", "dots", "radial", "scroll"]

__all__ = ["STYLES", "Options", "Waveform", "WaveformStyle", "waveform"]

STYLES: dict[str, type[Waveform]] = {
    "bars": Bars,
    "mirrored": Mirrored,
    "line": Line,
    "filled": Filled,
    "dots": Dots,
    "radial": Radial,
    "scroll": Scroll,
}


def waveform(
    style: WaveformStyle,
    box: Box,
    levels: NDArray[np.float32],
    colours: RGB | Sequence[RGB],
    *,
    turns: NDArray[np.intp] | None = None,
    fps: float = 30.0,
    options: Options | None = None,
) -> Waveform:
    """The layer that draws the sound.

    Args:
        style:
            "bars": rise from the bottom line, low tones in the middle.
            "mirrored": bars up and down from the middle line, low tones in the middle.
            "line": one smooth curve about the middle line, a fainter one behind.
            "filled": a smooth mirrored area over its fainter echo.
            "dots": columns of dots that grow from the middle row, as in a halftone.
            "radial": rays around a circle; the cover may stand inside: up to `options.inner` of half the box's shorter
                side from the box's middle there is no ink.
            "scroll": the loudness of the last seconds, running from right to left.
        box: where; even edges. No ink leaves it.
        levels: float32 0 to 1, shape (frames, bands), band 0 the lowest (see `clipper.sound.envelope.levels`). As many
            bands as there are: they are put together to as many bars as the style draws.
        colours: one colour, or one for each speaker.
        turns: which of `colours` each frame has, shape (frames,) (see `clipper.picture.speakers.turns`); without it
            the first one. After a turn the colour changes within a tenth of a second.
        fps: frames a second.
        options: how many bars, how thick, ...

    Raises:
        UsageError: there is no such style.
    """
    options = options or Options()
    if style not in STYLES:
        near = difflib.get_close_matches(style, STYLES, 1)
        hint = f"did you mean {near[0]}?" if near else f"choose one of: {', '.join(STYLES)}"
        raise UsageError(f"there is no waveform {style}", hint)
    frames = max(1, len(levels))
    if not levels.size:
        levels = np.zeros((1, 1), dtype=np.float32)
    levels = np.clip(np.nan_to_num(levels.astype(np.float32), nan=0.0), 0, 1)
    palette = [cast(RGB, colours)] if isinstance(colours[0], int) else list(cast(Sequence[RGB], colours))
    if turns is None or not len(turns):
        turns = np.zeros(frames, dtype=np.intp)
    if style == "scroll" and options.calm:
        style = "mirrored"
    return STYLES[style](box.even(), levels, palette, turns, fps, options)
