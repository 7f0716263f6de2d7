"""The words that the page itself has, and words whose clock runs wrong: both at the times of the sound."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clipper.batch.planned import open_plan
from clipper.batch.wishes import wished
from clipper.batch.words import given_words, words_for
from clipper.episode.load import load_episode
from clipper.errors import InputError
from clipper.progress import silent
from clipper.speech.model import Transcript
from tests.conftest import Clipper
from tests.words.test_sample import pairs


@pytest.fixture(scope="module")
def page(sample: Path, sample_truth: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's page with what is said under a heading, speaker by speaker, as shows publish it."""
    names = sample_truth["speakers"]
    lines, last = [], None
    for text, _, _, who, _ in sample_truth["words"]:
        if who != last:
            lines.append(f"{names[who]}: {text}")
            last = who
        else:
            lines[-1] += f" {text}"
    path = tmp_path_factory.mktemp("page") / "bells.md"
    path.write_text(
        next(sample.glob("*.md")).read_text("utf-8") + "\n\n## Transcript\n\n" + "\n\n".join(lines), "utf-8"
    )
    return path


def test_the_page_s_own_words_stand_at_the_times_of_the_sound(
    clipper: Clipper, page: Path, sample_audio: Path, sample_truth: dict[str, Any], tmp_path: Path
) -> None:
    done = clipper("find", page, "--audio", sample_audio, "--transcript", "page", "-o", tmp_path, "--offline")
    assert done.code == 0, done.err
    assert "words from the page's transcript" in done.err
    words = open_plan(tmp_path)[1]
    found = pairs(sample_truth, words)
    assert len(found) == len(sample_truth["words"])
    assert np.percentile([abs(w.start - row[1]) for row, w in found], 90) < 0.25
    assert np.mean([w.speaker == sample_truth["speakers"][row[3]] for row, w in found]) > 0.99


def test_that_the_page_has_words_is_told_and_they_are_not_taken_unasked(page: Path, sample_audio: Path) -> None:
    given, notes = given_words(wished(str(page), to_make=False), load_episode(str(page)), sample_audio)
    assert given is None
    assert "--transcript page" in notes[0]


def test_a_page_without_words_says_so(sample: Path, sample_audio: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.md"
    bare.write_text("# A talk\n\nWith somebody.\n\n## Transcript\n\nTo come.\n", "utf-8")
    wishes = wished(str(bare), to_make=False, transcript=Path("page"))
    with pytest.raises(InputError, match=r"bare\.md has no transcript"):
        given_words(wishes, load_episode(str(bare)), tmp_path / "bare.mp3")
    (tmp_path / "bare.en.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello.\n", "utf-8")
    given, _ = given_words(wishes, load_episode(str(bare)), tmp_path / "bare.mp3")
    assert given == tmp_path / "bare.en.srt"


def test_captions_that_run_at_another_rate_are_put_right(
    sample: Path, sample_audio: Path, sample_truth: dict[str, Any], tmp_path: Path
) -> None:
    """Made for 25 frames a second and read at 23.976: the last cue comes 14 s late."""
    rows = sample_truth["words"]
    cues = [rows[i : i + 8] for i in range(0, len(rows), 8)]
    rate = 25 / 23.976
    text = "\n".join(
        f"{n}\n{stamp(cue[0][1] * rate)} --> {stamp(cue[-1][2] * rate)}\n{' '.join(w[0] for w in cue)}\n"
        for n, cue in enumerate(cues, 1)
    )
    late = tmp_path / "late.srt"
    late.write_text(text, "utf-8")
    wishes = wished(str(next(sample.glob("*.md"))), to_make=False, transcript=late, offline=True)
    words, checked = words_for(wishes, sample_audio, late, silent)
    assert isinstance(words, Transcript)
    assert checked is not None
    assert "runs 4.1% faster than the sound" in checked.notes[0]
    found = pairs(sample_truth, words)
    assert len(found) == len(rows)
    assert np.percentile([abs(w.start - row[1]) for row, w in found], 90) < 0.8, "as good as times inside a cue are"
    assert np.median([abs(w.start - row[1]) for row, w in found]) < 0.3


def stamp(seconds: float) -> str:
    text = f"{int(seconds // 3600):02d}:{int(seconds // 60 % 60):02d}:{seconds % 60:06.3f}".replace(".", ",")
    assert re.fullmatch(r"\d\d:\d\d:\d\d,\d{3}", text)
    return text
