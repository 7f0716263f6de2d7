"""An episode's audio through the front door of the room: good files, bad files, interrupted runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from clipper.errors import InputError, UsageError
from clipper.speech import limits as numbers
from clipper.speech import stretches as cutting
from clipper.speech.engines.base import RATE
from clipper.speech.model import Transcript
from clipper.speech.transcribe import transcribe
from tests.speech.conftest import encode, word_errors, write_wav


@pytest.fixture(scope="module")
def whole(piece: Path) -> Transcript:
    return transcribe(piece, offline=True)


def test_an_episode_becomes_words_with_times(whole: Transcript, said: Callable[[float, float], str]) -> None:
    assert whole.language == "en"
    assert whole.timing == "measured"
    assert whole.source == "faster-whisper base"
    assert whole.duration == pytest.approx(18, abs=0.01)
    assert word_errors(said(30, 48), whole.text()) < 0.25
    for before, word in pairwise(whole.words):
        assert before.end <= word.start <= word.end <= whole.duration
    assert all(w.text.strip() == w.text and w.confidence is not None for w in whole.words)


def test_a_second_run_hears_nothing_again(whole: Transcript, piece: Path) -> None:
    notes: list[str] = []
    assert transcribe(piece, progress=lambda *a: notes.append(a[3] if len(a) > 3 else "")) == whole
    assert notes == ["heard before"]


def test_the_same_sound_under_another_name_is_known(whole: Transcript, piece: Path, tmp_path: Path) -> None:
    copy = tmp_path / 'a "strange"\nname \u202e.wav'
    copy.write_bytes(piece.read_bytes())
    notes: list[str] = []
    assert transcribe(copy, progress=lambda *a: notes.append(a[3] if len(a) > 3 else "")).words == whole.words
    assert notes == ["heard before"]


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = numbers.limits()
    stretch = shipped.stretch.model_copy(update={"seconds": 9.0, "window": 5.0})
    short = shipped.model_copy(update={"stretch": stretch})
    monkeypatch.setattr(cutting, "limits", lambda: short)
    monkeypatch.setattr("clipper.speech.transcribe.limits", lambda: short)


@pytest.mark.usefixtures("short_stretches")
def test_an_interrupted_run_goes_on_where_it_stopped(piece: Path, kept: Path) -> None:
    class Stop(KeyboardInterrupt):
        pass

    def stop_late(stage: str, done: float, total: float, note: str = "") -> None:
        if done > 8:
            raise Stop

    with pytest.raises(Stop):
        transcribe(piece, language="en", progress=stop_late)
    assert list((kept / "stretches").glob("*.json"))
    assert not list(kept.rglob(".*-*.json"))

    seen: list[tuple[float, str]] = []
    resumed = transcribe(piece, language="en", progress=lambda s, d, t, note="": seen.append((d, note)))
    assert seen[0][1] == "heard before"
    assert seen[0][0] > 2
    assert not list((kept / "stretches").glob("*.json"))

    for path in (kept / "transcripts").glob("*.json"):
        path.unlink()
    assert transcribe(piece, language="en") == resumed


@pytest.mark.usefixtures("short_stretches")
def test_stretches_lose_no_words(piece: Path, said: Callable[[float, float], str]) -> None:
    assert word_errors(said(30, 48), transcribe(piece, language="English").text()) < 0.3


def test_stretches_meet_without_gap_and_windows_lie_inside(speech: np.ndarray, short_stretches: None) -> None:
    made = list(cutting.stretches(np.array_split(speech, 97)))
    assert len(made) > 5
    assert made[0].first == 0
    assert made[-1].last == len(speech)
    for before, after in pairwise(made):
        assert before.last == after.first
    for stretch in made:
        assert all(0 <= w.first < w.last <= len(stretch.samples) and w.first % 160 == 0 for w in stretch.windows)


def test_a_video_s_sound_is_used(piece: Path, whole: Transcript, tmp_path: Path) -> None:
    video = encode(
        piece, tmp_path / "talk.mp4", "-f", "lavfi", "-i", "color=c=red:s=64x64:d=18", "-map", "1:v", "-map", "0:a",
        "-c:v", "libx264", "-c:a", "aac",
    )  # fmt: skip
    assert word_errors(whole.text(), transcribe(video).text()) < 0.15


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("slow.wav", ["-ar", "8000"]),
        ("odd.flac", ["-ar", "37800", "-sample_fmt", "s32"]),
        ("wide.wav", ["-ar", "96000", "-ac", "6", "-c:a", "pcm_f32le"]),
        ("mono.opus", ["-c:a", "libopus", "-b:a", "24k"]),
    ],
)
def test_any_rate_and_layout_is_heard(
    name: str, options: list[str], piece: Path, whole: Transcript, tmp_path: Path
) -> None:
    heard = transcribe(encode(piece, tmp_path / name, *options), language="en")
    assert heard.duration == pytest.approx(whole.duration, abs=0.1)
    assert word_errors(whole.text(), heard.text()) < 0.3


def test_a_truncated_file_gives_what_is_there(piece: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.mp3"
    raw = encode(piece, tmp_path / "full.mp3", "-b:a", "64k").read_bytes()
    half.write_bytes(raw[: len(raw) // 2])
    heard = transcribe(half, language="en")
    assert heard.duration == pytest.approx(9, abs=0.5)
    assert len(heard.words) > 10


def test_bytes_after_the_end_do_no_harm(piece: Path, tmp_path: Path) -> None:
    odd = encode(piece, tmp_path / "odd.flac")
    odd.write_bytes(odd.read_bytes() + b"\xff\xf8trailing rubbish" * 400)
    assert transcribe(odd, language="en").duration == pytest.approx(18, abs=0.2)


def cut_off_m4a(piece: Path, folder: Path) -> Path:
    path = encode(piece, folder / "cut.m4a")
    path.write_bytes(path.read_bytes()[:20_000])  # the index comes last, and is gone
    return path


def made(content: bytes, name: str) -> Callable[[Path, Path], Path]:
    def write(piece: Path, folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


def lying_header(piece: Path, folder: Path) -> Path:
    (folder / "lies.wav").write_bytes(
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0data\0\0\0\0"
    )
    return folder / "lies.wav"


def silent_video(piece: Path, folder: Path) -> Path:
    return encode(piece, folder / "mute.mp4", "-f", "lavfi", "-i", "color=s=64x64:d=1", "-map", "1:v")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda piece, folder: folder / "none.mp3", "there is no audio file"),
        (lambda piece, folder: folder, "there is no audio file"),
        (made(b"", "empty.mp3"), "is empty"),
        (made(b"Dear diary, this is not a sound.\n" * 50, "diary.mp3"), "diary.mp3"),
        (made(b"\0" * 5000, "zeros.wav"), "zeros.wav"),
        (cut_off_m4a, "cut.m4a"),
        (lying_header, "lies.wav"),
        (silent_video, "has no sound"),
    ],
    ids=["missing", "folder", "empty", "text", "zeros", "cut off", "lying header", "video without sound"],
)
def test_a_file_that_cannot_be_heard_is_told_by_name(
    make: Callable[[Path, Path], Path], words: str, piece: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=words) as error:
        transcribe(make(piece, tmp_path))
    assert error.value.exit_code == 3
    assert error.value.mend


def chords(seconds: float, rate: int = 44_100) -> np.ndarray:
    """Four chords round and round with a beat, loud."""
    rng = np.random.default_rng(3)
    beat = np.arange(int(rate * 1.2)) / rate
    bars = []
    for root in (220.0, 174.6, 130.8, 196.0):
        tones = [np.sin(2 * np.pi * root * step * k * beat) / k**1.5 for step in (1, 1.19, 1.5) for k in range(1, 6)]
        bar = np.sum(tones, axis=0) * np.minimum(1, beat * 20) * np.exp(-beat * 0.8)
        for at in (0, rate * 6 // 10):
            bar[at : at + 4000] += np.exp(-np.arange(4000) / 600) * rng.normal(size=4000) * 0.6
        bars.append(bar)
    tune = np.tile(np.concatenate(bars), int(seconds / 4.8) + 1)[: int(seconds * rate)]
    return tune / np.abs(tune).max() * 0.7 * 32767


@pytest.mark.parametrize(
    "sound",
    [
        lambda: chords(30),
        lambda: np.zeros(44_100 * 20),
        lambda: np.random.default_rng(1).normal(size=44_100 * 20) * 3000,
    ],
    ids=["music", "silence", "noise"],
)
@pytest.mark.parametrize("engine", ["faster-whisper", "openai-whisper"])
def test_where_nobody_speaks_no_words_are_invented(
    engine: str, sound: Callable[[], np.ndarray], tmp_path: Path
) -> None:
    path = write_wav(tmp_path / "quiet.wav", sound(), 44_100)
    with pytest.raises(InputError, match=r"no speech found in quiet\.wav") as error:
        transcribe(path, engine=engine)
    assert error.value.exit_code == 3


def test_the_music_before_the_talk_gives_no_words(speech: np.ndarray, tmp_path: Path) -> None:
    path = write_wav(tmp_path / "intro.wav", speech[: 20 * RATE])
    heard = transcribe(path)
    assert heard.words[0].start > 6.5
    assert heard.words[0].text.lower().startswith("hello")


def test_a_language_nobody_knows_is_told(piece: Path) -> None:
    with pytest.raises(UsageError, match="Klingon"):
        transcribe(piece, language="Klingon")


MEASURE = """
import re, sys
from pathlib import Path
import numpy as np
from clipper.speech.stretches import stretches

