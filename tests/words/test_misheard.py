"""Misheard names are spelled as on the page, and everything else stays as it was heard."""

from __future__ import annotations

import pytest

from clipper.batch.people import weights_folder
from clipper.episode.model import Episode, Link
from clipper.speech.misheard import misheard
from clipper.speech.model import Word
from clipper.speech.vocabulary import common_words, terms
from clipper.speech.weights import find_weights
from tests.words.marked import count, rows


@pytest.fixture(scope="module")
def common() -> frozenset[str]:
    return common_words(find_weights("base", offline=True).folder)


def said(text: str, confidence: float = 0.9) -> list[Word]:
    """A word in [brackets] is one of which the recogniser was not sure."""
    return [
        Word(text=t.replace("[", "").replace("]", ""), start=i, end=i + 0.5, confidence=0.3 if "[" in t else confidence)
        for i, t in enumerate(text.split())
    ]


PAGE = Episode(
    show="Oddly Good Work",
    guests=("Aoife Kinsella",),
    hosts=("Ben Okafor",),
    topics=("How a bell works, and why it is on Brambleforth's roof",),
    links=(Link(label="This week's sponsor, Otterwick Socks (code LADDER)", url="https://x.example"),),
)


@pytest.mark.parametrize("half", [0, 1], ids=["looked at", "not looked at"])
def test_of_the_marked_mishearings_most_are_mended_and_hardly_anything_else_is_touched(half: int) -> None:
    weights = weights_folder("base")
    assert weights is not None
    found = count(rows(half), weights)
    assert found.names >= 20
    assert found.kept >= 100
    assert found.precision >= 0.95
    assert found.recall >= 0.6


def test_terms_are_the_names_of_the_page_and_not_its_sentences() -> None:
    found = {term.text for term in terms(PAGE, ["K8s"])}
    assert found == {
        "K8s", "Aoife Kinsella", "Ben Okafor", "Oddly Good Work", "Brambleforth", "Otterwick Socks", "LADDER",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("This is brought to you by Otterwick Sox.", {"Otterwick Sox": "Otterwick Socks"}),
        ("You are listening to oddly good work today.", {"oddly good work": "Oddly Good Work"}),
        ("We drove to [Bramble] [Forth] in the rain.", {"Bramble Forth": "Brambleforth"}),
        ("He climbed the ladder and then another ladder.", {}),  # a common word, whatever the code is
        ("I ate a kin of salad with socks on.", {}),
        ("Then Otterwick called me.", {}),  # part of a name, and right
        ("Ben said so, and Ben Okafor laughed.", {}),
    ],
)
def test_only_what_cannot_be_meant_otherwise_is_written_anew(
    heard: str, written: dict[str, str], common: frozenset[str]
) -> None:
    found = misheard(said(heard), terms(PAGE), common)
    assert {row.heard: row.written for row in found if row.applied} == written


def test_what_is_less_certain_is_proposed_and_says_so(common: frozenset[str]) -> None:
    (row,) = misheard(said("They live in Bramford now."), terms(PAGE), common)
    assert (row.heard, row.written, row.applied, row.certain) == ("Bramford", "Brambleforth", False, False)
    assert str(row).startswith("“Bramford” may be “Brambleforth” (once), as on the page")
