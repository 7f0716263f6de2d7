"""What a producer asks for, and the time it took. In: options; out: values that every stage reads."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from clipper.errors import UsageError
from clipper.plan.model import FORMATS, Format

CANDIDATES = 8  # in a plan, so that there is something to choose from
MAKE_COUNT = 5


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the producer asked for; times in seconds."""

    source: str
    audio: Path | None = None
    cover: Path | None = None
    transcript: Path | None = None
    feed: str | None = None
    feed_episode: str | None = None
    count: int = MAKE_COUNT
    shortest: float = 20.0
    longest: float = 60.0
    formats: tuple[Format, ...] = FORMATS
    template: str | None = None
    engine: str = "faster-whisper"
    model: str = "base"
    language: str | None = None
    offline: bool = False
    as_heard: bool = False

    def __post_init__(self) -> None:
        if self.count < 0:
            raise UsageError("--count cannot be negative", "ask for 0 or more clips")
        if not 1 <= self.shortest <= self.longest:
            raise UsageError(
                f"--min {self.shortest:g} and --max {self.longest:g} leave no length to choose",
                "--min must be at least 1 and not above --max",
            )


@dataclass(slots=True)
class Timer:
    """Seconds spent a stage, in the order in which stages were entered."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def parse_formats(text: str) -> tuple[Format, ...]:
    """Shapes from "vertical,square".

    Raises:
        UsageError: another word, or none.
    """
    names = [n.strip() for n in text.split(",") if n.strip()]
    chosen = tuple(f for f in FORMATS if f in names)
    wrong = next((n for n in names if n not in FORMATS), None)
    if wrong is not None or not chosen:
        raise UsageError(f"{wrong or text!r} is not a format", f"choose of {', '.join(FORMATS)}, with commas")
    return chosen


def with_spares(wishes: Wishes) -> Wishes:
    """The same wishes with some candidates more than clips, so that the producer has something to swap in."""
    return replace(wishes, count=max(wishes.count, CANDIDATES) if wishes.count else 0)
