"""Misheard names. In: the words as heard, the terms of the page, which words are common; out: rows heard -> written,
those that are certain applied, the others proposed.

A run of words is held against every term by its sound (metaphone) and its letters (Jaro-Winkler). What speaks for it:
the words are no common ones, the recogniser was not sure of them, it took them for a name. A common word that is
written small stays, and so does whatever the talk also says in lower case.

Source of the phonetic key: L. Philips, "Hanging on the Metaphone", 1990, as the library jellyfish has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from clipper.speech.limits import limits
from clipper.speech.model import Word
from clipper.speech.names import key_of, parted, plain_of
from clipper.speech.spelled import Spelling
from clipper.speech.vocabulary import Term

_STOPS = (".", "?", "!", "…")
_CERTAIN = 9.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One spelling to be found: a term, or one word of a person's name."""

    text: str
    letters: str
    key: str
    size: int
    where: str
    alone: bool  # a part of a name, which the whole name's being heard makes likelier


def misheard(words: Sequence[Word], terms: Sequence[Term], common: Collection[str]) -> tuple[Spelling, ...]:
    """Rows for the names of the page that were heard otherwise.

    Args:
        words: as heard.
        terms: see `vocabulary.terms`.
        common: words in lower case that are no names (see `vocabulary.common_words`).
    """
    rules = limits().names
    cores = [parted(w.text)[1] for w in words]
    small = {c for c in cores if c[:1].islower()}
    right = {part.casefold() for term in terms for part in term.words}
    wanted = list(_wanted(terms))
    found: dict[str, tuple[float, _Wanted]] = {}
    counts: defaultdict[str, int] = defaultdict(int)
    for size in (3, 2, 1):
        for i in range(len(words) - size + 1):
            run = cores[i : i + size]
            if not all(run) or any(parted(w.text)[2] for w in words[i : i + size - 1]):
                continue
            heard = " ".join(run)
            if all(c.casefold() in right for c in run) and _same_text(heard, wanted):
                continue
            capitals = next((one for one in wanted if _capitals_only(heard, one)), None)
            if capitals is not None:
                counts[heard] += 1
                found[heard] = (_CERTAIN, capitals)
                continue
            weight = _odd(words, cores, i, size, small, common)
            near = [one for one in wanted if abs(one.size - size) <= 1 and _fits(run, one, right)] if weight > 0 else []
            if not near:
                continue
            best = max(((_alike(heard, one) + weight, one) for one in near), key=lambda pair: pair[0])
            if best[0] < rules.proposed:
                continue
            counts[heard] += 1
            if heard not in found or best[0] > found[heard][0]:
                found[heard] = best
    rows = [
        Spelling(heard=heard, written=one.text, count=counts[heard], where=one.where,
                 applied=score >= rules.certain, certain=score >= rules.certain)
        for heard, (score, one) in found.items()
    ]  # fmt: skip
    return tuple(_without_parts(rows))


def _wanted(terms: Sequence[Term]) -> list[_Wanted]:
    out = []
    for term in terms:
        texts = [(term.text, len(term.words), False)]
        if term.person:
            texts += [(part, 1, True) for part in term.words if len(part) > 2]
        for text, size, alone in texts:
            letters = plain_of(text)
            if len(letters) >= 4:
                out.append(_Wanted(text, letters, key_of(letters), size, term.where, alone))
    return out


def _alike(heard: str, one: _Wanted) -> float:
    """How much a run of words sounds and reads like a term, 0 to 1; 0 for the term itself."""
    import jellyfish

    letters = plain_of(heard)
    if not letters or (letters == one.letters and heard.casefold() == one.text.casefold()):
        return -9.0
    if letters == one.letters:
        return 1.0
    key = key_of(letters)
    longest = max(len(key), len(one.key), 1)
    sound = 1 - jellyfish.damerau_levenshtein_distance(key, one.key) / longest
    read = float(jellyfish.jaro_winkler_similarity(letters, one.letters))
    ratio = min(len(letters), len(one.letters)) / max(len(letters), len(one.letters))
    return (0.5 * sound + 0.5 * read) * (1.0 if ratio > 0.6 else ratio)


def _odd(
    words: Sequence[Word], cores: Sequence[str], i: int, size: int, small: Collection[str], common: Collection[str]
) -> float:
    """What speaks for it that a run is a misheard name, apart from its likeness; 0 or less where nothing may."""
    rules = limits().names
    run = cores[i : i + size]
    usual = [c.casefold() in common for c in run]
    if all(usual) and not any(c[:1].isupper() for c in run):
        return 0.0
    begins = i == 0 or words[i - 1].text.endswith(_STOPS)
    capital = [c[:1].isupper() and not (k == 0 and begins and usual[0]) for k, c in enumerate(run)]
    if all(usual) and not any(capital):
        return 0.0
    if size == 1 and run[0].casefold() in small:
        return 0.0
    sure = min(w.confidence if w.confidence is not None else 1.0 for w in words[i : i + size])
    value = rules.unsure * (1 - sure)
    value += rules.uncommon * (1 - sum(usual) / size)
    value += rules.capital * sum(capital) / size
    return value


def _fits(run: Sequence[str], one: _Wanted, right: Collection[str]) -> bool:
    """Whether a run may stand for a term: its words that are right already are the term's, in the same places."""
    there = one.text.casefold().split()
    known = [k for k, core in enumerate(run) if core.casefold() in right]
    return not known or (len(run) == len(there) and all(run[k].casefold() == there[k] for k in known))


def _capitals_only(heard: str, one: _Wanted) -> bool:
    """Whether a term of several words was heard, but not taken for a name."""
    return one.size > 1 and heard != one.text and heard.casefold() == one.text.casefold()


def _same_text(heard: str, wanted: Sequence[_Wanted]) -> bool:
    return any(heard == one.text for one in wanted)


def _without_parts(rows: Sequence[Spelling]) -> list[Spelling]:
    """Without rows that a row of more words already covers, and those of more words whose parts explain them."""
    out: list[Spelling] = []
    for row in sorted(rows, key=lambda r: (-r.applied, -r.count, -len(r.heard))):
        parts = set(row.heard.casefold().split())
        clash = [o for o in out if parts & set(o.heard.casefold().split())]
        if any(o.applied or not row.applied for o in clash if o.heard != row.heard):
            if not row.applied:
                continue
            if any(set(o.heard.casefold().split()) >= parts for o in clash if o.applied):
                continue
        out.append(row)
    return out
