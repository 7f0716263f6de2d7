"""Titles. In: a candidate's sentences and the bullet they are about; out:
at most 60 characters that are no fragment.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import regex

from clipper.highlights.bullets import may_bear
from clipper.highlights.language import normal
from clipper.highlights.phrases import LONGEST, SHORTEST, phrases
from clipper.highlights.signals.base import Setting
from clipper.highlights.talk import Talk

_CLAUSE = regex.compile(r"[,;:]\s|\s[—–-]\s|\s*[(\[]|[.!?]\s")
_BRACKETS = regex.compile(r"\s*[(\[][^)\]]*[)\]]")


def title(setting: Setting, first: int, last: int, topic: int | None, called: bool, taken: Collection[str] = ()) -> str:
    """What a run is called.

    The bullet it is about, if it is the one to be `called` so; else its strongest phrase (phrases.py); the bullet, or
    the episode's title, with a number behind it; at last its rarest words.
    """
    talk = setting.talk
    bullet = ""
    if topic is not None and may_bear(talk, setting.topics, topic, first, last):
        bullet = setting.topics.matches[topic].topic
    choices = [short(bullet, talk)] if called and bullet else []
    choices += said(setting, first, last)
    if bullet:
        choices += _numbered(bullet, talk)
    elif talk.episode.title:
        # better the episode's name on the picture than words torn from the talk
        whole = short(talk.episode.title, talk, LONGEST - 4)
        choices += [whole, *_numbered(talk.episode.title, talk)]
    choices.append(_words(talk, first, last))
    return next((text for text in choices if text and text not in taken), choices[-1] or "Untitled")


def _numbered(text: str, talk: Talk) -> list[str]:
    """A line that another clip bears already: "The town of 900, part 2"."""
    part = "part " if talk.lang.code == "en" else ""
    return [f"{short(text, talk, LONGEST - 8).rstrip('?!')}, {part}{n}" for n in range(2, 10)]


def short(text: str, talk: Talk, longest: int = LONGEST) -> str:
    """A line in at most `longest` characters: cut where a clause ends, else before a word that begins a new part."""
    text = " ".join(text.split()).rstrip(" .,;:")
    if len(text) > longest:
        text = " ".join(_BRACKETS.sub("", text).split()).rstrip(" .,;:")
    if len(text) <= longest:
        return text
    ends = [m.start() for m in _CLAUSE.finditer(text) if SHORTEST <= m.start() <= longest]
    if ends:
        return text[: ends[-1]].rstrip(" ,;:—–-([.")
    spaces = [i for i, c in enumerate(text[: longest + 1]) if c == " "]
    breaks = [i for i in spaces if i >= SHORTEST and talk.lang.has("title_breaks", normal(text[i + 1 :].split(" ")[0]))]
    if breaks:
        return text[: breaks[-1]].rstrip(" ,;:—–-")
    at = spaces[-1] if spaces and len(text) > longest else longest
    return text[: min(at, longest - 1)].rstrip(" ,;:—–-") + "…"


def said(setting: Setting, first: int, last: int) -> list[str]:
    """Phrases of the run that stand alone, statements first: a question is a title only where nothing else is."""
    found = phrases(setting, first, last)
    return [p.text for p in found if not p.asks] + [p.text for p in found if p.asks]


def _words(talk: Talk, first: int, last: int) -> str:
    """The words that the run has and the rest of the episode has not, as a list: "Shavings, bucket, school"."""
    here = np.flatnonzero((talk.term_sentence >= first) & (talk.term_sentence < last))
    counts = np.bincount(talk.terms.ids, minlength=len(talk.terms.names))
    inside = np.bincount(talk.terms.ids[here], minlength=len(talk.terms.names))
    worth: dict[str, tuple[float, int]] = {}
    for i in here.tolist():
        number, word = int(talk.terms.ids[i]), talk.words[int(talk.terms.word[i])].text.strip('.,;:!?"“”()')
        if len(word) >= 4 and word.isalpha():
            weight = inside[number] ** 1.5 / counts[number] * (1.5 if talk.terms.proper[number] > 0.5 else 1.0)
            if word.lower() not in {w.lower() for w in worth}:
                worth[word] = (-float(weight), i)
    best = sorted(worth, key=lambda w: worth[w])[:3]
    text = ", ".join(sorted(best, key=lambda w: worth[w][1]))
    return text[:1].upper() + text[1:LONGEST]
