"""What can be heard besides words: loudness, pitch, laughter, music, jumps; decoded once, kept, in little memory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clipper import cache
from clipper.errors import InputError
from clipper.highlights.talk import SoundFacts
from clipper.sound.decode import RATE, Samples, decode_window
from clipper.sound.facts import listen, measure
from clipper.sound.stream import FRAMES, Fourth, Windows, pieces
from clipper.span import Span

from .conftest import SAMPLE, ffmpeg, peak_megabytes

SHARED = Path(__file__).parents[3] / "shared" / "sample"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")


def tone(hertz: float, seconds: float, peak: float = 0.1) -> Samples:
    wave = peak * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def mean(values: np.ndarray, start: float, end: float) -> float:
    return float(np.nanmean(values[round(start * FRAMES) : round(end * FRAMES)]))


@pytest.fixture(scope="session")
def facts() -> SoundFacts:
    """Of the sample episode."""
    return measure(SAMPLE)


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((SAMPLE.parent / "truth.json").read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="session")
def talk() -> Samples:
    """A minute and a half of the sample's two voices, nothing else."""
    return decode_window(SAMPLE, Span(start=203, end=293))


class TestLoudnessAndPitch:
    def test_a_tone_has_the_level_and_the_pitch_that_it_was_made_with(self, wav: Callable[..., Path]) -> None:
        heard = measure(wav(tone(220.0, 4.0, peak=0.1)))
        assert mean(heard.energy, 1, 3) == pytest.approx(-23.0, abs=0.1)
        assert heard.pitch is not None
        assert mean(heard.pitch, 1, 3) == pytest.approx(220.0, rel=0.01)

    def test_a_sound_stands_at_its_second(self, wav: Callable[..., Path]) -> None:
        sound = np.concatenate([tone(300.0, 3.0, peak=0.0), tone(300.0, 2.0)])
        heard = measure(wav(sound))
        assert len(heard.energy) == 5 * FRAMES
        assert int(np.argmax(heard.energy > -40)) == 3 * FRAMES

    def test_silence_has_no_voice_no_music_and_nobody_laughs(self, wav: Callable[..., Path]) -> None:
        heard = measure(wav(np.zeros((10 * RATE, 2), dtype=np.float32)))
        assert heard.pitch is not None
        assert np.isnan(heard.pitch).all()
        for row in (heard.music, heard.laughter, heard.jumps):
            assert row is not None
            assert not (row > 0.5).any()

    def test_the_guest_of_the_sample_speaks_higher_than_its_host(
        self, facts: SoundFacts, truth: dict[str, Any]
    ) -> None:
        assert facts.pitch is not None
        said: dict[str, list[np.ndarray]] = {"HOST": [], "GUEST": []}
        for start, end, who in truth["turns"]:
            said[who].append(facts.pitch[round(start * FRAMES) : round(end * FRAMES)])
        middle = {who: float(np.nanmedian(np.concatenate(rows))) for who, rows in said.items()}
        assert 90 < middle["HOST"] < 135
        assert 165 < middle["GUEST"] < 230

    def test_all_facts_have_a_value_a_frame_to_the_episodes_end(self, facts: SoundFacts, truth: dict[str, Any]) -> None:
        n = len(facts.energy)
        assert n == pytest.approx(truth["duration"] * FRAMES, abs=2)
        for row in (facts.pitch, facts.laughter, facts.music, facts.jumps, facts.bands):
            assert row is not None
            assert len(row) == n


