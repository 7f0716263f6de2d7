"""`clipper learn` with real sound: who is named in one episode is known by voice in the next, which names nobody."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clipper.media import run_ffmpeg
from clipper.plan import store
from tests.conftest import Clipper

BELLS = ("56", "116")  # seconds of the sample in which both speak and neither is called by name
PEOPLE = {"Ben Okafor", "Aoife Kinsella"}


@pytest.fixture
def show(sample: Path, tmp_path: Path) -> Path:
    """A show of two episodes: the sample, and a minute of talk whose page knows no guest."""
    show = tmp_path / "show"
    shutil.copytree(sample, show / "first", ignore=shutil.ignore_patterns("build", "truth.json", "script.txt"))
    (show / "clipper.toml").write_text("# Oddly Good Work\n", encoding="utf-8")
    (show / "second").mkdir()
    (show / "second" / "page.md").write_text("---\ntitle: How a bell works\n---\n\nA talk.\n", encoding="utf-8")
    (mp3,) = (show / "first").glob("*.mp3")
    first, last = BELLS
    run = run_ffmpeg(["-v", "error", "-ss", first, "-to", last, "-i", mp3, "-ac", "1", show / "second" / "talk.wav"])
    assert run.returncode == 0, run.stderr
    return show


def test_a_voice_that_was_named_is_known_in_the_next_episode(clipper: Clipper, show: Path) -> None:
    def speakers(name: str, out: str) -> set[str]:
        done = clipper("find", show / name, "-o", show / name / out, "--language", "en")
        assert done.code == 0, done.err
        return set(store.load(show / name / out).speakers.values())

    assert speakers("first", "out") == PEOPLE
    assert not speakers("second", "before") & PEOPLE
    done = clipper("learn", show)
    assert done.code == 0, done.err
    for name in PEOPLE:
        assert name in done.out
    assert "[voices]" in (show / "clipper.learnt.toml").read_text(encoding="utf-8")
    assert speakers("second", "after") == PEOPLE
