"""What the speakers are called. In: words with speakers' ids, and the names on the page; out: a name for each id,
where it is sure, else "Speaker 1". A wrong name is worse than none: each needs evidence of its own and a clear lead.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from clipper.speech.model import Word
from clipper.speech.names import parted

OWN, OTHER, ROLE, MENTION = 3.0, 1.5, 1.5, 0.5  # what a piece of evidence weighs
SURE = 2.5  # what is enough for a name
LEAD = 1.5  # and how far it must be ahead of every other
NEXT = 12.0  # seconds within which somebody who was welcomed answers
SMALL = 0.1  # share of the words from which on a speaker is one of the people that the page names


def speakers_named(
    words: Sequence[Word],
    hosts: Sequence[str],
    guests: Sequence[str],
    language: str,
    known: Mapping[str, str] | None = None,
    by_voice: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """A name for each speaker's id, in the order in which they first speak.

    Args:
        words: spelled as meant, `speaker` an id.
        hosts, guests: full names from the page.
        language: whose phrases count; English where there are none for it.
        known: the show's own names for "Speaker 1" and so on.
        by_voice: names of ids whose voices are known from earlier episodes.
    """
    said = Counter(w.speaker for w in words if w.speaker)
    ids = list(dict.fromkeys(w.speaker for w in words if w.speaker))
    people = list(dict.fromkeys((*hosts, *guests)))
    score = _scores(words, hosts, guests, language)
    found: dict[str, str] = {}
    for who in ids:
        for name in people:
            here = score[who, name]
            others = [score[who, n] for n in people if n != name] + [score[i, name] for i in ids if i != who]
            if here >= SURE and all(here - o >= LEAD for o in others):
                found[who] = name
    for who, name in (by_voice or {}).items():  # what is said in the episode itself goes before
        if who in ids and who not in found and name not in found.values():
            found[who] = name
    large = [who for who in ids if said[who] >= SMALL * sum(said.values())]
    left, names = [w for w in large if w not in found], [n for n in people if n not in found.values()]
    if len(large) == len(people) > 1 and len(left) == len(names) == 1 and score[left[0], names[0]] >= 0:
        found[left[0]] = names[0]  # the only one that is left
    plain = {who: f"Speaker {i}" for i, who in enumerate(ids, 1)}
    return {who: found.get(who) or (known or {}).get(plain[who], plain[who]) for who in ids}


def _scores(
    words: Sequence[Word], hosts: Sequence[str], guests: Sequence[str], language: str
) -> defaultdict[tuple[str, str], float]:
    """How much speaks for each pair of an id and a name."""
    score: defaultdict[tuple[str, str], float] = defaultdict(float)
    phrases = _phrases(language)
    keys = [parted(w.text)[1].casefold().replace("’", "'") for w in words]
    for name in dict.fromkeys((*hosts, *guests)):
        for first, last in _places(keys, name):
            who, answer = words[first].speaker, _next(words, last)
            if who is None:
                continue
            before, after = keys[max(0, first - 6) : first], keys[last : last + 3]
            if _any(phrases["own"], before, after):
                score[who, name] += OWN
            elif _any(phrases["other"], before, after):
                score[who, name] -= OTHER
                if answer is not None:
                    score[answer, name] += OTHER
            elif last - first > 1:
                score[who, name] -= MENTION
    for people, role in ((hosts, "host"), (guests, "guest")):
        if len(people) != 1:
            continue
        for phrase in phrases[role]:
            size = len(phrase)
            for i in range(len(keys) - size + 1):
                spoke = words[i].speaker
                if spoke is not None and keys[i : i + size] == phrase:
                    score[spoke, people[0]] += ROLE
    return score


def _places(keys: Sequence[str], name: str) -> list[tuple[int, int]]:
    """Where a person is named, by the full name or the first one: word numbers, half-open."""
    parts = [p.casefold() for p in name.split()]
    found, i = [], 0
    while i < len(keys):
        size = next((n for n in (len(parts), 1) if keys[i : i + n] == parts[:n]), 0)
        if size:
            found.append((i, i + size))
        i += max(1, size)
    return found


def _any(patterns: Sequence[tuple[list[str], list[str]]], before: Sequence[str], after: Sequence[str]) -> bool:
    return any(
        (not left or list(before[-len(left) :]) == left) and list(after[: len(right)]) == right
        for left, right in patterns
    )


def _next(words: Sequence[Word], at: int) -> str | None:
    """Who speaks next after the word `at` - 1, if it is somebody else and soon."""
    here = words[at - 1]
    for word in words[at:]:
        if word.start - here.end > NEXT:
            return None
        if word.speaker is not None and word.speaker != here.speaker:
            return word.speaker
    return None


@cache
def _phrases(language: str) -> dict[str, Any]:
    data = tomllib.loads(Path(__file__).with_name("introductions.toml").read_text(encoding="utf-8"))
    rows = data.get(language, data["en"])
    halves = {
        kind: [tuple(part.split() for part in text.split("{}")) for text in rows[kind]] for kind in ("own", "other")
    }
    return {**halves, **{kind: [text.split() for text in rows[kind]] for kind in ("guest", "host")}}
