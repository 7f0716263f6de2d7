"""Every finished clip is as loud as the last one, measured on the AAC that people hear."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clipper.errors import UsageError
from clipper.export.quality import quality
from clipper.sound.decode import RATE, Samples
from clipper.sound.loudness import Finished, Loudness, finish, goal_of, measure, measure_file, targets
from clipper.sound.make import make
from clipper.sound.recipe import Recipe
from clipper.span import Span

from .conftest import ffmpeg, lag

Writer = Callable[..., Path]


@pytest.fixture
def heard(wav: Writer) -> Callable[[Finished], Loudness]:
    """Loudness after AAC at the export's own bit rate."""

    def listen(finished: Finished) -> Loudness:
        return measure_file(wav(finished.samples, "heard.m4a", "-c:a", "aac", "-b:a", targets().aac_bitrate))

    return listen


def assert_on_target(loud: Loudness) -> None:
    goal = targets()
    assert abs(loud.integrated - goal.integrated) <= goal.tolerance, loud
    assert loud.true_peak <= goal.true_peak, loud


def test_the_overshoot_is_tried_at_the_bit_rate_of_the_export() -> None:
    assert targets().aac_bitrate == quality("good").audio_bitrate


@pytest.mark.parametrize("peak", [-40.0, -20.0, -6.0, 6.0])
def test_a_voice_of_any_level_comes_out_the_same(peak: float, voice: Samples, heard: Callable[..., Loudness]) -> None:
    done = finish(voice * np.float32(10 ** (peak / 20)))
    assert done.note == ""
    assert_on_target(heard(done))


@pytest.mark.parametrize("rate", ["8000", "22050", "192000"])
@pytest.mark.parametrize("channels", ["1", "2"])
def test_a_source_of_any_rate_in_mono_or_stereo(
    rate: str, channels: str, voice: Samples, wav: Writer, heard: Callable[..., Loudness]
) -> None:
    source = wav(voice[: 10 * RATE] * np.float32(0.2), "source.wav", "-ar", rate, "-ac", channels)
    done = finish(make(Recipe.plain(source, Span(start=0.5, end=9))))
    assert done.note == ""
    assert_on_target(heard(done))


def test_one_channel_alone(voice: Samples, heard: Callable[..., Loudness]) -> None:
    assert_on_target(heard(finish(voice[: 8 * RATE] * np.array([0.3, 0], np.float32))))


def dynamic(voice: Samples) -> Samples:
    """A level that jumps by up to 40 dB each second."""
    levels = np.random.default_rng(4).uniform(-40, 0, len(voice) // RATE + 1)
    return np.asarray(voice * 10 ** (np.repeat(levels, RATE)[: len(voice), None] / 20), dtype=np.float32)


def whisper_and_a_bang(voice: Samples) -> Samples:
    quiet = voice * np.float32(0.02)
    quiet[5 * RATE : 5 * RATE + 3] = 1.0
    return quiet


def clipped(voice: Samples) -> Samples:
    return np.clip(voice * 4, -0.9, 0.9)


@pytest.mark.parametrize("spoil", [dynamic, whisper_and_a_bang, clipped])
def test_uneven_sound_reaches_the_target_or_says_why_not(
    spoil: Callable[[Samples], Samples], voice: Samples, heard: Callable[..., Loudness]
) -> None:
    done = finish(spoil(voice[: 10 * RATE]))
    loud = heard(done)
    assert loud.true_peak <= targets().true_peak
    if not done.note:
        assert_on_target(loud)


@pytest.mark.parametrize(("wish", "level"), [(-18.5, -18.5), ("apple-podcasts", -16.0), (None, -14.0)])
def test_a_show_may_have_its_own_loudness(wish: float | str | None, level: float, voice: Samples) -> None:
    done = finish(voice[: 6 * RATE] * np.float32(0.2), goal_of(wish))
    assert done.after.integrated == pytest.approx(level, abs=0.3)
    with pytest.raises(UsageError, match="no loudness 'loud'"):
        goal_of("loud")


def test_silence_stays_silence_and_is_told(heard: Callable[..., Loudness]) -> None:
    done = finish(np.zeros((RATE, 2), np.float32))
    assert not done.samples.any()
    assert "no sound" in done.note
    assert finish(np.zeros((0, 2), np.float32)).note


def test_what_is_too_quiet_is_not_blown_up_to_noise(voice: Samples) -> None:
    done = finish(voice * np.float32(10 ** (-56 / 20)))
    assert "stays at" in done.note
    assert done.after.integrated < targets().integrated - 3


@pytest.mark.parametrize("seconds", [0.1, 0.2, 0.39, 0.5])
def test_a_very_short_sound_is_levelled_and_told(seconds: float, voice: Samples) -> None:
    loud = voice[round(3.0 * RATE) :][: round(seconds * RATE)]
    quiet = finish(loud * np.float32(0.02))
    assert len(quiet.samples) == len(loud)
    assert "too short" in quiet.note
    assert np.abs(quiet.samples).max() > 3 * np.abs(loud * 0.02).max()
    assert 20 * np.log10(np.abs(quiet.samples).max()) <= targets().true_peak


def test_levelling_is_one_gain_where_no_peak_stands_out(voice: Samples) -> None:
    quiet = voice[: 5 * RATE] * np.float32(0.05)
    done = finish(quiet).samples
    there = np.abs(quiet) > 0.005
    gains = done[there] / quiet[there]
    assert gains.std() / gains.mean() < 0.02


def test_the_limiter_moves_nothing(voice: Samples) -> None:
    uneven = whisper_and_a_bang(voice[: 8 * RATE])
    done = finish(uneven).samples
    assert lag(done[: 4 * RATE], uneven[: 4 * RATE]) == 0
    assert lag(done[6 * RATE :], uneven[6 * RATE :]) == 0


def test_a_tone_measures_as_the_standard_says() -> None:
    """EBU Tech 3341, case 1: 1 kHz at -23 dBFS in both channels is -23 LUFS."""
    tone = 10 ** (-23 / 20) * np.sin(np.arange(20 * RATE) * 2 * np.pi * 1000 / RATE)
    loud = measure(np.repeat(tone[:, None], 2, axis=1).astype(np.float32))
    assert loud.integrated == pytest.approx(-23.0, abs=0.1)
    assert loud.true_peak == pytest.approx(-23.0, abs=0.2)


def test_a_peak_between_the_samples_is_seen() -> None:
    """EBU Tech 3341, case 17: a quarter of the rate at 45 degrees peaks 3 dB above its samples."""
    ramp = np.minimum(1, np.arange(2 * RATE) / RATE)
    tone = 0.5 * ramp * np.sin(np.arange(2 * RATE) * np.pi / 2 + np.pi / 4)
    loud = measure(np.repeat(tone[:, None], 2, axis=1).astype(np.float32))
    assert loud.true_peak == pytest.approx(-6.0, abs=0.4)


def test_a_file_is_measured_by_its_first_sound(tmp_path: Path, voice: Samples, wav: Writer) -> None:
    path = wav(voice[: 4 * RATE])
    ffmpeg("-i", path, "-i", path, "-map", "0:a", "-map", "1:a", "-filter:a:1", "volume=-20dB", tmp_path / "two.mka")
    assert measure_file(tmp_path / "two.mka").integrated == pytest.approx(measure_file(path).integrated, abs=0.2)
