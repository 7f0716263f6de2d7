"""The sample episode, by the words that are known to be said in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find
from clipper.highlights.model import Findings, Settings
from clipper.span import Span
from clipper.speech.model import Transcript, Word

SAMPLE = Path(__file__).resolve().parents[2] / "assets" / "sample"


@pytest.fixture(scope="module")
def truth() -> dict:  # type: ignore[type-arg]
    return json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def findings(truth: dict) -> Findings:  # type: ignore[type-arg]
    from clipper.episode.page import read_page

    page = next(SAMPLE.glob("*.md"))
    words = tuple(Word(text=w[0], start=w[1], end=w[2], speaker=w[3]) for w in truth["words"])
    episode = read_page(page.read_text(encoding="utf-8"))
    assert isinstance(episode, Episode)
    return find(Transcript(language="en", duration=truth["duration"], words=words), episode, Settings())


def test_three_or_more_candidates_of_whole_sentences(findings: Findings) -> None:
    assert len(findings.candidates) >= 3
    for one in findings.candidates:
        assert one.text.rstrip('"”').endswith((".", "!"))
        assert one.opens.startswith("opens clean")
        assert one.ends.startswith("ends clean")


def test_nothing_touches_the_sponsor_the_music_the_greeting_or_the_sign_off(findings: Findings, truth: dict) -> None:  # type: ignore[type-arg]
    barred = [s for s in truth["sections"] if s["kind"] in ("sponsor", "music", "greeting", "signoff")]
    assert barred
    for one in findings.candidates:
        for section in barred:
            words = [w for w in truth["words"] if section["start"] <= w[1] < section["end"]]
            if words:
                assert not one.span.overlap(Span(start=words[0][1], end=words[-1][2])), (one.title, section["name"])


def test_bullets_find_their_sections(findings: Findings, truth: dict) -> None:  # type: ignore[type-arg]
    sections = {s["topic"]: s for s in truth["sections"] if s["topic"] is not None}
    for number in range(5):
        span = findings.topics[number].span
        assert span is not None
        assert sections[number]["start"] <= (span.start + span.end) / 2 <= sections[number]["end"], findings.topics[
            number
        ]


def test_the_bullet_that_is_hardly_talked_about_is_told_as_doubtful(findings: Findings) -> None:
    chimes = findings.topics[5]
    assert "wind chimes" in chimes.topic
    assert chimes.confidence < 0.5
    assert all(chimes.confidence < other.confidence for other in findings.topics[:5])


def test_clips_are_spread_over_the_bullets(findings: Findings) -> None:
    assert len({c.topic for c in findings.candidates if c.topic is not None}) >= 4


def test_titles_are_short_and_told_once(findings: Findings) -> None:
    titles = [c.title for c in findings.candidates]
    assert len(set(titles)) == len(titles)
    assert all(3 <= len(t) <= 60 for t in titles)


def test_a_story_that_the_page_promises_is_told_whole_even_where_nobody_knows_who_speaks(truth: dict) -> None:  # type: ignore[type-arg]
    """The bullet: the clock that played backwards, the one man who noticed, and his wife, who would like a word."""
    from clipper.episode.page import read_page

    episode = read_page(next(SAMPLE.glob("*.md")).read_text(encoding="utf-8"))
    words = tuple(Word(text=w[0], start=w[1], end=w[2]) for w in truth["words"])
    found = find(Transcript(language="en", duration=truth["duration"], words=words), episode, Settings())
    story = next(c.text for c in found.candidates if "tell my wife" in c.text)
    assert story.startswith("What's the strangest thing")
    assert "playing its tune backwards" in story
