"""Recordings as they should not be: each comes out at the right loudness, and what is wrong with it is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clipper.errors import InputError
from clipper.plan.pieces import Pieces
from clipper.sound.decode import RATE, Samples, decode_window
from clipper.sound.loudness import finish, targets
from clipper.sound.make import Made
from clipper.sound.make import made as make_of
from clipper.sound.recipe import Recipe
from clipper.span import Span

from .conftest import ffmpeg, lag

SPAN = Span(start=1.0, end=9.0)
SHARED = Path(__file__).parents[2] / ".." / "shared" / "sample" / "odd"


@pytest.fixture(scope="module")
def clean(voice: Samples, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from clipper.sound.wav import write_wav

    path = tmp_path_factory.mktemp("faults") / "clean.wav"
    write_wav(path, voice[: 12 * RATE] * np.float32(0.4))
    return path


def made(path: Path, span: Span = SPAN) -> Made:
    return make_of(Recipe(path, Pieces.whole(span)))


def assert_finished(one: Made, like: Samples | None = None) -> None:
    done = finish(one.samples)
    goal = targets()
    assert abs(done.after.integrated - goal.integrated) <= goal.tolerance, done.note
    assert done.after.true_peak <= goal.ceiling + 0.3
    mono = done.samples.mean(axis=1)
    assert np.sqrt(np.mean(mono**2)) > 0.3 * np.sqrt(np.mean(done.samples**2)), "nothing is left in mono"
    if like is not None:
        assert abs(lag(done.samples, like)) < RATE // 1000


Fault = tuple[tuple[str, ...], str, str]
FAULTS: dict[str, Fault] = {
    "two tracks": (("-map", "0:a", "-map", "0:a", "-filter:a:1", "volume=-30dB"), "two.mka", "has 2 sound tracks"),
    "5.1": (("-af", "pan=5.1|FC=0.5*c0+0.5*c1|FL=0.05*c0|FR=0.05*c1"), "surround.flac", ""),
    "one channel is silent": (("-af", "pan=stereo|FL=0*c0|FR=c1"), "right.wav", "only the right channel has sound"),
    "channels cancel each other": (("-af", "pan=stereo|FL=c0|FR=-1*c0"), "phase.wav", "cancel each other out in mono"),
    "clipped": (("-af", "volume=24dB", "-c:a", "pcm_s16le"),
                "clipped.wav", "the recording is clipped"),
    "DC offset": (("-af", "dcshift=shift=0.2"), "offset.wav", "DC offset of 0.2"),
    "4-bit ADPCM": (("-c:a", "adpcm_ima_wav", "-ar", "22050"), "adpcm.wav", ""),
    "no timestamps": (("-c:a", "ac3", "-f", "ac3"), "bare.ac3", ""),
    "8 kHz telephone": (("-c:a", "pcm_mulaw", "-ar", "8000", "-ac", "1"), "call.wav", ""),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_recording_is_mended_or_told(fault: str, clean: Path, tmp_path: Path) -> None:
    arguments, name, note = FAULTS[fault]
    ffmpeg("-i", clean, *arguments, tmp_path / name)
    one = made(tmp_path / name)
    told = "; ".join(one.notes)
    assert note in told
    assert bool(note) == bool(told), told
    like = decode_window(clean, SPAN) if fault not in ("no timestamps",) else None
    assert_finished(one, like)


def hears(path: Path, clean: Path, start: int = 0, end: int = 12) -> float:
    """How alike what the recogniser is given of a file is to what it is given of the clean one, -1 to 1; in seconds."""
    from clipper.speech.audio import blocks

    heard, truth = (
        np.concatenate(list(blocks(p))).astype(np.float32)[start * 16_000 : end * 16_000] for p in (path, clean)
    )
    count = min(len(heard), len(truth))
    assert count > 0.9 * len(truth)
    apart = lag(heard[:count, None], truth[:count, None])
    assert abs(apart) <= 0.1 * 16_000  # what encoders put in front
    a, b = heard[max(0, apart) : count + min(0, apart)], truth[max(0, -apart) : count - max(0, apart)]
    return float(np.corrcoef(a, b)[0, 1])


@pytest.mark.parametrize("fault", FAULTS)
def test_the_recogniser_hears_a_faulty_recording_too(fault: str, clean: Path, tmp_path: Path) -> None:
    arguments, name, _ = FAULTS[fault]
    ffmpeg("-i", clean, *arguments, tmp_path / name)
    assert hears(tmp_path / name, clean) > 0.6


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_u8", "flac", "libmp3lame"])
def test_the_recogniser_and_the_signals_hear_channels_that_cancel_each_other(
    codec: str, clean: Path, tmp_path: Path
) -> None:
    from clipper.sound.stream import pieces as listened
    from clipper.speech.audio import blocks

    name = "phase." + {"flac": "flac", "libmp3lame": "mp3"}.get(codec, "wav")
    ffmpeg("-i", clean, "-af", "pan=stereo|FL=c0|FR=-1*c0", "-c:a", codec, tmp_path / name)
    heard = np.concatenate(list(blocks(tmp_path / name))).astype(np.float32) / 32768
    truth = np.concatenate(list(blocks(clean))).astype(np.float32) / 32768
    count = min(len(heard), len(truth))
    assert np.sqrt(np.mean(heard**2)) > 0.7 * np.sqrt(np.mean(truth**2))
    assert lag(heard[:count, None], truth[:count, None]) == 0
    assert np.abs(heard[:16_000] - truth[:16_000]).max() < 0.3 * np.abs(truth[:16_000]).max(), (
        "from the first sample on"
    )
    assert np.abs(np.concatenate(list(listened(tmp_path / name)))[: len(heard)] - heard).max() < 0.02


def test_a_good_recording_is_not_complained_about(clean: Path, sample: Path) -> None:
    assert made(clean).notes == ()
    assert made(sample, Span(start=100, end=140)).notes == ()


def test_a_wrong_ending_does_not_matter(clean: Path, tmp_path: Path) -> None:
    ffmpeg("-i", clean, tmp_path / "talk.flac")
    wrong = tmp_path / "talk.mp3"
    (tmp_path / "talk.flac").rename(wrong)
    assert_finished(made(wrong), decode_window(clean, SPAN))


def test_a_file_that_breaks_off_in_the_clip_keeps_what_there_is(clean: Path, tmp_path: Path) -> None:
    ffmpeg("-i", clean, "-q:a", "4", tmp_path / "whole.mp3")
    half = tmp_path / "half.mp3"
    data = (tmp_path / "whole.mp3").read_bytes()
    half.write_bytes(data[: len(data) // 2])
    one = made(half)
    assert len(one.samples) == 8 * RATE
    assert np.abs(one.samples[: 4 * RATE]).max() > 0.05
    assert_finished(one)


def test_a_rate_that_changes_on_the_way_is_followed(clean: Path, tmp_path: Path) -> None:
    for name, start, rate in (("a", "0", "44100"), ("b", "6", "22050")):
        ffmpeg("-ss", start, "-t", "6", "-i", clean, "-ar", rate, "-ac", "1", "-b:a", "64k", tmp_path / f"{name}.aac")
    both = tmp_path / "both.aac"
    both.write_bytes((tmp_path / "a.aac").read_bytes() + (tmp_path / "b.aac").read_bytes())
    assert_finished(made(both))
    assert hears(both, clean, 0, 5) > 0.6
    assert hears(both, clean, 7, 11) > 0.6


def test_silence_and_what_is_no_sound_are_told(tmp_path: Path) -> None:
    from clipper.sound.wav import write_wav

    write_wav(tmp_path / "silent.wav", np.zeros((10 * RATE, 2), np.float32))
    one = made(tmp_path / "silent.wav")
    assert one.notes == ()
    assert "no sound" in finish(one.samples).note
    (tmp_path / "text.wav").write_text("RIFF but no more")
    with pytest.raises(InputError, match=r"text\.wav"):
        made(tmp_path / "text.wav")


def test_an_offset_makes_no_thump_at_the_edges(clean: Path, tmp_path: Path) -> None:
    ffmpeg("-i", clean, "-af", "dcshift=shift=0.3", "-c:a", "pcm_f32le", tmp_path / "offset.wav")
    got, truth = made(tmp_path / "offset.wav").samples, made(clean).samples
    assert np.abs(got - truth).max() < 0.01


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared here")
@pytest.mark.parametrize("name", ["mfa_24bit.wav", "mfa_surround.flac", "whisperkit_7.1_channel_id.m4a"])
def test_odd_files_that_were_found_are_finished(name: str) -> None:
    one = made(SHARED / name, Span(start=0.5, end=7.5))
    done = finish(one.samples)
    assert abs(done.after.integrated - targets().integrated) <= targets().tolerance or done.note
