"""Who asks and who answers. In: fields, title and text of a page; out: guests and hosts.

Evidence is weighed in order: fields, the title's numbering, labels ("Guest: ..."), sentences of the first paragraphs
("I interview NAME", "NAME interviews NAME", "NAME joins us"), the title's own words, the sentence the page opens with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from clipper.episode.fields import Said
from clipper.episode.names import (
    listed_people,
    merged,
    name_like,
    people_at_end,
    people_at_start,
    resolved_slug,
    same_person,
    trimmed,
)
from clipper.episode.phrases import pattern, starting, words
from clipper.episode.plaintext import sentences
from clipper.episode.sections import kind_of
from clipper.episode.structure import Document
from clipper.episode.titlenames import is_known, names_in_numbering, names_in_title
from clipper.episode.titles import TitleFacts

_OPENING = 12  # paragraphs that may introduce the people
_QUOTED = re.compile(r"[“\"«„][^”\"»“]{3,}[”\"»“]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence in which somebody asks somebody: `by` is empty where "I" or "we" do."""

    guests: list[str]
    by: list[str]
    mine: bool


def find_people(document: Document, said: Said, facts: TitleFacts) -> tuple[list[str], list[str]]:
    """Guests and hosts of an episode."""
    text = _Text(document, said)
    everything = "\n".join([facts.title, said.description or "", text.prose])
    asked = _asked(text.opening)
    labelled_hosts = _labelled(text, "host_label", "hosts")
    labelled_guests = _labelled(text, "guest_label", "guests")
    spoke, beside = _speakers(text.opening)

    guests = [resolved_slug(g, everything) for g in said.guests]
    named = [n for piece in facts.named for n in names_in_numbering(piece)]
    if not guests and named:
        guests = _completed(named, asked.guests if asked else [])
    guests = guests or labelled_guests or spoke or (asked.guests if asked else []) or _invited(said.description or "")
    guests = guests or _joining(text.opening) or names_in_title(facts.title, text.prose)
    no_talk = not guests and not asked and not said.hosts and not labelled_hosts
    guests = guests or (_first_subject(text) if no_talk else [])
    if not guests and facts.weakly and re.match(r"(dr|prof|mr|mrs|ms)\b", facts.weakly, re.IGNORECASE):
        guests = [facts.weakly]
    guests = merged(guests)
    if asked and asked.mine and named:
        guests = _spelled_as(guests, named)

    hosts = [resolved_slug(h, everything) for h in said.hosts] or labelled_hosts or beside
    hosts = hosts or (asked.by if asked and not asked.mine else [])
    authors = [a for a in (resolved_slug(a, everything) for a in said.authors) if _personal(a)]
    if not hosts and asked and asked.mine:
        hosts = authors[:1]
    hosts = hosts or _hosted_by(text.opening)
    if not hosts and authors and pattern("people", "first_person").search(text.own_words):
        hosts = authors[:1]
    if not hosts and said.people:
        hosts = [
            p for p in (resolved_slug(p, everything) for p in said.people) if not any(_is_one(p, g) for g in guests)
        ]
    if not hosts:
        hosts = [h for h in _talking(text.opening) if not any(_is_one(h, g) for g in guests)] if not guests else []
    if not hosts and guests:
        hosts = [a for a in authors[:1] if not any(_is_one(a, g) for g in guests)]
    hosts = merged([_full(h, authors, everything) for h in hosts])
    guests = [
        g for g in merged([_full(g, [], everything) for g in guests]) if not any(same_person(g, h) for h in hosts)
    ]
    return guests, hosts


class _Text:
    """The parts of a page in which people are looked for."""

    def __init__(self, document: Document, said: Said) -> None:
        lines = [line for line in document.lines if not line.quoted and line.kind != "code"]
        cut = next(
            (i for i, line in enumerate(lines) if line.kind == "heading" and kind_of(line.flat) == "transcript"),
            len(lines),
        )
        self.lines = lines[:cut]
        self.prose = "\n".join(line.flat for line in self.lines)
        paragraphs = [line.flat for line in self.lines if line.kind == "paragraph" and not line.group]
        self.opening = paragraphs[:_OPENING] or ([said.description] if said.description else [])
        if said.description and not _asked(self.opening):
            self.opening = [*self.opening, said.description]
        self.own_words = _QUOTED.sub(" ", "\n".join(paragraphs))


