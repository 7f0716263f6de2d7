"""Captions say what the producer wants them to say: edits win, marks stand out, "uh" goes where that is wished."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipper.picture.captions import Emphasis, clip_words, group, letters
from clipper.picture.wording import Reading, read, sounds
from clipper.speech.model import Word
from tests.picture.captioned import captioned, evenly
from tests.picture.looks import BOLD


def texts(reading: Reading) -> list[str]:
    return [w.text for w in reading.words]


def loud(reading: Reading) -> list[str]:
    return [reading.words[i].text for i in sorted(reading.emphasis.words)]


HEARD = evenly("So, uh, I never saw the bell. [laughs] It was huge.", 0.4)


def test_without_wishes_the_words_are_those_that_were_heard() -> None:
    assert read(HEARD) == Reading(tuple(HEARD))


def test_the_producers_words_are_shown_at_the_times_of_those_that_were_spoken() -> None:
    reading = read(HEARD, "So I never saw the big bells! It was huge.")
    assert texts(reading) == ["So", "I", "never", "saw", "the", "big", "bells!", "It", "was", "huge."]
    times = {w.text: w.start for w in reading.words}
    heard = {w.text: w.start for w in HEARD}
    assert times["never"] == heard["never"]
    assert times["huge."] == heard["huge."]
    assert heard["the"] < times["big"] < times["bells!"] < heard["[laughs]"]


def test_stars_mark_what_stands_out() -> None:
    reading = read(HEARD, "So, uh, I *never* saw *the bell*. [laughs] It was huge.")
    assert texts(reading) == [w.text for w in HEARD]
    assert [w.start for w in reading.words] == [w.start for w in HEARD]
    assert loud(reading) == ["never", "the", "bell."]


@pytest.mark.parametrize("text", ["2 * 3 * 4", "f*** it", "a*b*c", "* one", "5* hotel"])
def test_a_star_that_marks_nothing_stays(text: str) -> None:
    reading = read(evenly("some words here"), text)
    assert texts(reading) == text.split()
    assert not reading.emphasis.words


def test_marks_by_number_move_with_their_words() -> None:
    reading = read(HEARD, emphasis=Emphasis.of([3, 9]), drop_hesitations=True, language="en")
    assert loud(reading) == ["never", "was"]


def test_hesitations_go_only_where_wished_and_never_what_the_producer_wrote() -> None:
    said = evenly("Uh, so it was, um, flat, uh. And then")
    assert "uh." in texts(read(said))
    assert texts(read(said, drop_hesitations=True, language="en")) == ["So", "it", "was,", "flat.", "And", "then"]
    assert texts(read(said, "Uh, so it was flat. And then", drop_hesitations=True))[0] == "Uh,"
    kept = evenly("er sagt um drei")  # German words, English hesitations
    assert texts(read(kept, drop_hesitations=True, language="de")) == ["er", "sagt", "um", "drei"]


def test_noises_are_told_from_words() -> None:
    assert sounds(["He", "[door", "slams]", "went", "♪", "home"]) == [False, True, True, False, True, False]
    assert not any(sounds(["an", "[open", "end"]))


def test_what_stands_out_reaches_the_groups_though_empty_words_are_left_out() -> None:
    words = [*evenly("one"), Word(text="\u200b", start=0.5, end=0.6), *evenly("two three", start=0.8)]
    groups = group(words, BOLD, 80, 600, 2, 0.6, 0.8, 3.0, emphasis=Emphasis.of([2]))
    shown = [w for g in groups for i, w in enumerate(g.words) if g.emphasised(i)]
    assert shown == ["two"]


PIECES = (
    "台所",
    "の",
    "時計",
    "は",
    "四分",
    "進んで",
    "いて",
    "、",
    "誰",
    "も",
    "それ",
    "を",
    "直そう",
    "と",
    "しま",
    "せん",
    "。",
)
JAPANESE = [Word(text=t, start=0.3 * i, end=0.3 * i + 0.28, space=False) for i, t in enumerate(PIECES)]


def test_pieces_without_spaces_stay_pieces_but_for_what_cannot_stand_alone() -> None:
    joined = [w.text for w in clip_words(JAPANESE, 0, 60)]
    assert "いて、" in joined
    assert joined[-1].endswith("。")
    assert "".join(joined) == "".join(w.text for w in JAPANESE)
    thai = [Word(text=t, start=i, end=i + 0.9, space=False) for i, t in enumerate(["เ", "รา", "ไป", "กิ", "นข", "้าว"])]
    assert [w.text for w in clip_words(thai, 0, 60)] == ["เรา", "ไป", "กิ", "นข้าว"]
    korean = [Word(text="시계", start=0, end=1), Word(text="는", start=1, end=2, space=False)]
    assert [w.text for w in clip_words(korean, 0, 60)] == ["시계는"]


def test_japanese_is_written_without_spaces_and_broken_at_phrases() -> None:
    groups = captioned("quiet", clip_words(JAPANESE, 0, 60)).set.groups
    assert "".join(g.text for g in groups) == "".join(w.text for w in JAPANESE)
    assert not any(" " in g.text for g in groups)
    heads = [g.text[0] for g in groups[1:]]
    assert not set(heads) & set("のはもをと、。")


def test_a_producers_japanese_is_shown_too() -> None:
    spoken = clip_words(JAPANESE, 0, 60)
    reading = read(spoken, "台所の時計は*五分*進んでいて、誰もそれを直そうとしません。")
    assert "".join(texts(reading)) == "台所の時計は五分進んでいて、誰もそれを直そうとしません。"
    assert loud(reading) == ["五", "分"]
    assert all(not w.space for w in reading.words[1:])


def test_reading_speed_counts_what_a_letter_takes_to_read() -> None:
    assert letters("kitchen") == 7
    assert letters("台所") > 4
    assert letters("e\u0301") == 1
    assert letters("あい") < letters("台所")


words = st.lists(
    st.sampled_from(["bell", "*bell*", "the,", "uh", "a", "台所の", "*台", "所*", "*", "**", "Ärger", "[x]", "4"]),
    max_size=30,
)


@settings(max_examples=200, deadline=None)
@given(words, words)
def test_whatever_is_edited_times_run_forwards_and_no_word_is_lost(spoken: list[str], written: list[str]) -> None:
    heard = [Word(text=w.strip("*") or "x", start=i, end=i + 0.8) for i, w in enumerate(spoken)]
    reading = read(heard, " ".join(written))
    for one, following in pairwise(reading.words):
        assert one.start <= following.start + 1e-9
        assert one.start <= one.end
    if heard and written:
        plain = "".join(texts(reading)).replace("*", "")
        assert plain == "".join(written).replace("*", "")
    assert all(0 <= i < len(reading.words) for i in reading.emphasis.words)


def test_captions_of_a_clip_with_words_left_out_read_as_sentences_at_the_times_of_the_clip() -> None:
    from clipper.picture.wording import masked, pieces_words
    from clipper.plan.pieces import Pieces
    from clipper.span import Span

    rows = [("It", 1.0), ("rang,", 1.3), ("you", 1.6), ("know.", 1.9), ("Um,", 2.4), ("we", 2.7), ("left.", 3.0)]
    said = [Word(text=text, start=at, end=at + 0.25) for text, at in rows]
    pieces = Pieces((Span(start=0.9, end=1.57), Span(start=2.2, end=2.38), Span(start=2.68, end=3.5)))
    got = pieces_words(said, pieces)
    assert [w.text for w in got] == ["It", "rang.", "We", "left."]
    assert [round(w.start, 2) for w in got] == [0.1, 0.4, 0.87, 1.17]
    hidden = masked(got, [Span(start=1.17, end=1.42)])
    assert [w.text for w in hidden] == ["It", "rang.", "We", "l---."]
