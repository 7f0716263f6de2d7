"""A given transcript on sound with other advertisements than the one it was made from: real speech, real recogniser.

The sound is the first three minutes of the sample; its transcript is what was really said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from clipper.errors import UsageError
from clipper.sound.decode import RATE as FINE_RATE
from clipper.sound.decode import decode_window
from clipper.span import Span
from clipper.speech.audio import blocks
from clipper.speech.engines.base import RATE
from clipper.speech.model import Transcript, Word
from clipper.speech.offsets import Given, Said, said
from clipper.speech.probe import MOST, Checked, check_times
from tests.speech.conftest import SAMPLE, write_wav

LENGTH = 180.0
NEAR = 0.5  # seconds by which a word may be off after it was moved


@pytest.fixture(scope="module")
def sound(episode: Path) -> np.ndarray:
    """The sample's first three minutes at 16 kHz, int16."""
    return np.concatenate(list(blocks(episode)))[: int(LENGTH * RATE)]


@pytest.fixture(scope="module")
def truth() -> Transcript:
    rows = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["words"]
    words = tuple(Word(text=w[0], start=w[1], end=w[2], speaker=w[3]) for w in rows if w[2] < LENGTH)
    return Transcript(language="en", duration=LENGTH, words=words)


@pytest.fixture(scope="module")
def border(truth: Transcript) -> tuple[int, float]:
    """The first word of a sentence near the middle, and the second of the pause before it."""
    words = truth.words
    k = next(i for i, w in enumerate(words) if w.start > 90 and words[i - 1].text.endswith("."))
    return k, (words[k - 1].end + words[k].start) / 2


@pytest.fixture
def check(tmp_path: Path) -> Callable[[Transcript, np.ndarray], Checked]:
    def run(given: Transcript, samples: np.ndarray, model: str = "base") -> Checked:
        audio = write_wav(tmp_path / "episode.wav", samples)
        return check_times(given, audio, source(audio), len(samples) / RATE, offline=True, model=model)

    return run


def source(audio: Path) -> Callable[[Span], tuple[np.ndarray, int]]:
    return lambda span: (decode_window(audio, span), FINE_RATE)


def put_in(sound: np.ndarray, at: float, more: np.ndarray) -> np.ndarray:
    k = round(at * RATE)
    return np.concatenate([sound[:k], more, sound[k:]])


def moved(transcript: Transcript, by: Callable[[int], float]) -> Transcript:
    words = tuple(
        w.model_copy(update={"start": w.start + by(i), "end": w.end + by(i)}) for i, w in enumerate(transcript.words)
    )
    return transcript.model_copy(update={"words": words, "duration": words[-1].end})


def off(found: Transcript, right: Transcript) -> float:
    """The largest distance of a word from where it is said; every word must be there."""
    assert [w.text for w in found.words] == [w.text for w in right.words]
    return max(abs(a.start - b.start) for a, b in zip(found.words, right.words, strict=True))


Check = Callable[..., Checked]


def test_right_times_are_left_alone_and_nothing_is_said(check: Check, truth: Transcript, sound: np.ndarray) -> None:
    told = check(truth, sound)
    assert told.transcript is truth
    assert (told.notes, told.pieces, told.warning) == ((), (), "")


@pytest.mark.parametrize("kind", ["silence", "noise", "speech"])
def test_words_behind_what_was_put_in_are_shifted_to_the_sentence(
    kind: str, check: Check, truth: Transcript, sound: np.ndarray, border: tuple[int, float]
) -> None:
    first, at = border
    size = round(31.2 * RATE)
    more = {
        "silence": np.zeros(size, dtype=np.int16),
        "noise": (np.random.default_rng(1).standard_normal(size) * 2000).astype(np.int16),
        "speech": sound[20 * RATE : 20 * RATE + size],  # the same voices, and words that the transcript has elsewhere
    }[kind]
    told = check(truth, put_in(sound, at, more))
    assert off(told.transcript, moved(truth, lambda i: 31.2 if i >= first else 0.0)) < NEAR
    assert told.transcript.duration == pytest.approx(LENGTH + 31.2)
    (note,) = told.notes
    assert "early from" in note
    assert "(an advertisement, by the look of it): shifted" in note
    assert told.warning == ""


def test_what_was_cut_out_of_the_sound_is_told_and_not_forced(
    check: Check, truth: Transcript, sound: np.ndarray, border: tuple[int, float]
) -> None:
    first, at = border
    words = truth.words
    last = next(i for i, w in enumerate(words) if w.start > at + 20 and words[i - 1].text.endswith((".", "?")))
    until = (words[last - 1].end + words[last].start) / 2
    told = check(truth, np.concatenate([sound[: round(at * RATE)], sound[round(until * RATE) :]]))
    kept = {(w.text, round(w.start, 3)) for w in words[:first]}
    assert kept <= {(w.text, round(w.start, 3)) for w in told.transcript.words}
    behind = told.transcript.words[-(len(words) - last) :]
    assert [w.text for w in behind] == [w.text for w in words[last:]]
    assert max(abs(a.start - (b.start - until + at)) for a, b in zip(behind, words[last:], strict=True)) < NEAR
    left = len(words) - len(told.transcript.words)
    assert abs(left - (last - first)) <= 3
    assert "late from" in told.notes[0]
    assert "the audio does not have what your transcript says" in told.notes[1]
    assert words[last - 1].text in told.notes[1]


