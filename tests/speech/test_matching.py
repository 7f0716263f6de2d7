"""A person's own text laid on the sound: their spelling, the sound's times, and what differs told."""

from __future__ import annotations

import json
import random

import numpy as np

from clipper.speech.matching import lay
from clipper.speech.model import Transcript, Word
from tests.speech.conftest import SAMPLE

ROWS = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["words"]


def heard(wrong: float = 0.0) -> Transcript:
    """The sample's words at their times, some of them misheard."""
    chance = random.Random(4)
    words = [
        Word(text="blah" if chance.random() < wrong else w[0].lower().strip(".,!?"), start=w[1], end=max(w[1], w[2]))
        for w in ROWS
    ]
    return Transcript(language="en", duration=342.0, words=tuple(words))


def text(words: list[str]) -> Transcript:
    return Transcript(timing="none", words=tuple(Word(text=w, start=0, end=0) for w in words))


def test_the_person_s_spelling_gets_the_sound_s_times() -> None:
    laid = lay(text([w[0] for w in ROWS]), heard(0.1))
    assert [w.text for w in laid.transcript.words] == [w[0] for w in ROWS]
    apart = [abs(w.start - row[1]) for w, row in zip(laid.transcript.words, ROWS, strict=True)]
    assert np.percentile(apart, 95) < 0.15
    assert laid.transcript.timing == "measured"
    assert laid.notes == ()
    assert all(a.start <= b.start for a, b in zip(laid.transcript.words, laid.transcript.words[1:], strict=False))


def test_a_text_that_is_not_heard_is_left_out_and_told() -> None:
    ad = [
        "This",
        "was",
        "brought",
        "to",
        "you",
        "by",
        "Nobody",
        "and",
        "Sons",
        "of",
        "fine",
        "umbrellas",
        "since",
        "May",
    ]
    words = [w[0] for w in ROWS]
    laid = lay(text([*words[:300], *ad, *words[300:]]), heard())
    assert [w.text for w in laid.transcript.words] == words
    (note,) = laid.notes
    assert "This was brought to you by" in note
    assert "left out" in note


def test_what_is_said_and_not_written_is_told_and_moves_nothing() -> None:
    words = [w[0] for w in ROWS]
    laid = lay(text([*words[:400], *words[460:]]), heard())
    ((span, _),) = laid.unwritten
    assert abs(span.start - ROWS[400][1]) < 0.5
    assert abs(span.end - ROWS[459][2]) < 0.5
    apart = [abs(w.start - row[1]) for w, row in zip(laid.transcript.words, [*ROWS[:400], *ROWS[460:]], strict=True)]
    assert max(apart) < 1.0


def test_another_episode_s_text_is_known_as_such() -> None:
    chance = random.Random(1)
    words = [w[0] for w in ROWS]
    chance.shuffle(words)
    other = [w[::-1] if len(w) > 3 else w for w in words]
    assert lay(text(other), heard()).share < 0.3


def test_a_text_of_three_hours_is_laid_at_once() -> None:
    """27,000 words; the time it takes stands in docs/words.md, here only that it comes to an end with all its words."""
    chance = random.Random(2)
    spoken = [chance.choice(ROWS)[0] + str(chance.randrange(40)) for _ in range(27_000)]
    sound = tuple(
        Word(text="blah" if chance.random() < 0.08 else w, start=0.4 * i, end=0.4 * i + 0.35)
        for i, w in enumerate(spoken)
    )
    laid = lay(text(spoken), Transcript(words=sound, duration=10_800))
    assert len(laid.transcript.words) == 27_000
    apart = [abs(w.start - 0.4 * i) for i, w in enumerate(laid.transcript.words)]
    assert np.percentile(apart, 99) < 0.3
