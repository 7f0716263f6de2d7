"""The encoder settings behind --quality, read from quality.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clipper.errors import UsageError

QUALITY = "good"  # unless another is asked for


@dataclass(frozen=True, slots=True)
class Quality:
    """x264's preset, quantiser or rate factor and parameters; rates as ffmpeg writes them ("12M").

    `qp` is None where the rate factor is used from the start. See quality.toml.
    """

    name: str
    preset: str
    crf: float
    params: str
    maxrate: str
    bufsize: str
    audio_bitrate: str
    gop_seconds: float
    qp: int | None = None
    audio_coder: str = "twoloop"

    @property
    def most_bits(self) -> float:
        """`maxrate` in bits a second."""
        return _bits(self.maxrate)

    @property
    def buffer_bits(self) -> float:
        """`bufsize` in bits."""
        return _bits(self.bufsize)


def _bits(text: str) -> float:
    factor = {"k": 1e3, "M": 1e6}.get(text[-1:], 1.0)
    return float(text.rstrip("kM")) * factor


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
