"""Titles. In: a candidate's sentences and the bullet they are about; out: at most 60 characters that are no fragment."""

from __future__ import annotations

from collections.abc import Collection

import regex

from clipper.highlights.boundaries import CLEAN_OPEN, opening
from clipper.highlights.signals.base import Setting

LONGEST = 60
_CLAUSE = regex.compile(r"(?<=[,;:—–])\s+|\s+[—–-]\s+|\s*[(\[]")


def title(setting: Setting, first: int, last: int, topic: int | None, taken: Collection[str] = ()) -> str:
    """The bullet if it fits, else the strongest sentence that is really said and short enough, else the page's title."""
    if topic is not None:
        text = short(setting.topics.matches[topic].topic)
        if text and text not in taken:
            return text
    for text in [*_said(setting, first, last), short(setting.talk.episode.title or "")]:
        if text and text not in taken:
            return text
    words = setting.talk.sentences[first].text.split()
    text = _at_word(" ".join(words), LONGEST - 1) + "…"
    return text if len(text) > 1 else "Untitled"


def short(text: str) -> str:
    """A line in at most 60 characters, cut only where a clause ends or, with an ellipsis, between words."""
    text = " ".join(text.split()).rstrip(" .,;:")
    if len(text) <= LONGEST:
        return text
    parts = [m.start() for m in _CLAUSE.finditer(text) if 15 <= m.start() <= LONGEST]
    if parts:
        return text[: parts[-1]].rstrip(" ,;:—–-([")
    return _at_word(text, LONGEST - 1) + "…"


def _at_word(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text.rstrip(" .,;:")
    head = text[: limit + 1]
    return (head.rsplit(" ", 1)[0] if " " in head else text[:limit]).rstrip(" .,;:—–-")


def _said(setting: Setting, first: int, last: int) -> list[str]:
    """Whole sentences of the run that fit, the most telling first."""
    talk = setting.talk
    rare = {int(t) for t in talk.terms.ids}
    found = []
    for i in range(first, last):
        text = talk.sentences[i].text.strip().rstrip(".")
        if 15 <= len(text) <= LONGEST and opening(talk, i) == CLEAN_OPEN and not text.endswith((",", "…", "...")):
            score = len({int(t) for t in talk.terms.ids[talk.term_sentence == i]} & rare)
            found.append((-score, i, text[:1].upper() + text[1:]))
    return [text for _, _, text in sorted(found)]
