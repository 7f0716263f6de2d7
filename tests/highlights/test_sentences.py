"""Where sentences end: at punctuation that means it, at turns, at pauses;
never inside a name, a number or an address.
"""

from __future__ import annotations

import itertools

import pytest

from clipper.highlights.language import language
from clipper.highlights.sentences import MAX_WORDS, split
from clipper.speech.model import Word


def words(text: str, pauses: dict[int, float] | None = None, speakers: str = "") -> list[Word]:
    """Words of 0.3 s; `pauses` in seconds after the word of that number; `speakers` a letter a word."""
    out, clock = [], 0.0
    for i, said in enumerate(text.split()):
        who = speakers[i] if i < len(speakers) else None
        out.append(Word(text=said, start=clock, end=clock + 0.3, speaker=who))
        clock += 0.3 + (pauses or {}).get(i, 0.0)
    return out


@pytest.mark.parametrize(
    ("code", "text", "count"),
    [
        ("en", "I met Dr. Smith at St. Mary's. She laughed. He did not.", 3),
        ("en", "It costs 3.50 dollars at shop.example.com today. Buy it. Do.", 3),
        ("en", "We moved to the U.S. in May. It was cold. So cold.", 3),
        ("en", "He works at Acme Inc. They make bells. All day.", 3),
        ("en", "J. R. R. Tolkien wrote it. I read it. Twice.", 3),
        ("en", "Really? Yes! I swear.", 3),
        ("en", 'She said "No." Then she left. We stayed.', 3),
        ("en", "I was like... well, you know. It worked. In the end.", 3),
        ("de", "Am 3. Mai kam der Brief. Er war kurz. Sehr kurz.", 3),
        ("de", "Das kostet z. B. zehn Euro. Mehr nicht. Wirklich.", 3),
        ("de", "Ich war im 2. Stock. Dort stand Prof. Meier. Er sang.", 3),
        ("es", "El Sr. García vino ayer. ¿Qué dijo? Nada.", 3),
        ("fr", "M. Dupont est venu. Il a ri. Nous aussi.", 3),
    ],
)
def test_a_full_stop_ends_a_sentence_only_where_it_means_it(code: str, text: str, count: int) -> None:
    found = split(words(text), language(code))
    assert len(found) == count, [s.text for s in found]


def test_a_stop_that_stands_alone_as_a_word_ends_the_sentence_before_it() -> None:
    found = split(words("OK , so that 's great . We start now . Fine ."), language("en"))
    assert [s.text[-1] for s in found] == [".", ".", "."]


def test_another_voice_ends_a_sentence() -> None:
    found = split(words("and then we said no way man", speakers="AAAABBB"), language("en"))
    assert [(s.text, s.closes) for s in found] == [("and then we said", "turn"), ("no way man", "pause")]


def test_without_punctuation_pauses_end_sentences() -> None:
    text = "the bell was flat so the town saved up for years and then they called me " * 8
    found = split(words(text, pauses={15 + 16 * k: 0.9 for k in range(7)}), language("en"))
    assert len(found) == 8
    assert {s.closes for s in found} == {"pause"}


def test_a_run_on_is_split_before_a_conjunction() -> None:
    text = " ".join(["word"] * 30 + ["and", "again"] + ["word"] * 28)
    found = split(words(text), language("en"))
    assert found[1].text.startswith("and again")
    assert found[0].closes == "clause"
    assert all(s.last - s.first <= MAX_WORDS for s in found)


def test_no_word_is_lost_or_said_twice() -> None:
    text = "So. we go on and on, Dr. Who said... 1. 2. 3. and www.example.org is. Fine " * 20
    said = words(text)
    found = split(said, language("en"))
    assert [found[0].first, found[-1].last] == [0, len(said)]
    assert all(a.last == b.first for a, b in itertools.pairwise(found))


def test_japanese_sentences_end_at_their_own_full_stop() -> None:
    said = [
        Word(text=c, start=i * 0.2, end=i * 0.2 + 0.2, space=False)
        for i, c in enumerate("今日は晴れです。明日は雨です。")
    ]
    assert [s.text for s in split(said, language("ja"))] == ["今日は晴れです。", "明日は雨です。"]
