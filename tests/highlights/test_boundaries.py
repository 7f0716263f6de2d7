"""Where clips open, end and are cut."""

from __future__ import annotations

import pytest

from clipper.episode.model import Episode
from clipper.highlights.boundaries import CLEAN_END, CLEAN_OPEN, air, cut, ending, opening
from clipper.highlights.talk import prepare
from clipper.speech.model import Transcript, Word

from .marked import judged, scores


@pytest.mark.parametrize("kind", ["openings", "endings"])
def test_the_rules_agree_with_what_was_marked_by_hand(kind: str) -> None:
    precision, recall, wrong = scores(kind)
    assert len(judged(kind)) >= 60
    assert precision >= 0.95, wrong
    assert recall >= 0.9, wrong


def spaced(gap: float) -> Transcript:
    """Three sentences of three words; `gap` seconds between sentences."""
    words, clock = [], 1.0
    for text in "The bell rang. Ann heard music. Everybody went home.":
        del text
    for sentence in ("The bell rang.", "Ann heard music.", "Everybody went home."):
        for text in sentence.split():
            words.append(Word(text=text, start=clock, end=clock + 0.4))
            clock += 0.4
        clock += gap
    return Transcript(language="en", duration=clock + 3.0, words=tuple(words))


@pytest.mark.parametrize("gap", [0.0, 0.02, 0.2, 0.5, 3.0])
def test_the_cut_lies_in_the_pause(gap: float) -> None:
    talk = prepare(spaced(gap), Episode())
    span = cut(talk, 1, 2)
    onset, offset = talk.sentences[1].start, talk.sentences[1].end
    assert talk.sentences[0].end - 1e-9 <= span.start <= onset
    assert onset - span.start <= 0.35 + 1e-9
    assert offset <= span.end <= talk.sentences[2].start + 1e-9
    assert (air(talk, 1, 2)[1] > 0) == (gap > 0)


def test_the_first_and_the_last_sentence_keep_within_the_audio() -> None:
    talk = prepare(spaced(0.5), Episode())
    span = cut(talk, 0, 3)
    assert span.start == pytest.approx(0.65)
    assert span.end == pytest.approx(talk.sentences[2].end + 0.6)


def test_words_that_overlap_are_not_cut_into() -> None:
    words = (
        Word(text="Yes.", start=0.0, end=1.2, speaker="A"),
        Word(text="Bells", start=1.0, end=1.5, speaker="B"),
        Word(text="ring.", start=1.5, end=2.0, speaker="B"),
    )
    talk = prepare(Transcript(language="en", duration=3.0, words=words), Episode())
    assert cut(talk, 1, 2).start >= 1.0


def test_an_answer_needs_its_question_unless_it_says_it_again() -> None:
    def judge(question: str, answer: str) -> str:
        words = tuple(
            Word(text=w, start=i * 0.4, end=i * 0.4 + 0.4) for i, w in enumerate(f"{question} {answer}".split())
        )
        return opening(prepare(Transcript(language="en", duration=60.0, words=words), Episode()), 1)

    assert "question is missing" in judge("How do you tune a bell?", "With a lathe and patience.")
    assert judge("How do you tune a bell?", "You tune a bell with a lathe and patience.") == CLEAN_OPEN


def test_a_run_on_that_was_split_is_no_clean_border() -> None:
    words = tuple(
        Word(text=w, start=i * 0.3, end=i * 0.3 + 0.3) for i, w in enumerate(["word"] * 40 + ["and"] + ["word"] * 40)
    )
    talk = prepare(Transcript(language="en", duration=30.0, words=words), Episode())
    assert opening(talk, 1) != CLEAN_OPEN
    assert ending(talk, 1) != CLEAN_END
