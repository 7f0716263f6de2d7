"""What the sound adds to the choice: voices against themselves, laughs, music, jumps, reads, the cold open's sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find, setting_of
from clipper.highlights.model import Settings
from clipper.highlights.select import runs
from clipper.highlights.signals import SIGNALS
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import SoundFacts
from clipper.media import run_ffmpeg
from clipper.sound.facts import measure
from clipper.speech.model import Transcript, Word

from .talks import TALK, said, stories

SAMPLE = Path(__file__).resolve().parents[2] / "assets" / "sample"
SHARED = Path(__file__).parents[3] / "shared" / "sample"
RATE = 50.0


def flat(talk: Transcript, level: float = -30.0) -> SoundFacts:
    """Facts of a talk in which nothing happens."""
    n = int(talk.duration * RATE)
    nothing = np.zeros(n, dtype=np.float32)
    return SoundFacts(
        rate=RATE, energy=np.full(n, level, dtype=np.float32), pitch=np.full(n, 120.0, dtype=np.float32),
        laughter=nothing.copy(), music=nothing.copy(), jumps=nothing.copy(),
    )  # fmt: skip


def put(row: np.ndarray | None, start: float, end: float, value: float) -> None:
    assert row is not None
    row[int(start * RATE) : int(end * RATE)] = value


def told(name: str, setting: Setting, first: int, last: int) -> tuple[float, str]:
    signal = SIGNALS[name]
    value = float(signal.measure(setting, Runs(np.array([first]), np.array([last])))[0])
    return value, signal.say(value, signal.evidence(setting, first, last))


def by_two(talk: Transcript, every: int = 60) -> Transcript:
    """The same words by two speakers in turn."""
    words = tuple(w.model_copy(update={"speaker": "AB"[i // every % 2]}) for i, w in enumerate(talk.words))
    return talk.model_copy(update={"words": words})


def sentences_of(setting: Setting, who: str) -> list[int]:
    return [i for i, s in enumerate(setting.talk.sentences) if s.speaker == who]


class TestEachVoiceAgainstItself:
    def test_a_loud_speaker_is_not_louder_than_usual(self) -> None:
        talk = by_two(said(TALK * 8))
        facts = flat(talk)
        for w in talk.words:
            put(facts.energy, w.start, w.end, -20.0 if w.speaker == "B" else -32.0)
            put(facts.pitch, w.start, w.end, 210.0 if w.speaker == "B" else 110.0)
        setting = setting_of(talk, Episode(), facts)
        found = runs(setting, Settings())
        assert np.abs(SIGNALS["energy"].measure(setting, found)).max() < 2.0
        assert np.abs(SIGNALS["pitch"].measure(setting, found)).max() < 1.0

    def test_a_soft_speaker_who_rises_is_told_with_the_second(self) -> None:
        talk = by_two(said(TALK * 8))
        facts = flat(talk)
        for w in talk.words:
            put(facts.energy, w.start, w.end, -20.0 if w.speaker == "B" else -32.0)
        plain = setting_of(talk, Episode(), facts)
        mine = sentences_of(plain, "A")[3]
        start, end = float(plain.talk.starts[mine]), float(plain.talk.ends[mine])
        put(facts.energy, start, end, -25.0)
        put(facts.pitch, start, end, 150.0)
        setting = setting_of(talk, Episode(), facts)
        louder, text = told("energy", setting, mine, mine + 1)
        assert louder > 4.0
        assert "dB louder" in text
        assert f":{start % 60:04.1f}" in text
        higher, text = told("pitch", setting, mine, mine + 1)
        assert higher > 2.5
        assert "semitones higher" in text

    def test_two_voices_without_names_are_told_apart_by_their_pitch(self) -> None:
        named = by_two(said(TALK * 8))
        facts = flat(named)
        for w in named.words:
            put(facts.pitch, w.start, w.end, 210.0 if w.speaker == "B" else 110.0)
        words = tuple(w.model_copy(update={"speaker": None}) for w in named.words)
        setting = setting_of(named.model_copy(update={"words": words}), Episode(), facts)
        pitch = SIGNALS["pitch"].measure(setting, runs(setting, Settings()))
        assert np.abs(pitch).max() < 1.5  # and not the six semitones from the middle of both


class TestLaughter:
    def test_a_laugh_in_a_pause_or_just_after_the_last_word_counts(self) -> None:
        words = list(said(TALK * 6).words)
        moved = [
            w.model_copy(update={"start": w.start + 3, "end": w.end + 3}) if i >= 150 else w
            for i, w in enumerate(words)
        ]
        talk = Transcript(language="en", duration=words[-1].end + 3, words=tuple(moved))
        facts = flat(talk)
        put(facts.laughter, words[150].start + 0.6, words[150].start + 1.2, 0.9)
        setting = setting_of(talk, Episode(), facts)
        before = int(setting.talk.sentence_of([149])[0])
        value, text = told("heard_laughter", setting, before, before + 1)
        assert value > 0
        assert text.startswith("Somebody laughs at 1:0")
        assert told("heard_laughter", setting, before - 3, before - 1)[0] == 0.0

    def test_what_is_full_of_words_is_no_laugh(self) -> None:
        talk = said(TALK * 6)
        facts = flat(talk)
        put(facts.laughter, 40.0, 40.6, 0.9)
        setting = setting_of(talk, Episode(), facts)
        assert not SIGNALS["heard_laughter"].measure(setting, runs(setting, Settings())).any()


class TestMusicAndJumps:
    def test_a_bed_under_a_passage_is_told_and_speaks_against_it(self) -> None:
        talk = said(stories(120))
        facts = flat(talk)
        put(facts.music, 200.0, 260.0, 1.0)
        setting = setting_of(talk, Episode(), facts)
        found = runs(setting, Settings())
        value = SIGNALS["music_bed"].measure(setting, found)
        k = int(np.argmax(value))
        assert value[k] == pytest.approx(1.0)
        assert "Music plays under 100 %" in told("music_bed", setting, int(found.first[k]), int(found.last[k]))[1]
        best = find(talk, Episode(), Settings(count=1), sound=flat(talk)).candidates[0].span
        put(facts.music, 0.0, talk.duration, 0.0)
        put(facts.music, best.start - 15, best.end + 15, 1.0)
        assert not find(talk, Episode(), Settings(count=1), sound=facts).candidates[0].span.overlap(best)

    def test_a_jump_in_loudness_is_told_with_its_size_and_second(self) -> None:
        talk = said(TALK * 8)
        facts = flat(talk)
        put(facts.jumps, 63.0, 64.0, -7.5)
        setting = setting_of(talk, Episode(), facts)
        inside = int(np.searchsorted(setting.talk.starts, 63.5)) - 1
        value, text = told("loudness_jump", setting, inside - 2, inside + 3)
        assert value == 7.5
        assert text == "The loudness jumps by 7.5 dB at 1:03.0."
        assert told("loudness_jump", setting, inside + 4, inside + 6)[0] == 0.0


def test_without_facts_of_the_sound_nothing_changes() -> None:
    talk, page = said(TALK * 3 + stories(60)), Episode(title="One good bell for the town")
    plain = find(talk, page)
    silent = find(talk, page, sound=flat(talk))
    assert [c.span for c in plain.candidates] == [c.span for c in silent.candidates]
    assert [c.score for c in plain.candidates] == [c.score for c in silent.candidates]


SOFT_READ = (
    "Introducing the Otter kettle for your business. Ours boils water in a minute. It is easy to use and never drips. "
    "My neighbour has two of them. You get started in no time."
)


class TestSponsorReads:
    def kinds(self, talk: Transcript, facts: SoundFacts | None) -> list[str]:
        setting = setting_of(talk, Episode(), facts)
        return [k for s, k in zip(setting.talk.sentences, setting.kinds, strict=True) if "neighbour has two" in s.text]

    def place(self, talk: Transcript) -> tuple[float, float]:
        at = next(i for i, w in enumerate(talk.words) if w.text == "Introducing")
        return talk.words[at].start, talk.words[at + len(SOFT_READ.split()) - 1].end

    def test_weak_words_make_a_read_over_music_and_not_without_it(self) -> None:
        talk = said(f"{stories(40)} {SOFT_READ} {stories(40, 8)}")
        facts = flat(talk)
        assert self.kinds(talk, facts) == [""]
        put(facts.music, *self.place(talk), 1.0)
        assert self.kinds(talk, facts) == ["sponsor read"]
        assert self.kinds(talk, None) == [""]

    def test_a_read_takes_the_borders_of_its_music(self) -> None:
        read = "Here is something else. This part is brought to you by Otter Socks. Visit ottersocks.com to learn more."
        talk = said(f"{stories(40)} {read} It rains. {stories(40, 8)}")
        at = next(i for i, w in enumerate(talk.words) if w.text == "Here")
        facts = flat(talk)
        put(facts.music, talk.words[at].start, talk.words[at].start + 0.4 * len(f"{read} It rains.".split()), 1.0)
        setting = setting_of(talk, Episode(), facts)
        of = {s.text: k for s, k in zip(setting.talk.sentences, setting.kinds, strict=True)}
        assert of["Here is something else."] == of["It rains."] == "sponsor read"
        assert sum(k == "sponsor read" for k in setting.kinds) == 4

    def test_music_all_along_and_a_jingle_at_the_start_are_no_reads(self) -> None:
        talk = said(f"{SOFT_READ} {stories(80)} {SOFT_READ} {stories(80, 8)}")
        facts = flat(talk)
        put(facts.music, 0.0, 30.0, 1.0)
        assert self.kinds(talk, facts) == ["", ""]
        put(facts.music, 0.0, talk.duration, 1.0)
        assert self.kinds(talk, facts) == ["", ""]

    def test_music_without_words_that_sell_is_no_read(self) -> None:
        talk = said(stories(120))
        facts = flat(talk)
        put(facts.music, 200.0, 240.0, 1.0)
        assert "sponsor read" not in setting_of(talk, Episode(), facts).kinds

    def test_the_samples_read_is_found_and_no_talk_beside_it(self) -> None:
        truth = _truth()
        talk = _words(truth)
        setting = setting_of(talk, Episode(), measure(next(SAMPLE.glob("*.mp3"))))
        read = next(s for s in truth["sections"] if s["kind"] == "sponsor")
        for s, kind in zip(setting.talk.sentences, setting.kinds, strict=True):
            assert (kind == "sponsor read") == (read["start"] - 0.5 <= s.start < read["end"]), s.text


def _truth() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    return told


def _words(truth: dict[str, Any], start: float = 0.0, end: float = 1e9, later: float = 0.0) -> Transcript:
    """The sample's words between two times, moved `later`."""
    words = tuple(
        Word(text=w[0], start=w[1] + later, end=w[2] + later, speaker=w[3])
        for w in truth["words"] if start <= w[1] < end
    )  # fmt: skip
    return Transcript(language="en", duration=words[-1].end + 1, words=words)