def _asked(paragraphs: list[str]) -> Asked | None:
    """The first sentence of the opening that says who asks whom. "NAME talks to NAME" counts near the top only."""
    mine, theirs = pattern("people", "asked_by_me"), pattern("people", "asks")
    for number, paragraph in enumerate(paragraphs):
        for sentence in sentences(_QUOTE.sub(lambda m: m.group() if len(m.group()) < 40 else " ", paragraph)):
            for found in mine.finditer(sentence):
                guests = people_at_start(sentence[found.end() :], singles=_fits_one(sentence, found.end()))
                if guests:
                    return Asked(guests, [], mine=True)
            for found in theirs.finditer(sentence) if number < 3 else ():
                by = _subject(sentence[: found.start()])
                guests = people_at_start(sentence[found.end() :])
                if by and guests:
                    return Asked(guests, by, mine=False)
    return None


_QUOTE = re.compile(r"“[^”]*”|\"[^\"]*\"")


def _subject(left: str) -> list[str]:
    """The names that a sentence's verb belongs to: "Ana Lopez, who founded the show, (interviews)" too."""
    return people_at_end(left) or people_at_end(re.sub(r",[^,]*,\s*$", " ", left))


def _fits_one(sentence: str, at: int) -> bool:
    """Whether one word may be a whole name here: it comes at once and the sentence goes on with a comma or ends."""
    return bool(
        re.match(
            r"\s+(?:[oa]\s+|with\s+)?[^\W\d_a-z]\S+(?:\s+(?:and|&|und|e|y|et)\s+[^\W\d_a-z]\S+)?\s*(?:[,.(–—]|about|$)",
            sentence[at:],
        )
    )


def _labelled(text: _Text, label: str, kind: str) -> list[str]:
    """Names behind "Guest:" or under a heading "Guests"."""
    after = starting("people", label, r"\s*(?:[:：]|\s[-–—]\s)\s*(?=\S)")
    names: list[str] = []
    under = False
    for line in text.lines:
        if line.kind == "heading":
            under = kind_of(line.flat) == kind
            continue
        for part in line.text.split("\n"):
            bare = re.sub(r"^[^\w@]+", "", part)
            found = after.match(bare)
            if found and len(bare) < 300:
                names += _names_of_label(bare[found.end() :])
            elif under and ((line.kind == "item" and line.level == 1) or line.kind == "paragraph"):
                first = re.split(r"\s[-–—|]\s|[(（:：,，]", bare)[0].strip()
                if 0 < len(first) <= 60 and len(first.split()) <= 5 and not first.endswith("."):
                    names.append(trimmed(first))
    return merged([n for n in names if n])


def _names_of_label(rest: str) -> list[str]:
    """ "Jane Doe, CEO of Foo" is one name, "Jane Doe, John Roe" are two."""
    if re.search(r"[぀-ヿ一-鿿؀-ۿ]", rest):
        return listed_people(re.split(r"[。؛]", rest)[0])
    names = people_at_start(rest, singles=True, reach=3)
    listed = [n for n in listed_people(rest) if len(n.split()) <= 4]
    return (
        listed
        if all(any(w[:1].isupper() for w in n.split()) for n in listed)
        and len(listed) >= len(names)
        and len(rest) < 80
        and not _roles_in(listed)
        else names
    )


def _roles_in(names: list[str]) -> bool:
    return any(w.casefold().strip(".") in words("roles") for n in names for w in n.split())


