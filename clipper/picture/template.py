"""A template: a look as data, validated on the way in.

In: a template's name or its folder; out: a `Template`. A template names fonts that ship with clipper or lie in its own
folder; it holds no code and reaches nothing outside.
"""

from __future__ import annotations

import difflib
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from clipper.errors import InputError, UsageError
from clipper.resources import fonts_dir, templates_dir

Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
TypeSize = Annotated[float, Field(ge=0.5, le=50, allow_inf_nan=False)]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?$")]
FILE = "template.toml"
LARGEST_FILE = 200_000  # bytes of template.toml; ours has 3,000


def _inside(place: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, width, height = place
    if left + width > 100.001 or top + height > 100.001:
        raise ValueError(f"[{left:g}, {top:g}, {width:g}, {height:g}] reaches beyond the picture (100 percent)")
    if width <= 0 or height <= 0:
        raise ValueError("a box needs a width and a height")
    return place


Place = Annotated[tuple[Percent, Percent, Percent, Percent], AfterValidator(_inside)]


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
    size: TypeSize
    smallest: TypeSize
    lines: int = Field(ge=1, le=8)
    align: Literal["left", "centre", "right"] = "centre"
    anchor: Literal["top", "middle", "bottom"] = "middle"

    @model_validator(mode="after")
    def _shrinks(self) -> Self:
        if self.smallest > self.size:
            raise ValueError(f"smallest ({self.smallest:g}) is larger than size ({self.size:g})")
        return self


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
            with suppress(OSError, ValueError, RuntimeError):  # a name with a null byte, a ring of links
                path = (root / name).resolve()
                if path.is_relative_to(root.resolve()) and path.is_file():
                    return path
        raise InputError(
            f"{self.folder / FILE}: fonts.{role}: {name} is neither in its folder nor a shipped font",
            "put the font file into the template's folder and name it without a path",
        )


def names() -> list[str]:
    """The shipped templates."""
    return sorted(p.parent.name for p in templates_dir().glob(f"*/{FILE}"))


def load(name: str) -> Template:
    """Reads a template by name, or by the path of its folder or file.

    Raises:
        UsageError: there is none of that name.
        InputError: its file does not say what a template must say; the message names the key.
    """
    folder = templates_dir() / name
    if name not in names():
        folder = Path(name)
        folder = folder.parent if _is_file(folder) else folder
    path = folder / FILE
    if not _is_file(path):
        near = difflib.get_close_matches(name, names(), 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(
            f"there is no template {name}", f"{hint}choose one of: {', '.join(names())}; or name its folder"
        )
    template = _read(path)
    for role in Fonts.model_fields:
        template.font(role)
    return template


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long a name, a null byte
        return False


def _read(path: Path) -> Template:
    try:
        with path.open("rb") as f:
            raw = f.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            raise InputError(f"{path} is larger than {LARGEST_FILE} bytes", "a template holds a look, nothing else")
        data = tomllib.loads(raw.decode("utf-8"))
        if "folder" in data:
            raise InputError(f"{path}: folder: there is no such key", "take it out")
        return Template(**{**data, "folder": path.parent})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is not TOML: {error}", "correct that line") from error
    except ValidationError as error:
        raise _schema_error(path, error) from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error


def _schema_error(path: Path, error: ValidationError) -> InputError:
    """The first thing that is wrong with a template, with its key and, for a slip of the pen, the right one."""
    first = error.errors()[0]
    where = tuple(
        str(part) for part in first["loc"] if not str(part).startswith(("function-", "literal[", "constrained"))
    )
    key = ".".join(where) or "the file"
    if first["type"] == "extra_forbidden":
        known = _keys_of(Template, where[:-1])
        near = difflib.get_close_matches(where[-1], known, 1)
        mend = f"did you mean {near[0]}?" if near else f"keys there are: {', '.join(known)}"
        return InputError(f"{path}: {key}: there is no such key", mend)
    if first["type"] == "missing":
        return InputError(f"{path}: {key} is missing", "see the shipped templates for an example")
    got = first["input"]
    shown = f" (it is {got!r})" if isinstance(got, str | int | float) else ""
    said = first["msg"].removeprefix("Value error, ")
    return InputError(f"{path}: {key}: {said}{shown}", "see the shipped templates for an example")


def _keys_of(model: type[BaseModel], where: tuple[str, ...]) -> list[str]:
    """The keys that a table of the template may have."""
    for part in where:
        field = next((f for name, f in model.model_fields.items() if part in (name, f.alias)), None)
        kinds = [] if field is None else [field.annotation, *get_args(field.annotation)]
        inner = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items() if name != "folder"]
