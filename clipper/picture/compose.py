"""From a clip's words and sound to its scene: groups laid out for a shape, then built.

In: words (times from the clip's start), a template, a `Content`; out: groups and scenes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clipper.picture.caption_styles import face_for, room_for_words
from clipper.picture.captions import Emphasis, Group, group
from clipper.picture.content import Content
from clipper.picture.geometry import place
from clipper.picture.paint.piece import layout_size
from clipper.picture.template import Template
from clipper.speech.model import Word

if TYPE_CHECKING:
    from clipper.picture.scene import Scene

MOST_BANDS = 64  # of a waveform


def captions(
    template: Template,
    format_name: str,
    words: Sequence[Word],
    duration: float,
    language: str | None = None,
    emphasis: Emphasis | None = None,
) -> list[Group]:
    """The caption groups of a clip for one shape; the caption files take those of the first shape rendered.

    Args:
        words: with times from the clip's start.
        duration: of the clip in seconds.
        language: ISO 639-1, for better breaks and the right forms; without it the words themselves tell.
        emphasis: which of the words are to stand out (see `clipper.picture.wording.read`).

    Raises:
        InputError: a character that the template's font cannot draw.
    """
    shape = template.shape(format_name)
    spec = shape.captions
    if spec is None:
        return []
    size = layout_size(shape.size, shape.size)
    unit = min(size) / 100
    several = len({word.speaker for word in words if word.speaker}) > 1
    box = room_for_words(place(spec.box, size), spec, unit, names=spec.names and several)
    return group(
        words,
        face_for(spec.style, template.font(spec.font)).reading(" ".join(word.text for word in words), language),
        spec.size * unit,
        box.width,
        spec.lines,
        spec.gap,
        spec.seconds,
        duration,
        height=box.height,
        language=language,
        emphasis=emphasis,
    )


def scene(
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
    """The scene of one clip in one shape (see `clipper.picture.scene.build`); moviepy is imported here, not before."""
    from clipper.picture.scene import build

    return build(
        template,
        format_name,
        content,
        frames=frames,
        fps=fps,
        scale=scale,
        size=size,
        reduced_motion=reduced_motion,
        safe=safe,
    )
