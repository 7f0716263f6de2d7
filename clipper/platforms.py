"""What the platforms ask of a clip: the facts of platforms.toml, each with its date, certainty and source.

In: a platform's name as a producer says it; out: `Platform`, the band of length to choose clips for, the part of a
picture that no app covers. Nothing here is looked up on the network.
"""

from __future__ import annotations

import datetime
import difflib
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from clipper.errors import UsageError

Certainty = Literal["official", "quoted", "third-party", "measured"]
Counting = Literal["characters", "graphemes", "utf16", "utf8", "weighted", "emoji-utf8"]

# the size that safe zones are given for; from which height:width on an app shows a picture full-screen, under its own
# buttons and texts
WIDTH, HEIGHT, TALL = 1080, 1920, 1.5


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(_Frozen):
    """What a platform says, and how well that is known."""

    date: datetime.date
    certainty: Certainty
    source: str = Field(min_length=3)


class Length(Fact):
    """Seconds of a video; `most` is None where none is published."""

    least: float = Field(ge=0)
    most: float | None = Field(default=None, gt=0)


class Good(Fact):
    """Seconds of a clip that is chosen for the platform."""

    least: float = Field(gt=0)
    most: float = Field(gt=0)


class File(Fact):
    """Bytes of a video file; None where none is published."""

    bytes: int | None = Field(default=None, gt=0)
    least_bytes: int = 0


class Picture(Fact):
    """The recommended size at 9:16 in pixels, and the range that is taken (width:height, a side, all pixels, fps)."""

    width: int = Field(gt=0)
    height: int = Field(gt=0)
    narrowest: float | None = None
    widest: float | None = None
    side_least: int | None = None
    side_most: int | None = None
    pixels_most: int | None = None
    fps_least: float | None = None
    fps_most: float | None = None


class Text(Fact):
    """Most of a text, counted in `counting`; a limit of None: none is published (or there is no such text)."""

    limit: int | None = Field(default=None, gt=0)
    counting: Counting = "characters"
    bytes: int | None = Field(default=None, gt=0)
    url: int | None = None
    refused: str = ""
    escaped: str = ""


class Hashtags(Fact):
    """How many hashtags are sensible; None: as many as the text holds."""

    most: int | None = Field(default=None, ge=0)


class Captions(Fact):
    """Kinds of caption files that are taken beside the video, and bytes of one."""

    kinds: tuple[Literal["srt", "vtt"], ...] = ()
    bytes: int | None = None


class Covered(Fact):
    """Pixels of 1080x1920 that the app covers at each edge."""

    top: int = Field(ge=0, lt=HEIGHT)
    bottom: int = Field(ge=0, lt=HEIGHT)
    left: int = Field(ge=0, lt=WIDTH)
    right: int = Field(ge=0, lt=WIDTH)


class Grid(Fact):
    """Rows of a 1080x1920 cover that a profile's grid shows."""

    top: int = Field(ge=0, lt=HEIGHT)
    bottom: int = Field(gt=0, le=HEIGHT)


class Margin(Fact):
    """What is kept free at each edge where no app's zone is known, in percent."""

    percent: float = Field(ge=0, lt=50)


class Platform(_Frozen):
    """A platform's facts. `title` is None where a post has no title of its own, `safe` where no zone is published."""

    name: str
    label: str
    aliases: tuple[str, ...]
    length: Length
    good: Good
    file: File
    picture: Picture
    text: Text
    title: Text | None = None
    hashtags: Hashtags
    alt: Text
    captions: Captions
    safe: Covered | None = None
    grid: Grid | None = None


class _Data(_Frozen):
    date: datetime.date
    margin: Margin
    platforms: dict[str, Platform]


class SafeZone(NamedTuple):
    """The edges of what no app covers, from the upper left, as fractions of width (left, right) and height."""

    left: float
    top: float
    right: float
    bottom: float


def names() -> tuple[str, ...]:
    """The platforms' names, in the file's order."""
    return tuple(_data().platforms)


def platform(name: str) -> Platform:
    """The platform of that name or alias, however it is spelt ("YouTube Shorts", "shorts", "reels").

    Raises:
        UsageError: there is none; the mend names the nearest.
    """
    known, aliases = _data().platforms, _aliases()
    plain = _plain(name)
    if plain not in aliases:
        near = difflib.get_close_matches(plain, aliases, n=1, cutoff=0.6)
        guess = f"did you mean {aliases[near[0]]}? " if near else ""
        raise UsageError(f"there is no platform {name!r}", f"{guess}known are: {', '.join(known)}")
    return known[aliases[plain]]


def band(wanted: Iterable[str]) -> tuple[float, float]:
    """Least and most seconds of a clip that suits every one of these platforms: where their editors' lengths meet.

    Raises:
        UsageError: an unknown platform, none, or lengths that do not meet.
    """
    chosen = [platform(name) for name in wanted]
    if not chosen:
        raise UsageError("no platform is named", f"known are: {', '.join(names())}")
    return meeting(chosen)


def meeting(chosen: list[Platform]) -> tuple[float, float]:
    """As `band`, of one or more platforms that are at hand."""
    least = max(max(p.good.least, p.length.least) for p in chosen)
    most = min(min(p.good.most, p.length.most or p.good.most) for p in chosen)
    if least > most:
        raise UsageError(
            f"no length suits {' and '.join(p.label for p in chosen)}: "
            + ", ".join(f"{p.label} {p.good.least:g} to {p.good.most:g} s" for p in chosen),
            "make clips for them one at a time, or say --min and --max",
        )
    return least, most


def most_seconds(wanted: Iterable[str]) -> float | None:
    """The longest video that every one of these platforms takes, in seconds; None: none of them has a limit.

    Raises:
        UsageError: an unknown platform.
    """
    limits = [p.length.most for p in map(platform, wanted) if p.length.most is not None]
    return min(limits, default=None)


def safe_zone(wanted: Iterable[str] | None, width: int, height: int) -> SafeZone:
    """The part of a picture of `width` x `height` that none of these platforms covers.

    Args:
        wanted: names; None: all platforms.
        width, height: of the picture, in pixels; only their ratio counts.

    Square and wide pictures are shown in a feed with nothing over them, as far as is known: there a plain margin stays
    free, as it does on a platform without a published zone.

    Raises:
        UsageError: an unknown platform.
    """
    chosen = [platform(name) for name in (names() if wanted is None else wanted)]
    margin = _data().margin.percent / 100
    zones = [p.safe for p in chosen if p.safe is not None] if height >= width * TALL else []
    return SafeZone(
        left=max([margin, *(z.left / WIDTH for z in zones)]),
        top=max([margin, *(z.top / HEIGHT for z in zones)]),
        right=1 - max([margin, *(z.right / WIDTH for z in zones)]),
        bottom=1 - max([margin, *(z.bottom / HEIGHT for z in zones)]),
    )


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


@cache
def _aliases() -> dict[str, str]:
    """Every spelling, plain, with the name it stands for."""
    spelt = {_plain(s): name for name, p in _data().platforms.items() for s in (name, p.label, *p.aliases)}
    return spelt


@cache
def _data() -> _Data:
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    date = raw["date"]
    for name, row in raw["platforms"].items():
        row["name"] = name
        raw["platforms"][name] = {key: _dated(value, date) for key, value in row.items()}
    raw["margin"] = _dated(raw["margin"], date)
    return _Data.model_validate(raw)


def _dated(value: Any, date: datetime.date) -> Any:
    return {"date": date, **value} if isinstance(value, dict) else value
