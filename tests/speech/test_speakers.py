"""Who speaks when, and what they are called."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from clipper.speech import voices as module
from clipper.speech.engines.base import RATE
from clipper.speech.introductions import speakers_named
from clipper.speech.model import Word
from clipper.speech.speakers import who_speaks
from clipper.speech.voices import Voices, units, voices_in, voices_of
from tests.speech.conftest import SAMPLE, write_wav

TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


def talk(*turns: str) -> list[Word]:
    """ "S1: hello there" as words, half a second each, with a pause between turns."""
    words, at = [], 0.0
    for turn in turns:
        who, text = turn.split(": ", 1)
        for part in text.split():
            words.append(Word(text=part, start=at, end=at + 0.4, speaker=who))
            at += 0.5
        at += 0.5
    return words


@pytest.fixture(scope="module")
def minute() -> list[Word]:
    """The sample's first minute as it is spoken, without speakers."""
    return [Word(text=w[0], start=w[1], end=max(w[1], w[2])) for w in TRUTH["words"] if w[2] < 60]


@pytest.fixture(scope="module")
def voices(minute: list[Word], speech: np.ndarray) -> Voices:
    return voices_in(minute, speech.astype(np.float32) / 32768, 0.0, 0)


def test_two_people_are_told_apart_by_their_voices(minute: list[Word], voices: Voices) -> None:
    turns = who_speaks(minute, voices)
    names = {"S1": "HOST", "S2": "GUEST"}
    right = [names.get(who or "") == w[3] for who, w in zip(turns.ids, TRUTH["words"], strict=False)]
    assert set(turns.ids) == {"S1", "S2"}
    assert np.mean(right) > 0.97


def test_one_voice_is_one_speaker(minute: list[Word], voices: Voices) -> None:
    host = [i for i, (a, b) in enumerate(units(minute)) if TRUTH["words"][a][3] == "HOST"]
    alone = Voices(np.arange(len(host)) * 5, voices.prints[host])
    assert set(who_speaks(minute[: len(host) * 5], alone).ids) == {"S1"}


def test_the_voices_are_the_same_whether_taken_at_once_or_in_stretches(
    minute: list[Word], speech: np.ndarray, voices: Voices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audio = write_wav(tmp_path / "minute.wav", speech)
    shipped = module.limits()
    short = shipped.model_copy(update={"stretch": shipped.stretch.model_copy(update={"seconds": 20.0})})
    monkeypatch.setattr(module, "limits", lambda: short)
    found = voices_of(audio, minute)
    assert np.isin(voices.firsts, found.firsts).mean() > 0.9
    assert who_speaks(minute, found).ids == who_speaks(minute, voices).ids
    monkeypatch.setattr(module, "voices_in", None)  # a second time nothing is worked out
    assert len(voices_of(audio, minute).firsts) == len(found.firsts)


def test_nothing_of_a_silent_second_breaks_it() -> None:
    words = [Word(text="Hm.", start=0.2, end=0.3)]
    assert who_speaks(words, voices_in(words, np.zeros(RATE * 2, np.float32), 0.0, 0)).ids == ("S1",)


@pytest.mark.parametrize(
    ("turns", "names"),
    [
        (("S1: Hello, I'm Ben Okafor.", "S2: Hi there."), {"S1": "Ben Okafor", "S2": "Aoife Kinsella"}),
        (
            ("S1: My guest today is Aoife Kinsella.", "S2: Thanks for having me.", "S1: Right."),
            {"S1": "Ben Okafor", "S2": "Aoife Kinsella"},
        ),
        # spoken of, not introduced: nobody is called anything
        (("S1: I read Aoife Kinsella last year.", "S2: Me too."), {"S1": "Speaker 1", "S2": "Speaker 2"}),
        # both say they are Ben: nobody is believed
        (("S1: I'm Ben Okafor.", "S2: No, I'm Ben Okafor."), {"S1": "Speaker 1", "S2": "Speaker 2"}),
        # three voices, two names: the third is nobody
        (
            ("S1: I'm Ben Okafor.", "S2: I'm Aoife Kinsella.", "S3: And now a word about socks, friends."),
            {"S1": "Ben Okafor", "S2": "Aoife Kinsella", "S3": "Speaker 3"},
        ),
    ],
)
def test_speakers_are_called_by_who_introduces_whom(turns: tuple[str, ...], names: dict[str, str]) -> None:
    assert speakers_named(talk(*turns), ("Ben Okafor",), ("Aoife Kinsella",), "en") == names


def test_the_show_s_own_names_stand_where_the_page_has_none() -> None:
    found = speakers_named(talk("S1: Good morning.", "S2: Morning."), (), (), "en", {"Speaker 1": "Mara"})
    assert found == {"S1": "Mara", "S2": "Speaker 2"}
