"""The numbers of limits.toml, typed. In: nothing; out: one `Limits`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StretchLimits(_Table):
    """Lengths in seconds; `batch` windows are recognised at once."""

    seconds: float
    window: float
    gap: float
    calm: float
    tight: float
    batch: int
    beam: int


class VoiceLimits(_Table):
    """Options of the voice detector."""

    threshold: float
    min_speech_ms: int
    min_silence_ms: int
    pad_ms: int
    languages_heard: int


class DoubtLimits(_Table):
    """From when on a window, or an episode, counts as no speech."""

    no_speech: float
    log_probability: float
    repetition: float
    hole: float
    hole_sounding: float
    hole_words: float
    said_again: float
    sure_word: float
    sure_words: int


class EdgeLimits(_Table):
    """Where words begin on the sound: seconds, decibels, and prices in one unit."""

    early: float
    pause: float
    blip: float
    above_floor: float
    below_speech: float
    trust: float
    at_most: float
    change: float
    after_pause: float
    in_silence: float
    length: float
    silence_inside: float
    unwritten: float


class SpeakerLimits(_Table):
    """Who speaks: seconds, and cosines between voices."""

    pause: float
    longest: float
    sure: float
    join: float
    same: float
    least: float
    least_share: float
    at_once: int
    change: float
    at_stop: float
    in_pause: float
    between: float
    known: float
    known_lead: float
    known_seconds: float


class NameLimits(_Table):
    """When a run of words is a misheard name."""

    proposed: float
    certain: float
    unsure: float
    uncommon: float
    capital: float


class ReadingLimits(_Table):
    """How far a producer's own transcript may be wrong and is still repaired."""

    largest_mb: int
    beyond: float
    beyond_seconds: float
    disorder: float
    jumps: float
    words_a_second: float
    cue_at_most: float


class CueLimits(_Table):
    """The shape of the cues in transcript.vtt: characters, lines, seconds."""

    line: int
    lines: int
    longest: float
    pause: float
    least: float


class Limits(_Table):
    """All of limits.toml."""

    stretch: StretchLimits
    voice: VoiceLimits
    doubt: DoubtLimits
    edges: EdgeLimits
    speakers: SpeakerLimits
    names: NameLimits
    reading: ReadingLimits
    cue: CueLimits


@cache
def limits() -> Limits:
    """The shipped numbers, read once."""
    path = Path(__file__).with_name("limits.toml")
    return Limits.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
