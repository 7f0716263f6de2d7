"""Whatever a producer feeds it, clipper answers with one line of what is wrong and one line of the mend."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clipper.media import run_ffmpeg
from tests.conftest import Clipper


def tone(path: Path, seconds: float, level: float = 0.0) -> Path:
    """A WAV of silence, or of a chord as loud as `level`."""
    t = np.arange(int(seconds * 16_000)) / 16_000
    sound = level * sum(np.sin(2 * np.pi * f * t) for f in (220.0, 277.2, 329.6)) / 3 * (0.6 + 0.4 * np.sin(t * 9))
    with wave.open(str(path), "wb") as f:
        f.setnchannels(1)
        f.setsampwidth(2)
        f.setframerate(16_000)
        f.writeframes((sound * 32_000).astype("<i2").tobytes())
    return path


BACKWARDS = "\n".join(
    f"{i}\n00:00:{60 - 8 * i:02d},000 --> 00:00:{63 - 8 * i:02d},000\nA sentence that comes before.\n"
    for i in range(1, 7)
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text("---\ntitle: A talk\n---\n\nWe talk about:\n\n* bells\n", encoding="utf-8")
    return path


def test_no_such_episode(clipper: Clipper, tmp_path: Path):
    done = clipper("make", tmp_path / "nowhere.md", "-o", tmp_path / "out")
    assert done.code == 3
    assert "nowhere.md" in done.two_lines()[0]


@pytest.mark.parametrize(
    "content", [b"", b"ID3\x04" + bytes(40), b"this is no sound " * 100], ids=["empty", "cut", "text"]
)
def test_audio_that_is_none(clipper: Clipper, tmp_path: Path, page: Path, content: bytes):
    audio = tmp_path / "talk.mp3"
    audio.write_bytes(content)
    done = clipper("make", page, "--audio", audio, "-o", tmp_path / "out", "--offline")
    assert done.code == 3
    assert "talk.mp3" in done.two_lines()[0]


def test_only_an_embed_is_known(clipper: Clipper, tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("# Talk\n\n%[https://www.youtube.com/watch?v=abc]\n", encoding="utf-8")
    done = clipper("make", page, "-o", tmp_path / "out")
    assert done.code == 3
    assert "--audio" in done.two_lines()[1]


@pytest.mark.parametrize("level", [0.0, 0.3], ids=["silence", "music"])
def test_no_speech(clipper: Clipper, tmp_path: Path, page: Path, level: float):
    done = clipper("make", page, "--audio", tone(tmp_path / "a.wav", 40, level), "-o", tmp_path / "out", "--offline")
    assert done.code == 3
    assert "no speech found" in done.two_lines()[0]
    assert not (tmp_path / "out" / "clips.yaml").exists()


def test_an_episode_shorter_than_the_shortest_clip(clipper: Clipper, tmp_path: Path, page: Path, sample_audio: Path):
    short = tmp_path / "short.wav"
    assert run_ffmpeg(["-y", "-ss", "66", "-t", "9", "-i", sample_audio, short]).returncode == 0
    done = clipper("make", page, "--audio", short, "-o", tmp_path / "out", "--offline")
    assert done.code == 3
    assert "--min" in done.two_lines()[1]


def test_the_sound_of_a_video_is_used(clipper: Clipper, tmp_path: Path, page: Path, sample_audio: Path):
    video = tmp_path / "talk.mp4"
    made = run_ffmpeg(
        [
            "-y",
            "-f",
            "lavfi",
            "-i",
            "color=size=64x64:rate=5",
            "-ss",
            "66",
            "-t",
            "25",
            "-i",
            sample_audio,
            "-shortest",
            video,
        ]
    )
    assert made.returncode == 0
    done = clipper("find", page, "--audio", video, "--min", 5, "--offline", "--json")
    assert done.code == 0, done.err
    assert done.json["clips"]


@pytest.mark.parametrize("kind", ["no picture", "one pixel", "too large"])
def test_a_cover_that_cannot_be_used_is_found_out_at_once(clipper: Clipper, tmp_path: Path, sample: Path, kind: str):
    cover = tmp_path / "cover.png"
    if kind == "no picture":
        cover.write_bytes(b"not a picture")
    else:
        Image.new("1", (1, 1) if kind == "one pixel" else (20_000, 20_000)).save(cover)
    done = clipper("make", sample, "--cover", cover, "-o", tmp_path / "out", "--offline")
    assert done.code == 3
    assert "cover.png" in done.two_lines()[0]
    assert "Listening" not in done.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--count", "-1"], "--count"),
        (["--min", "50", "--max", "20"], "--min"),
        (["--formats", "round"], "round"),
        (["--template", "nope"], "nope"),
        (["--quality", "nope"], "nope"),
        (["--engine", "nope"], "nope"),
    ],
)
def test_options_that_make_no_sense(clipper: Clipper, sample: Path, tmp_path: Path, options: list[str], said: str):
    done = clipper("make", sample, "-o", tmp_path / "out", "--offline", *options)
    assert done.code == 2
    assert said in done.two_lines()[0]


def test_an_option_that_does_not_exist(clipper: Clipper, sample: Path):
    done = clipper("make", sample, "--colour", "red")
    assert done.code == 2
    assert "--colour" in done.err
    assert "Traceback" not in done.err


def test_out_that_cannot_be_written(clipper: Clipper, sample: Path, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    done = clipper("make", sample, "-o", tmp_path / "file" / "out", "--offline")
    assert done.code == 4
    assert "-o" in done.two_lines()[1]


@pytest.mark.parametrize("title", ['It\'s "quoted" / ..\\ and\nbroken', "\u202eevil\u202c \u200f..", "a" * 300, "  "])
def test_names_of_all_kinds(clipper: Clipper, tmp_path: Path, sample_audio: Path, title: str):
    folder = tmp_path / "my 'show'"
    folder.mkdir()
    page = folder / 'page "1".md'
    page.write_text("---\ntitle: |\n  " + title.replace("\n", "\n  ") + "\n---\n\nHello.\n", encoding="utf-8")
    audio = folder / "שלום it's.wav"
    assert run_ffmpeg(["-y", "-ss", "96", "-t", "22", "-i", sample_audio, audio]).returncode == 0
    done = clipper(
        "make", page, "--audio", audio, "-o", tmp_path / "out", "--min", 5, "--max", 15, "--count", 1,
        "--formats", "square", "--quality", "draft", "--offline", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert len(done.json["clips"]) == 1
    assert Path(done.json["clips"][0]["files"]["square"]).resolve().is_relative_to((tmp_path / "out").resolve())


def test_a_letter_that_no_font_has_is_named_and_never_a_box(clipper: Clipper, sample: Path, tmp_path: Path):
    plan = tmp_path / "out"
    done = clipper("find", sample, "-o", plan, "--offline")
    assert done.code == 0, done.err
    text = (plan / "clips.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^    (title|hook): .*$", r"    \1: 𒀭 bells", text, flags=re.MULTILINE)
    (plan / "clips.yaml").write_text(text, encoding="utf-8")
    done = clipper("render", plan, "--only", "c1")
    assert done.code == 3
    assert "U+1202D" in done.two_lines()[0]
    assert not list(plan.rglob("*.mp4"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BACKWARDS, "backwards"),
        ("1\n09:00:10,000 --> 09:00:15,000\nHello there, far beyond the end.\n", "beyond"),
        ("", "empty"),
    ],
    ids=["backwards", "beyond", "empty"],
)
def test_a_transcript_that_does_not_fit(
    clipper: Clipper, sample: Path, sample_audio: Path, tmp_path: Path, text: str, said: str
):
    words = tmp_path / "words.srt"
    words.write_text(text, encoding="utf-8")
    done = clipper("find", sample, "--transcript", words, "--audio", sample_audio, "--offline")
    assert done.code == 3
    assert "words.srt" in done.two_lines()[0], done.err


def test_render_without_a_plan(clipper: Clipper, tmp_path: Path):
    done = clipper("render", tmp_path)
    assert done.code == 3
    assert "clipper find" in done.two_lines()[1]


def test_doctor_says_what_is_there(clipper: Clipper):
    done = clipper("doctor", "--json")
    assert done.code == 0, done.out
    assert {c["name"] for c in done.json["checks"]} >= {"ffmpeg", "text shaping", "recogniser"}


def test_doctor_names_what_is_missing(clipper: Clipper):
    done = clipper("doctor", CLIPPER_FFMPEG="/nowhere/ffmpeg")
    assert done.code == 4
    assert "MISSING ffmpeg" in done.out
