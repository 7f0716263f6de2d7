"""A stretch of time, half-open, in seconds: the one type for it everywhere."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Span(BaseModel):
    """From `start` up to, but not with, `end`, in seconds from the start of the episode's audio."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: float = Field(ge=0, allow_inf_nan=False)
    end: float = Field(ge=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _runs_forwards(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")
        return self

    @property
    def seconds(self) -> float:
        return self.end - self.start

    def overlap(self, other: Span) -> float:
        """Seconds that both have in common."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def moved(self, seconds: float) -> Span:
        return Span(start=self.start + seconds, end=self.end + seconds)


def clock(seconds: float, decimals: int = 2) -> str:
    """Seconds as a person writes them.

    >>> clock(83.5)
    '1:23.50'
    >>> clock(3723, 0)
    '1:02:03'
    """
    ticks = round(seconds * 10**decimals)
    whole, fraction = divmod(ticks, 10**decimals)
    minutes, s = divmod(whole, 60)
    hours, m = divmod(minutes, 60)
    tail = f".{fraction:0{decimals}d}" if decimals else ""
    return f"{hours}:{m:02d}:{s:02d}{tail}" if hours else f"{m}:{s:02d}{tail}"


def parse_clock(text: str) -> float:
    """Seconds from "83.5", "1:23.5" or "1:02:03".

    Raises:
        ValueError: not a time.

    >>> parse_clock("1:02:03")
    3723.0
    """
    parts = text.strip().replace(",", ".").split(":")
    if not 1 <= len(parts) <= 3 or any(not p.replace(".", "", 1).isdecimal() for p in parts):
        raise ValueError(f"{text!r} is not a time such as 83.5, 1:23.5 or 1:02:03")
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + float(part)
    return seconds
