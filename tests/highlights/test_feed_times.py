"""The page's time marks on an audio that has other advertisements than the one they were written for."""

from __future__ import annotations

import random

import pytest

from clipper.episode.model import Chapter, Episode, Soundbite
from clipper.highlights.feed_times import Checked, checked
from clipper.highlights.talk import prepare
from clipper.speech.model import Transcript, Word

from .talks import stories

SUBJECTS = (
    "Volcanoes of Iceland", "Counting whales", "Bread in Lisbon", "Tuning pianos", "Lighthouse keepers", "Paper money",
    "Beekeeping monks", "Copper roofs", "Sleeping dolphins", "Forgotten alphabets", "Glass marbles", "Winter ferries",
)  # fmt: skip
EACH = 150.0  # seconds about one subject
WORD = 0.5


def episode(**fields: object) -> Episode:
    """The page: a chapter a subject, as timed on the recording without advertisements."""
    chapters = tuple(Chapter(start=i * EACH, title=s) for i, s in enumerate(SUBJECTS))
    return Episode.model_validate({"chapters": chapters, **fields})


def heard(*ads: tuple[float, float]) -> Transcript:
    """The talk with advertisements of so many seconds put in at (seconds of the recording without them)."""
    texts: list[tuple[float, str]] = []
    filler = stories(2000, seed=3).split()
    chance = random.Random(5)
    for number, subject in enumerate(SUBJECTS):
        words = [filler.pop() for _ in range(int(EACH / WORD))]
        for k in (2, 40, 90):  # the subject is named at its start, and again
            words[k : k + len(subject.split())] = subject.lower().split()
        texts += [(number * EACH + i * WORD, w) for i, w in enumerate(words[: int(EACH / WORD)])]
    out: list[Word] = []
    for start, text in texts:
        late = sum(seconds for where, seconds in ads if start >= where)
        out.append(Word(text=text, start=start + late, end=start + late + WORD))
    for where, seconds in ads:
        begin = where + sum(s for w, s in ads if w < where)
        jingle = [chance.choice(("buy", "now", "socks", "warm", "offer")) for _ in range(int(seconds / WORD))]
        out += [Word(text=w, start=begin + i * WORD, end=begin + (i + 1) * WORD) for i, w in enumerate(jingle)]
    out.sort(key=lambda w: w.start)
    return Transcript(language="en", duration=out[-1].end, words=tuple(out))


def times(page: Episode, *ads: tuple[float, float]) -> Checked:
    return checked(prepare(heard(*ads), page))


def test_marks_that_fit_stay_where_they_are() -> None:
    told = times(episode())
    assert told.note == ""
    assert told.pieces == ()
    assert list(told.chapters) == [i * EACH for i in range(len(SUBJECTS))]


def test_an_advertisement_at_the_start_moves_all_marks() -> None:
    told = times(episode(), (0.0, 60.0))
    assert list(told.chapters) == pytest.approx([i * EACH + 60 for i in range(len(SUBJECTS))], abs=10)
    assert "too early" in told.note


def test_an_advertisement_in_the_middle_moves_only_what_follows() -> None:
    bite = Soundbite(start=7 * EACH + 20, duration=30.0, title="Copper roofs")
    told = times(episode(soundbites=(bite,)), (5 * EACH, 75.0))
    right = [i * EACH + (75 if i >= 5 else 0) for i in range(len(SUBJECTS))]
    assert list(told.chapters) == pytest.approx(right, abs=10)
    assert told.soundbites[0].start == pytest.approx(bite.start + 75, abs=10)
    assert told.soundbites[0].seconds == pytest.approx(30.0)
    assert "from 12:30 on" in told.note
    assert told.pieces[0].by == 0.0


def test_two_advertisements_move_by_two_distances() -> None:
    told = times(episode(), (4 * EACH, 60.0), (8 * EACH, 45.0))
    right = [i * EACH + (60 if i >= 4 else 0) + (45 if i >= 8 else 0) for i in range(len(SUBJECTS))]
    assert list(told.chapters) == pytest.approx(right, abs=10)
    assert len([p for p in told.pieces if p.by]) == 2


def test_an_advertisement_that_was_taken_out_again_moves_marks_back() -> None:
    page = episode()
    late = tuple(
        c.model_copy(update={"start": c.start + (90.0 if i >= 6 else 0.0)}) for i, c in enumerate(page.chapters)
    )
    told = times(page.model_copy(update={"chapters": late}))
    assert list(told.chapters) == pytest.approx([i * EACH for i in range(len(SUBJECTS))], abs=10)
    assert "too late" in told.note


def test_two_marks_are_too_few_to_move_anything() -> None:
    page = episode()
    told = times(page.model_copy(update={"chapters": page.chapters[3:5]}), (0.0, 60.0))
    assert list(told.chapters) == [3 * EACH, 4 * EACH]
    assert told.note == ""


def test_a_soundbite_whose_words_nobody_says_is_not_used_and_told() -> None:
    bites = (
        Soundbite(start=300.0, duration=20.0, title="Quantum mortgage regulators everywhere"),
        Soundbite(start=450.0, duration=20.0, title="Tuning pianos"),
        Soundbite(start=600.0, duration=20.0, title=""),
    )
    told = times(episode(soundbites=bites))
    assert [round(b.start) for b in told.soundbites] == [450, 600]
    assert "a soundbite of the feed is not used" in told.note


def test_marks_beyond_the_audio_and_pages_without_marks_are_fine() -> None:
    assert times(Episode()).chapters == ()
    page = Episode(chapters=(Chapter(start=99_999.0, title="Bread in Lisbon"),))
    assert times(page).chapters == ()
