"""The whole sum behind a candidate: every signal, and what it adds up to."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find, setting_of
from clipper.highlights.model import Findings, Settings
from clipper.highlights.select import measure, runs
from clipper.highlights.signals import SIGNALS
from clipper.highlights.weights import shipped
from clipper.speech.formats import write_json
from tests.conftest import Clipper

from .producers import episode

NUMBER = 3


@pytest.fixture(scope="module")
def findings() -> Findings:
    return find(*episode(NUMBER), Settings())


def test_every_signal_is_told_for_every_candidate(findings: Findings) -> None:
    for candidate in findings.candidates:
        assert {p.signal for p in candidate.parts} == set(SIGNALS)
        for part in candidate.parts:
            assert part.unit == SIGNALS[part.signal].unit
            assert part.weight == shipped().signals.get(part.signal, 0.0)
            assert part.counts == pytest.approx(part.weight * part.standard, abs=1e-4)
            assert abs(part.standard) <= 3


def test_what_moved_it_most_comes_first(findings: Findings) -> None:
    for candidate in findings.candidates:
        moved = [abs(p.counts) for p in candidate.parts]
        assert moved == sorted(moved, reverse=True)
        assert moved[0] > 0


def test_values_and_what_is_usual_are_those_of_this_episode(findings: Findings) -> None:
    setting = setting_of(*episode(NUMBER))
    found = runs(setting, Settings())
    values = measure(setting, found)
    for candidate in findings.candidates:
        (k,) = np.flatnonzero((found.first == candidate.first) & (found.last == candidate.last))
        for part in candidate.parts:
            assert part.value == pytest.approx(float(values[part.signal][k]), abs=1e-3)
            assert part.usual == pytest.approx(float(values[part.signal].mean()), abs=1e-3)


def test_the_reasons_are_among_the_parts(findings: Findings) -> None:
    for candidate in findings.candidates:
        parts = {p.signal: p for p in candidate.parts}
        for reason in candidate.reasons:
            assert parts[reason.signal].value == pytest.approx(reason.value, abs=1e-3)
            assert parts[reason.signal].evidence == reason.evidence


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("show")
    transcript, page = episode(NUMBER)
    write_json(transcript, folder / "words.json")
    (folder / "page.md").write_text(f"---\ntitle: {page.title}\n---\n\nA talk.\n", encoding="utf-8")
    return folder


def explain(clipper: Clipper, show: Path, *arguments: object, name: str = "c3") -> dict:  # type: ignore[type-arg]
    done = clipper(
        "find", show / "page.md", "--transcript", show / "words.json", "--explain", name, "--json", *arguments
    )
    assert done.code == 0, done.err
    answer = done.json
    assert isinstance(answer["explained"], dict)
    return {**answer["explained"], "clips": answer["clips"]}


def test_the_command_tells_the_sum_of_the_third(clipper: Clipper, show: Path) -> None:
    told = explain(clipper, show)
    assert (told["start"], told["title"]) == (told["clips"][2]["start"], told["clips"][2]["title"])
    assert sum(p["counts"] for p in told["parts"]) + told["around"] == pytest.approx(told["score"], abs=1e-3)
    assert explain(clipper, show, name="3") == told


def test_the_table_has_a_row_for_every_signal(clipper: Clipper, show: Path) -> None:
    done = clipper("find", show / "page.md", "--transcript", show / "words.json", "--explain", "c1")
    assert done.code == 0, done.err
    first = {line.split()[0] for line in done.out.splitlines() if line.split()}
    assert set(SIGNALS) | {"passage", "together"} <= first
    assert "Usual" in done.out


def test_a_weight_of_the_show_moves_the_sum(clipper: Clipper, show: Path) -> None:
    try:
        (show / "clipper.toml").write_text("[signals]\nstory = 2.0\n")
        told = explain(clipper, show, name="c1")
    finally:
        (show / "clipper.toml").unlink()
    story = next(p for p in told["parts"] if p["signal"] == "story")
    assert story["weight"] == 2.0
    assert told["parts"][0]["signal"] == "story"


def test_with_a_plan_the_ids_are_those_of_the_plan(clipper: Clipper, show: Path) -> None:
    out = show / "out"
    told = explain(clipper, show, "-o", out, name="c2")
    text = (out / "clips.yaml").read_text(encoding="utf-8")
    assert "id: c2" in text
    assert told["start"] == told["clips"][1]["start"]
    measured = json.loads((out / "candidates.json").read_text(encoding="utf-8"))
    assert set(measured["clips"]) == {f"c{n}" for n in range(1, len(told["clips"]) + 1)}
    for part in told["parts"]:
        kept = measured["clips"]["c2"]["signals"].get(part["signal"], [None, 0.0])
        assert kept[1] == part["standard"]


@pytest.mark.parametrize("name", ["c99", "0", "c0", "best", "", "c1 ", "-1"])
def test_a_candidate_that_is_not_there_is_two_lines(clipper: Clipper, show: Path, name: str) -> None:
    done = clipper("find", show / "page.md", "--transcript", show / "words.json", f"--explain={name}")
    assert done.code == 2, done.err
    wrong, mend = done.two_lines()
    assert "no candidate" in wrong
    assert "c1" in mend


def test_an_episode_without_page_or_sound_is_explained_as_well() -> None:
    transcript, _ = episode(NUMBER)
    one = find(transcript, Episode(), Settings(count=1)).candidates[0]
    assert {p.signal for p in one.parts} == set(SIGNALS)