class TestTheColdOpenBySound:
    """Three sentences of the sample, put before it as an editor would, in the same sound and in another."""

    START, END = 252.95, 262.4

    @pytest.mark.parametrize(
        ("filters", "copied"),
        [
            ("anull", True),
            ("volume=-6dB,acompressor=threshold=-24dB:ratio=3,lowpass=6000", True),
            ("asetrate=44100*0.88,aresample=44100", False),  # another voice, slower: said again
        ],
    )
    def test_the_same_sound_is_told_from_the_same_words_said_again(
        self, tmp_path: Path, filters: str, copied: bool
    ) -> None:
        truth = _truth()
        trailer = _words(truth, self.START, self.END)
        start, end = trailer.words[0].start - 0.05, trailer.words[-1].end + 0.05
        audio = next(SAMPLE.glob("*.mp3"))
        out = tmp_path / "episode.wav"
        graph = (
            f"[0:a]atrim={start}:{end},asetpts=N/SR/TB,{filters},aformat=sample_rates=44100[a];"
            f"[0:a]aformat=sample_rates=44100[b];[a][b]concat=n=2:v=0:a=1"
        )
        made = run_ffmpeg(["-y", "-v", "error", "-i", audio, "-filter_complex", graph, "-ac", "1", out])
        assert made.returncode == 0, made.stderr.decode()
        facts = measure(out)
        stretch = 1 / 0.88 if "asetrate" in filters else 1.0
        opened = tuple(
            w.model_copy(update={"start": max(0.0, (w.start - start) * stretch), "end": (w.end - start) * stretch})
            for w in trailer.words
        )
        rest = _words(truth, later=(end - start) * stretch)
        talk = replace_words(rest, (*opened, *rest.words))
        setting = setting_of(talk, Episode(), facts)
        assert setting.cold_open.trailer.any()
        known = setting.cold_open.copied[setting.cold_open.source > 0]
        assert len(known)
        assert (known == float(copied)).all()
        source = int(np.flatnonzero(setting.cold_open.source)[0])
        value, text = told("cold_open", setting, source, source + 1)
        if copied:
            assert value == 1.0
            assert text.startswith("Your own cold open has this: “")
            assert "the same sound" in text
        else:
            assert 0 < value < 1
            assert "in another take" in text

    def test_without_the_sound_the_words_are_enough(self) -> None:
        best = "Nobody had ever heard that bell ring in the right order before we took the drum apart."
        talk = said(f"{best} Welcome to the show. {TALK * 6} {best} {TALK * 6}")
        setting = setting_of(talk, Episode())
        source = int(np.flatnonzero(setting.cold_open.source)[0])
        value, text = told("cold_open", setting, source, source + 1)
        assert value == 1.0
        assert "same sound" not in text


