"""The hook: one line for the picture that makes a passer-by stop. In: a run, its bullet, its title; out: at most 60
characters that are really said, or the bullet asked as a question; "" where nothing is strong enough (the title
serves).
"""

from __future__ import annotations

import regex

from clipper.highlights.language import Language, normal
from clipper.highlights.phrases import LONGEST, phrases
from clipper.highlights.signals.base import Setting

EARLY = 2  # sentences in which a question is the clip's own
_CLAUSE = regex.compile(r"[,;:]\s|\s[—–-]\s|\s*[(\[]|[.!?]\s")


def hook(setting: Setting, first: int, last: int, topic: int | None, title: str) -> str:
    """The line for the picture: a question near its beginning, its most striking phrase, or its bullet asked."""
    found = [p for p in phrases(setting, first, last) if p.text.rstrip("?") != title.rstrip("?")]
    # what the clip opens with stands in the captions at that moment: not twice in one picture
    asked = [p.text for p in found if p.asks and first < p.sentence < first + EARLY]
    strong = [p.text for p in found if p.striking and not p.asks and p.strength > 0]
    bullet = setting.topics.matches[topic].topic if topic is not None else ""
    question = as_question(bullet, setting.talk.lang)
    return next((text for text in [*asked, *strong, question] if text), "")


def as_question(bullet: str, lang: Language) -> str:
    """The bullet as a question where the language's grammar leaves no doubt about its form, else "".

    >>> from clipper.highlights.language import language
    >>> as_question("How to tune a bell: the long way", language("en"))
    'How do you tune a bell?'
    >>> as_question("Why she left", language("en"))
    ''
    """
    text = " ".join(bullet.split())
    mark = text.find("?")
    if mark > 0:
        whole = text[: mark + 1]
        return whole if len(whole) <= LONGEST else ""
    found = _CLAUSE.search(text)
    text = (text[: found.start()] if found else text).rstrip(" .!")
    words = text.split()
    said = [normal(w) for w in words]
    if len(words) < 3:
        return ""
    for start, instead in zip(lang.phrases.get("asks", ()), lang.phrases.get("asks_so", ()), strict=False):
        if tuple(said[: len(start)]) == start:
            return _mark(" ".join([*instead, *words[len(start) :]]), lang)
    if lang.opens_with("asks_as_is", said):
        return _mark(text, lang)
    if lang.has("asks_with", said[0]) and len(words) >= 4:
        if lang.has("subjects", said[1]) and lang.has("inverts", said[2]):
            return _mark(" ".join([words[0], words[2], words[1], *words[3:]]), lang)
        if lang.has("inverts", said[1]):
            return _mark(text, lang)
    return ""


def _mark(text: str, lang: Language) -> str:
    text = text[:1].upper() + text[1:]
    text = f"¿{text}?" if lang.code == "es" else f"{text} ?" if lang.code == "fr" else f"{text}?"
    return text if len(text) <= LONGEST else ""
