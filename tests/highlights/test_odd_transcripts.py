"""What recognisers hand over on bad days: no punctuation, loops, lyrics, doubtful stretches, no spaces."""

from __future__ import annotations

import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find
from clipper.highlights.model import Settings
from clipper.speech.model import Transcript, Word

from .talks import TALK, said, stories

CHINESE = (
    "今天早上下了很大的雨。我忘了带伞就跑到车站。电车比平时更拥挤。旁边的人在看报纸。到公司的时候衣服都湿了。同事借给我一条毛巾。"
    "机器学习从大量数据里找出规律。模型通过例子慢慢改正错误。医院也用它来看图像。计算需要很长时间。结果必须由人来确认。"
    "奶奶做的面条很特别。她把萝卜切得很细。豆腐最后才放进锅里。小火加热香味就留下来。我每天晚上都做。女儿也喜欢上了这个味道。"
)


def test_chinese_in_words_without_spaces_does_not_fall_over() -> None:
    words, clock = [], 0.0
    for i in range(0, len(CHINESE * 3), 2):
        pair = (CHINESE * 3)[i : i + 2]
        words.append(Word(text=pair, start=clock, end=clock + 0.4, space=False))
        clock += 0.4
    page = Episode(topics=("机器学习",), title="奶奶的面条")
    talk = Transcript(language="zh", duration=clock, words=tuple(words))
    findings = find(talk, page, Settings(shortest=8, longest=30))
    assert any("no word lists" in note for note in findings.notes)
    assert all(len(c.title) <= 60 for c in findings.candidates)


@pytest.mark.parametrize("phrase", ["and then we go on ", "thank you ", "so we have to look at the bell tower again "])
def test_a_loop_without_punctuation_is_named_and_not_offered(phrase: str) -> None:
    words = phrase.split() * 3000
    findings = find(said(" ".join(words)), Episode())
    assert not findings.candidates, findings.candidates[0].text
    assert any("loop" in note for note in findings.notes)


def test_a_loop_amid_talk_without_punctuation_is_left_out() -> None:
    talk = stories(60).lower().replace(".", "")
    loop = "i will see you in the next one " * 60
    findings = find(said(f"{talk} {loop} {stories(60, 9).lower().replace('.', '')}"), Episode())
    assert all(c.text.count("see you in the next one") < 3 for c in findings.candidates)


def test_lyrics_are_not_offered() -> None:
    song = "♪ Oh my bell, my golden bell ♪ ♪ ring it down the river ♪ " * 6
    findings = find(said(f"{stories(60)} {song} {stories(60, 9)}"), Episode())
    assert findings.candidates
    assert all("♪" not in c.text for c in findings.candidates)


def test_a_doubtful_stretch_is_told_wherever_it_is_offered() -> None:
    talk = said(stories(150))
    half = len(talk.words) // 2
    words = tuple(w.model_copy(update={"confidence": 0.1 if i < half else 0.95}) for i, w in enumerate(talk.words))
    findings = find(talk.model_copy(update={"words": words}), Episode())
    assert findings.candidates
    for one in findings.candidates:
        doubtful = findings.sentences[one.first].first < half
        assert any("not sure" in w for w in one.warnings) == doubtful


def test_one_sentence_of_three_hours_gives_no_candidate_that_is_torn_from_it() -> None:
    text = "we carried the bell up the hill where it rang for the harvest of the valley " * 1600
    findings = find(said(text), Episode())
    assert all(c.opens.startswith("opens clean") and c.ends.startswith("ends clean") for c in findings.candidates)


def test_without_a_full_stop_anywhere_the_mend_is_told() -> None:
    findings = find(said((TALK * 30).lower().replace(".", "")), Episode())
    if not findings.candidates:
        assert any("full stops" in note for note in findings.notes)


def test_one_word_a_minute_is_no_clip() -> None:
    words = tuple(Word(text="Bell.", start=60.0 * i, end=60.0 * i + 0.5) for i in range(90))
    findings = find(Transcript(language="en", duration=5400.0, words=words), Episode())
    assert not findings.candidates
    assert findings.notes
