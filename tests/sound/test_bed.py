"""What lies under, before, between and after a voice, and what is done to it: music, intro, clean-up, levelling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clipper.errors import InputError, UsageError
from clipper.plan.model import Clip
from clipper.plan.pieces import Pieces
from clipper.plan.soundwishes import SoundWishes, sound_wishes
from clipper.show import Sound
from clipper.sound.bed import RISE, bedded
from clipper.sound.clean import cleaned, steps
from clipper.sound.decode import RATE, Samples
from clipper.sound.level import gains, levelled
from clipper.sound.loudness import loudness
from clipper.sound.make import before_and_after
from clipper.sound.quiet import levels, measured
from clipper.sound.recipe import OVERLAP, Recipe, recipe
from clipper.span import Span

from .conftest import ffmpeg, lag

Writer = Callable[..., Path]


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven seconds of three notes, louder than any voice."""
    path = tmp_path_factory.mktemp("music") / "bed.mp3"
    notes = "+".join(f"0.3*sin(2*PI*{hertz}*t)" for hertz in (196, 294, 392))
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc='{notes}':s=44100:d=7", "-b:a", "128k", path)
    return path


@pytest.fixture(scope="module")
def talk(voice: Samples) -> Samples:
    """Ten seconds of talk, a pause of four, talk."""
    quiet = 1e-4 * np.random.default_rng(1).standard_normal((4 * RATE, 2)).astype(np.float32)
    return np.concatenate([voice[: 10 * RATE], quiet, voice[10 * RATE : 16 * RATE]]) * np.float32(0.3)


def bed_of(talk: Samples, music: Path, under: float = 18.0) -> Samples:
    one = Recipe(Path("none.wav"), Pieces.whole(Span(start=0, end=len(talk) / RATE)), music=music, under=under)
    return bedded(talk, one) - talk


def lufs(samples: Samples) -> float:
    return loudness(np.ascontiguousarray(samples)).integrated


@pytest.mark.parametrize("under", [18.0, 24.0])
def test_music_lies_as_far_under_the_voice_as_it_is_to_lie(under: float, talk: Samples, music: Path) -> None:
    bed = bed_of(talk, music, under)
    voice = lufs(talk)
    assert lufs(bed[2 * RATE : 9 * RATE]) == pytest.approx(voice - under, abs=1.0)
    assert lufs(bed[round(11.5 * RATE) : round(13.2 * RATE)]) == pytest.approx(voice - under + RISE, abs=1.5)
    assert len(bed) == len(talk)


def test_music_goes_down_before_the_word_and_comes_and_goes_softly(talk: Samples, music: Path) -> None:
    bed = bed_of(talk, music)
    curve = levels(bed)
    smooth = np.convolve(curve, np.ones(40) / 40, mode="valid")
    assert np.abs(np.diff(smooth[200:-500])).max() * 200 < 60  # dB a second: a glide, no gate
    assert curve[200 * 14 - 4] < curve[200 * 12] - RISE + 2.5, "down when the next word comes"
    assert curve[:4].max() < curve[300] - 10
    assert curve[-4:].max() < curve[-600] - 10


def test_music_that_is_shorter_than_the_clip_goes_on_without_a_gap(talk: Samples, music: Path) -> None:
    curve = levels(bed_of(talk, music)[RATE : 9 * RATE])
    assert curve.max() - curve.min() < 9


def wishes(**fields: object) -> SoundWishes:
    return SoundWishes(**fields)  # type: ignore[arg-type]


