"""The whole way on the sample, with real speech, real weights and real files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import av
import pytest

from clipper.export.checks.look import container as facts
from clipper.plan import store
from tests.conftest import ROOT, Clipper

SIZES = {"vertical": (1080, 1920), "square": (1080, 1080), "wide": (1920, 1080)}


@pytest.fixture(scope="module")
def made(clipper: Clipper, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """OUT of one `clipper make`, and its JSON."""
    out = tmp_path_factory.mktemp("made") / "out"
    done = clipper("make", sample, "-o", out, "--count", 3, "--max", 40, "--offline", "--json", "--quality", "draft")
    assert done.code == 0, done.err
    return out, done.json


def test_make_answers_in_the_form_that_holds(made: tuple[Path, dict[str, Any]]):
    _, answer = made
    assert set(answer) == {"clips", "seconds"}
    assert list(answer["seconds"]) == ["episode", "transcribe", "listen", "find", "sound", "render", "check"]
    assert all(s > 0 for s in answer["seconds"].values())
    assert len(answer["clips"]) == 3
    for clip in answer["clips"]:
        assert set(clip) == {"id", "title", "start", "end", "files", "done", "short"}
        assert clip["done"] is True
        assert clip["short"] == []
        assert 20 <= clip["end"] - clip["start"] <= 40.5
        assert set(clip["files"]) == set(SIZES)


def test_every_clip_has_all_its_files(made: tuple[Path, dict[str, Any]]):
    out, answer = made
    assert {p.name for p in out.iterdir()} == {
        "candidates.json", "clips", "clips.yaml", "episode.json", "transcript.json", "transcript.vtt",
    }  # fmt: skip
    for clip in answer["clips"]:
        folder = Path(clip["files"]["vertical"]).parent
        assert {p.name for p in folder.iterdir()} == {
            "vertical.mp4", "square.mp4", "wide.mp4", "captions.srt", "captions.vtt", "cover.jpg", "cover-3x4.jpg",
            "alt.txt", "post.txt", "clip.json",
        }  # fmt: skip
        for name, size in SIZES.items():
            found = facts(Path(clip["files"][name]))
            assert (found.width, found.height) == size
            assert found.moov_first
            assert not found.edit_list
            assert found.frames == round((clip["end"] - clip["start"]) * 30)


def test_clips_are_whole_sentences_without_the_sponsor(made: tuple[Path, dict[str, Any]], sample_truth: dict[str, Any]):
    out, answer = made
    words = json.loads((out / "transcript.json").read_text(encoding="utf-8"))["segments"]
    spoken = [w for s in words for w in s["words"]]
    for clip in answer["clips"]:
        inside = [w for w in spoken if clip["start"] <= (w["start"] + w["end"]) / 2 < clip["end"]]
        assert inside[-1]["word"].rstrip("\"'”’").endswith((".", "!", "?")), inside[-1]
        assert inside[0]["word"].strip()[0].isupper(), inside[0]
        for section in sample_truth["sections"]:
            if section["kind"] in ("sponsor", "music", "signoff", "greeting"):
                overlap = min(clip["end"], section["end"]) - max(clip["start"], section["start"])
                assert overlap <= 0.5, (clip["title"], section["name"])


def test_a_second_run_does_nothing_twice(made: tuple[Path, dict[str, Any]], clipper: Clipper, sample: Path):
    out, answer = made
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*.mp4")}
    done = clipper("make", sample, "-o", out, "--count", 3, "--max", 40, "--offline", "--json", "--quality", "draft")
    assert done.code == 0, done.err
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*.mp4")} == before
    assert done.json["clips"] == answer["clips"]
    assert done.json["seconds"]["render"] == 0.0


def test_a_retitled_clip_alone_is_made_again(made: tuple[Path, dict[str, Any]], clipper: Clipper, tmp_path: Path):
    out = tmp_path / "out"
    shutil.copytree(made[0], out)
    plan = store.load(out)
    first, second = plan.clips[0], plan.clips[1]
    yaml = (out / "clips.yaml").read_text(encoding="utf-8")
    changed = yaml.replace(f"title: {first.title}", "title: A title of my own  # mine", 1)
    if changed == yaml:  # titles with a colon stand in quotes
        changed = yaml.replace(f'title: "{first.title}"', "title: A title of my own  # mine", 1)
    (out / "clips.yaml").write_text(changed, encoding="utf-8")
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*.mp4")}
    done = clipper("render", out, "--quality", "draft", "--only", first.id, "--only", second.id, "--json")
    assert done.code == 0, done.err
    titles = {c["id"]: c["title"] for c in done.json["clips"]}
    assert titles[first.id] == "A title of my own"
    assert "A title of my own" in (Path(done.json["clips"][0]["files"]["wide"]).parent / "post.txt").read_text()
    assert len(list((out / "clips").iterdir())) == 3, "the folder was renamed, not made anew"
    kept = [p for p in out.rglob("*.mp4") if before.get(p) == p.stat().st_mtime_ns]
    assert len(kept) == 6
    assert "# mine" in (out / "clips.yaml").read_text(encoding="utf-8")


def test_borders_by_quoted_words_reach_the_video(made: tuple[Path, dict[str, Any]], clipper: Clipper, tmp_path: Path):
    out = tmp_path / "out"
    shutil.copytree(made[0], out, ignore=shutil.ignore_patterns("*.mp4"))
    plan = store.load(out)
    lines = (out / "clips.yaml").read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if f"id: {plan.clips[0].id}" in line)
    end = next(i for i in range(at, len(lines)) if lines[i].strip().startswith("end:"))
    lines[end] = '    end: "+1 sentence"'
    (out / "clips.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = clipper("render", out, "--only", plan.clips[0].id, "--quality", "draft", "--json")
    assert done.code == 0, done.err
    assert done.json["clips"][0]["end"] > plan.clips[0].span.end + 0.3


def test_preview_draws_a_picture_of_every_shape(made: tuple[Path, dict[str, Any]], clipper: Clipper, tmp_path: Path):
    from PIL import Image

    out = tmp_path / "out"
    shutil.copytree(made[0], out, ignore=shutil.ignore_patterns("*.mp4"))
    done = clipper("render", out, "--preview", "--only", store.load(out).clips[0].id, "--json")
    assert done.code == 0, done.err
    made_now = {Path(p).name: Path(p) for p in done.json["previews"]}
    assert [Image.open(made_now[f"preview-{name}.png"]).size for name in SIZES] == list(SIZES.values())
    assert all(Image.open(made_now[f"sheet-{name}.png"]).width > 500 for name in SIZES)
    with av.open(str(made_now["draft-vertical.mp4"])) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (540, 960)
        assert container.streams.audio


def test_find_answers_with_a_row_for_each_bullet(clipper: Clipper, sample: Path, made: tuple[Path, dict[str, Any]]):
    page = next(sample.glob("*.md"))
    done = clipper("find", page, "--transcript", made[0] / "transcript.json", "--json")
    assert done.code == 0, done.err
    topics = done.json["topics"]
    assert len(topics) == 6
    assert all(set(t) == {"topic", "start", "end", "confidence", "clip", "why"} for t in topics)
    assert topics[0]["topic"].startswith("How she went up a church tower")
    assert done.json["clips"]


def test_find_needs_no_audio_when_words_are_given(clipper: Clipper, tmp_path: Path, made: tuple[Path, dict[str, Any]]):
    page = tmp_path / "page.md"
    page.write_text("# My show\n\nWe talk about:\n\n* bells and how they are tuned\n", encoding="utf-8")
    done = clipper("find", page, "--transcript", made[0] / "transcript.json")
    assert done.code == 0, done.err
    assert "1 of 1 topics" in done.out or "0 of 1 topics" in done.out


def test_the_plan_says_when_word_times_were_not_measured(
    clipper: Clipper, sample: Path, made: tuple[Path, dict[str, Any]], tmp_path: Path
):
    done = clipper("find", sample, "--transcript", made[0] / "transcript.vtt", "-o", tmp_path, "--json")
    assert done.code == 0, done.err
    assert all("spread over each cue" in " ".join(c["warnings"]) for c in done.json["clips"])
    assert "spread over each cue" in (tmp_path / "clips.yaml").read_text(encoding="utf-8")
    measured = clipper("find", sample, "--transcript", made[0] / "transcript.json", "--json")
    assert not any("spread over each cue" in " ".join(c["warnings"]) for c in measured.json["clips"])


def test_count_zero_makes_a_plan_and_no_clips(clipper: Clipper, sample: Path, tmp_path: Path):
    done = clipper("make", sample, "-o", tmp_path / "out", "--count", 0, "--offline", "--json")
    assert done.code == 0, done.err
    assert done.json["clips"] == []
    assert not (tmp_path / "out" / "clips").exists()
    assert (tmp_path / "out" / "clips.yaml").exists()


def _start(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "clipper", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.parametrize("stage", ["Listening", "Finishing the sound", "Rendering", "Checking"])
def test_ctrl_c_in_any_stage_leaves_nothing_half_written(
    stage: str, sample: Path, tmp_path: Path, clipper: Clipper, monkeypatch: pytest.MonkeyPatch
):
    out = tmp_path / "out"
    if stage == "Listening":  # only a cache that has not heard the sample listens
        weights = Path(os.environ["CLIPPER_CACHE"])
        monkeypatch.setenv("CLIPPER_CACHE", str(tmp_path / "cache"))
        shutil.copytree(weights, tmp_path / "cache", ignore=shutil.ignore_patterns("transcripts", "stretches"))
    process = _start("make", sample, "-o", out, "--count", 1, "--offline", "--quality", "draft", "--formats", "square")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(stage):
            break
    else:
        pytest.fail(f"the stage {stage} never began")
    time.sleep(0.15)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    # the last check is over in a moment, so there the run may have just finished, or be closing down
    assert process.returncode in ((130, 0, -signal.SIGINT) if stage == "Checking" else (130,)), err
    assert "Traceback" not in err
    for path in out.rglob("*"):
        assert not path.name.startswith("."), path
        if path.suffix == ".mp4":
            assert facts(path).frames > 500
    done = clipper("make", sample, "-o", out, "--count", 1, "--offline", "--quality", "draft", "--formats", "square")
    assert done.code == 0, done.err
