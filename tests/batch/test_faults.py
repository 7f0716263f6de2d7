"""What goes wrong around a run: full and read-only disks, too little memory, jumping clocks, sources that change."""

from __future__ import annotations

import compileall
import errno
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clipper import cache
from clipper.cli.app import run
from tests.batch import tiny
from tests.conftest import ROOT, Clipper


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.episode(tmp_path_factory.mktemp("faults"), 1)


@pytest.fixture(scope="module")
def wanted(page: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The results of an undisturbed run."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    assert make(page, out) == 0
    return tiny.results(out)


def words(page: Path, out: Path) -> list[str]:
    return ["make", str(page), "--transcript", str(page.with_suffix(".txt")), "-o", str(out), *map(str, tiny.QUICK)]


def make(page: Path, out: Path) -> int:
    return run(words(page, out))


def whole(out: Path, wanted: dict[str, bytes]) -> None:
    """Nothing half-written: what has a final name has the bytes it should have, but for manifests, which grow."""
    for name, data in tiny.results(out).items():
        assert not Path(name).name.startswith("."), name
        assert data == wanted[name] or name.endswith("clip.json"), name


def test_a_full_disk_at_every_single_write(
    page: Path, wanted: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    real, count, fails_at = cache.passing, 0, 0

    @contextmanager
    def passing(path: Path) -> Iterator[Path]:
        nonlocal count
        if path.is_relative_to(tmp_path) and path.name != ".clipper-lock":
            count += 1
            if count == fails_at:
                raise cache.cannot_write(path, OSError(errno.ENOSPC, "No space left on device"))
        with real(path) as temporary:
            yield temporary

    monkeypatch.setattr(cache, "passing", passing)
    code = 4
    while code == 4:
        count, fails_at = 0, fails_at + 1
        out = tmp_path / f"out{fails_at}"
        code = make(page, out)
        err = capsys.readouterr().err
        if code == 4:
            assert "error: cannot write" in err
            assert "free some space" in err
            whole(out, wanted)
            shutil.rmtree(out)
    assert code == 0, err
    assert fails_at > 12, "the run has so many writes"
    assert tiny.results(out) == wanted


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def may_mount() -> bool:
    return os.geteuid() == 0 and subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    ).returncode == 0  # fmt: skip


@pytest.mark.parametrize("size", ["4k", "24k", "120k", "400k"])
def test_a_disk_that_fills_up_and_is_enlarged(
    size: str, page: Path, wanted: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    if not may_mount():  # then the test above stands for this one, and a limit on files
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        try:
            assert make(page, tmp_path / "out") == 4
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert make(page, tmp_path / "out") == 0
        return
    with small_disk(tmp_path / "disk", size) as disk:
        assert make(page, disk / "out") == 4
        err = capsys.readouterr().err
        assert "free some space" in err
        assert "Traceback" not in err
        whole(disk / "out", wanted)
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        assert make(page, disk / "out") == 0
        assert tiny.results(disk / "out") == wanted


def test_a_folder_that_becomes_read_only(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    disk = tmp_path / "disk"
    if not may_mount():
        disk.mkdir()
        disk.chmod(0o500)
        assert make(page, disk / "out") == 4
        disk.chmod(0o700)
        return
    with small_disk(disk, "50m"):
        assert make(page, disk / "out") == 0
        next((disk / "out").rglob("square.mp4")).unlink()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert make(page, disk / "out") == 4
        assert "choose a folder that you may write to" in capsys.readouterr().err
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert make(page, disk / "out") == 0


@pytest.mark.parametrize("megabytes", [150, 350, 550])
def test_too_little_memory_is_one_clear_error(megabytes: int, page: Path, tmp_path: Path):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1_000_000,) * 2)

    compileall.compile_dir(
        ROOT / "clipper", quiet=1
    )  # as installed: Python's own parser calls no memory a wrong syntax

    done = subprocess.run(
        [sys.executable, "-m", "clipper", *words(page, tmp_path / "out")],
        capture_output=True, text=True, check=False, preexec_fn=limit, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert done.stderr.count("error: ") == 1, done.stderr
    assert "memory does not suffice" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").rglob(".clipper-*"))


@pytest.mark.parametrize("jump", [-3e8, 3e8])
def test_a_clock_that_jumps_changes_nothing(
    jump: float, page: Path, wanted: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real, calls = time.time, 0

    def jumping() -> float:
        nonlocal calls
        calls += 1
        return real() + jump * (calls % 3)

    monkeypatch.setattr(time, "time", jumping)
    assert make(page, tmp_path / "out") == 0
    assert make(page, tmp_path / "out") == 0
    assert calls
    assert tiny.results(tmp_path / "out") == wanted


def during(moment: str, change: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Has `change` done when the stage `moment` begins."""
    from clipper.cli.console import Bars

    real, done = Bars.__call__, []

    def call(self: Bars, stage: str, *rest: object, **named: object) -> None:
        if stage == moment and not done:
            done.append(stage)
            change()
        real(self, stage, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Bars, "__call__", call)


def _unnumbered(plan: bytes) -> bytes:
    return re.sub(rb'(id: c|last_id: )\d+|(?<=made_from: )"|"(?=\nlast_id)', rb"\1", plan)


def test_sound_that_changes_in_mid_run_is_told_and_the_next_run_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    page, other = tiny.episode(tmp_path / "show", 1), tiny.episode(tmp_path / "other", 2)
    sound, new = page.with_suffix(".mp3"), other.with_suffix(".mp3").read_bytes()
    with monkeypatch.context() as patch:
        during("render", lambda: sound.write_bytes(new) and None, patch)
        assert make(page, tmp_path / "out") == 3
    assert "was changed while it was worked on" in capsys.readouterr().err
    assert make(page, tmp_path / "out") == 0
    assert make(page, tmp_path / "fresh") == 0
    ours, fresh = tiny.results(tmp_path / "out"), tiny.results(tmp_path / "fresh")
    # a clip of the sound as it was keeps its id for itself, so that other numbers may stand in the plan
    assert _unnumbered(ours["clips.yaml"]) == _unnumbered(fresh["clips.yaml"])
    before, after = ({d for n, d in one.items() if n.endswith(".mp4")} for one in (ours, fresh))
    assert after
    assert after <= before, "what was finished of the former sound stays beside it"


def test_sound_that_goes_away_in_mid_run_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    page = tiny.episode(tmp_path / "show", 3)
    with monkeypatch.context() as patch:
        during("find", page.with_suffix(".mp3").unlink, patch)
        assert make(page, tmp_path / "out") == 3
    err = capsys.readouterr().err
    assert "went away while it was worked on" in err
    assert "this should not have happened" not in err


def test_a_cache_that_cannot_be_written_is_told(page: Path, tmp_path: Path, clipper: Clipper):
    (tmp_path / "file").write_text("no folder")
    done = clipper("transcribe", page.with_suffix(".mp3"), "-o", tmp_path / "out", CLIPPER_CACHE=str(tmp_path / "file"))
    assert done.code == 4
    assert "CLIPPER_CACHE" in done.two_lines()[1]
