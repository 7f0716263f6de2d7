"""What a template quotes is said in the clip, by one person, and signed with nobody else's name."""

from __future__ import annotations

from clipper.picture.bidi import RLM
from clipper.picture.content import Content
from clipper.picture.cover import typographic_cover
from clipper.picture.quotation import Quotation, mark, quotation
from clipper.speech.model import Word
from tests.picture.looks import BOLD


def said(*turns: tuple[str | None, str]) -> list[Word]:
    words, at = [], 0.0
    for speaker, text in turns:
        for word in text.split():
            words.append(Word(text=word, start=at, end=at + 0.3, speaker=speaker))
            at += 0.35
    return words


TALK = said(
    ("Mara", "So you put the wrong note back on purpose? "),
    ("Ines", "Of course. I tuned it exactly as badly as the old one, because nobody could sleep. And then they"),
    ("Mara", "paid you for it twice over in one year."),
)


def test_an_answer_of_a_good_length_is_quoted_and_signed_by_who_gave_it() -> None:
    assert quotation(TALK) == Quotation(
        "I tuned it exactly as badly as the old one, because nobody could sleep.", "Ines"
    )


def test_the_sentence_that_holds_the_hook_goes_first() -> None:
    assert quotation(TALK, "The wrong note back…").speaker == "Mara"


def test_half_sentences_and_those_of_two_voices_are_not_quoted() -> None:
    assert quotation(said(("Mara", "and then they"), ("Ines", "paid me for it"))) == Quotation()
    assert quotation(said(("Mara", "We paid for it and"), ("Ines", "nobody asked for the money back."))) == Quotation()


def test_a_line_that_a_person_wrote_is_not_replaced_by_something_said() -> None:
    assert quotation(TALK, "My own words about bells", own=True) == Quotation()


def test_without_a_quotation_the_headline_stands_there_without_marks_or_signature() -> None:
    cover = typographic_cover("Bells", BOLD)
    bare = Content(cover, headline="A title", quoted="Ines").placeholders()
    assert (bare["quotation"], bare["quoted"], bare["quotation-mark"]) == ("A title", "", "")
    full = Content(cover, headline="A title", quotation="It rang.", quoted="Ines", language="de-AT").placeholders()
    assert (full["quotation"], full["quoted"], full["quotation-mark"]) == ("It rang.", "Ines", "„")
    assert mark("ar").startswith(RLM), "it stands at the right, where an Arabic line begins"
    assert mark(None) == mark("en") == "“"
