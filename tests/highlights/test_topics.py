"""Bullets and their passages: in order, out of order, absent, alone."""

from __future__ import annotations

import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find
from clipper.highlights.model import Settings, TopicMatch

from .talks import said, stories

PARTS = {
    "The bakery that burned down": (
        "The bakery burned in May. Smoke filled the bakery ovens. Bread burned for days. The "
        "baker watched his bakery burn. "
    ),
    "Tuning a church organ": (
        "An organ has long pipes. Tuning the organ takes a week. Each pipe is tuned by ear. Organ "
        "music fills the church. "
    ),
    "Why whales sing": (
        "Whales sing at night. A whale song travels far. Old whales sing new songs. Singing whales find friends. "
    ),
    "Learning to repair bicycles": (
        "A bicycle chain breaks. Repair begins with the wheels. Bicycles teach patience. I repaired forty bicycles. "
    ),
}


def transcript(parts: list[str]) -> str:
    return " ".join(PARTS[p] * 4 + stories(12, i) for i, p in enumerate(parts))


def hits(rows: tuple[TopicMatch, ...], parts: list[str]) -> int:
    words, found = transcript(parts).split(), 0
    for row in rows:
        if row.span is None:
            continue
        middle = int((row.span.start + row.span.end) / 2 / 0.4)
        first = transcript(parts)[: transcript(parts).index(PARTS[row.topic])].count(" ")
        found += first <= middle <= first + len((PARTS[row.topic] * 4).split()) and middle < len(words)
    return found


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 0, 1]])
def test_bullets_find_their_passages_in_any_order(order: list[int]) -> None:
    parts = list(PARTS)
    findings = find(said(transcript(parts)), Episode(topics=tuple(parts[i] for i in order)), Settings(count=0))
    assert [m.topic for m in findings.topics] == [parts[i] for i in order]
    assert hits(findings.topics, parts) == 4


def test_a_bullet_that_is_not_talked_about_has_no_passage() -> None:
    parts = list(PARTS)
    absent = "Quantum cryptography for satellites"
    findings = find(said(transcript(parts)), Episode(topics=(*parts[:2], absent, *parts[2:])), Settings(count=0))
    assert findings.topics[2].span is None
    assert findings.topics[2].confidence < 0.4
    assert hits(findings.topics, parts) == 4


def test_one_bullet_alone_finds_its_passage() -> None:
    parts = list(PARTS)
    findings = find(said(transcript(parts)), Episode(topics=(parts[2],)), Settings(count=0))
    assert hits(findings.topics, parts) == 1


def test_other_forms_of_a_word_count() -> None:
    talk = (
        stories(20, 1)
        + " The financing failed. Our finances were gone. We financed the boat ourselves. Finance is hard. " * 3
        + stories(20, 2)
    )
    findings = find(said(talk), Episode(topics=("Financial troubles",)), Settings(count=0))
    span = findings.topics[0].span
    assert span is not None
    assert "financ" in talk[: len(" ".join(talk.split()[: int(span.end / 0.4)]))].lower()
