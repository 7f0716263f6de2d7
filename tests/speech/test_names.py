"""Names come out as the page spells them, and nothing else is touched."""

import pytest

from clipper.speech.model import Transcript, Word
from clipper.speech.names import correct, sounds_alike


def talk(text: str) -> Transcript:
    return Transcript(words=tuple(Word(text=w, start=i * 0.3, end=i * 0.3 + 0.25) for i, w in enumerate(text.split())))


@pytest.mark.parametrize(
    ("heard", "names", "written"),
    [
        ("I met IFA Cancela. So, IFA, welcome.", ["Aoife Kinsella"], "I met Aoife Kinsella. So, Aoife, welcome."),
        ("I'm Ben Okafore.", ["Ben Okafor"], "I'm Ben Okafor."),
        ("Daniel Burke is here. Burke's course.", ["Daniel Bourke"], "Daniel Bourke is here. Bourke's course."),
        ("I met Jimmy Quadra in Seattle.", ["Jimmy Cuadra"], "I met Jimmy Cuadra in Seattle."),
        ("Please welcome Cass Moreno!", ["Kass Moreno"], "Please welcome Kass Moreno!"),
        ("with Adam Stachowiak and others", ["Adam Stacoviak"], "with Adam Stacoviak and others"),
        ("Jose Muñoz is with us.", ["José Muñoz"], "José Muñoz is with us."),
    ],
)  # fmt: skip
def test_a_guest_is_spelled_as_on_the_page(heard: str, names: list[str], written: str):
    corrected, rows = correct(talk(heard), names)
    assert corrected.text() == written
    assert rows


@pytest.mark.parametrize(
    ("heard", "names"),
    [
        ("If Aoife were here, if only.", ["Aoife Kinsella"]),
        ("Of Cancela I know nothing.", ["Aoife Kinsella"]),
        ("IFA alone is not enough to go by.", ["Aoife Kinsella"]),
        ("Ben said it. Oak before elm.", ["Ben Okafor"]),
        ("I said it. Marc Miller came too.", ["Mary Mueller"]),
        ("We met Dana Brook. The brook was cold, Brook said.", ["Dana Burke"]),
        ("Mark Twain wrote this, and Twain is dead.", ["Marc Train"]),
        ("Ben Okafor spoke with Ben Affleck.", ["Ben Okafor"]),
        ("Pat Jones and Patty James met.", ["Pat Jones", "Patty James"]),
        ("He met Kinsella. Aoife laughed.", ["Aoife Kinsella"]),
        ("Moritz and Morris", ["Moritz"]),
        ("一二 三四", ["モリ さん"]),
    ],
)
def test_what_is_no_name_of_the_page_stays(heard: str, names: list[str]):
    corrected, rows = correct(talk(heard), names)
    assert corrected.text() == talk(heard).text()
    assert rows == ()


def test_times_and_order_stay():
    before = talk("My guest is IFA Cancela. So, IFA, welcome.")
    after, rows = correct(before, ["Aoife Kinsella"])
    assert [(w.start, w.end) for w in after.words] == [(w.start, w.end) for w in before.words]
    assert {(r.heard, r.written, r.count) for r in rows} == {("IFA", "Aoife", 2), ("Cancela", "Kinsella", 1)}
    assert correct(after, ["Aoife Kinsella"]) == (after, ())


def test_names_in_other_scripts_sound_like_nothing():
    assert not sounds_alike("モリ", "三四")
    assert not sounds_alike("", "Aoife")
