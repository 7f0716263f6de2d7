"""A template: a look as data, in three shapes. In: tables; out: a frozen `Template`, its layers in drawing order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from clipper.picture.template.kinds import AnyPart, Captions, Part, Place, Role, Table, Waveform

SCHEMA = 2
FORMATS = ("vertical", "square", "wide")
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Pixels = Annotated[int, Field(ge=64, le=4320)]
P = TypeVar("P", bound=Part)


class Shape(Table):
    """One shape's own layout: its size in pixels and its layers from the lowest to the highest."""

    size: tuple[Pixels, Pixels]
    layers: tuple[AnyPart, ...] = ()

    def all(self, kind: type[P]) -> tuple[P, ...]:
        """The layers of a kind that are shown."""
        return tuple(layer for layer in self.layers if isinstance(layer, kind) and layer.shown)

    def named(self, name: str) -> Any:
        """The layer of that name; None where this shape has none or does not show it."""
        return next((layer for layer in self.layers if layer.name == name and layer.shown), None)

    @property
    def captions(self) -> Captions | None:
        """The first captions; where two speakers have their own, both are laid out alike."""
        return next(iter(self.all(Captions)), None)

    @property
    def waveform(self) -> Waveform | None:
        return next(iter(self.all(Waveform)), None)


class Template(Table):
    """A look in three shapes.

    Attributes:
        colours: role to "#RRGGBB", "#RRGGBBAA", another role, or what is taken from the cover (see `roles`).
        brand: the roles whose colours are the show's own; they are never changed, only warned about.
        fonts: role to font file.
        files: every file that the template names (as it names it), with where it lies and its digest.
    """

    schema_number: Literal[2] = Field(default=2, alias="schema")
    name: str
    description: str = ""
    colours: dict[str, Role] = Field(default_factory=dict)
    brand: frozenset[str] = frozenset()
    fonts: dict[str, str] = Field(default_factory=dict)
    vertical: Shape
    square: Shape
    wide: Shape
    folder: Path = Path()
    files: dict[str, tuple[Path, str]] = Field(default_factory=dict)

    def shape(self, format_name: str) -> Shape:
        """The layout for "vertical", "square" or "wide"."""
        shape: Shape = getattr(self, format_name)
        return shape

    def font(self, role: str) -> Path:
        """The path of the font for a role ("headline", "captions", "show", or the template's own); its first font
        where it has none for that role."""
        return self.files[self.fonts.get(role) or next(iter(self.fonts.values()))][0]

    def file(self, name: str) -> Path:
        """The path of a picture that a layer names."""
        return self.files[name][0]

    def fingerprint(self) -> dict[str, Any]:
        """Everything that changes what is drawn, for the key of a finished clip; no paths."""
        told = self.model_dump(mode="json", exclude={"folder", "files", "description"})
        told["brand"] = sorted(self.brand)
        return {**told, "files": {name: digest for name, (_, digest) in sorted(self.files.items())}}


class ShapeTable(Table):
    """A shape as it is written: a size, and under each layer's name what is this shape's own."""

    size: tuple[Pixels, Pixels] | None = None


class FileTable(Table):
    """The keys of template.toml beside those of its layers."""

    schema_number: Literal[2] = Field(alias="schema", description="number of this schema: 2")
    name: Name = Field(default="", description="what it is called; the folder's name where it is left out")
    description: Annotated[str, Field(max_length=300)] = Field(default="", description="one line for `templates list`")
    extends: Annotated[str, Field(max_length=300)] = Field(
        default="", description="a template by name, or a folder beside this one; only what is written here changes"
    )
    colours: dict[Name, Role] = Field(default={}, description="colours by role")
    brand: dict[Name, Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?$")]] = Field(
        default={},
        description="the show's own colours by role: they win, and are warned about where they cannot be read",
    )
    fonts: dict[Name, Annotated[str, Field(max_length=200)]] = Field(
        default={}, description="font files by role, in the template's folder or among the shipped fonts"
    )
    captions: Annotated[str, Field(max_length=40)] = Field(
        default="", description="the style of all captions, in place of what their layers say"
    )
    layers: dict[Name, dict[str, Any]] = Field(default={}, description="layers by name, the lowest first")
    vertical: dict[str, Any] = Field(default={}, description="9:16: size in pixels, and each layer's place")
    square: dict[str, Any] = Field(default={}, description="1:1, the same")
    wide: dict[str, Any] = Field(default={}, description="16:9, the same")


__all__ = ["FORMATS", "SCHEMA", "FileTable", "Place", "Shape", "ShapeTable", "Template"]
