"""What a producer meets at the front door of the room: edges, honesty, sameness."""

from __future__ import annotations

import pytest

from clipper.episode.model import Episode
from clipper.errors import InputError
from clipper.highlights.find import find
from clipper.highlights.model import Settings
from clipper.speech.model import Transcript, Word

from .talks import said, stories


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


JAPANESE = (
    "今日は朝から雨が降っています。傘を忘れて駅まで走りました。電車はいつもより混んでいました。隣の人は新聞を読んでいました。"
    "会社に着くと服がぬれていました。同僚がタオルを貸してくれました。昼には雨がやみました。公園の桜がきれいでした。",
    "機械学習は大きなデータから規則を見つけます。機械学習の模型は例を見て学びます。間違いを少しずつ直します。"
    "画像を見分ける機械学習は病院でも使われます。計算には時間がかかります。機械学習の結果は人が確かめます。",
    "祖母の味噌汁は特別でした。大根を細く切ります。出汁は昆布で取ります。豆腐は最後に入れます。"
    "弱火で温めると香りが残ります。私は毎晩作っています。娘も好きになりました。台所はいつも温かいです。",
)


def test_japanese_does_not_fall_over() -> None:
    text = JAPANESE[0] * 2 + JAPANESE[1] * 2 + JAPANESE[2] * 2
    words = tuple(Word(text=c, start=i * 0.2, end=i * 0.2 + 0.2, space=False) for i, c in enumerate(text))
    findings = find(Transcript(language="ja", duration=len(words) * 0.2, words=words), Episode(topics=("機械学習",)))
    assert any("no word lists" in note for note in findings.notes)
    assert findings.topics[0].span is not None
    middle = (findings.topics[0].span.start + findings.topics[0].span.end) / 2
    assert text.index("機械学習") * 0.2 <= middle <= text.rindex("機械学習") * 0.2
    assert findings.candidates


def test_bullets_of_every_bad_kind_get_their_row() -> None:
    long = "kettle " * 2000
    bullets = ("the and of", "", "   ", long, "The kettle", "The kettle", "😀", "-" * 50)
    findings = find(said(stories(200)), Episode(topics=bullets))
    assert [m.topic for m in findings.topics] == list(bullets)
    assert [m.span for m in findings.topics[:3]] == [None, None, None]
    assert findings.topics[4] == findings.topics[5]


def test_two_hundred_bullets_are_answered() -> None:
    bullets = tuple(f"How bridge {i} was sold to the sailor" for i in range(200))
    findings = find(said(stories(300)), Episode(topics=bullets))
    assert len(findings.topics) == 200


def test_the_same_input_gives_the_same_list() -> None:
    talk, episode = said(stories(300)), Episode(title="The kettle and the bridge", topics=("The lamp", "A garden"))
    assert find(talk, episode) == find(talk, episode)


def test_an_empty_page_is_enough() -> None:
    findings = find(said(stories(200)), Episode())
    assert len(findings.candidates) >= 3
    assert findings.topics == ()


def test_an_unknown_language_carries_on_and_says_so() -> None:
    findings = find(said(stories(200), language="xx"), Episode(title="The kettle"))
    assert findings.candidates
    assert any("no word lists" in note for note in findings.notes)


def test_when_no_run_fits_the_band_it_is_told() -> None:
    findings = find(said(stories(30)), Episode(), Settings(shortest=60.0, longest=60.1))
    if not findings.candidates:
        assert any("widen" in note for note in findings.notes)
    assert all(c.span.seconds + 0.2 >= 60.0 and c.span.seconds <= 61.2 for c in findings.candidates)


def test_loops_amid_talk_are_left_out() -> None:
    findings = find(said(stories(120) + " Thank you very much my friends." * 30 + " " + stories(120, 9)), Episode())
    assert any("loop" in note for note in findings.notes)
    assert all("Thank you very much my friends" not in c.text for c in findings.candidates)
