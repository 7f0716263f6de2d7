"""A voice from an earlier episode is known by its name, if it is sure, and a stranger's is not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from clipper.speech.acquaintances import packed, recognised, together, unpacked, voice_of
from clipper.speech.audio import blocks
from clipper.speech.engines.base import RATE
from clipper.speech.introductions import speakers_named
from clipper.speech.model import Word
from clipper.speech.speakers import who_speaks
from clipper.speech.voices import Voices, voices_in
from tests.speech.conftest import SAMPLE

TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
NAMES = {"HOST": "Ben Okafor", "GUEST": "Aoife Kinsella"}


@pytest.fixture(scope="module")
def sound(episode: Path) -> np.ndarray:
    """The sample's first 110 s."""
    pieces, size = [], 0
    for block in blocks(episode):
        pieces.append(block)
        if (size := size + len(block)) >= 110 * RATE:
            break
    return np.concatenate(pieces)


def part(first: float, last: float, sound: np.ndarray) -> tuple[list[Word], Voices]:
    """The sample's words between two seconds, said by whom the script says, and their voices."""
    words = [
        Word(text=w[0], start=w[1], end=max(w[1], w[2]), speaker=w[3])
        for w in TRUTH["words"]
        if first <= w[1] and w[2] < last
    ]
    return words, voices_in(words, sound.astype(np.float32) / 32768, 0.0, 0)


def test_people_of_an_earlier_episode_are_known_again(sound: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    from clipper.speech import acquaintances

    rules = acquaintances.limits()
    few = rules.model_copy(update={"speakers": rules.speakers.model_copy(update={"known_seconds": 5.0})})
    monkeypatch.setattr(acquaintances, "limits", lambda: few)
    words, voices = part(0, 55, sound)
    known = {}
    for who, name in NAMES.items():
        found = voice_of(words, voices, who)
        assert found is not None
        assert found[1] > 5
        kept = unpacked(packed(found[0]))
        assert kept is not None
        known[name] = kept
    later, voices = part(55, 110, sound)
    turns = who_speaks([w.model_copy(update={"speaker": None}) for w in later], voices)
    names = recognised(turns.voices, known)
    assert set(names.values()) == set(NAMES.values())
    right = [names[who or ""] == NAMES[word.speaker or ""] for who, word in zip(turns.ids, later, strict=True)]
    assert np.mean(right) > 0.95
    ben = {"Ben Okafor": known["Ben Okafor"]}
    (guest,) = [who for who, name in names.items() if name == "Aoife Kinsella"]
    assert recognised({guest: turns.voices[guest]}, ben) == {}, "a stranger is not called by the only name there is"


def test_a_few_seconds_are_no_acquaintance(sound: np.ndarray) -> None:
    words, voices = part(0, 34, sound)
    assert all(voice_of(words, voices, who) is None for who in NAMES)


def unit(*values: float) -> np.ndarray:
    out = np.zeros(256, np.float32)
    out[: len(values)] = values
    return out / np.linalg.norm(out)


def test_between_two_that_are_alike_nobody_is_named() -> None:
    known = {"Ann": unit(1), "Beth": unit(1, 0.3)}
    assert recognised({"S1": unit(1, 0.15)}, known) == {}
    assert recognised({"S1": unit(1)}, {"Ann": unit(1), "Carl": unit(0, 1)}) == {"S1": "Ann"}
    assert recognised({"S1": unit(1), "S2": unit(1, 0.2)}, {"Ann": unit(1)}) == {}, "two of the episode's may be she"
    assert together([(unit(1), 30.0), (unit(0, 1), 30.0)]) is None
    assert unpacked("no base64 !") is None
    assert unpacked(packed(unit(1))[:40]) is None


def test_what_is_said_in_the_episode_goes_before_a_voice() -> None:
    words = [
        Word(text=t, start=i, end=i + 0.4, speaker="S1") for i, t in enumerate(["Hello,", "I'm", "Ben", "Okafor."])
    ]
    words += [Word(text=t, start=9 + i, end=9.4 + i, speaker="S2") for i, t in enumerate(["Good", "morning."])]
    found = speakers_named(words, ("Ben Okafor",), (), "en", None, {"S1": "Mara Lind", "S2": "Ida Moss"})
    assert found == {"S1": "Ben Okafor", "S2": "Ida Moss"}
