"""What SRT and WebVTT share: lines with two times and an arrow, and the text below. In: text; out: raw cues."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from clipper.errors import InputError

_TIME = r"(-?)(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,9}))?"
_ARROW = re.compile(rf"^\s*{_TIME}\s*--+>\s*{_TIME}(?:\s|$)")
_NEGATIVE = -1.0  # seconds: an export that subtracts a short intro may put its first cue so far before zero
_FLASH = 0.1  # seconds: between two rolling cues stands one of a few milliseconds that holds nothing new
ROLLING = 0.3  # share of cues that repeat the line before from which captions are taken to roll


@dataclass(frozen=True, slots=True)
class Raw:
    """A cue as it stands in the file; `line` counts from 1 and is that of its times."""

    line: int
    start: float
    end: float
    lines: tuple[str, ...]


def has_times(text: str) -> bool:
    """Whether any line holds a cue's times."""
    return any("->" in line and _ARROW.match(line) for line in text.split("\n"))


def raw_cues(text: str, name: str, *, blank_ends: bool) -> list[Raw]:
    """Every cue of the file, in its order.

    Args:
        blank_ends: an empty line ends a cue (WebVTT); else only the next cue's times do, as SRT often breaks its rule.

    Raises:
        InputError: an arrow without two times, or times before zero.
    """
    lines = text.split("\n")
    heads = [i for i, line in enumerate(lines) if "-->" in line and _is_head(line, lines, i, name)]
    cues = []
    for head, following in pairwise([*heads, len(lines)]):
        found = _ARROW.match(lines[head])
        assert found is not None
        start, end = _seconds(found.groups()[:5]), _seconds(found.groups()[5:])
        if start < _NEGATIVE:
            raise InputError(
                f"{name}, line {head + 1}: a time before zero", "shift the subtitles to begin with the audio"
            )
        body = lines[head + 1 : following]
        if blank_ends:
            body = body[: next((i for i, line in enumerate(body) if not line.strip()), len(body))]
        elif following < len(lines) and body and re.fullmatch(r"\s*\d+\s*", body[-1]):
            body = body[:-1]  # the next cue's number
        kept = tuple(line.strip() for line in body if line.strip())
        cues.append(Raw(head + 1, max(0.0, start), max(0.0, end), kept))
    return unrolled(cues)


def _is_head(line: str, lines: list[str], i: int, name: str) -> bool:
    if _ARROW.match(line):
        return True
    if re.match(r"^\s*[\d:.,+-]+\s*-->|^\s*(?:nan|-?inf)\b", line, re.IGNORECASE) or (
        i and re.fullmatch(r"\s*\d+\s*", lines[i - 1])
    ):
        raise InputError(
            f"{name}, line {i + 1}: {line.strip()[:60]!r} is not two times such as 00:01:02,500 --> 00:01:04,000",
            "correct the line, or export the subtitles again",
        )
    return False  # somebody writes arrows in the text


def _seconds(parts: tuple[str | None, ...]) -> float:
    sign, hours, minutes, seconds, fraction = parts
    value = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    exact = value + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)
    return -exact if sign else exact


def stamp(text: str) -> float | None:
    """Seconds of a single time such as 00:01:02.500, or None."""
    found = re.fullmatch(_TIME, text.strip())
    return _seconds(found.groups()) if found else None


def _repeats(before: Raw, cue: Raw) -> bool:
    """Whether `cue` shows the last line of `before` once more, above a new one or for a moment."""
    again = bool(cue.lines and before.lines and cue.lines[0] == before.lines[-1])
    return again and (len(cue.lines) > 1 or cue.end - cue.start < _FLASH)


def unrolled(cues: list[Raw]) -> list[Raw]:
    """Captions that roll (each cue repeats the line above) with every line said once, as video sites export them."""
    repeats = [_repeats(before, cue) for before, cue in pairwise(cues)]
    if not repeats or sum(repeats) < ROLLING * len(repeats):
        return cues
    made = cues[:1]
    for cue, repeat in zip(cues[1:], repeats, strict=True):
        lines = cue.lines[1:] if repeat else cue.lines
        made.append(Raw(cue.line, cue.start, cue.end, lines))
    return [cue for cue in made if cue.lines]