def _speakers(paragraphs: list[str]) -> tuple[list[str], list[str]]:
    """ "In addition to HOSTS, speakers included NAMES": guests and hosts."""
    for paragraph in paragraphs:
        for sentence in sentences(paragraph):
            found = pattern("people", "speakers_included").search(sentence)
            if not found:
                continue
            beside = pattern("people", "besides_hosts").search(sentence[: found.start()])
            hosts = people_at_start(sentence[beside.end() : found.start()], singles=True) if beside else []
            guests = people_at_start(sentence[found.end() :], singles=True)
            if guests and (hosts or len(guests) > 1):
                return guests, hosts
    return [], []


def _joining(paragraphs: list[str]) -> list[str]:
    for paragraph in paragraphs:
        for sentence in sentences(paragraph):
            for found in pattern("people", "joins").finditer(sentence):
                names = [n for n in _subject(sentence[: found.start()]) if len(n.split()) > 1]
                if names:
                    return names
    return []


def _invited(description: str) -> list[str]:
    found = pattern("people", "guest_invited").search(description)
    return listed_people(next(g for g in found.groups() if g)) if found else []


def _hosted_by(paragraphs: list[str]) -> list[str]:
    for paragraph in paragraphs:
        for found in pattern("people", "host_phrase").finditer(paragraph):
            names = people_at_start(paragraph[found.end() :], singles=True, reach=2)
            if names:
                return names
    return []


def _talking(paragraphs: list[str]) -> list[str]:
    """ "Ana and Bo talk about ..." in the first paragraphs, with a plural verb and at least two names."""
    for paragraph in paragraphs[:3]:
        for sentence in sentences(paragraph)[:3]:
            for found in pattern("people", "hosts_talk").finditer(sentence):
                names = people_at_end(sentence[: found.start()])
                if len(names) >= 2:
                    return names
    return []


def _completed(named: list[str], told: list[str]) -> list[str]:
    """The title's names, with those that only the text has beside them."""
    kept = list(named)
    if told and all(any(same_person(n, t) or _part_of(n, t) for t in told) for n in named):
        kept = [next((n for n in named if same_person(n, t)), t) for t in told]
    return kept


def _part_of(short: str, long: str) -> bool:
    return set(short.casefold().split()) <= set(long.casefold().split())


def _is_one(a: str, b: str) -> bool:
    return same_person(a, b) or _part_of(a, b) or _part_of(b, a)


def _spelled_as(guests: list[str], named: list[str]) -> list[str]:
    return [next((n for n in named if same_person(n, g)), g) for g in guests]


def _first_subject(text: _Text) -> list[str]:
    """The page opens with a sentence about somebody: "Jane Doe is ...". Their first name must come again later."""
    if not text.opening:
        return []
    first = sentences(text.opening[0])[:1]
    for sentence in first:
        found = re.match(
            r"((?:Dr\.? |Prof\.? )?[^\W\d_a-z]\S+(?: [^\W\d_]\S*){1,3}?)(?: \([^)]*\))? (?:also )?[^\W\d_A-Z]{2,}\b",
            sentence,
        )
        if not found:
            found = re.match(r"([^\W\d_a-z][^\s,]+(?: [^\W\d_a-z][^\s,]+){1,2}), (?:an?|the|who|co-)\b", sentence)
        if found and all(
            name_like(w) or w.casefold() in words("particles") | words("honorifics") for w in found[1].split()
        ):
            names = people_at_start(found[1])
            if names and is_known(names[0], text.prose):
                return names
    return []


def _personal(author: str) -> bool:
    """An author who is a person: two to four capitalised words, none of them "Team" or "Podcast"."""
    parts = author.split()
    return (
        1 < len(parts) <= 4
        and all(name_like(p) or p.casefold() in words("particles") or p[:1] in '"“' for p in parts)
        and not _roles_in([author])
    )


def _full(name: str, authors: list[str], prose: str) -> str:
    """A first name alone, as the page writes it in full elsewhere."""
    if " " in name or not name[:1].isupper():
        return name
    for author in authors:
        if author.split()[0] == name:
            return author
    found = re.search(rf"\b{re.escape(name)} ([^\W\d_a-z]\w+(?:-\w+)?)", prose)
    if found and name_like(found[1]) and found[1].casefold() not in words("roles"):
        return f"{name} {found[1]}"
    return name