class TestMusic:
    def test_is_heard_in_the_samples_jingles_and_under_its_sponsor_and_nowhere_else(
        self, facts: SoundFacts, truth: dict[str, Any]
    ) -> None:
        assert facts.music is not None
        for section in truth["sections"]:
            if section["end"] - section["start"] < 5:
                continue
            share = mean(facts.music > 0.5, section["start"] + 2, section["end"] - 2)
            if section["kind"] in ("music", "sponsor"):
                assert share > 0.8, section["name"]
            elif section["kind"] == "speech":
                assert share == 0.0, section["name"]

    @pytest.mark.parametrize("below", [12.0, 18.0])
    def test_a_bed_under_the_middle_of_a_talk_is_found_there(
        self, talk: Samples, wav: Callable[..., Path], below: float
    ) -> None:
        chords = _bed(30.0)
        level = np.sqrt(np.mean(talk**2)) / np.sqrt(np.mean(chords**2)) * 10 ** (-below / 20)
        mixed = talk.copy()
        mixed[30 * RATE : 60 * RATE] += (level * chords).astype(np.float32)
        music = measure(wav(mixed)).music
        assert music is not None
        assert mean(music > 0.5, 34, 56) > 0.9
        assert mean(music > 0.5, 0, 26) == 0.0
        assert mean(music > 0.5, 64, 90) == 0.0

    def test_mains_hum_and_a_whine_all_along_are_no_music(self, talk: Samples, wav: Callable[..., Path]) -> None:
        hum = sum(tone(f, 90.0, p) for f, p in ((50.0, 0.01), (100.0, 0.006), (150.0, 0.004), (1010.0, 0.003)))
        music = measure(wav(talk + hum)).music
        assert music is not None
        assert (music > 0.5).mean() < 0.05


def _bed(seconds: float) -> Samples:
    """Soft chords, a new one every two seconds."""
    out = np.zeros((round(seconds * RATE), 2), dtype=np.float32)
    for k, notes in enumerate([(220.0, 277.2, 329.6), (246.9, 311.1, 370.0), (196.0, 246.9, 293.7)] * 5):
        chord = sum(tone(f, 2.0, 0.1) for f in notes) * np.linspace(1.0, 0.3, 2 * RATE)[:, None]
        part = out[2 * k * RATE : 2 * (k + 1) * RATE]
        part += chord[: len(part)].astype(np.float32)
    return out


class TestJumps:
    def test_a_louder_part_is_found_with_its_borders_and_its_size(
        self, talk: Samples, wav: Callable[..., Path]
    ) -> None:
        uneven = talk * 0.3
        uneven[30 * RATE : 55 * RATE] *= 10 ** (8 / 20)
        jumps = measure(wav(uneven)).jumps
        assert jumps is not None
        up, down = int(np.argmax(jumps)) / FRAMES, int(np.argmin(jumps)) / FRAMES
        assert up == pytest.approx(30, abs=1.0)
        assert down == pytest.approx(55, abs=1.0)
        assert jumps.max() == pytest.approx(8, abs=2)
        assert jumps.min() == pytest.approx(-8, abs=2)

    def test_the_sample_was_mixed_evenly(self, facts: SoundFacts, truth: dict[str, Any]) -> None:
        assert facts.jumps is not None
        inside = facts.jumps[20 * FRAMES : 320 * FRAMES]
        assert np.abs(inside).max() < 4.0


class TestLaughter:
    def test_nobody_laughs_in_the_sample(self, facts: SoundFacts) -> None:
        assert facts.laughter is not None
        assert not (facts.laughter > 0.5).any()

    @shared
    @pytest.mark.shared
    def test_real_laughs_are_heard_and_the_words_between_them_are_not(self) -> None:
        laughter = measure(SHARED / "people" / "mfa_laughter.flac").laughter
        assert laughter is not None
        heard = np.flatnonzero(laughter > 0.5) / FRAMES
        laughs = [(0.6, 1.5), (3.7, 5.0), (6.6, 8.0), (10.0, 10.8)]  # seen in the spectrogram
        found = [any(a <= t <= b for t in heard) for a, b in laughs]
        assert sum(found) >= 3
        assert all(any(a <= t <= b for a, b in laughs) for t in heard)

    @shared
    @pytest.mark.shared
    @pytest.mark.parametrize(
        "name",
        ["baudelaire_fr.mp3", "librivox_de_aeneas.mp3", "librivox_es_aeneas.mp3", "podcast_es.ogg", "mfa_um.flac"],
    )
    def test_nobody_laughs_in_readings_in_other_languages(self, name: str) -> None:
        laughter = measure(SHARED / "people" / name).laughter
        assert laughter is not None
        assert not (laughter > 0.5).any()


