"""Word edges on real speech: they lie where the sound has them, in order, whatever lies before."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from clipper.speech.edges import refined
from clipper.speech.engines.base import RATE
from clipper.speech.hearing import FRAME, listen
from clipper.speech.model import Transcript, Word
from clipper.speech.repairs import loop, repaired
from clipper.speech.transcribe import transcribe
from tests.speech.conftest import SAMPLE, plain, write_wav

FROM, UNTIL = 30, 48  # seconds of the sample that `piece` holds


@pytest.fixture(scope="module")
def heard(piece: Path) -> Transcript:
    return transcribe(piece, language="en", offline=True)


def exact() -> list[tuple[str, float]]:
    """Words that follow a silence, and when they begin, in seconds of `piece`."""
    rows = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["words"]
    return [(w[0], w[1] - FROM) for w in rows if w[4] and FROM <= w[1] < UNTIL - 1]


def test_words_after_a_silence_begin_when_they_are_said(heard: Transcript) -> None:
    apart = []
    for text, start in exact():
        same = [w for w in heard.words if plain(w.text) == plain(text)]
        if same and abs(near := min((w.start - start for w in same), key=abs)) < 0.4:
            apart.append(near)
    assert len(apart) >= 6
    assert np.median(np.abs(apart)) <= 0.02
    assert np.mean(np.abs(apart) <= 0.1) >= 0.8
    assert min(apart) > -0.12  # never lit much too early


def test_words_stay_in_order_and_end_before_the_silence(heard: Transcript, speech: np.ndarray) -> None:
    for one, other in pairwise(heard.words):
        assert one.start <= one.end <= other.start
    sound = listen(speech[FROM * RATE : UNTIL * RATE].astype(np.float32) / 32768)
    loud = [sound.speech[round(w.start / FRAME) : round(w.end / FRAME)].mean() for w in heard.words if w.end > w.start]
    assert np.mean(loud) > 0.9


def test_a_long_silence_shifts_nothing(heard: Transcript, speech: np.ndarray, tmp_path: Path) -> None:
    """Twelve seconds of a quiet room before the talk, and the words are twelve seconds later, to the hundredth."""
    room = np.random.default_rng(5).normal(size=12 * RATE) * 3
    later = transcribe(
        write_wav(tmp_path / "later.wav", np.concatenate([room, speech[FROM * RATE : UNTIL * RATE]])), language="en"
    )
    pairs = [(a, b) for a in heard.words for b in later.words if a.text == b.text and abs(b.start - a.start - 12) < 0.5]
    assert len(pairs) > 0.8 * len(heard.words)
    assert np.percentile([abs(b.start - a.start - 12) for a, b in pairs], 90) < 0.03


def tone(*spans: tuple[float, float], seconds: float = 4.0) -> np.ndarray:
    """A hum at these times, and a very quiet room."""
    t = np.arange(int(seconds * RATE)) / RATE
    out = np.random.default_rng(2).normal(size=len(t)) * 1e-4
    for start, end in spans:
        inside = (t >= start) & (t < end)
        out[inside] += 0.2 * np.sin(2 * np.pi * 180 * t[inside]) * np.sin(2 * np.pi * 5 * t[inside])
    return out.astype(np.float32)


def word(text: str, start: float, end: float, confidence: float = 0.9) -> Word:
    return Word(text=text, start=start, end=end, confidence=confidence)


def test_a_pause_within_a_word_lies_before_it() -> None:
    sound = listen(tone((0.5, 1.0), (2.0, 2.4)))
    first, second = refined([word("hello", 0.4, 0.9), word("again", 0.9, 2.4)], sound, 0.0)
    assert (first.start, first.end) == (pytest.approx(0.5, abs=0.03), pytest.approx(1.0, abs=0.03))
    assert second.start == pytest.approx(2.0, abs=0.03)


def test_a_word_in_silence_goes_unless_the_recogniser_is_sure() -> None:
    sound = listen(tone((0.5, 1.0)))
    said = [word("hello", 0.5, 1.0), word("Thank", 2.5, 2.8, 0.2), word("you", 2.8, 3.0, 0.95)]
    kept = repaired(said, sound, 0.0)
    assert [(w.text, w.confidence) for w in kept] == [("hello", 0.9), ("you", 0.0)]


def test_what_is_written_twice_and_said_once_is_there_once() -> None:
    sound = listen(tone((0.2, 3.8)))
    texts = ["I", "made", "it", "up", "I", "made", "it", "up"]
    twice = [word(t, 0.3 * i, 0.3 * i + 0.3) for i, t in enumerate(texts)]
    assert repaired(twice, sound, 0.0) == twice  # said twice
    once = [*twice[:4], *(word(t, 1.2 + 0.02 * i, 1.22 + 0.02 * i) for i, t in enumerate(texts[4:]))]
    assert repaired(once, sound, 0.0) == twice[:4]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("you know " * 20, 4),
        ("Okay. " + "I'm going to do it. " * 9, 11),
        ("no no no no no he said", None),
        ("it is what it is and that is that and so on and so on to the end of it all", None),
    ],
)
def test_a_circle_is_cut_and_a_repetition_is_not(text: str, kept: int | None) -> None:
    assert loop(text.split()) == kept


def test_what_nobody_wrote_down_may_be_said_between_two_words() -> None:
    """Somebody else talks from 1.0 s on; the recogniser gives the next word all of that time, and ends it right."""
    sound = listen(tone((0.5, 3.6)))
    said = [word("hello", 0.45, 0.8), word("man", 0.8, 1.0), word("than", 1.0, 3.0), word("not", 3.0, 3.25)]
    found = refined([*said, word("you", 3.25, 3.5)], sound, 0.0)
    assert [w.start for w in found if w.text != "than"] == pytest.approx([0.5, 0.83, 3.03, 3.28], abs=0.06)
    assert found[1].end < 1.5
    assert found[2].start > 2.5
