"""The encoder settings behind --quality, read from quality.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clipper.errors import UsageError


@dataclass(frozen=True, slots=True)
class Quality:
    """x264's preset, rate factor and parameters; rates as ffmpeg writes them ("12M")."""

    name: str
    preset: str
    crf: float
    params: str
    maxrate: str
    bufsize: str
    audio_bitrate: str
    gop_seconds: float


@cache
def qualities() -> dict[str, Quality]:
    """All of them by name, quickest first."""
    data = tomllib.loads(Path(__file__).with_name("quality.toml").read_text(encoding="utf-8"))
    common = data.pop("common")
    return {name: Quality(name=name, **common, **row) for name, row in data.items()}


def quality(name: str) -> Quality:
    """The settings of that name.

    Raises:
        UsageError: there are none.
    """
    if name not in qualities():
        raise UsageError(f"there is no quality {name}", f"choose one of: {', '.join(qualities())}")
    return qualities()[name]
