"""What a producer meets at the front door of the room: edges, honesty, sameness."""

from __future__ import annotations

import pytest

from clipper.episode.model import Episode
from clipper.errors import InputError
from clipper.highlights.find import find
from clipper.highlights.model import Settings
from clipper.speech.model import Transcript, Word


def said(text: str, language: str = "en", seconds: float = 0.4) -> Transcript:
    words = tuple(Word(text=w, start=i * seconds, end=(i + 1) * seconds) for i, w in enumerate(text.split()))
    return Transcript(language=language, duration=len(words) * seconds, words=words)


def test_no_words_is_told_as_no_speech() -> None:
    with pytest.raises(InputError, match="no speech found"):
        find(Transcript(), Episode(), Settings())


def test_one_word_is_too_short_for_a_clip() -> None:
    with pytest.raises(InputError, match="shorter than the shortest") as error:
        find(said("Hello."), Episode(), Settings())
    assert error.value.mend


def test_a_three_hour_sentence_without_punctuation_is_still_cut_into_candidates() -> None:
    findings = find(
        said("we built the machine and it failed because nobody had asked the people who use it " * 1700), Episode()
    )
    assert findings.sentences[-1].last == 1700 * 16


def test_a_recognisers_loop_is_named_and_not_offered() -> None:
    findings = find(said("Thank you for watching this video. " * 5000), Episode())
    assert not findings.candidates
    assert any("loop" in note for note in findings.notes)


def test_count_zero_gives_no_candidates_but_every_topic() -> None:
    findings = find(
        said("The whale swims far. " * 2 + "Trees grow slowly here. " * 60),
        Episode(topics=("whale", "", "the")),
        Settings(count=0),
    )
    assert not findings.candidates
    assert [m.topic for m in findings.topics] == ["whale", "", "the"]


def test_japanese_does_not_fall_over() -> None:
    words = tuple(
        Word(text=c, start=i * 0.2, end=i * 0.2 + 0.2, space=False)
        for i, c in enumerate("今日は天気がいいですね。機械学習の話をします。" * 40)
    )
    findings = find(Transcript(language="ja", duration=200.0, words=words), Episode(topics=("機械学習",)))
    assert any("no word lists" in note for note in findings.notes)
    assert findings.topics[0].span is not None
