"""A transcript: the words that were said and when. Nothing here reads a file."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Word(BaseModel):
    """One word with its punctuation.

    Attributes:
        text: as written, without surrounding space.
        start, end: seconds from the start of the audio.
        space: whether a space stands before it (false in Japanese, or after a hyphen that the engine split).
        confidence: 0 to 1 as the recogniser gives it; null for words that a person wrote.
        speaker: a name or an id, null where unknown.
        overlap: two people may be speaking at once here, or it is not sure who does.
        cue: the index of the cue or segment it came in; rises by at most a few, a weak hint of a border.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    start: float = Field(ge=0, allow_inf_nan=False)
    end: float = Field(ge=0, allow_inf_nan=False)
    space: bool = True
    confidence: float | None = None
    speaker: str | None = None
    overlap: bool = False
    cue: int = 0


class Transcript(BaseModel):
    """All words of an episode in order of time.

    Attributes:
        language: ISO 639-1, or "und".
        duration: of the audio in seconds, as far as known (else the last word's end).
        source: who made it, for the plan: "faster-whisper base", "file notes.srt".
        timing: "measured" (word times from the engine), "spread" (by length within a cue), "none" (plain text
            without audio: times are guesses by speaking rate).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_number: int = 1
    language: str = "und"
    duration: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    source: str = ""
    timing: Literal["measured", "spread", "none"] = "measured"
    words: tuple[Word, ...] = ()

    def text(self, first: int = 0, last: int | None = None) -> str:
        """The words `first` up to, but not with, `last`, as running text."""
        return join(self.words[first:last])


def join(words: tuple[Word, ...] | list[Word]) -> str:
    """Words as running text, with a space only where one was said to be."""
    return "".join((" " if w.space else "") + w.text for w in words).strip()
