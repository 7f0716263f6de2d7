"""Names in clips.yaml: one row changed, and every word is spelled so; nothing is heard again."""

from __future__ import annotations

from pathlib import Path

import pytest

from clipper.errors import InputError
from clipper.plan import store
from clipper.plan.model import Plan
from clipper.plan.spelling import Names, merged, names_in
from clipper.speech.model import Transcript, Word
from clipper.speech.spelled import Spelling

ROWS = (
    Spelling(heard="Eefa", written="Aoife", count=3, where="on the page"),
    Spelling(heard="Kin Sella", written="Kinsella: bells", count=1, where="on the page", applied=False, certain=False),
)


def heard(text: str, speaker: str | None = "S1") -> Transcript:
    words = [Word(text=t, start=i, end=i + 0.5, confidence=0.5, speaker=speaker) for i, t in enumerate(text.split())]
    return Transcript(language="en", duration=len(words), words=tuple(words))


def text_of(folder: Path) -> str:
    return store.plan_path(folder).read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store.save(Plan(episode="page.md", spelling=ROWS, speakers={"S1": "Ben Okafor", "S2": "Speaker 2"}), tmp_path)
    return tmp_path


def test_rows_and_speakers_are_written_one_a_line_and_read_back(folder: Path) -> None:
    text = text_of(folder)
    assert "  - {heard: Eefa, written: Aoife, count: 3, where: on the page, applied: true}\n" in text
    assert '  - {heard: Kin Sella, written: "Kinsella: bells", count: 1, where: on the page, applied: false}\n' in text
    assert "speakers:\n  S1: Ben Okafor\n  S2: Speaker 2\n" in text
    plan = store.load(folder)
    assert plan.spelling == ROWS
    assert plan.speakers == {"S1": "Ben Okafor", "S2": "Speaker 2"}
    assert not plan.as_heard
    before = text
    store.save(plan, folder)
    assert text_of(folder) == before


def test_the_words_are_read_as_the_plan_spells_them(folder: Path) -> None:
    words = heard("Hello, Eefa! Eefa's bells, said Kin Sella.")
    written = names_in(store.plan_path(folder)).written(words)
    assert written.text() == "Hello, Aoife! Aoife's bells, said Kin Sella."
    assert {w.speaker for w in written.words} == {"Ben Okafor"}
    assert [(w.start, w.end, w.confidence) for w in written.words] == [
        (w.start, w.end, w.confidence) for w in words.words
    ]


def test_one_line_turns_all_of_them_off(folder: Path) -> None:
    path = store.plan_path(folder)
    path.write_text("as_heard: true\n" + text_of(folder), encoding="utf-8")
    assert names_in(path).written(heard("Eefa rang.")).text() == "Eefa rang."
    assert store.load(folder).as_heard


def test_a_row_typed_by_hand_needs_only_two_words(folder: Path) -> None:
    path = store.plan_path(folder)
    path.write_text(text_of(folder).replace("spelling:\n", "spelling:\n  - heard: bell\n    written: Bell\n"), "utf-8")
    row = store.load(folder).spelling[0]
    assert (row.heard, row.written, row.applied, row.where) == ("bell", "Bell", True, "yours")
    assert names_in(path).written(heard("a BELL rang")).text() == "a Bell rang"


def test_a_capital_in_a_row_spares_the_common_word() -> None:
    names = Names((Spelling(heard="May", written="Mei"),))
    assert names.written(heard("May may come.")).text() == "Mei may come."


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("  - {heard: Eefa}\n", "it has no written"),
        ("  - Eefa\n", "expected a group of keys"),
        ("  - {heard: a, written: b, aplied: true}\n", "there is no key 'aplied'"),
        ("  - {heard: a, written: b, applied: perhaps}\n", "expected true, false or nothing"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(line: str, problem: str, folder: Path) -> None:
    path = store.plan_path(folder)
    path.write_text(text_of(folder).replace("spelling:\n", "spelling:\n" + line), "utf-8")
    with pytest.raises(InputError, match=r"clips\.yaml, line \d+") as caught:
        store.load(folder)
    assert problem in caught.value.message


def test_what_the_producer_decided_outlives_a_new_run() -> None:
    taken_back = ROWS[0].model_copy(update={"applied": False})
    taken = ROWS[1].model_copy(update={"applied": True})
    own = Spelling(heard="bell", written="Bell")
    gone = Spelling(heard="Vermond", written="Vermont", count=1, where="on the page")
    found = (ROWS[0].model_copy(update={"count": 4}), ROWS[1])
    after = merged((taken_back, taken, own, gone), found)
    assert [(r.heard, r.applied) for r in after] == [("Eefa", False), ("Kin Sella", True), ("bell", True)]
    assert after[0].count == 4
    assert merged((ROWS[0].model_copy(update={"written": "Aoibh"}),), ROWS[:1])[0].written == "Aoibh"


def test_the_show_s_file_goes_before_what_it_said_last_time() -> None:
    then = Spelling(heard="eva", written="Eefa", where="in clipper.toml")
    now = Spelling(heard="eva", written="Aoife", where="in clipper.toml")
    assert merged((then,), (now,)) == (now,)
