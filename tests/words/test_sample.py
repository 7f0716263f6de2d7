"""The words of the sample episode as its producer would check them: times, names, speakers."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clipper.batch.planned import open_plan
from clipper.plan.model import Plan
from clipper.speech.model import Transcript
from tests.conftest import Clipper


@pytest.fixture(scope="module")
def out(clipper: Clipper, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("found")
    done = clipper("find", sample, "-o", folder, "--offline", "--json")
    assert done.code == 0, done.err
    return folder


@pytest.fixture(scope="module")
def opened(out: Path) -> tuple[Plan, Transcript]:
    return open_plan(out)


def pairs(truth: dict[str, Any], words: Transcript) -> list[tuple[list[Any], Any]]:
    """Rows of the truth and the words that were heard for them."""

    def key(text: str) -> str:
        return re.sub(r"[^\w]", "", text.casefold())

    matcher = SequenceMatcher(
        None, [key(w[0]) for w in truth["words"]], [key(w.text) for w in words.words], autojunk=False
    )
    return [
        (truth["words"][block.a + k], words.words[block.b + k])
        for block in matcher.get_matching_blocks()
        for k in range(block.size)
    ]


def test_words_after_a_silence_light_up_when_they_are_said(
    opened: tuple[Plan, Transcript], sample_truth: dict[str, Any]
) -> None:
    """Issue: median at most 40 ms, nine of ten within 100; the engine alone has 63 and 300 here."""
    apart = np.array([word.start - row[1] for row, word in pairs(sample_truth, opened[1]) if row[4]])
    assert len(apart) > 140
    assert np.median(np.abs(apart)) <= 0.02
    assert np.mean(np.abs(apart) <= 0.1) >= 0.9


def test_the_two_speakers_are_told_apart_and_called_by_their_names(
    opened: tuple[Plan, Transcript], sample_truth: dict[str, Any]
) -> None:
    plan, words = opened
    assert plan.speakers == {"S1": "Ben Okafor", "S2": "Aoife Kinsella"}
    right = [word.speaker == sample_truth["speakers"][row[3]] for row, word in pairs(sample_truth, words)]
    assert np.mean(right) > 0.98


def test_names_of_the_page_are_right_in_the_captions(out: Path, opened: tuple[Plan, Transcript]) -> None:
    said = " ".join(line for line in (out / "transcript.vtt").read_text("utf-8").split("\n") if "-->" not in line)
    said = re.sub(r"<v [^>]*>", "", said)
    for name, times in (("Aoife", 6), ("Kinsella", 3), ("Okafor", 2), ("Otterwick Socks", 1), ("Oddly Good Work", 2)):
        assert len(re.findall(rf"\b{name}\b", said)) >= times, name
    for wrong in (row.heard for row in opened[0].spelling if row.applied):
        assert not re.search(rf"\b{re.escape(wrong)}\b", said), wrong
    assert "<v Aoife Kinsella>" in (out / "transcript.vtt").read_text("utf-8")


def test_what_was_heard_is_kept(out: Path, opened: tuple[Plan, Transcript]) -> None:
    kept = (out / "transcript.json").read_text("utf-8")
    for row in opened[0].spelling:
        assert row.heard.split()[0] in kept
    assert '"speaker": "S1"' in kept