def replace_words(talk: Transcript, words: tuple[Word, ...]) -> Transcript:
    return talk.model_copy(update={"words": words})


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
@pytest.mark.shared
def test_a_real_laugh_after_a_sentence_of_the_sample_is_its_reason(tmp_path: Path) -> None:
    truth = _truth()
    words = _words(truth)
    at = next(w.end for w in words.words if w.end > 164.0 and w.text.endswith("."))
    laugh, out = SHARED / "people" / "mfa_laughter.flac", tmp_path / "laughing.wav"
    graph = (
        f"[0:a]atrim=0:{at},aformat=sample_rates=44100:channel_layouts=mono[a];"
        f"[1:a]atrim=3.7:5.2,asetpts=N/SR/TB,volume=-6dB,aformat=sample_rates=44100:channel_layouts=mono[l];"
        f"[0:a]atrim={at},asetpts=N/SR/TB,aformat=sample_rates=44100:channel_layouts=mono[b];"
        f"[a][l][b]concat=n=3:v=0:a=1"
    )
    audio = next(SAMPLE.glob("*.mp3"))
    made = run_ffmpeg(["-y", "-v", "error", "-i", audio, "-i", laugh, "-filter_complex", graph, out])
    assert made.returncode == 0, made.stderr.decode()
    moved = tuple(
        w if w.end <= at else w.model_copy(update={"start": w.start + 1.5, "end": w.end + 1.5}) for w in words.words
    )
    setting = setting_of(replace_words(words, moved), Episode(), measure(out))
    last = int(np.searchsorted(setting.talk.starts, at - 0.01))
    value, text = told("heard_laughter", setting, last - 2, last)
    assert value > 0
    assert text.startswith("Somebody laughs at 2:4")