def hour():
    noise = (np.random.default_rng(1).normal(size=160_000) * 300).astype(np.int16)
    for _ in range(int(sys.argv[1]) * 6):
        yield noise

count = sum(len(s.samples) for s in stretches(hour()))
print(count, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_memory_does_not_grow_with_the_episode() -> None:
    def peak(minutes: int) -> float:
        done = subprocess.run([sys.executable, "-c", MEASURE, str(minutes)], capture_output=True, check=True, text=True)
        samples, kilobytes = map(int, done.stdout.split())
        assert samples == minutes * 60 * RATE
        return kilobytes / 1024

    short, long = peak(12), peak(120)
    assert long < short + 60
    assert long < 500


SHARED = Path(__file__).parents[2].parent / "shared" / "sample" / "odd"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="this checkout has no ../shared")
@pytest.mark.parametrize("path", sorted(SHARED.glob("librivox_sonnet*")), ids=lambda p: p.suffix[1:])
def test_one_reading_in_seven_containers_gives_the_same_words(path: Path) -> None:
    heard = transcribe(path, language="en")
    assert heard.duration == pytest.approx(9, abs=0.1)
    assert word_errors(transcribe(SHARED / "librivox_sonnet_p001.aiff", language="en").text(), heard.text()) < 0.2


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="this checkout has no ../shared")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*broken*")), ids=lambda p: p.stem)
def test_headers_that_lie_are_told(path: Path) -> None:
    with pytest.raises(InputError, match=path.stem):
        transcribe(path)
