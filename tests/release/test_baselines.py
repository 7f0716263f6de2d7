"""Files of schema 1 are read for ever, and a newer schema is refused in one clear line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from clipper.batch import record, watch
from clipper.batch.folder import Folder
from clipper.batch.measured import read_measured
from clipper.errors import InputError
from clipper.picture.template import load
from clipper.plan import store
from clipper.speech.formats import read_transcript

BASELINES = Path(__file__).parents[1] / "baselines"
PLAN = BASELINES.parent / "plan" / "baselines" / "schema-1" / "clips.yaml"


def put(folder: Path, baseline: str, name: str) -> Path:
    shutil.copy(BASELINES / baseline, folder / name)
    return folder / name


def newer(path: Path, schema: int = 99) -> None:
    text = path.read_text(encoding="utf-8")
    for old in ('"schema": 1', '"schema":1', "schema = 1", "schema: 1", '"schema_number": 1', '"schema_number":1'):
        text = text.replace(old, old[:-1] + str(schema), 1)
    path.write_text(text, encoding="utf-8")


def test_the_record_of_a_batch(tmp_path: Path):
    path = put(tmp_path, "batch-1.json", record.NAME)
    rows = record.load(tmp_path).episodes
    assert len(rows) == 5
    assert rows["file:show/ep0.md"].state == "done"
    assert rows["file:show/ep0.md"].outputs["transcript.json"] > 0
    newer(path)
    with pytest.raises(InputError, match=r"newer clipper \(schema 99\)"):
        record.load(tmp_path)


def test_the_state_of_a_watch(tmp_path: Path):
    path = put(tmp_path, "watch-1.json", watch.NAME)
    state = watch._state(tmp_path, "https://example.org/feed.xml")
    assert state is not None
    assert state.seen == ("feed:0123456789abcdef",)
    newer(path)
    with pytest.raises(InputError, match=r"newer clipper \(schema 99\)"):
        watch._state(tmp_path, "https://example.org/feed.xml")


def test_a_transcript(tmp_path: Path):
    found = read_transcript(put(tmp_path, "transcript-1.json", "transcript.json"))
    assert found.words[0].text == "So"
    assert len(found.words) > 50


def test_what_was_understood_of_a_page(tmp_path: Path):
    put(tmp_path, "episode-1.json", "episode.json")
    assert Folder(tmp_path).load_episode().title == "Episode 0"


def test_what_the_signals_measured(tmp_path: Path):
    path = put(tmp_path, "candidates-1.json", "candidates.json")
    assert "c1" in read_measured(tmp_path).clips
    newer(path)
    with pytest.raises(InputError):
        read_measured(tmp_path)


def test_a_template(tmp_path: Path):
    path = put(tmp_path, "template-1.toml", "template.toml")
    assert load(tmp_path).description == "Ours"
    newer(path)
    with pytest.raises(InputError, match="newer"):
        load(tmp_path)


def test_a_plan(tmp_path: Path):
    shutil.copy(PLAN, tmp_path / store.NAME)
    assert store.exists(tmp_path)  # that it is read as it was meant: tests/plan/test_store.py
    newer(tmp_path / store.NAME)
    with pytest.raises(InputError, match="newer"):
        store.load(tmp_path)


def test_results_that_an_older_clipper_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Before results had digests they lay in the same places; they are taken over and get theirs."""
    from clipper import cache, tidying

    monkeypatch.setenv("CLIPPER_CACHE", str(tmp_path))
    path = tmp_path / "transcripts" / "0123.json"
    path.parent.mkdir()
    path.write_bytes((BASELINES / "transcript-1.json").read_bytes())
    assert cache.entry("transcripts", "0123.json").is_file()
    assert json.loads(cache.sum_of(path).read_text())["bytes"] == path.stat().st_size
    assert tidying.verify() == (1, [])