def test_an_intro_comes_before_the_words_and_an_outro_after(speech: Path, tmp_path: Path) -> None:
    from clipper.sound.make import make

    jingle = tmp_path / "jingle.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=f=660:d=2", "-ar", "44100", jingle)
    clip = Clip(id="c1", title="t", span=Span(start=2, end=8), proposed=Span(start=2, end=8))
    bare = make(recipe(clip, speech, None, wishes()))
    one = recipe(clip, speech, None, wishes(intro=jingle, outro=jingle))
    assert one.pieces.lead == pytest.approx(2 - OVERLAP, abs=0.01)
    assert one.pieces.to_clip(2.0) == pytest.approx(2 - OVERLAP, abs=0.01)
    done = make(one)
    assert len(done) == round(one.pieces.seconds * RATE) == pytest.approx(len(bare) + 2 * (2 - OVERLAP) * RATE, abs=999)
    at = round(one.pieces.lead * RATE)
    inner = slice(at + RATE, at + 5 * RATE)
    assert np.abs(done[inner] - bare[RATE : 5 * RATE]).max() < 1e-6
    for part in (done[: RATE // 2], done[-RATE // 2 :]):
        assert np.argmax(np.abs(np.fft.rfft(part[:, 0]))) * 2 == 660
    assert lufs(done[:RATE]) == pytest.approx(lufs(bare), abs=3)


def test_what_cannot_be_an_intro_is_told(speech: Path, tmp_path: Path) -> None:
    clip = Clip(id="c1", title="t", span=Span(start=2, end=8), proposed=Span(start=2, end=8))
    with pytest.raises(InputError, match=r"intro .* is longer than 15 s"):
        recipe(clip, speech, None, wishes(intro=speech))
    with pytest.raises(InputError, match=r"the music .* is not there"):
        recipe(clip, speech, None, wishes(music=tmp_path / "none.mp3"))
    (tmp_path / "text.mp3").write_text("no sound")
    with pytest.raises(InputError, match="the outro cannot be used"):
        recipe(clip, speech, None, wishes(outro=tmp_path / "text.mp3"))


def test_the_clip_goes_before_the_plan_and_the_plan_before_the_show(tmp_path: Path) -> None:
    from clipper.plan.model import Plan

    show = Sound(tighten=True, music="show.mp3", intro="in.wav", clean=("high-pass",))
    clip = Clip(id="c1", title="t", span=Span(start=2, end=8), proposed=Span(start=2, end=8), intro="none", clean=())
    plan = Plan(music="bed.mp3", tighten=False)
    got = sound_wishes(clip, plan, show, tmp_path / "out", tmp_path)
    assert (got.music, got.intro, got.tighten, got.clean) == (tmp_path / "out" / "bed.mp3", None, False, ())
    assert sound_wishes(clip, Plan(), show, tmp_path / "out", tmp_path).music == tmp_path / "show.mp3"
    assert sound_wishes(clip, Plan(), show, tmp_path, tmp_path).tighten
    assert not sound_wishes(clip.changed(tighten=False), Plan(tighten=True), show, tmp_path, tmp_path).tighten


# --- clean-up


def band(samples: Samples, low: float, high: float) -> float:
    """Power between two frequencies, dB."""
    power = np.abs(np.fft.rfft(samples[:, 0])) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(10 * np.log10(power[(hertz >= low) & (hertz < high)].sum()))


def test_each_step_takes_away_what_it_says_and_moves_nothing(voice: Samples) -> None:
    talk = voice[: 8 * RATE] * np.float32(0.3)
    times = np.arange(len(talk)) / RATE
    rumble = 0.05 * np.sin(2 * np.pi * 30 * times)[:, None].astype(np.float32)
    hiss = np.random.default_rng(2).standard_normal(talk.shape).astype(np.float32) * np.float32(0.004)
    spoilt = talk + rumble + hiss
    high = cleaned(spoilt, ["high-pass"])
    assert band(high, 20, 40) < band(spoilt, 20, 40) - 12
    assert band(high, 300, 3000) == pytest.approx(band(spoilt, 300, 3000), abs=0.3)
    less = cleaned(spoilt, ["denoise"])
    silent = levels(talk) < -60
    before, after = (np.median(levels(s - rumble)[silent]) for s in (spoilt, less))
    assert after < before - 4
    assert band(less, 300, 3000) == pytest.approx(band(spoilt, 300, 3000), abs=1.5)
    for step in steps():
        assert abs(lag(cleaned(talk, [step]), talk)) < RATE // 1000, step


def test_sharp_s_gets_softer_and_the_rest_stays(voice: Samples) -> None:
    talk = voice[: 6 * RATE] * np.float32(0.3)
    random = np.random.default_rng(4).standard_normal(len(talk))
    sharp = np.diff(np.diff(random, prepend=0), prepend=0) * 0.05
    gate = (np.arange(len(talk)) // (RATE // 5)) % 5 == 0
    spoilt = talk + (sharp * gate)[:, None].astype(np.float32)
    soft = cleaned(spoilt, ["de-ess"])
    assert band(soft, 6000, 16000) < band(spoilt, 6000, 16000) - 1.5
    assert band(soft, 200, 2000) == pytest.approx(band(spoilt, 200, 2000), abs=1.0)


def test_before_and_after_can_be_compared_at_one_loudness(speech: Path) -> None:
    one = Recipe(speech, Pieces.whole(Span(start=2, end=8)), clean=("high-pass", "denoise"))
    plain, clean = before_and_after(one)
    assert lufs(plain) == pytest.approx(lufs(clean), abs=0.3)
    assert not np.array_equal(plain, clean)


def test_a_step_that_there_is_not_is_told() -> None:
    with pytest.raises(UsageError, match="no clean-up step 'sparkle'"):
        cleaned(np.zeros((10, 2), np.float32), ["sparkle"])


# --- levelling


def test_even_speech_is_not_touched(voice: Samples) -> None:
    assert levelled(voice) is voice


def test_a_far_guest_and_a_near_host_come_nearer_without_pumping(voice: Samples) -> None:
    """Passages of six seconds, 18 dB apart, with hiss in the pauses."""
    quiet = np.float32(10 ** (-18 / 20))
    loud = voice[: 6 * RATE]
    talk = np.concatenate([loud, loud * quiet, loud, loud * quiet]) * np.float32(0.5)
    gain = gains(talk)
    assert np.abs(np.diff(gain)).max() * 200 < 6.0, "dB a second"
    done = levelled(talk)
    middle = [slice(round((6 * k + 2) * RATE), round((6 * k + 4.5) * RATE)) for k in range(4)]
    before = [measured(levels(talk[part])).speech for part in middle]
    after = [measured(levels(done[part])).speech for part in middle]
    assert before[0] - before[1] == pytest.approx(18, abs=3)
    assert after[0] - after[1] < 11
    assert after[0] > after[1], "what is meant to be quiet stays a little quieter"


def test_a_pause_is_not_pumped_up(talk: Samples) -> None:
    gain = gains(talk)
    assert np.abs(gain[200 * 11 : 200 * 13]).max() <= np.abs(gain).max()
    curve = np.abs(np.diff(gain))
    assert curve.max() * 200 < 6.0
