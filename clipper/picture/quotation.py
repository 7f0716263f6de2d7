"""A sentence of the clip that can stand alone, for templates that quote, and who says it.

In: the words as they are read, the line that the producer or clipper chose for the picture; out: a `Quotation`, empty
where nothing that is said serves. What stands in quotation marks is said in the clip, word for word, by one person.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import regex

from clipper.picture.bidi import RLM
from clipper.picture.phrases import ends_sentence
from clipper.speech.model import Word

_WORDS = (5, 24)  # of a sentence that can be quoted
_LETTERS = (24, 130)
_BEST = 12  # words: long enough to say something, short enough to be read at a glance
_PAUSE = 1.2  # seconds of silence that end a sentence without a full stop
_ASKS = 6.0  # words by which a question is as if further from the best length: an answer says more
_OPENS = 3.0  # the same for the clip's first sentence, which stands in the captions at that moment


@dataclass(frozen=True, slots=True)
class Quotation:
    """What is quoted, without quotation marks, and who says it ("" where that is not known)."""

    text: str = ""
    speaker: str = ""


def quotation(words: Sequence[Word], line: str = "", *, own: bool = False) -> Quotation:
    """The sentence that holds `line`, else the one that serves best; nothing where none does.

    Args:
        words: in order, as they are to be read.
        line: that stands on the picture in other templates: a hook or the clip's title.
        own: whether a person wrote that line; if nobody says it in the clip, nothing is quoted in its place.
    """
    found = [one for one in _sentences(words) if _serves(one)]
    wanted = _plain(line)
    for one in found:
        if wanted and wanted in _plain(_text(one)):
            return _quoted(one)
    if own or not found:
        return Quotation()
    first = words[0].start

    def far(one: Sequence[Word]) -> float:
        asks, opens = _text(one).endswith(("?", "？", "؟")), one[0].start <= first
        return abs(len(one) - _BEST) + _ASKS * asks + _OPENS * opens

    return _quoted(min(found, key=far))


def mark(language: str | None) -> str:
    """What opens a quotation in a language, ISO 639-1 or BCP 47."""
    data, short = _data(), (language or "").lower().partition("-")[0]
    own = str(data["marks"].get(short, data["else"]))
    return RLM + own if short in data["rtl"]["languages"] else own


def _sentences(words: Sequence[Word]) -> list[list[Word]]:
    """Whole sentences of one speaker; what ends in the middle is none."""
    out: list[list[Word]] = []
    now: list[Word] = []
    for word in words:
        if now and (word.speaker != now[-1].speaker or word.start - now[-1].end > _PAUSE):
            now = []
        now.append(word)
        if ends_sentence(word.text):
            out.append(now)
            now = []
    return out


def _serves(one: Sequence[Word]) -> bool:
    text = _text(one)
    spaced = sum(word.space for word in one) > 1
    enough = _WORDS[0] <= len(one) <= _WORDS[1] if spaced else len(text) >= 8
    most = _LETTERS[1] if spaced else _LETTERS[1] // 2
    whole = not text[:1].islower() and "[" not in text
    return whole and enough and (not spaced or len(text) >= _LETTERS[0]) and len(text) <= most


def _text(one: Sequence[Word]) -> str:
    return "".join((" " if word.space and i else "") + word.text for i, word in enumerate(one)).strip()


def _quoted(one: Sequence[Word]) -> Quotation:
    return Quotation(_text(one), one[0].speaker or "")


def _plain(text: str) -> str:
    return " ".join(regex.findall(r"[\p{L}\p{M}\p{N}]+", text.casefold()))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
