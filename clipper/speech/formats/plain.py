"""Plain text, with or without "Name:" labels and time marks. In: text; out: a `Transcript` with guessed times."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clipper.errors import InputError
from clipper.speech.align import spread
from clipper.speech.formats.cues import Cue, build, units
from clipper.speech.formats.labels import said, speakers, split_label
from clipper.speech.limits import limits
from clipper.speech.model import Transcript

# "[00:12:34]", "(1:02)", "00:12:34 -", at the head of a line or after a name there.
_MARK = re.compile(
    r"^\s*(?P<name>[^\W\d_][^:\[\]()\n]{0,40}?)?\s*[\[(]?(?P<time>\d{1,3}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,3})?)[\])]?"
    r"\s*(?:[-–—:]\s+|\s|$)(?P<rest>.*)$"
)
_LETTERS = 0.4  # share of a transcript's characters that are letters, at least


def read(text: str, name: str, duration: float | None) -> Transcript:
    """A transcript of plain text. Without time marks its words are laid evenly over the audio.

    Raises:
        InputError: this is no language.
    """
    solid = re.sub(r"\s+", "", text)
    if sum(c.isalpha() for c in solid) < _LETTERS * len(solid):
        raise InputError(f"{name} does not look like a transcript", "name a file in SRT, VTT, JSON or plain text")
    marked = list(_marked(text))
    if len(marked) > 1:
        return build(marked, name=name, duration=duration)
    paragraphs = [" ".join(p.split()) for p in re.split(r"\n", text) if p.strip()]
    known = speakers(paragraphs)
    rows: list[tuple[str | None, str]] = []
    speaker: str | None = None
    for paragraph in paragraphs:
        found, words = said(paragraph, known)
        speaker = found or speaker
        rows.append((speaker, words))
    seconds = duration
    if seconds is None:
        seconds = sum(len(units(words)) for _, words in rows) / limits().reading.words_a_second
    times = spread([words for _, words in rows], 0.0, seconds)
    cues = [
        Cue(words, start, end, f"paragraph {i}", who)
        for i, ((who, words), (start, end)) in enumerate(zip(rows, times, strict=True), 1)
    ]
    return build(cues, name=name, duration=duration, timing="none")


def _marked(text: str) -> Iterator[Cue]:
    """The text cut at its time marks; nothing unless the first lines have one."""
    speaker: str | None = None
    start: float | None = None
    place, words = 0, ""
    for i, line in enumerate(text.split("\n"), 1):
        mark = _MARK.match(line)
        if mark is None:
            if start is None and i > 5 and words:
                return
            words = f"{words} {line.strip()}"
            continue
        if start is not None and words.strip():
            yield Cue(words.strip(), start, None, f"line {place}", speaker)
        start, place = _clock(mark["time"]), i
        rest = mark["rest"]
        named = (mark["name"] or "").strip(" -–—,") or None
        found, after = split_label(rest)
        speaker, words = named or found or speaker, after if found and not named else rest
    if start is not None and words.strip():
        yield Cue(words.strip(), start, None, f"line {place}", speaker)


def _clock(text: str) -> float:
    seconds = 0.0
    for part in text.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
