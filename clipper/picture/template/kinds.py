"""The kinds of layers that a template may name, each with its keys.

In: tables of a template; out: frozen values. Boxes are [left, top, width, height] in percent of the picture, sizes and
radii in percent of its shorter side. The docs page (docs/templates.md) is written from these classes.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
TypeSize = Annotated[float, Field(ge=0.5, le=50, allow_inf_nan=False)]
Role = Annotated[str, Field(pattern=r"^(#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?|[a-z][a-z0-9-]*)$", max_length=40)]
File = Annotated[str, Field(max_length=200)]
Side = Literal[0, 1, 2]
Align = Literal["left", "centre", "right"]
Anchor = Literal["top", "middle", "bottom"]
WHOLE = (0.0, 0.0, 100.0, 100.0)


def _inside(place: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, width, height = place
    if left + width > 100.001 or top + height > 100.001:
        raise ValueError(f"[{left:g}, {top:g}, {width:g}, {height:g}] reaches beyond the picture (100 percent)")
    if width <= 0 or height <= 0:
        raise ValueError("a box needs a width and a height")
    return place


Place = Annotated[tuple[Percent, Percent, Percent, Percent], AfterValidator(_inside)]


class Table(BaseModel):
    """A table of a template: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(Table):
    """What every layer has."""

    name: str = Field(default="", exclude=True)
    shown: bool = Field(default=True, description="false takes an inherited layer away")
    box: Place = Field(description="left, top, width and height in percent of the picture")


class Background(Part):
    """What lies behind everything: the cover in soft or in full, a picture, one colour or a gradient."""

    kind: Literal["background"]
    box: Place = Field(default=WHOLE, description="left, top, width and height in percent of the picture")
    fill: Literal["blurred-cover", "cover", "picture", "plain", "gradient"] = Field(
        default="blurred-cover", description="what it is made of"
    )
    colours: Annotated[tuple[Role, ...], Field(min_length=1, max_length=4)] = Field(
        default=("background",), description="roles: one for plain, two to four for a gradient"
    )
    angle: Annotated[float, Field(ge=-360, le=360, allow_inf_nan=False)] = Field(
        default=180, description="where a gradient goes, in degrees; 180 is down, 90 to the right"
    )
    blur: Annotated[float, Field(ge=0, le=50, allow_inf_nan=False)] = Field(
        default=9.0, description="radius of the soft cover, percent of the shorter side"
    )
    brightness: Share = Field(default=0.10, description="highest luminance of the soft cover")
    tint: Share = Field(default=0.0, description="how far art is drawn towards the first colour, 0 to 1")
    file: File = Field(default="", description="of fill = 'picture': PNG or JPEG in the template's folder")
    chapters: bool = Field(default=True, description="changes with the chapter's art")


class Panel(Part):
    """A field of colour: a card, a strip, half of the picture; or a fade that carries words over art."""

    kind: Literal["panel"]
    colour: Role = Field(default="panel", description="role or #RRGGBB")
    opacity: Share = Field(default=1.0, description="0 is clear")
    radius: Percent = Field(default=0.0, description="of the corners, percent of the shorter side")
    shadow: Share = Field(default=0.0, description="how dark its soft shadow is")
    fade: Literal["none", "up", "down", "left", "right"] = Field(
        default="none", description="the side towards which it grows clear"
    )
    speaker: Side = Field(default=0, description="1 or 2: bright while that speaker talks")
    idle: Share = Field(default=0.35, description="how bright it is while another speaker talks")


class Art(Part):
    """The cover, or the chapter's own art where it has one."""

    kind: Literal["cover"]
    radius: Percent = Field(default=0.0, description="of the corners, percent of the shorter side; 50 is round")
    shadow: Share = Field(default=0.6, description="how dark its soft shadow is")
    fit: Literal["contain", "cover"] = Field(default="contain", description="whole, or cropped to fill its box")
    focus: Share = Field(default=0.5, description="what of a cropped cover is kept: 0 its top or left, 1 its other end")
    border: Percent = Field(default=0.0, description="a frame of colour `panel`, percent of the shorter side")
    align: Align = Field(default="centre", description="where it stands in a wider box")
    anchor: Anchor = Field(default="middle", description="where it stands in a higher box")
    chapters: bool = Field(default=True, description="changes with the chapter's art")


class Text(Part):
    """Words in a box: as large as they fit, else smaller, in more lines, at last with an ellipsis."""

    font: Annotated[str, Field(max_length=40)] = Field(default="", description="role in [fonts]; default the layer's")
    size: TypeSize = Field(description="largest type, percent of the shorter side")
    smallest: TypeSize = Field(description="smallest type before words are left out")
    lines: Annotated[int, Field(ge=1, le=12)] = Field(default=1, description="at most")
    align: Align = Field(default="centre", description="of the lines")
    anchor: Anchor = Field(default="middle", description="of the lines in the box")
    colour: Role = Field(default="text", description="role or #RRGGBB")

    @model_validator(mode="after")
    def _shrinks(self) -> Self:
        if self.smallest > self.size:
            raise ValueError(f"smallest ({self.smallest:g}) is larger than size ({self.size:g})")
        return self


