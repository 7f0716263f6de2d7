"""A scene: one clip in one shape, as a moviepy VideoClip that can also hand planes to an encoder.

In: a template, the cover, the clip's words and the levels of its sound; out: a `Scene`. There is no other renderer:
previews, moviepy and the export all draw from the same base and layers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from moviepy import VideoClip
from numpy.typing import NDArray
from PIL import Image

from clipper.picture import rate
from clipper.picture.canvas import RgbCanvas, YuvCanvas
from clipper.picture.caption_layer import CaptionLayer
from clipper.picture.captions import Group
from clipper.picture.geometry import even_size, place
from clipper.picture.layers import Layer, ProgressLayer, WaveformLayer
from clipper.picture.palette import accent, parse
from clipper.picture.still import still
from clipper.picture.template import Template
from clipper.picture.text import Face


class Scene(VideoClip):  # type: ignore[misc]
    """A still picture and the layers that move on it.

    `get_frame(t)` returns RGB, uint8, shape (height, width, 3), of the frame that shows at `t` seconds.

    Args:
        base: what never moves, RGB, uint8, shape (height, width, 3), even sides.
        layers: what moves, from the lowest to the highest; they may lie over each other.
        frames: how many there are.
        fps: frames a second, 23.976 for 24000/1001; frame n shows the time n / fps.
    """

    def __init__(self, base: NDArray[np.uint8], layers: Sequence[Layer], frames: int, fps: float) -> None:
        if base.shape[0] % 2 or base.shape[1] % 2:
            raise ValueError(f"a picture of {base.shape[1]} x {base.shape[0]} has no 4:2:0 form: sides must be even")
        self.rate = rate.exact(fps)
        self.base, self.layers, self.frames = base, tuple(layers), max(1, frames)
        self._canvas = RgbCanvas(base, self.layers)
        super().__init__(self._at, duration=float(self.frames / self.rate))
        self.fps = float(self.rate)

    def _at(self, t: float) -> NDArray[np.uint8]:
        # moviepy asks for frame 0 before fps is set
        return self.frame(int(t * getattr(self, "fps", 1.0) + 1e-6)).copy()

    def frame(self, number: int) -> NDArray[np.uint8]:
        """Frame `number` as RGB; the array is reused by the next call."""
        return self._canvas.show(min(max(0, number), self.frames - 1))

    def planes(self) -> YuvCanvas:
        """A canvas that gives frames as YUV 4:2:0 (see `YuvCanvas.show`)."""
        return YuvCanvas(self.base, self.layers)

    def picture(self, number: int) -> Image.Image:
        """Frame `number` as a Pillow image of its own."""
        return Image.fromarray(self.frame(number).copy())


def build(
    template: Template,
    format_name: str,
    *,
    cover: Image.Image,
    headline: str,
    show_line: str,
    groups: Sequence[Group],
    levels: NDArray[np.float32] | Callable[[], NDArray[np.float32]],
    frames: int,
    fps: float = 30.0,
    scale: float = 1.0,
    size: tuple[int, int] | None = None,
) -> Scene:
    """The scene of one clip in one shape.

    Args:
        cover: RGB.
        headline, show_line: may be empty.
        groups: the captions, laid out for this shape (see `clipper.picture.compose`).
        levels: float32 0 to 1, shape (frames, at least half the shape's bars); or what gives them, asked once
            everything else is drawn, so that the sound can be finished meanwhile.
        scale: 1.0 for the template's own size, 0.5 for a draft.
        size: width and height to use instead of the template's, in pixels; odd ones are rounded to even.

    Raises:
        InputError: a font or a character is missing.
    """
    shape = template.shape(format_name)
    width, height = size or shape.size
    size = even_size(width * scale, height * scale)
    fps = float(rate.exact(fps))
    unit = min(size) / 100
    strong = accent(cover) if template.colours.accent == "cover" else parse(template.colours.accent)[:3]
    base = still(template, format_name, size, cover, headline, show_line)
    layers: list[Layer] = []
    if shape.captions is not None and groups:
        box = place(shape.captions.box, size)
        face = Face(template.font("captions"))
        ink = parse(template.colours.text)[:3]
        layers.append(CaptionLayer(box, groups, face, shape.captions, unit, ink, strong, template.captions.style, fps))
    if shape.waveform is not None:
        levels = levels() if callable(levels) else levels
        count = max(1, min(shape.waveform.bars // 2, levels.shape[1]))
        layers.append(WaveformLayer(place(shape.waveform.box, size), levels[:, :count], strong))
    if shape.progress is not None:
        layers.append(ProgressLayer(place(shape.progress.box, size), frames, strong))
    return Scene(base, layers, frames, fps)
