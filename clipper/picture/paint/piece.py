"""What a painter gives, and what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from clipper.picture.geometry import Box, even_size, place
from clipper.picture.roles import Palette
from clipper.picture.template import Template
from clipper.picture.text import Face


@dataclass(frozen=True, slots=True)
class Piece:
    """A picture, RGBA or RGB, and where its upper left corner lies; it may reach beyond the frame."""

    image: Image.Image
    left: int
    top: int

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.left + self.image.width, self.top + self.image.height)

    def onto(self, picture: Image.Image) -> None:
        """Lays it over a picture."""
        mask = self.image if self.image.mode == "RGBA" else None
        picture.paste(self.image.convert("RGB"), (self.left, self.top), mask)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every painter needs.

    Attributes:
        size: of the frame in pixels; `own`: the size for which lines of text are laid out.
        texts: by placeholder.
        language: see `Face.reading`.
    """

    template: Template
    size: tuple[int, int]
    own: tuple[int, int]
    palette: Palette
    texts: Mapping[str, str]
    language: str | None = None

    @property
    def unit(self) -> float:
        """Pixels in one percent of the shorter side."""
        return min(self.size) / 100

    def face(self, role: str) -> Face:
        """The template's font for a role, its stand-ins chosen by the clip's language."""
        return Face(self.template.font(role), self.language)

    def box(self, percent: tuple[float, float, float, float]) -> Box:
        return place(percent, self.size)


def layout_size(shape_size: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """The size to lay text out at: the template's own, so that lines break alike at every size of the same form."""
    own = even_size(*shape_size)
    return size if abs(own[0] * size[1] / (own[1] * size[0]) - 1) > 0.02 else own
