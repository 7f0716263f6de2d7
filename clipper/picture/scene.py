"""A scene: one clip in one shape, as a moviepy VideoClip that can also hand planes to an encoder.

In: a template, a `Content` (cover, words, levels, ...); out: a `Scene`. There is no other renderer:
previews, moviepy and the export all draw from the same base and layers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from moviepy import VideoClip
from numpy.typing import NDArray
from PIL import Image

from clipper.picture import rate
from clipper.picture.canvas import Planes, RgbCanvas, YuvCanvas
from clipper.picture.content import Content
from clipper.picture.geometry import even_size
from clipper.picture.layers import Layer
from clipper.picture.safe_overlay import overlay
from clipper.picture.stage import stage
from clipper.picture.template import Template


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
        self.notes: tuple[str, ...] = ()  # for the producer: see Stage
        self._canvas = RgbCanvas(base, self.layers)
        super().__init__(self._at, duration=float(self.frames / self.rate))
        self.fps = float(self.rate)

    def _at(self, t: float) -> NDArray[np.uint8]:
        fps = getattr(self, "fps", None)
        if fps is None:  # moviepy looks how large frame 0 is before fps is set: nothing is drawn for that
            return self.base
        return self.frame(int(t * fps + 1e-6)).copy()

    def frame(self, number: int) -> NDArray[np.uint8]:
        """Frame `number` as RGB; the array is reused by the next call."""
        return self._canvas.show(min(max(0, number), self.frames - 1))

    def planes(self, into: Planes | None = None) -> YuvCanvas:
        """A canvas that gives frames as YUV 4:2:0 (see `YuvCanvas.show`), drawn `into` these planes if given."""
        return YuvCanvas(self.base, self.layers, into)

    def picture(self, number: int) -> Image.Image:
        """Frame `number` as a Pillow image of its own."""
        return Image.fromarray(self.frame(number).copy())


def build(
    template: Template,
    format_name: str,
    content: Content,
    *,
    frames: int,
    fps: float = 30.0,
    scale: float = 1.0,
    size: tuple[int, int] | None = None,
    reduced_motion: bool = False,
    safe: Sequence[str] | None = None,
) -> Scene:
    """The scene of one clip in one shape.

    Args:
        content: what is shown; its captions are laid out for this shape (see `clipper.picture.compose`), its levels
            have as many frames as the clip.
        scale: 1.0 for the template's own size, 0.5 for a draft.
        size: width and height to use instead of the template's, in pixels; odd ones are rounded to even.
        reduced_motion: nothing slides, no word lights up.
        safe: lays what these platforms cover over the picture, for a look before rendering; () is all platforms, None
            lays nothing.

    Raises:
        InputError: a font, a picture or a character is missing.
    """
    width, height = size or template.shape(format_name).size
    size = even_size(width * scale, height * scale)
    exact = float(rate.exact(fps))
    drawn = stage(template, format_name, content, size, max(1, frames), exact, reduced_motion)
    layers = drawn.layers if safe is None else (*drawn.layers, overlay(size, safe))
    scene = Scene(drawn.base, layers, frames, fps)
    scene.notes = drawn.notes
    return scene
