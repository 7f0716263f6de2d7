"""The marked set of misheard names, and how rows of spelling are counted on it.

misheard.json holds what Whisper base heard of sentences with a name that stands on a page, as Kokoro voices said them
(invented people, real places and tools), with the recogniser's confidence in each word: {"page", "said", "heard"}. Rows
of an even number were looked at while the rules were made, those of an odd number not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from clipper.speech.misheard import misheard
from clipper.speech.model import Transcript, Word
from clipper.speech.names import correct
from clipper.speech.spelled import Spelling, as_written
from clipper.speech.vocabulary import Term, common_words

SET = Path(__file__).with_name("misheard.json")


@dataclass
class Counted:
    """Attributes:
    names: places in which a name was heard otherwise than it is spelled.
    mended: of these, how many are right afterwards.
    changed, wrong: words that were changed, and of these those that are not what was said.
    kept: words that were heard right, and had to stay.
    """

    names: int = 0
    mended: int = 0
    changed: int = 0
    wrong: int = 0
    kept: int = 0

    @property
    def precision(self) -> float:
        return 1 - self.wrong / max(1, self.changed)

    @property
    def recall(self) -> float:
        return self.mended / max(1, self.names)


def rows(half: int | None = None) -> list[dict[str, Any]]:
    """The set, or the half whose numbers leave this rest when divided by two."""
    found: list[dict[str, Any]] = json.loads(SET.read_text(encoding="utf-8"))
    return found if half is None else found[half::2]


def count(some: Sequence[dict[str, Any]], weights: Path) -> Counted:
    """Each sentence by itself, with a page that has all the names of its neighbours too."""
    done = Counted()
    common = common_words(weights)
    pages = [row["page"] for row in some]
    for number, row in enumerate(some):
        around = pages[max(0, number - 2) : number + 3]  # a page names more than one thing
        heard = Transcript(
            language="en",
            words=tuple(Word(text=t, start=i, end=i + 0.5, confidence=c) for i, (t, c) in enumerate(row["heard"])),
        )
        _add(done, row["said"], row["page"], heard, spelled(heard, around, common))
    return done


def spelled(heard: Transcript, names: Sequence[str], common: frozenset[str]) -> Transcript:
    """As `batch.people.spelling_of` does it, from names alone."""
    _, theirs = correct(heard, names)
    found = [Spelling(heard=r.heard, written=r.written, count=r.count, where=r.where) for r in theirs]
    terms = [Term(tuple(n.split()), person=len(n.split()) > 1) for n in names]
    return as_written(heard, [*found, *misheard(as_written(heard, found).words, terms, common)])


def _add(done: Counted, said: str, name: str, heard: Transcript, after: Transcript) -> None:
    truth, before, now = (re.findall(r"[\w'’]+", text.lower()) for text in (said, heard.text(), after.text()))
    parts = {p.lower() for p in name.split()}
    was, became = _right(truth, before), _right(truth, now)
    for i, word in enumerate(truth):
        if word in parts:
            done.names += i not in was
            done.mended += i not in was and i in became
        elif i in was:
            done.kept += 1
    changes = SequenceMatcher(None, before, now, autojunk=False).get_opcodes()
    places = {j: i for i, j in _pairs(truth, now)}
    for tag, _, _, c, d in changes:
        if tag == "equal":
            continue
        done.changed += max(1, d - c)
        done.wrong += sum(j not in places for j in range(c, d)) if d > c else 1


def _pairs(truth: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    blocks = SequenceMatcher(None, truth, heard, autojunk=False).get_matching_blocks()
    return [(b.a + k, b.b + k) for b in blocks for k in range(b.size)]


def _right(truth: Sequence[str], heard: Sequence[str]) -> set[int]:
    return {i for i, _ in _pairs(truth, heard)}
