"""The names that may be said in an episode. In: its page and the show's file; out: terms, each with where it is from;
and which words are common, so that none of them is taken for a misheard name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from clipper.speech.names import parted

if TYPE_CHECKING:
    from clipper.episode.model import Episode

PAGE, SHOW = "on the page", "in clipper.toml"
PAST = "corrected before"
_LONGEST = 4  # words of a term
_LEADS = "\u0120"  # GPT-2's letter for a space before a token (openai/gpt-2 encoder.py, bytes_to_unicode)
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+|[\[\](){}<>|\"“”]|%\[|https?://\S+|\bwww\.\S+")
_ODD = re.compile(r"[a-z][A-Z]|[A-Z]{2,}|\d")  # CamelCase, capitals, digits: a name wherever it stands


@dataclass(frozen=True, slots=True)
class Term:
    """A name as it is spelled, in words.

    Attributes:
        person: it is somebody's full name, whose parts are said alone.
    """

    words: tuple[str, ...]
    where: str = PAGE
    person: bool = False

    @property
    def text(self) -> str:
        return " ".join(self.words)


def terms(episode: Episode, spellings: Iterable[str] = (), corrected: Iterable[str] = ()) -> tuple[Term, ...]:
    """What the page and the show's file spell: people, the show, links' labels, bullets, capitalised and odd words.

    Args:
        spellings: right spellings from clipper.toml, [names].
        corrected: right spellings from corrections in earlier episodes.
    """
    found: dict[str, Term] = {}

    def add(words: Sequence[str], where: str, person: bool = False) -> None:
        if words and len(words) <= _LONGEST and any(len(w) > 2 for w in words):
            found.setdefault(" ".join(words), Term(tuple(words), where, person))

    for texts, where in ((spellings, SHOW), (corrected, PAST)):
        for text in texts:
            add(text.split(), where, person=len(text.split()) > 1)
    for name in (*episode.guests, *episode.hosts):
        add(name.split(), PAGE, person=len(name.split()) > 1)
    for told in (episode.show, *(link.label for link in episode.links), episode.title, *episode.topics,
                 episode.description, *(c.title for c in episode.chapters)):  # fmt: skip
        if told and (told == episode.show or not _title_case(told)):
            for run in _capitalised(told):
                add(run, PAGE)
    return tuple(found.values())


def _title_case(text: str) -> bool:
    """Whether All Words of a Line Begin like This, so that capitals tell nothing."""
    words = [w for w in (parted(w)[1] for w in text.split()) if len(w) > 3 and w.isalpha()]
    return len(words) > 2 and sum(w[0].isupper() for w in words) > 0.6 * len(words)


def _capitalised(text: str) -> Iterable[list[str]]:
    """Runs of capitalised words; the first word of a sentence counts only in a run, or where it is odd."""
    for sentence in _SENTENCE.split(text):
        words = [parted(w)[1] for w in sentence.split()]
        tails = [parted(w)[2] for w in sentence.split()]
        run: list[str] = []
        first = 0
        for i, word in enumerate([*words, ""]):
            if (word[:1].isupper() and len(word) > 1) or (word and _ODD.search(word)):
                first = first if run else i
                run.append(word)
            elif run:
                if first > 0 or len(run) > 1 or _ODD.search(run[0]):
                    yield run
                run = []
            if run and i < len(tails) and tails[i]:
                if first > 0 or len(run) > 1 or _ODD.search(run[0]):
                    yield run
                run = []


@cache
def common_words(folder: Path) -> frozenset[str]:
    """Words that the recogniser has a token of its own for, in lower case: those that are written often.

    Args:
        folder: of the weights, with vocabulary.txt or .json (one token a line).
    """
    for name in ("vocabulary.txt", "vocabulary.json"):
        try:
            text = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        tokens = re.findall(r'"((?:[^"\\]|\\.)*)"', text) if name.endswith("json") else text.split("\n")
        return frozenset(t[1:] for t in tokens if t.startswith((_LEADS, " ")) and t[1:].islower() and len(t) > 1)
    return frozenset()
