"""What was refused or used before is not offered again, however the recogniser spells it and wherever it lies now."""

from __future__ import annotations

import random

import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find
from clipper.highlights.known import Passage, WordIndex
from clipper.highlights.model import Settings
from clipper.speech.model import Transcript, Word

from .talks import said

SMALL = ("the", "a", "of", "to", "and", "in", "that", "it", "is", "was", "we", "you", "they", "for", "on", "with", "as")


def talked(sentences: int, seed: int) -> str:
    """Sentences with small words and rare ones in about the shares of real talk."""
    chance = random.Random(seed)
    large = ["".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(3)) for _ in range(900)]
    out = []
    for _ in range(sentences):
        words = [chance.choice(SMALL) if chance.random() < 0.5 else chance.choice(large) for _ in range(11)]
        out.append(" ".join(["Every", chance.choice(large), *words]) + ".")
    return " ".join(out)


TALK = talked(300, seed=7)
WORDS = TALK.split()


def misheard(words: list[str], share: float, seed: int = 1) -> list[str]:
    """The words as another recogniser may write them: some others, some missing, some more."""
    chance = random.Random(seed)
    out: list[str] = []
    for word in words:
        dice = chance.random() / share if share else 1.0
        if dice < 0.6:
            out.append(chance.choice(WORDS))
        elif dice < 0.8:
            continue
        elif dice < 1.0:
            out += [word, "um"]
        else:
            out.append(word.upper().replace(".", "!"))
    return out


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25])
@pytest.mark.parametrize("many", [40, 120])
def test_a_passage_is_found_again_by_most_of_its_words(share: float, many: int) -> None:
    index = WordIndex(WORDS)
    for first in (0, 700, 1500):
        places = index.places(" ".join(misheard(WORDS[first : first + many], share, seed=first)))
        assert places
        assert abs(places[0].first - first) <= 0.15 * many + 2
        assert abs(places[0].last - first - many) <= 0.15 * many + 2


def test_what_was_never_said_is_found_nowhere_though_its_phrases_are_common() -> None:
    words = WORDS[400:520]
    random.Random(2).shuffle(words)
    assert WordIndex(WORDS).places(" ".join(words)) == []
    assert WordIndex(WORDS).places(talked(10, seed=99)) == []
    assert WordIndex(WORDS).places("it is what they had") == []
    assert WordIndex(WORDS).places("") == []
    assert WordIndex([]).places(TALK[:500]) == []


def test_a_refused_clip_is_not_offered_again_and_the_note_says_why() -> None:
    talk = said(TALK)
    first = find(talk, Episode(), Settings(count=3))
    refused = first.candidates[0]
    again = find(talk, Episode(), Settings(count=3), known=[Passage(refused.text, "you left it out (c1)")])
    assert len(again.candidates) == 3
    for c in again.candidates:
        assert c.span.overlap(refused.span) <= 0.5 * min(c.span.seconds, refused.span.seconds)
    assert [n for n in again.notes if "not offered again" in n and "you left it out (c1)" in n]
    assert not any("not offered again" in n for n in first.notes)


def test_a_reuploaded_episode_with_another_advertisement_and_another_recogniser_is_recognised() -> None:
    first = find(said(TALK), Episode(), Settings(count=1)).candidates[0]
    heard = misheard(WORDS, 0.12, seed=8)
    later = said(" ".join(["Buy warm socks now."] * 60 + heard).replace("!", ".").capitalize())
    again = find(later, Episode(), Settings(count=8), known=[Passage(first.text, "refused")])
    wanted = {w.strip(".").lower() for w in first.text.split()}
    start = 240 + TALK[: TALK.index(first.text[:60])].count(" ") * len(heard) / len(WORDS)
    place = (start * 0.4, (start + len(first.text.split())) * 0.4)
    for c in again.candidates:
        middle = (c.span.start + c.span.end) / 2
        assert not place[0] < middle < place[1], (c.text, wanted)
    assert any("not offered again: refused" in n for n in again.notes)


def test_a_passage_of_another_episode_changes_nothing() -> None:
    talk = said(TALK)
    other = "Nobody told the committee that our submarine had already left its dock. " * 3
    assert find(talk, Episode(), known=[Passage(other, "elsewhere")]) == find(talk, Episode())


def test_all_refused_leaves_nothing_and_says_so() -> None:
    findings = find(said(TALK), Episode(topics=("The kettle",)), known=[Passage(TALK, "all of it is a clip already")])
    assert findings.candidates == ()
    assert any("all of it is a clip already" in n for n in findings.notes)


def test_japanese_is_compared_by_its_characters() -> None:
    text = "祖母の味噌汁は特別でした。大根を細く切ります。出汁は昆布で取ります。豆腐は最後に入れます。"
    before = "今日は朝から雨が降っています。傘を忘れて駅まで走りました。電車はいつもより混んでいました。"
    words = tuple(Word(text=c, start=i * 0.2, end=i * 0.2 + 0.2, space=False) for i, c in enumerate(before + text))
    index = WordIndex([w.text for w in Transcript(words=words).words])
    place = index.places(text.replace("大根", "人参"))[0]
    assert abs(place.first - len(before)) <= 3
    assert index.places("機械学習は大きなデータから規則を見つけます。") == []
