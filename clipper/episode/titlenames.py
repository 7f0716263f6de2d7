"""Names in a title. In: a title, or the piece of its numbering behind "with", and the page's text; out: who is meant.

A title's capitals make everything look like a name, so the text must know the person.
"""

from __future__ import annotations

import re

from clipper.episode.names import listed_people, name_like, people_at_start
from clipper.episode.phrases import alternatives, pattern, words


def names_in_numbering(piece: str) -> list[str]:
    """Names in "Daniel Bourke", "designer Ana Lopez and Bo Li", "morizyun(@z)さん"."""
    names = people_at_start(piece, singles=True)
    if names:
        return names
    return listed_people(re.sub(r"[(（][^)）]*[)）]", "", piece))


def names_in_title(title: str, prose: str) -> list[str]:
    """Names in the title: behind "interview with" at once, behind "with" or elsewhere when the text knows them."""
    found = pattern("people", "title_interview").search(title)
    if found and (names := people_at_start(title[found.end() :], singles=True)):
        return names
    for found in [*pattern("people", "title_with").finditer(title)][-1:]:
        names = people_at_start(title[found.end() :])
        if names and all(is_known(n, prose) for n in names):
            return names
    parts = re.split(r"\s[-–—|]\s|:\s", title)
    for part in parts if len(parts) <= 2 else ():
        if _whole_name(part) and (is_known(part.strip(), prose) or _met(part.strip(), prose)):
            return [part.strip()]
    return next(([n] for n in _runs(title) if is_known(n, prose)), [])


def _whole_name(part: str) -> bool:
    tokens = [w for w in part.split() if w[0] not in '"“«']
    return 2 <= len(tokens) <= 4 and all(name_like(w) and w.casefold() not in words("roles") for w in tokens)


def _runs(title: str) -> list[str]:
    """Pairs and threes of neighbouring capitalised words that may be names."""
    tokens = re.findall(r"[^\s,;:()\[\]!?\"“”]+", title)
    found: list[str] = []
    for size in (3, 2):
        for i in range(len(tokens) - size + 1):
            run = [re.sub(r"['’]s$", "", w).strip(".") for w in tokens[i : i + size]]
            if all(name_like(w) and w.casefold() not in words("roles") for w in run):
                found.append(" ".join(run))
    return found


def is_known(name: str, prose: str) -> bool:
    """The text has the full name, and speaks of a person: by first name alone, or as he or she."""
    if name not in prose:
        return False
    first = re.escape(name.split()[0])
    verbs = alternatives("people", "person_verbs")
    alone = re.search(
        rf"\b{first}(?! {re.escape(name.split()[1])})(?:['’]s\b| (?:also |then |later )?(?:{verbs}|[a-z]{{3,}}ed)\b)",
        prose,
    )
    pronoun = re.search(rf"{re.escape(name)}[^\n]{{0,300}}?\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Ee]le|[Ee]la)\b", prose)
    return bool(alone or pronoun)


def _met(name: str, prose: str) -> bool:
    """The text is "with NAME"."""
    return bool(re.search(rf"\b(?:with|com|mit|avec|con|met)\s+(?:[oa]\s+|el\s+|la\s+)?{re.escape(name)}", prose))
