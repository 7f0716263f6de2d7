"""Titles: the producer's bullet where it fits, at most 60 characters, never cut inside a phrase."""

from __future__ import annotations

import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find, setting_of
from clipper.highlights.phrases import LONGEST
from clipper.highlights.titles import short

from .talks import TALK, said, stories

SETTING = setting_of(said(TALK), Episode())


@pytest.mark.parametrize(
    ("bullet", "title"),
    [
        ("Why whales sing", "Why whales sing"),
        (
            "How a bell works: why it's five notes at once, and what tuning has in common with a haircut",
            "How a bell works: why it's five notes at once",
        ),
        (
            "The town hall clock that played its tune backwards for 31 years and nobody ever noticed",
            "The town hall clock that played its tune backwards",
        ),
        ("The old clock (which, as it turned out, was never once right in thirty-one long years)", "The old clock"),
        ("  Spaces   and a full stop.  ", "Spaces and a full stop"),
    ],
)
def test_a_bullet_is_shortened_where_a_clause_ends(bullet: str, title: str) -> None:
    assert short(bullet, SETTING.talk) == title


def test_one_endless_word_is_cut_with_an_ellipsis() -> None:
    text = short("x" * 200, SETTING.talk)
    assert len(text) <= LONGEST
    assert text.endswith("…")


def test_no_title_stands_twice_and_none_is_a_fragment_with_a_dangling_pronoun() -> None:
    findings = find(said(TALK * 2 + stories(150)), Episode())
    titles = [c.title for c in findings.candidates]
    assert len(set(titles)) == len(titles)
    assert all(len(t) <= LONGEST for t in titles)
    assert not any(w in (" " + t.lower() + " ") for t in titles for w in (" he ", " she ", " they ", " it "))


def test_a_clip_about_a_bullet_carries_the_bullet() -> None:
    bullet = "A kettle for the lighthouse"
    talk = (
        stories(60) + " Our lighthouse kettle boils at noon. Keepers carried a kettle up the lighthouse stairs. Every "
        "lighthouse has one kettle. " * 4
    )
    findings = find(said(talk + stories(60, 3)), Episode(topics=(bullet,)))
    assert bullet in [c.title for c in findings.candidates]
