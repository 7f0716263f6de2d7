"""Invented episodes in German and Spanish, written for these tests, as transcripts with pauses and speakers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clipper.speech.model import Transcript, Word

HERE = Path(__file__).resolve().parent
WORD, BREATH, TURN = 0.34, 0.35, 0.6  # seconds of a word, between sentences, between speakers


@dataclass(frozen=True)
class Part:
    """What one speaker says at a time: who, the text, and the words it has in the transcript, half-open."""

    who: str
    text: str
    first: int
    last: int


def read(name: str) -> list[Part]:
    """The parts of a file in which each line is "WHO: text"."""
    parts: list[Part] = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            who, text = line.split(": ", 1)
            first = parts[-1].last if parts else 0
            parts.append(Part(who, text, first, first + len(text.split())))
    return parts


def transcript(parts: list[Part], language: str, plain: bool = False) -> Transcript:
    """Their words in order; with `plain` without any punctuation or capital, as some recognisers write."""
    words: list[Word] = []
    clock = 0.5
    for part in parts:
        for text in part.text.split():
            bare = "".join(c for c in text.lower() if c.isalnum()) if plain else text
            speaker = None if plain else "H" if part.who in "HTW" else part.who
            words.append(Word(text=bare or "-", start=round(clock, 3), end=round(clock + WORD, 3), speaker=speaker))
            clock += WORD + (BREATH * (2.5 if plain else 1) if text[-1] in ".!?" else 0.0)
        clock += TURN
    return Transcript(language=language, duration=clock + 1.0, words=tuple(words))
