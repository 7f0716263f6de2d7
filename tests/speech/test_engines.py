"""What every recogniser must do, whichever is chosen. A new engine joins by its name in ENGINES."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest

from clipper.errors import MissingError, UsageError
from clipper.speech.engines import ENGINES, open_engine
from clipper.speech.engines.base import HOP, RATE, Engine, Passage, Weights, Window
from clipper.speech.holes import transcribe_whole
from clipper.speech.stretches import windows
from clipper.speech.transcribe import transcribe
from tests.speech.conftest import word_errors


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, weights: Weights) -> Engine:
    return open_engine(request.param, weights)


@pytest.fixture(scope="module")
def floats(speech: np.ndarray) -> np.ndarray:
    return speech.astype(np.float32) / 32768


@pytest.fixture(scope="module")
def heard(engine: Engine, floats: np.ndarray) -> tuple[list[Window], list[Passage], list[int]]:
    spoken = [w for w in windows(floats) if w.first >= 5 * RATE][:2]
    counts: list[int] = []
    return spoken, engine.transcribe(floats, spoken, language="en", heard=counts.append), counts


def text(passages: list[Passage]) -> str:
    return "".join(t.text for p in passages for t in p.tokens)


def test_hears_what_was_said(
    heard: tuple[list[Window], list[Passage], list[int]], said: Callable[[float, float], str]
) -> None:
    spoken, passages, _ = heard
    assert word_errors(said(spoken[0].first / RATE, spoken[-1].last / RATE), text(passages)) < 0.2


def test_gives_a_passage_for_each_window_and_says_so(
    heard: tuple[list[Window], list[Passage], list[int]],
) -> None:
    spoken, passages, counts = heard
    assert len(passages) == len(spoken) == counts[-1]


def test_words_stand_where_they_are_said(
    heard: tuple[list[Window], list[Passage], list[int]], said: Callable[[float, float], str]
) -> None:
    for window, passage in zip(*heard[:2], strict=True):
        starts = [t.start for t in passage.tokens]
        assert starts == sorted(starts)
        assert all(t.start <= t.end and 0 <= t.probability <= 1 for t in passage.tokens)
        assert window.first / RATE - 0.1 <= starts[0]
        assert starts[-1] <= window.last / RATE
    middle = next(t for t in heard[1][0].tokens if "welcome" in t.text.lower())
    assert "welcome" in said(middle.start - 0.4, middle.end + 0.4)


def test_is_sure_of_clear_speech(heard: tuple[list[Window], list[Passage], list[int]]) -> None:
    assert all(p.log_probability > -0.7 and p.no_speech < 0.6 for p in heard[1])


def test_knows_the_language(engine: Engine, floats: np.ndarray) -> None:
    found = engine.languages(floats[8 * RATE : 30 * RATE])
    assert max(found, key=lambda code: found[code]) == "en"
    assert abs(sum(found.values()) - 1) < 0.05


def test_takes_names_as_hints(engine: Engine, floats: np.ndarray, said: Callable[[float, float], str]) -> None:
    window = next(w for w in windows(floats) if w.first >= 5 * RATE)
    hints = ("Aoife Kinsella", "Ben Okafor")
    passages = engine.transcribe(floats, [window], language="en", hints=hints, heard=lambda _: None)
    assert "Okafor" in text(passages)
    assert word_errors(said(window.first / RATE, window.last / RATE), text(passages)) < 0.3


def test_hears_windows_that_begin_at_any_frame(engine: Engine, floats: np.ndarray) -> None:
    # 0.29 * 100 is 28.999999999999996: windows at such frames once lost all their words
    frames = [k for k in range(3000, 4000) if int(k * HOP / RATE * 100) != k][:2]
    assert frames
    for frame in frames:
        window = Window(frame * HOP, frame * HOP + 6 * RATE)
        (passage,) = engine.transcribe(floats, [window], language="en", heard=lambda _: None)
        assert len(passage.tokens) > 5


def test_no_windows_give_nothing(engine: Engine, floats: np.ndarray) -> None:
    assert engine.transcribe(floats, [], language="en", heard=lambda _: None) == []


def test_all_engines_hear_the_same_words_with_the_same_weights(piece: Path) -> None:
    first, *others = [transcribe(piece, engine=name, language="en") for name in ENGINES]
    assert len(first.words) > 30
    for other in others:
        assert word_errors(first.text(), other.text()) < 0.1
        pairs = SequenceMatcher(a=[w.text for w in first.words], b=[w.text for w in other.words], autojunk=False)
        apart = [
            abs(first.words[i + k].start - other.words[j + k].start)
            for i, j, size in pairs.get_matching_blocks()
            for k in range(size)
        ]
        assert sorted(apart)[len(apart) * 9 // 10] < 0.2


def test_a_misspelt_engine_is_told_with_those_there_are(piece: Path) -> None:
    with pytest.raises(UsageError, match="fast-whisper") as error:
        transcribe(piece, engine="fast-whisper")
    assert all(name in error.value.mend for name in ENGINES)


@pytest.mark.parametrize("name", ENGINES)
def test_weights_that_an_engine_cannot_load_are_missing(name: str, weights: Weights, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no weights")
    with pytest.raises(MissingError, match="cannot be"):
        open_engine(name, replace(weights, folder=tmp_path, digest="0" * 64))


def test_a_damaged_converted_checkpoint_is_removed_and_made_anew(weights: Weights, kept: Path) -> None:
    open_engine("openai-whisper", weights)
    (path,) = (kept / "checkpoints").glob(f"{weights.digest[:32]}*")
    whole = path.read_bytes()
    path.write_bytes(whole[:100_000])
    open_engine("openai-whisper", weights)
    assert path.stat().st_size == len(whole)


class Forgetful:
    """The real engine, which the first time leaves out the first half of every window, as Whisper sometimes does."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.calls = engine, 0

    def languages(self, samples: np.ndarray) -> dict[str, float]:
        return self.engine.languages(samples)

    def transcribe(
        self,
        samples: np.ndarray,
        windows: Sequence[Window],
        *,
        language: str,
        hints: tuple[str, ...] = (),
        heard: Callable[[int], None],
    ) -> list[Passage]:
        found = self.engine.transcribe(samples, windows, language=language, hints=hints, heard=heard)
        self.calls += 1
        return [replace(p, tokens=p.tokens[len(p.tokens) // 2 :]) for p in found] if self.calls == 1 else found


def test_sentences_that_were_left_out_are_heard_again(weights: Weights, floats: np.ndarray) -> None:
    engine = open_engine("faster-whisper", weights)
    spoken = [w for w in windows(floats) if w.first >= 5 * RATE][:1]
    want = text(engine.transcribe(floats, spoken, language="en", heard=lambda _: None))
    got = transcribe_whole(Forgetful(engine), floats, spoken, language="en", hints=(), heard=lambda _: None)
    assert word_errors(want, text(got)) < 0.15
    starts = [t.start for t in got[0].tokens]
    assert starts == sorted(starts)


def test_a_hole_with_music_in_it_stays_empty(weights: Weights) -> None:
    engine = open_engine("faster-whisper", weights)
    rng = np.random.default_rng(2)
    t = np.arange(12 * RATE) / RATE
    hum = (np.sin(2 * np.pi * 220 * t) + np.sin(2 * np.pi * 330 * t) + rng.normal(size=t.size) * 0.1) * 0.2
    got = transcribe_whole(
        engine, hum.astype(np.float32), [Window(0, t.size)], language="en", hints=(), heard=lambda _: None
    )
    assert len(got[0].tokens) < 12
