"""What every reader of a format gives, and how it becomes a `Transcript`. In: cues; out: words with times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import regex

from clipper.errors import InputError
from clipper.speech.align import fill, spread, weight
from clipper.speech.formats.order import in_order
from clipper.speech.languages import UNKNOWN
from clipper.speech.limits import limits
from clipper.speech.model import Transcript, Word

Timing = Literal["measured", "spread", "none"]

# Scripts without spaces: a character with its marks is the unit that captions light up.
_SOLID = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_HAS_SOLID = regex.compile(f"[{_SOLID}]")
_UNIT = regex.compile(rf"[{_SOLID}][\p{{M}}\p{{P}}ー々]*|[^{_SOLID}]+")
# Sounds that a captioner wrote down; nobody says them.
_SOUNDS = regex.compile(r"\[[^\]\n]{1,60}\]|^\s*\([^)\n]{1,60}\)\s*$|[♪♫]+", regex.MULTILINE)
_MEASURED = 0.9  # share of words with a time of their own from which the whole counts as measured


@dataclass(frozen=True, slots=True)
class Timed:
    """One word as a file gives it; None where the file has no time."""

    text: str
    start: float | None
    end: float | None
    space: bool = True
    confidence: float | None = None
    speaker: str | None = None
    overlap: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of text with a time.

    Attributes:
        end: None where the file does not say; it then lasts until the next one, or as long as its text.
        words: None where the file has no times of words.
        where: its place in the file, for messages: "line 12", "segment 4".
        number: the cue number of its words; None counts them.
    """

    text: str
    start: float
    end: float | None
    where: str
    speaker: str | None = None
    words: tuple[Timed, ...] | None = None
    number: int | None = None


def units(text: str) -> list[tuple[str, bool]]:
    """Words of a text and whether a space stands before each.

    >>> units("Hi there")
    [('Hi', True), ('there', True)]
    >>> units("東京 OK")
    [('東', True), ('京', False), ('OK', True)]
    """
    if not _HAS_SOLID.search(text):
        return [(word, True) for word in text.split()]
    made: list[tuple[str, bool]] = []
    for word in text.split():
        made.extend((unit, i == 0) for i, unit in enumerate(_UNIT.findall(word)))
    return made


def without_sounds(text: str) -> str:
    """A caption's text without "[Music]", "(laughter)" on a line of its own, and notes."""
    return _SOUNDS.sub(" ", text)


def build(
    cues: Sequence[Cue],
    *,
    name: str,
    duration: float | None,
    language: str = UNKNOWN,
    source: str = "",
    timing: Timing | None = None,
) -> Transcript:
    """A transcript of what a reader found.

    Args:
        name: the file's, for messages.
        duration: of the audio; None where unknown.
        timing: None finds out from how many words have times.

    Raises:
        InputError: no words, or times that cannot be mended.
    """
    spoken = [cue for cue in cues if cue.words or cue.text.strip()]
    if not spoken:
        raise InputError(f"there are no words in {name}", "export the transcript again, or leave --transcript out")
    placed = in_order(spoken, duration, name)
    if not placed:
        raise InputError(f"all of {name} lies after the audio's end", "check that it is this episode's transcript")
    placed = _apart(_ended(placed, duration))
    words: list[Word] = []
    own, at = 0, 0.0
    limit = duration if duration is not None else float("inf")
    for i, cue in enumerate(placed):
        timed, measured = _timed(cue)
        own += measured
        for word, (start, end) in timed:
            start = min(max(start, at), limit)
            end = min(max(end, start), limit)
            at = start if cue.words else end
            words.append(
                Word(
                    text=word.text,
                    start=start,
                    end=end,
                    space=word.space,
                    confidence=word.confidence,
                    speaker=word.speaker or cue.speaker,
                    overlap=word.overlap,
                    cue=i if cue.number is None else cue.number,
                )
            )
    if not words:
        raise InputError(f"there are no words in {name}", "export the transcript again, or leave --transcript out")
    return Transcript(
        language=language,
        duration=duration if duration is not None else max(word.end for word in words),
        source=source or f"file {name}",
        timing=timing or ("measured" if own >= _MEASURED * len(words) else "spread"),
        words=tuple(words),
    )


def _timed(cue: Cue) -> tuple[list[tuple[Timed, tuple[float, float]]], int]:
    """The words of a cue with their times, and how many of these were in the file."""
    end = cue.end if cue.end is not None else cue.start
    if cue.words is None:
        found = [Timed(text, None, None, space) for text, space in units(cue.text)]
        return list(zip(found, spread([w.text for w in found], cue.start, end), strict=True)), int(len(found) == 1)
    texts = [word.text for word in cue.words]
    filled: Sequence[tuple[float, float]] = ()
    if any(word.start is None for word in cue.words):
        filled = fill([word.start for word in cue.words], texts, cue.start, max(end, cue.start))
    times = []
    for i, word in enumerate(cue.words):
        start = word.start if word.start is not None else filled[i][0]
        until = word.end if word.end is not None else (filled[i][1] if filled else start)
        times.append((start, max(start, until)))
    return list(zip(cue.words, times, strict=True)), sum(word.start is not None for word in cue.words)


def _ended(cues: list[Cue], duration: float | None) -> list[Cue]:
    """Every cue with an end: its own, if it lies after its start, else as long as its text takes, up to the next."""
    rate = limits().reading.words_a_second
    made = []
    for i, cue in enumerate(cues):
        if cue.end is not None and cue.end > cue.start:
            made.append(cue)
            continue
        following = cues[i + 1].start if i + 1 < len(cues) else duration
        room = following - cue.start if following is not None else float("inf")
        takes = len(units(cue.text)) / rate
        if cue.end is not None:
            takes = min(takes, limits().reading.cue_at_most)
        made.append(replace(cue, end=cue.start + max(0.0, min(room, takes))))
    return made


def _apart(cues: list[Cue]) -> list[Cue]:
    """Cues without word times, none of which overlaps the next: people who talk at once get their words one by one."""
    made = list(cues)
    for i in range(len(made) - 1):
        cue, following = made[i], made[i + 1]
        if cue.words is not None or cue.end is None or cue.end <= following.start:
            continue
        if following.start - cue.start >= (cue.end - cue.start) * 0.4:
            made[i] = replace(cue, end=following.start)
            continue
        both = max(cue.end, following.end or following.start)
        share = weight(cue.text) / (weight(cue.text) + weight(following.text))
        border = cue.start + (both - cue.start) * share
        made[i] = replace(cue, end=border)
        if following.words is None:
            made[i + 1] = replace(following, start=border, end=max(border, following.end or border))
    return made
