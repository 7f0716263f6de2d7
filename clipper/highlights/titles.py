"""Titles. In: a candidate's sentences and the bullet they are about; out:
at most 60 characters that are no fragment.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import regex

from clipper.highlights.boundaries import CLEAN_OPEN, is_question, opening
from clipper.highlights.language import normal
from clipper.highlights.sense import likeness
from clipper.highlights.signals.base import Setting
from clipper.highlights.talk import Talk

LONGEST = 60
SHORTEST = 18
_CLAUSE = regex.compile(r"[,;:]\s|\s[—–-]\s|\s*[(\[]|[.!?]\s")
_BRACKETS = regex.compile(r"\s*[(\[][^)\]]*[)\]]")


def title(setting: Setting, first: int, last: int, topic: int | None, called: bool, taken: Collection[str] = ()) -> str:
    """What a run is called.

    The bullet it is about, if it is the one to be `called` so; else a whole short sentence that is said; the question
    it opens with; the bullet, or the episode's title, with a number behind it; at last its rarest words.
    """
    talk = setting.talk
    bullet = setting.topics.matches[topic].topic if topic is not None else ""
    choices = [short(bullet, talk)] if called else []
    choices += said(setting, first, last)
    if bullet:
        choices += [f"{short(bullet, talk, LONGEST - 4)} ({n})" for n in range(2, 10)]
    elif talk.episode.title:
        # better the episode's name on the picture than words torn from the talk
        whole = short(talk.episode.title, talk, LONGEST - 4)
        choices += [whole, *(f"{whole} ({n})" for n in range(2, 10))]
    choices.append(_words(talk, first, last))
    return next((text for text in choices if text and text not in taken), choices[-1] or "Untitled")


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
    """Whole sentences of the run that fit and stand alone, without "that" and "it" first, then by nearness."""
    talk = setting.talk
    vectors = setting.sense.sentences
    near = likeness(vectors[first:last], vectors[first:last].sum(axis=0) + setting.sense.title)
    found = []
    for i in range(first, last):
        text = talk.sentences[i].text.strip().rstrip(".!")
        if SHORTEST <= len(text) <= LONGEST and _stands_alone(talk, i):
            vague = any(talk.lang.has("pointing", w) for w in talk.spoken(i, i + 1))
            found.append((vague, -float(near[i - first]), i, text[:1].upper() + text[1:]))
    asked = talk.sentences[first].text.strip()
    if is_question(talk, first) and SHORTEST <= len(asked) <= LONGEST and opening(talk, first) == CLEAN_OPEN:
        found.append((True, 0.0, first, asked))
    return [text for _, _, _, text in sorted(found)]


def _stands_alone(talk: Talk, i: int) -> bool:
    """Whether sentence `i` can be read without the talk around it."""
    sentence, said = talk.sentences[i], talk.spoken(i, i + 1)
    run_on = sentence.closes in ("clause", "nothing") or (i and talk.sentences[i - 1].closes in ("clause", "nothing"))
    if run_on or len(said) < 4 or is_question(talk, i) or opening(talk, i) != CLEAN_OPEN:
        return False
    if any(talk.lang.has("pronouns_back", w) for w in said) or len(set(said)) < len(said) - 1:
        return False
    if talk.lang.opens_with("openers_soft", said) or any(
        talk.lang.opens_with("fillers", said[k:]) for k in range(len(said))
    ):
        return False
    if talk.lang.ends_with("announcements", said) or talk.lang.ends_with("endings_open", said):
        return False
    return not any(c in sentence.text for c in '“”"«»[]()') and not sentence.text.endswith((",", "…", "...", "-"))


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