def test_a_transcript_that_is_late_all_along_is_shifted_as_a_whole(
    check: Check, truth: Transcript, sound: np.ndarray
) -> None:
    told = check(moved(truth, lambda i: 47.0), sound)
    assert off(told.transcript, truth) < NEAR
    (note,) = told.notes
    assert "s late: shifted" in note
    assert all(word.end <= LENGTH for word in told.transcript.words)


def test_words_of_another_episode_are_left_as_they_are_with_a_warning(check: Check, sound: np.ndarray) -> None:
    text = (Path(__file__).parents[1] / "highlights" / "german_talk.txt").read_text(encoding="utf-8")
    words = tuple(Word(text=t, start=i * 0.4, end=i * 0.4 + 0.35) for i, t in enumerate(text.split()[:440]))
    given = Transcript(language="de", duration=176.0, words=words)
    told = check(given, sound)
    assert told.transcript is given
    assert "is not what is said in this audio" in told.warning
    assert "left as they are" in told.notes[0]


def test_a_second_check_hears_nothing_again(tmp_path: Path, truth: Transcript, sound: np.ndarray) -> None:
    audio = write_wav(tmp_path / "episode.wav", sound)
    first = check_times(truth, audio, source(audio), LENGTH, offline=True)

    def silent(span: Span) -> tuple[np.ndarray, int]:
        raise AssertionError(f"{span} was listened to again")

    assert check_times(truth, audio, silent, LENGTH, offline=True) == first


def test_without_weights_the_transcript_is_used_and_the_note_says_so(
    check: Check, truth: Transcript, sound: np.ndarray
) -> None:
    told = check(truth, sound, model="distil-large-v2")
    assert told.transcript is truth
    assert "not compared with the sound" in told.notes[0]
    with pytest.raises(UsageError):
        check(truth, sound, model="no such model")


def test_few_words_are_not_compared(check: Check, truth: Transcript, sound: np.ndarray) -> None:
    few = truth.model_copy(update={"words": truth.words[:5]})
    assert check(few, sound) == Checked(few)


class TestAnHour:
    """The map alone, over an hour of made words that an ear of paper hears: how many windows it takes."""

    ADS = ((900.0, 31.0), (1800.0, 62.5), (2700.0, 45.0))

    @pytest.fixture
    def words(self) -> tuple[Word, ...]:
        chance = np.random.default_rng(4)
        some = [f"w{n}" for n in (2000 * chance.random(9000) ** 3).astype(int)]
        return tuple(
            Word(text=t + ("." if i % 12 == 11 else ""), start=i * 0.4, end=i * 0.4 + 0.3) for i, t in enumerate(some)
        )

    def test_three_advertisements_are_found_within_what_may_be_heard(self, words: tuple[Word, ...]) -> None:
        from clipper.speech.borders import WINDOW, offset_map, windows

        late = [sum(length for at, length in self.ADS if w.start >= at) for w in words]
        spoken = [
            w.model_copy(update={"start": w.start + by, "end": w.end + by}) for w, by in zip(words, late, strict=True)
        ]
        asked: list[float] = []

        def ear(start: float) -> Said | None:
            asked.append(start)
            return said(w for w in spoken if start <= w.start < start + WINDOW) if len(asked) <= MOST else None

        given = Given(words)
        found = offset_map(given, words, windows(given, spoken[-1].end), ear)
        assert [s.by for s in found.stretches] == pytest.approx([0.0, 31.0, 93.5, 138.5])
        starts = [words[s.first].start for s in found.stretches[1:]]
        assert starts == pytest.approx([at for at, _ in self.ADS], abs=5.0)
        assert (found.missing, found.vague, found.other) == ((), (), ())
        assert len(asked) <= MOST


@pytest.mark.parametrize(
    ("given", "heard"),
    [
        ("and so the Carillon of Bruges", "And so the carillon... of Bruges!"),
        ("don’t you like the Glockenspiel-Turm", "Dont you like the Glockenspielturm"),
        ("今日は鐘の話をします", "今日は鐘の話をします。"),
    ],
)
def test_words_are_compared_by_what_is_said(given: str, heard: str) -> None:
    def talk(text: str, start: float) -> Iterator[Word]:
        for i, part in enumerate(text.split()):
            yield Word(text=part, start=start + i, end=start + i + 1)

    match = Given(tuple(talk(given, 5.0))).at(said(talk(heard, 8.0)), 2.0)
    assert match is not None
    assert match.share == pytest.approx(1.0)
    assert match.by == pytest.approx(3.0, abs=0.3)
