"""A template: a look as data, validated on the way in.

In: a template's name or its folder; out: a `Template`. A template names fonts that ship with clipper or lie in its own
folder; it holds no code and reaches nothing outside.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clipper.errors import InputError, UsageError
from clipper.resources import fonts_dir, templates_dir

Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?$")]
Place = tuple[Percent, Percent, Percent, Percent]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Colours(_Table):
    """Colours by role; `accent` may be "cover": the liveliest colour of the art."""

    text: Colour = "#FFFFFF"
    muted: Colour = "#FFFFFFC8"
    accent: Colour | Literal["cover"] = "cover"


class Background(_Table):
    """What lies behind everything: the cover, blurred by `blur` percent and darkened to `brightness`."""

    kind: Literal["blurred-cover", "plain"] = "blurred-cover"
    blur: float = Field(default=9.0, ge=0, le=50)
    brightness: float = Field(default=0.10, ge=0.0, le=1.0)
    colour: Colour = "#101418"


class Fonts(_Table):
    """Font files, relative to the template's folder or to the shipped fonts."""

    headline: str
    captions: str
    show: str


class Captions(_Table):
    """How words become groups; seconds."""

    style: Literal["word-boxed", "word-lit"] = "word-boxed"
    lines: int = Field(default=2, ge=1, le=4)
    seconds: float = Field(default=0.8, ge=0, le=10)
    gap: float = Field(default=0.6, ge=0.05, le=10)


class Art(_Table):
    """Where the cover stands: fitted into `box`, corners rounded by `radius` percent of the shorter side."""

    box: Place
    radius: Percent = 0.0


class Text(_Table):
    """Where words stand, how large at most and at least (percent of the shorter side), in how many lines."""

    box: Place
    size: Percent
    smallest: Percent
    lines: int = Field(ge=1, le=8)
    align: Literal["left", "centre", "right"] = "centre"
    anchor: Literal["top", "middle", "bottom"] = "middle"


class Bars(_Table):
    """The waveform: mirrored bars, low tones in the middle."""

    box: Place
    bars: int = Field(ge=4, le=200)


class Line(_Table):
    """The progress bar."""

    box: Place


class Shape(_Table):
    """One shape's own layout; what is null is not shown."""

    size: tuple[Annotated[int, Field(ge=64, le=4320)], Annotated[int, Field(ge=64, le=4320)]]
    cover: Art | None = None
    show: Text | None = None
    headline: Text | None = None
    captions: Text | None = None
    waveform: Bars | None = None
    progress: Line | None = None


class Template(_Table):
    """A look in three shapes."""

    schema_number: Literal[1] = Field(alias="schema")
    name: str
    description: str = ""
    colours: Colours = Colours()
    background: Background = Background()
    fonts: Fonts
    captions: Captions = Captions()
    vertical: Shape
    square: Shape
    wide: Shape
    folder: Path = Path()

    def shape(self, format_name: str) -> Shape:
        """The layout for "vertical", "square" or "wide"."""
        shape: Shape = getattr(self, format_name)
        return shape

    def font(self, role: str) -> Path:
        """The path of the font for a role ("headline", "captions", "show").

        Raises:
            InputError: it lies outside the template's folder and the shipped fonts, or is not there.
        """
        name: str = getattr(self.fonts, role)
        for root in (self.folder, fonts_dir()):
            path = (root / name).resolve()
            if path.is_relative_to(root.resolve()) and path.is_file():
                return path
        raise InputError(
            f"template {self.name}: the font {name} is neither in the template's folder nor among the shipped fonts",
            "put the font file into the template's folder and name it without a path",
        )


def names() -> list[str]:
    """The shipped templates."""
    return sorted(p.parent.name for p in templates_dir().glob("*/template.toml"))


def load(name: str) -> Template:
    """Reads a template by name, or by the path of its folder or file.

    Raises:
        UsageError: there is none of that name.
        InputError: its file does not say what a template must say; the message names the key.
    """
    folder = templates_dir() / name
    if not (name in names() and (folder / "template.toml").is_file()):
        folder = Path(name)
        folder = folder.parent if folder.is_file() else folder
    path = folder / "template.toml"
    if not path.is_file():
        raise UsageError(f"there is no template {name}", f"choose one of: {', '.join(names())}; or name its folder")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Template(**{**data, "folder": folder})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not TOML: {error}", "correct that line") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise InputError(f"{path}: {key}: {first['msg']}", "see the shipped templates for an example") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error