class Line(Text):
    """Words that stand: {headline}, {hook}, {show}, {number}, {show-line}, {title}, {guest}, {handle}, {quotation},
    {quoted}, {quotation-mark}, {speaker}, {speaker1}, {speaker2}, {initials1}, {initials2}, or any others."""

    kind: Literal["text"]
    text: Annotated[str, Field(max_length=300)] = Field(default="{headline}", description="with placeholders")
    second: Role = Field(default="", description="of the second speaker's name, where it changes as they speak")
    capitals: bool = Field(default=False, description="in capitals, as the language has them")
    motion: Literal["none", "rise", "slide"] = Field(
        default="none", description="a nod at the beginning, up or aside; in the first frame it stands in its place"
    )
    speaker: Side = Field(default=0, description="1 or 2: bright while that speaker talks")
    idle: Share = Field(default=0.5, description="how bright it is while another speaker talks")
    ornament: bool = Field(
        default=False, description="nobody has to read it: no contrast is asked of it, it may leave the safe zone"
    )


class Captions(Text):
    """What is said, word by word."""

    kind: Literal["captions"]
    style: Annotated[str, Field(max_length=40)] = Field(default="word-boxed", description="how the spoken word is lit")
    lines: Annotated[int, Field(ge=1, le=12)] = Field(default=2, description="at most")
    seconds: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = Field(
        default=0.8, description="the least time that a group stays"
    )
    gap: Annotated[float, Field(ge=0.05, le=10, allow_inf_nan=False)] = Field(
        default=0.6, description="a pause as long as this ends a group"
    )
    accent: Role = Field(default="accent", description="of the lit word")
    second: Role = Field(default="accent2", description="of the second speaker's lit word")
    speaker: Side = Field(default=0, description="1 or 2: only what that speaker says")
    names: bool = Field(default=False, description="the speaker's name above the words, where there are two or more")


class Waveform(Part):
    """The sound: fast up, slow down, a line in silence."""

    kind: Literal["waveform"]
    style: Annotated[str, Field(max_length=40)] = Field(default="mirrored", description="how it is drawn")
    bars: Annotated[int, Field(ge=4, le=200)] = Field(default=44, description="how many")
    colour: Role = Field(default="accent", description="role or #RRGGBB")
    second: Role = Field(default="accent", description="while the second speaker talks")
    inner: Share = Field(default=0.6, description="of a round waveform: where it begins, of the radius")
    speaker: Side = Field(default=0, description="1 or 2: moves only while that speaker talks")


class Progress(Part):
    """How far the clip is: a bar, a ring, or a thin edge of the picture."""

    kind: Literal["progress"]
    style: Literal["bar", "ring", "edge"] = Field(default="bar", description="edge has square ends")
    colour: Role = Field(default="accent", description="role or #RRGGBB")
    track: Role = Field(default="text", description="of what is still to come")
    track_opacity: Share = Field(default=0.22, description="of the track")
    thickness: Annotated[float, Field(ge=0.1, le=20)] = Field(
        default=0.8, description="of a ring, percent of the shorter side"
    )


class Logo(Part):
    """The show's own mark; not there until a file is named."""

    kind: Literal["logo"]
    file: File = Field(default="", description="PNG or JPEG in the template's (or the show's) folder")
    align: Align = Field(default="left", description="where it stands in a wider box")
    anchor: Anchor = Field(default="middle", description="where it stands in a higher box")
    opacity: Share = Field(default=1.0, description="0 is clear")


class EndCard(Part):
    """A call to listen that fades in over the last seconds, beside the captions."""

    kind: Literal["end"]
    font: Annotated[str, Field(max_length=40)] = Field(default="headline", description="role in [fonts] of the call")
    small: Annotated[str, Field(max_length=40)] = Field(
        default="show", description="role in [fonts] of the other lines"
    )
    size: TypeSize = Field(default=5.0, description="largest type of the call, percent of the shorter side")
    panel: Role = Field(default="accent", description="colour of the card")
    colour: Role = Field(default="on-accent", description="of the words")
    radius: Percent = Field(default=2.0, description="of the corners, percent of the shorter side")
    align: Align = Field(default="centre", description="of the lines")
    seconds: Annotated[float, Field(ge=0.5, le=10, allow_inf_nan=False)] = Field(
        default=2.5, description="how long it is there"
    )


AnyPart = Annotated[
    Background | Panel | Art | Line | Captions | Waveform | Progress | Logo | EndCard, Field(discriminator="kind")
]
KINDS: dict[str, type[Part]] = {
    "background": Background,
    "panel": Panel,
    "cover": Art,
    "text": Line,
    "captions": Captions,
    "waveform": Waveform,
    "progress": Progress,
    "logo": Logo,
    "end": EndCard,
}
