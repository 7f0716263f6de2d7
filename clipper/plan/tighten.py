"""Which pauses and fillers tightening takes out of a stretch of talk. In: words; out: word numbers and spans. Pure.

A pause that is meant stays: before the last two sentences or before a short one, after a question, a dash or a colon.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from clipper.plan.quotes import letters
from clipper.span import Span
from clipper.speech.model import Word

ENDS = (".", "!", "?", "…", "。", "！", "？")
_SET_OFF = (*ENDS, ",", ";", ":", "—", "–")
_MEANT = ("?", "…", ":", "—", "–", "？")
_APART = 0.12  # seconds between two words from which a pause sets them apart


@dataclass(frozen=True, slots=True)
class Rules:
    """How to tighten; see tighten.toml for units and sources.

    Attributes:
        limit: pauses longer than this are shortened.
        language: ISO 639-1; null for the fillers of all languages.
    """

    limit: float
    natural: float
    inside: float
    meant: float
    short: int
    last: int
    language: str | None = None

    @classmethod
    def of(cls, limit: float | None = None, language: str | None = None) -> Rules:
        """The usual rules, with a show's own limit."""
        known = _data()["pauses"]
        wanted = known["limit"] if limit is None else limit
        return cls(**{**known, "limit": wanted, "natural": min(known["natural"], wanted)}, language=language)


def sounds(language: str | None) -> frozenset[str]:
    """Sounds of hesitation of a language, else of all languages that are known."""
    return frozenset(word for one in _of(language, "sounds") for word in str(one).split())


def fillers(words: Sequence[Word], first: int, last: int, language: str | None) -> tuple[tuple[int, int], ...]:
    """Runs of words from `first` up to `last` that say nothing, as pairs of word numbers."""
    noises = frozenset(map(letters, sounds(language)))
    phrases = [tuple(map(letters, str(p).split())) for one in _of(language, "phrases") for p in one]
    out: list[tuple[int, int]] = []
    i = first
    while i < last:
        if letters(words[i].text) in noises and not words[i].text.endswith("?"):
            out.append((i, i + 1))
            i += 1
            continue
        for phrase in phrases:
            j = i + len(phrase)
            said = tuple(letters(w.text) for w in words[i:j])
            if j <= last and said == phrase and _apart(words, i, j, first, last):
                out.append((i, j))
                i = j - 1
                break
        i += 1
    return tuple(out)


def pauses(words: Sequence[Word], first: int, last: int, rules: Rules) -> tuple[tuple[int, Span], ...]:
    """What goes of the pauses between words `first` up to `last`: the number of the word after, and the span."""
    out: list[tuple[int, Span]] = []
    latest = words[first].end if first < last else 0.0
    for i in range(first + 1, last):
        start, latest = latest, max(latest, words[i].end)
        pause = words[i].start - start
        if pause <= rules.limit:
            continue
        left = min(pause, rules.meant) if is_meant(words, i, first, last, rules) else rules.natural
        if pause - left > 0.02:  # less is not worth a join
            out.append((i, Span(start=start + left / 2, end=words[i].start - left / 2)))
    return tuple(out)


def is_meant(words: Sequence[Word], i: int, first: int, last: int, rules: Rules) -> bool:
    """Whether the pause before word `i` is a speaker's art and no hesitation."""
    before = words[i - 1].text.rstrip("\"'”’»)")
    if before.endswith(_MEANT):
        return True
    if not before.endswith(ENDS):
        return False
    ends = [k + 1 for k in range(i, last) if words[k].text.rstrip("\"'”’»)").endswith(ENDS)] or [last]
    left = len(ends) + (ends[-1] < last)  # sentences from here to the end of the clip
    return left <= rules.last or ends[0] - i <= rules.short


def _apart(words: Sequence[Word], i: int, j: int, first: int, last: int) -> bool:
    """Whether words `i` up to `j` are set off on both sides, and ask nothing."""
    if words[j - 1].text.endswith(("?", "？")):
        return False
    left = i == first or words[i - 1].text.endswith(_SET_OFF) or words[i].start - words[i - 1].end >= _APART
    right = j == last or words[j - 1].text.endswith(_SET_OFF) or words[j].start - words[j - 1].end >= _APART
    return left and right


def _of(language: str | None, kind: str) -> list[Any]:
    known = _data()[kind]
    return [known[language]] if language in known else ([] if language else list(known.values()))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("tighten.toml").read_text(encoding="utf-8"))
