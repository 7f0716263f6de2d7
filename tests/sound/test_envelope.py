"""The waveform moves with the voice: in the right frame, up at once and down slowly, and lies still in silence."""

from __future__ import annotations

import numpy as np
import pytest

from clipper.sound.decode import RATE, Samples
from clipper.sound.envelope import levels

from .conftest import peak_megabytes

BANDS = 16


def click(second: float, length: float = 2.0) -> Samples:
    out = np.zeros((round(length * RATE), 2), np.float32)
    out[round(second * RATE) : round(second * RATE) + 3] = 0.9
    return out


def noise(decibels: float, seconds: float = 2.0) -> Samples:
    rng = np.random.default_rng(1)
    return (rng.normal(0, 10 ** (decibels / 20), (round(seconds * RATE), 2))).astype(np.float32)


@pytest.mark.parametrize("fps", [24, 25, 30, 50, 60])
def test_a_click_shows_in_its_own_frame(fps: int) -> None:
    rows = levels(click(1.0), fps, 2 * fps, BANDS).max(axis=1)
    assert rows[fps] > 0.5
    assert rows[: round(fps * 0.965)].max() == 0  # the window reaches 21 ms to either side
    assert int(rows.argmax()) - fps in (0, 1)
    if fps <= 30:
        assert int(rows.argmax()) == fps
        assert rows[fps - 1] == 0


def test_a_click_between_two_frames_is_not_lost() -> None:
    for second in (1.005, 1.011, 1.0167, 1.022, 1.03):
        assert levels(click(second), 30, 60, BANDS).max() > 0.5


def test_silence_is_a_line_and_a_loud_voice_fills_the_box(voice: Samples) -> None:
    assert not levels(np.zeros((RATE, 2), np.float32), 30, 30, BANDS).any()
    rows = levels(voice, 30, round(len(voice) / RATE * 30), BANDS)
    assert rows.min() >= 0
    assert 0.9 < rows.max() <= 1
    assert np.percentile(rows, 95) > 0.6
    assert rows.mean() < 0.6


def test_the_noise_of_a_room_behind_a_voice_hardly_shows(voice: Samples) -> None:
    pause = noise(-62, 2)
    rows = levels(np.concatenate([voice, pause]), 30, round(len(voice) / RATE * 30) + 60, BANDS)
    assert rows[-20:].max() < 0.12


def test_it_rises_fast_and_falls_slowly() -> None:
    burst = np.concatenate([np.zeros((RATE, 2), np.float32), noise(-12, 1.0), np.zeros((RATE, 2), np.float32)])
    rows = levels(burst, 30, 90, BANDS).mean(axis=1)
    top = rows[40:58].mean()
    assert rows[32] > 0.9 * top  # two frames
    assert rows[62] > 0.4 * top
    assert rows[75] < 0.1 * top
    assert (np.diff(rows[61:90]) <= 1e-6).all()


def test_the_fall_takes_as_long_at_any_frame_rate() -> None:
    burst = np.concatenate([noise(-12, 1.0), np.zeros((2 * RATE, 2), np.float32)])
    half = []
    for fps in (24, 30, 60):
        rows = levels(burst, fps, 3 * fps, BANDS).mean(axis=1)
        half.append(int(np.argmax(rows[fps + 1 :] < rows[fps - 2] / 2)) / fps)
    assert max(half) - min(half) < 0.05


def test_low_tones_move_low_bands() -> None:
    def tone(hertz: float) -> Samples:
        return 0.3 * np.sin(np.arange(RATE) * 2 * np.pi * hertz / RATE)[:, None].repeat(2, axis=1).astype(np.float32)

    low, high = (levels(tone(hertz), 30, 30, BANDS)[15] for hertz in (150, 5000))
    assert int(low.argmax()) < 4
    assert int(high.argmax()) > 11


@pytest.mark.parametrize("samples", [0, 1, 100, 2047, 2048, 9600])
@pytest.mark.parametrize("frames", [0, 1, 7])
def test_short_clips_have_all_their_frames(samples: int, frames: int) -> None:
    rows = levels(np.full((samples, 2), 0.1, np.float32), 30, frames, BANDS)
    assert rows.shape == (frames, BANDS)
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()


@pytest.mark.parametrize("bands", [1, 2, 22, 64])
def test_every_band_of_noise_moves(bands: int) -> None:
    assert levels(noise(-12), 30, 60, bands)[30:].mean(axis=0).min() > 0.2


def test_four_minutes_take_no_more_memory_than_half_a_one() -> None:
    program = (
        "import sys, numpy as np; from clipper.sound.envelope import levels\n"
        "samples = np.broadcast_to(np.float32(0.1), (int(sys.argv[1]) * 48000, 2))\n"
        "levels(samples, 30, int(sys.argv[1]) * 30, 16)"
    )
    used = [peak_megabytes(program, seconds) for seconds in ("30", "240")]
    assert used[1] - used[0] < 20, used
