"""A graphics card's encoder is taken where it works, left alone where it does not, and replaced when it fails.

No such card is at hand where tests run, so a script stands in for ffmpeg: it lists h264_nvenc and lets libx264 do its
work, or fails as a card does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest

from clipper.errors import UsageError
from clipper.export import encoders
from clipper.export.encode import encode
from clipper.export.quality import quality
from clipper.media import ffmpeg
from tests.picture.scenes import numbered

SCRIPT = """#!/bin/sh
real="{real}"
case "$*" in
  *-encoders*) echo " V....D h264_nvenc           NVIDIA NVENC H.264 encoder"; exit 0 ;;
  *lavfi*h264_nvenc*) echo trial >> "{log}"; {trial} ;;
  *h264_nvenc*) echo card >> "{log}"; {run} ;;
  *) echo x264 >> "{log}"; exec "$real" "$@" ;;
esac
"""
FAILS = 'head -c 200000 >/dev/null; echo "[h264_nvenc] device lost" >&2; exit 1'
TRIAL_WORKS = 'for last; do :; done; head -c 5000 /dev/zero > "$last"; exit 0'
# the card's own options mean nothing to libx264: pick input and output out of the command
AS_X264 = (
    'for last; do :; done; exec "$real" -v error -y -f rawvideo -pix_fmt yuv420p -video_size 64x64 -framerate 30 '
    '-i pipe:0 -c:v libx264 -f mp4 "$last"'
)

Card = Callable[[str, str], Path]


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Card]:
    """Puts a ffmpeg with a card in place and gives the path of the log of what was called."""
    monkeypatch.setenv("CLIPPER_CACHE", str(tmp_path / "cache"))
    real, log = ffmpeg(), tmp_path / "log"

    def make(trial: str, run: str) -> Path:
        path = tmp_path / "ffmpeg"
        path.write_text(SCRIPT.format(real=real, log=log, trial=trial, run=run))
        path.chmod(0o755)
        monkeypatch.setenv("CLIPPER_FFMPEG", str(path))
        ffmpeg.cache_clear()
        log.write_text("")
        return log

    yield make
    ffmpeg.cache_clear()


def test_auto_takes_a_card_that_works_and_tries_it_once(card: Card, tmp_path: Path):
    log = card(TRIAL_WORKS, AS_X264)
    for _ in range(3):
        assert encoders.choose("auto", quality("good")).name == "h264_nvenc"
    assert log.read_text().split() == ["trial"]
    assert encode(numbered(10, 30), None, tmp_path / "a.mp4", quality("good"), encoder="auto") == ""
    assert log.read_text().split() == ["trial", "card"]


def test_a_card_that_is_listed_but_fails_its_trial_is_not_taken(card: Card):
    log = card(FAILS, FAILS)
    for _ in range(2):
        assert encoders.choose("auto", quality("good")).name == "libx264"
    assert log.read_text().split() == ["trial"]
    with pytest.raises(UsageError, match="h264_nvenc does not work"):
        encoders.choose("h264_nvenc", quality("good"))


def test_a_failed_trial_is_made_again_a_day_later(card: Card, monkeypatch: pytest.MonkeyPatch):
    log = card(FAILS, FAILS)
    assert encoders.choose("auto", quality("good")).name == "libx264"
    monkeypatch.setattr(encoders, "AGAIN", 0.0)
    encoders.choose("auto", quality("good"))
    assert log.read_text().split() == ["trial", "trial"]


def test_best_is_never_made_by_a_card_unless_it_is_named(card: Card):
    log = card(TRIAL_WORKS, AS_X264)
    assert encoders.choose("auto", quality("best")).name == "libx264"
    assert log.read_text() == ""
    assert encoders.choose("h264_nvenc", quality("best")).name == "h264_nvenc"


def test_a_card_that_fails_in_mid_run_is_replaced_and_it_is_said(card: Card, tmp_path: Path):
    log = card(TRIAL_WORKS, FAILS)
    notes: set[str] = set()

    def listen(stage: str, done: float, total: float, note: str = "") -> None:
        notes.add(note)

    said = encode(
        numbered(90, 30), None, tmp_path / "a.mp4", quality("good"), encoder="auto", note="c1", progress=listen
    )
    assert said == "h264_nvenc failed ([h264_nvenc] device lost), so libx264 was used"
    assert f"c1 · {said}" in notes
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 90
    assert log.read_text().split() == ["trial", "card"]
    assert encoders.choose("auto", quality("good")).name == "libx264"  # left alone from now on


def test_there_is_always_libx264():
    assert encoders.choose("libx264", quality("good")).name == "libx264"
    assert encoders.choose("auto", quality("good")).name in (encoders.X264, *encoders.CARDS)
    with pytest.raises(UsageError, match="no encoder x265"):
        encoders.choose("x265", quality("good"))
