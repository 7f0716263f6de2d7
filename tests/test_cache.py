"""The cache: one store by content, safe with many processes, healed when damaged, no larger than allowed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clipper import cache, leftovers, tidying
from clipper.errors import UsageError
from tests.conftest import ROOT, Clipper


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLIPPER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CLIPPER_CACHE_LIMIT", raising=False)
    return tmp_path / "cache"


def keep(stage: str, name: str, data: bytes, used: float | None = None) -> Path:
    path = cache.entry(stage, name)
    with cache.appearing(path) as temporary:
        temporary.write_bytes(data)
    if used is not None:
        os.utime(path, (used, used))
        os.utime(cache.sum_of(path), (used, used))
    return path


def test_what_was_kept_is_given_again():
    path = keep("a", "one", b"result")
    assert cache.entry("a", "one").read_bytes() == b"result"
    assert json.loads(cache.sum_of(path).read_text())["bytes"] == 6


@pytest.mark.parametrize(
    "damage", [b"resulT", b"resul", b"", b"result and more"], ids=["bit", "cut", "empty", "longer"]
)
def test_a_damaged_result_is_gone_so_that_the_work_is_done_again(damage: bytes):
    path = keep("a", "one", b"result")
    path.write_bytes(damage)
    assert not cache.entry("a", "one").exists()
    keep("a", "one", b"result")
    assert cache.entry("a", "one").read_bytes() == b"result"


def test_a_large_result_is_taken_at_its_word_until_it_is_verified(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "TRUSTED", 3)
    path = keep("a", "one", b"result")
    stamp = path.stat().st_mtime_ns
    path.write_bytes(b"resulT")
    os.utime(path, ns=(stamp, stamp))
    assert cache.entry("a", "one").exists()
    assert tidying.verify() == (1, [path])
    assert not path.exists()


def test_a_result_of_an_older_clipper_gets_its_digest():
    path = cache.entry("a", "old")
    path.write_bytes(b"before there were digests")
    assert cache.entry("a", "old").exists()
    path.write_bytes(b"before there were digestZ")
    assert not cache.entry("a", "old").exists()


def test_a_digest_that_is_damaged_itself_means_doing_the_work_again():
    path = keep("a", "one", b"result")
    cache.sum_of(path).write_text("[]")
    assert not cache.entry("a", "one").exists()


def test_what_was_used_longest_ago_goes_first():
    now = time.time()
    rows = [keep("a", f"{n}", b"x" * 1000, now - 86_400 * (9 - n)) for n in range(9)]
    cache.entry("a", "0")  # used again just now
    assert tidying.trim(4000) == 5000
    assert [p.name for p in rows if p.exists()] == ["0", "6", "7", "8"]
    assert not cache.sum_of(rows[1]).exists()


def test_what_is_in_use_and_weights_stay_whatever_the_limit():
    keep("a", "now", b"x" * 1000)
    old = cache.entry("weights", "model.bin")
    old.write_bytes(b"x" * 1000)
    os.utime(old, (1, 1))
    assert tidying.trim(10) == 0
    assert {k.path.name for k in tidying.kept()} == {"now", "model.bin"}


def test_a_run_keeps_the_limit_by_itself(own: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "_written", 0)
    before = time.time() - 86_400
    for n in range(20):
        keep("a", f"{n}", b"x" * 1000, before)
    monkeypatch.setenv("CLIPPER_CACHE_LIMIT", "5 kB")
    keep("a", "new", b"x" * 1000)
    assert sum(k.size for k in tidying.kept()) <= 5000
    assert (own / "a" / "new").exists()


@pytest.mark.parametrize(
    ("text", "size"), [("20GB", 20_000_000_000), ("1.5 mb", 1_500_000), ("300", 300), ("2k", 2000)]
)
def test_sizes_as_people_write_them(text: str, size: int):
    assert tidying.parse_size(text) == size


@pytest.mark.parametrize("text", ["much", "-1", "10 PB", "1e9", "١٠ gb x"])
def test_what_is_no_size_is_told(text: str):
    with pytest.raises(UsageError, match="not a size"):
        tidying.parse_size(text)


WRITER = """
import sys
from clipper import cache
for n in range(150):
    path = cache.entry("a", f"{n % 7}")
    with cache.appearing(path) as t:
        t.write_bytes(bytes([n % 7]) * 50_000)
    path = cache.entry("a", f"{(n + 3) % 7}")
    if path.is_file():
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue
        assert len(data) == 50_000 and set(data) == {(n + 3) % 7}, (len(data), set(data))
"""


def test_many_processes_at_once_never_see_half_a_result(own: Path):
    runs = [
        subprocess.Popen([sys.executable, "-c", WRITER], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
        for _ in range(4)
    ]
    assert [run.wait(120) for run in runs] == [0, 0, 0, 0]
    assert tidying.verify()[1] == []
    assert not list(own.rglob(".*"))


def test_leftovers_of_killed_runs_go_and_those_of_living_ones_stay(own: Path):
    folder = own / "a"
    folder.mkdir(parents=True)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine = leftovers.prefix()
    dead = folder / f"{mine.replace(f'-{os.getpid()}-', f'-{gone.pid}-')}x.mp4"
    elsewhere = folder / f".clipper-00000000-{gone.pid}-x.mp4"
    living = folder / f"{mine}x.mp4"
    for path in (dead, elsewhere, living, folder / ".clipper-own-file"):
        path.write_bytes(b"half")
    assert tidying.sweep() == 1
    assert not dead.exists()
    assert elsewhere.exists(), "another machine may be at work"
    assert living.exists()
    os.utime(elsewhere, (1, 1))
    assert tidying.sweep() == 1
    assert {p.name for p in folder.iterdir()} == {living.name, ".clipper-own-file"}


def test_a_file_that_changes_has_another_digest(tmp_path: Path):
    path = tmp_path / "x"
    path.write_bytes(b"one")
    first = cache.file_digest(path)
    path.write_bytes(b"two")
    assert cache.file_digest(path) != first
    os.utime(path, (1, 1))  # a time of change that is set back does not hide it either
    before = cache.file_digest(path)
    path.write_bytes(b"oNe")
    os.utime(path, (1, 1))
    assert cache.file_digest(path) != before


def test_the_command_shows_checks_and_empties(clipper: Clipper, own: Path):
    path = keep("transcripts", "one.json", b"x" * 2000)
    keep("sound", "two.npz", b"y" * 500)
    cache.entry("weights", "m").write_bytes(b"w")
    shown = clipper("cache", "show", "--json").json
    assert shown["bytes"] == 2501
    assert shown["stages"]["transcripts"] == {"results": 1, "bytes": 2000}
    assert "2.5 kB" in clipper("cache", "show").out
    path.write_bytes(b"z" * 2000)
    assert clipper("cache", "verify", "--json").json["damaged"] == [str(path)]
    assert clipper("cache", "clean", "nonsense").two_lines()[0] == "error: the cache holds nothing called nonsense"
    assert clipper("cache", "clean", "sound").code == 0
    assert not (own / "sound" / "two.npz").exists()
    keep("sound", "two.npz", b"y" * 500)
    assert clipper("cache", "clean").code == 0
    assert [k.stage for k in tidying.kept()] == ["weights"]
    assert clipper("cache", "clean", "--weights").code == 0
    assert list(tidying.kept()) == []
    wrong = clipper("cache", "show", CLIPPER_CACHE_LIMIT="lots")
    assert wrong.code == 2
