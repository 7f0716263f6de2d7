"""What the networks' interfaces ask of a program: the facts of networks.toml. In: a network's name; out: `Facts`."""

from __future__ import annotations

import datetime
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from clipper.platforms import Certainty, platform
from clipper.publish.base import Limits


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SignIn(_Frozen):
    """How a person lets the app in; see networks.toml for each field."""

    authorise: str
    token: str
    scopes: tuple[str, ...]
    separator: str = " "
    key: str
    challenge: Literal["", "S256", "hex"]
    secret: bool
    back: str = ""
    entered: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    lasts: float = Field(gt=0)
    renews: Literal["", "refresh", "facebook", "instagram", "threads"]
    extra: dict[str, str] = {}
    source: str = Field(min_length=3)


class Facts(_Frozen):
    """One network's facts."""

    date: datetime.date
    api: str
    upload: str = ""
    version: str = ""
    settle: float = Field(ge=0)
    approval: str
    certainty: Certainty
    source: str = Field(min_length=3)
    signin: SignIn


@cache
def facts(name: str) -> Facts:
    """The facts of a network whose file says something (those with a sign-in through the browser)."""
    return _all()[name]


def names() -> tuple[str, ...]:
    """The networks that have facts, in the file's order."""
    return tuple(_all())


def limits(name: str) -> Limits:
    """What a platform takes of every account, from platforms.toml."""
    known = platform(name)
    return Limits(known.file.bytes, known.length.most, text=known.text, title=known.title, alt=known.alt)


@cache
def _all() -> dict[str, Facts]:
    raw = tomllib.loads(Path(__file__).with_name("networks.toml").read_text(encoding="utf-8"))
    date = raw.pop("date")
    return {name: Facts.model_validate({"date": date, **row}) for name, row in raw.items()}
