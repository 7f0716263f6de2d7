"""A cut has the length that was asked for, begins and ends softly, and repeats nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clipper.sound.decode import RATE, Samples, decode_window
from clipper.sound.joins import FADE_IN, FADE_OUT
from clipper.sound.loudness import finish
from clipper.sound.make import make
from clipper.sound.quiet import NEAR
from clipper.sound.recipe import Recipe
from clipper.span import Span

from .conftest import lag

Writer = Callable[..., Path]


FADE_IN_MS, FADE_OUT_MS = FADE_IN * 1000 // RATE, FADE_OUT * 1000 // RATE


def cut(path: Path, span: Span) -> Samples:
    """A clip that is one stretch of its source."""
    return make(Recipe.plain(path, span))


def steepest(samples: Samples) -> float:
    return float(np.abs(np.diff(samples, axis=0)).max(initial=0.0))


@pytest.mark.parametrize(
    ("start", "end"),
    [(0.0, 1.0), (0.0, 3.333), (0.05, 2.0), (7.1234, 9.8765), (12.3456, 12.5), (38.5, 41.75), (20, 20)],
)
def test_the_length_is_right_to_the_sample(start: float, end: float, speech: Path) -> None:
    got = cut(speech, Span(start=start, end=end))
    assert got.dtype == np.float32
    assert got.shape == (round((end - start) * RATE), 2)


def test_between_the_fades_the_sound_is_the_source(speech: Path) -> None:
    got, source = cut(speech, Span(start=10.25, end=14.5)), decode_window(speech, Span(start=10.25, end=14.5))
    inner = slice(FADE_IN + NEAR + 1, -FADE_OUT - 1)
    assert np.abs(got[inner] - source[inner]).max() < 1e-6


@pytest.mark.parametrize("start", [3.0, 11.11, 17.777, 25.5])
def test_no_edge_clicks(start: float, speech: Path) -> None:
    """Anywhere, even in the middle of a word: no step larger than the source has within 5 ms."""
    end = start + 2.5
    got = np.concatenate([np.zeros((10, 2), np.float32), cut(speech, Span(start=start, end=end)), np.zeros((10, 2))])
    near = round(0.005 * RATE)
    source = decode_window(speech, Span(start=start - 0.005, end=end + 0.005))
    assert steepest(got[: near + 10]) <= steepest(source[: 2 * near]) + 1e-4
    assert steepest(got[-near - 10 :]) <= steepest(source[-2 * near :]) + 1e-4


def test_a_loud_tone_rises_and_falls_evenly(wav: Writer) -> None:
    tone = np.sin(np.arange(3 * RATE) * 2 * np.pi * 1000 / RATE)[:, None].repeat(2, axis=1).astype(np.float32)
    got = cut(wav(tone), Span(start=1, end=2))
    size = FADE_IN_MS * RATE // 1000
    peaks = np.abs(got[:size, 0]).reshape(FADE_IN_MS, -1).max(axis=1)
    assert (np.diff(peaks) > 0).all()
    assert peaks[0] < 0.12
    tail = np.abs(got[-FADE_OUT_MS * RATE // 1000 :, 0]).reshape(FADE_OUT_MS, -1).max(axis=1)
    assert (np.diff(tail) < 0).all()
    assert tail[-1] < 0.03


def test_peaks_over_full_scale_are_not_clipped(wav: Writer) -> None:
    """A loud MP3 decodes to more than 1.0; cutting must not make it flat."""
    hot = 2.5 * np.sin(np.arange(RATE) * 2 * np.pi * 300 / RATE)[:, None].repeat(2, axis=1).astype(np.float32)
    assert np.abs(cut(wav(hot), Span(start=0, end=1))).max() == pytest.approx(2.5, abs=1e-3)


def test_a_whisper_keeps_its_detail(wav: Writer) -> None:
    quiet = 1e-4 * np.sin(np.arange(RATE) * 2 * np.pi * 300 / RATE)[:, None].repeat(2, axis=1).astype(np.float32)
    got = cut(wav(quiet), Span(start=0, end=1))[5000:40000]
    assert np.abs(got - quiet[5000:40000]).max() < 1e-8


def test_beyond_the_end_there_is_silence_and_no_repetition(speech: Path) -> None:
    got = cut(speech, Span(start=37, end=44))
    assert len(got) == 7 * RATE
    assert np.abs(got[: 2 * RATE]).max() > 0.01
    assert not got[3 * RATE + 100 :].any()


@pytest.mark.parametrize("milliseconds", [1, 5, 20, 90])
def test_the_shortest_cuts_have_their_length(milliseconds: int, speech: Path) -> None:
    assert len(cut(speech, Span(start=10, end=10 + milliseconds / 1000))) == milliseconds * RATE // 1000


def test_the_finished_sound_follows_the_source_and_repeats_nothing(speech: Path) -> None:
    """In pieces of two seconds over the whole clip: each lies where it was, and nowhere else."""
    span = Span(start=3, end=33)
    source, done = decode_window(speech, span), finish(cut(speech, span)).samples
    assert len(done) == len(source)
    piece = 2 * RATE
    whole = source.mean(axis=1)
    energy = np.cumsum(np.concatenate([[0.0], whole.astype(np.float64) ** 2]))
    for at in range(0, len(done) - piece + 1, piece):
        here = done[at : at + piece]
        assert abs(lag(here, source[at : at + piece])) < RATE // 1000
        size = 1 << (len(whole) + piece).bit_length()
        one = here.mean(axis=1)
        likeness = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(one, size)), size)
        likeness = likeness[: len(whole) - piece + 1] / np.sqrt(
            np.maximum((energy[piece:] - energy[:-piece]) * np.sum(one**2), 1e-9)
        )
        assert likeness[at] > 0.98
        likeness[max(0, at - RATE // 10) : at + RATE // 10] = 0
        assert likeness.max() < 0.6
