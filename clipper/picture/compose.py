"""From a clip's words and sound to its scene: groups laid out for a shape, then built.

In: words (times from the clip's start), finished sound, template, cover; out: groups and scenes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipper.picture.captions import Group, group
from clipper.picture.geometry import even_size, place
from clipper.picture.template import Template
from clipper.picture.text import Face
from clipper.speech.model import Word

if TYPE_CHECKING:
    from clipper.picture.scene import Scene

MOST_BANDS = 64


def captions(
    template: Template, format_name: str, words: Sequence[Word], duration: float, language: str | None = None
) -> list[Group]:
    """The caption groups of a clip for one shape; the caption files take those of the first shape rendered.

    Args:
        words: with times from the clip's start.
        duration: of the clip in seconds.
        language: ISO 639-1, for better breaks; without it the words themselves tell.

    Raises:
        InputError: a character that the template's font cannot draw.
    """
    shape = template.shape(format_name)
    if shape.captions is None:
        return []
    size = even_size(*shape.size)
    box = place(shape.captions.box, size)
    spec = template.captions
    lines = min(spec.lines, shape.captions.lines)
    type_size = shape.captions.size * min(size) / 100
    face = Face(template.font("captions"))
    return group(
        words,
        face,
        type_size,
        box.width,
        lines,
        spec.gap,
        spec.seconds,
        duration,
        height=box.height,
        language=language,
    )


def scene(
    template: Template,
    format_name: str,
    *,
    cover: Image.Image,
    headline: str,
    show_line: str,
    groups: Sequence[Group],
    levels: NDArray[np.float32],
    frames: int,
    fps: float = 30.0,
    scale: float = 1.0,
) -> Scene:
    """The scene of one clip in one shape; moviepy is imported here and not before."""
    from clipper.picture.scene import build

    return build(
        template,
        format_name,
        cover=cover,
        headline=headline,
        show_line=show_line,
        groups=groups,
        levels=levels,
        frames=frames,
        fps=fps,
        scale=scale,
    )