class TestDecoding:
    def test_the_same_samples_are_heard_as_the_recogniser_hears(self) -> None:
        from clipper.speech.audio import blocks

        whole = np.concatenate(list(blocks(SAMPLE)))
        assert np.array_equal(np.concatenate(list(pieces(SAMPLE))), whole.astype(np.float32) / 32768)

    @shared
    @pytest.mark.shared
    def test_odd_containers_are_heard_as_the_recogniser_hears_them(self) -> None:
        from clipper.speech.audio import blocks

        odd = [p for p in sorted((SHARED / "odd").iterdir()) if "broken" not in p.name and p.suffix != ".sph"]
        assert len(odd) >= 8
        for path in odd:
            whole = np.concatenate(list(blocks(path))).astype(np.float32) / 32768
            assert np.array_equal(np.concatenate(list(pieces(path))), whole), path.name

    def test_it_does_not_matter_where_the_stream_is_cut(self) -> None:
        chance = np.random.default_rng(3)
        sound = chance.standard_normal(50_000).astype(np.float32)
        cuts = [0, 1, 700, 701, 9000, 9333, 40_000, 50_000]
        parts = [sound[a:b] for a, b in pairwise(cuts)]
        windows = Windows(512, 320)
        cut = np.concatenate([windows(p).copy() for p in parts] + [windows.last().copy()])
        once = Windows(512, 320)
        assert np.array_equal(cut, np.concatenate([once(sound).copy(), once.last().copy()]))
        fourth, fours = Fourth(), [sound[a : a + 4000] for a in range(0, 48_000, 4000)]
        assert np.array_equal(np.concatenate([fourth(p) for p in fours]), Fourth()(sound[:48_000]))

    def test_a_file_that_breaks_off_gives_what_is_there(self, tmp_path: Path) -> None:
        broken = tmp_path / "broken.mp3"
        broken.write_bytes(SAMPLE.read_bytes()[:1_000_000])
        assert 70 < len(measure(broken).energy) / FRAMES < 90

    @pytest.mark.parametrize("samples", [100, 4000])
    def test_a_blink_of_sound_is_no_trouble(self, wav: Callable[..., Path], samples: int) -> None:
        heard = measure(wav(np.full((samples, 2), 0.1, dtype=np.float32)))
        assert len(heard.energy) >= 1
        assert np.isfinite(heard.energy).all()

    def test_what_is_no_sound_is_told_in_a_producers_words(self, tmp_path: Path) -> None:
        page = tmp_path / "page.mp3"
        page.write_text("<html>not found</html>", encoding="utf-8")
        with pytest.raises(InputError) as error:
            listen(page)
        assert "page.mp3" in error.value.message
        assert error.value.mend

    @pytest.mark.slow
    def test_memory_does_not_grow_with_the_episode(self, tmp_path: Path) -> None:
        program = (
            "import sys; from pathlib import Path; from clipper.sound.facts import measure; measure(Path(sys.argv[1]))"
        )
        hour = tmp_path / "hour.mp3"
        ffmpeg("-stream_loop", "10", "-i", SAMPLE, "-c", "copy", hour)
        short, long = peak_megabytes(program, SAMPLE), peak_megabytes(program, hour)
        assert long - short < 80  # its samples alone would be 240 MB


class TestTheCache:
    def test_the_same_sound_is_measured_once_whatever_its_name(
        self, tmp_path: Path, speech: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CLIPPER_CACHE", str(tmp_path / "cache"))
        told: list[float] = []
        first = listen(speech, lambda stage, done, total, note="": told.append(done))
        kept = list((cache.cache_dir() / "sound").iterdir())
        assert len(kept) == 1
        written = kept[0].stat().st_mtime_ns
        again = listen(Path(shutil.copy(speech, tmp_path / "other.wav")))
        assert [p.stat().st_mtime_ns for p in (cache.cache_dir() / "sound").iterdir()] == [written]
        assert told[0] == 0.0
        assert told[-1] == pytest.approx(40.0, abs=0.1)
        assert np.abs(first.energy - again.energy).max() < 0.05
        for one, other in ((first.music, again.music), (first.laughter, again.laughter), (first.bands, again.bands)):
            assert one is not None
            assert other is not None
            assert np.abs(one.astype(float) - other).max() < 0.01

    def test_a_damaged_entry_is_measured_anew(
        self, tmp_path: Path, speech: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CLIPPER_CACHE", str(tmp_path / "cache"))
        whole = listen(speech)
        entry = next((cache.cache_dir() / "sound").iterdir())
        for damage in (b"", b"PK\x03\x04nothing", entry.read_bytes()[:2000]):
            entry.write_bytes(damage)
            assert len(listen(speech).energy) == len(whole.energy)
