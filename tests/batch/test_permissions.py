"""Rights and files that go away in mid-run: one clear error, nothing lost, and the next run is right.

Root may do everything; so these runs are without the two capabilities that let it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clipper.cli.app import run
from tests.batch import tiny
from tests.conftest import ROOT

CAPABILITIES = "-dac_override,-dac_read_search"
AS_ANYBODY = ["setpriv", f"--bounding-set={CAPABILITIES}", f"--inh-caps={CAPABILITIES}"] if os.geteuid() == 0 else []


def started(*words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*AS_ANYBODY, sys.executable, "-m", "clipper", *map(str, (*words, *tiny.QUICK))],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def ended(process: subprocess.Popen[str], code: int) -> str:
    """The error's two lines."""
    _, err = process.communicate(timeout=120)
    assert process.returncode == code, err
    lines = [line for line in err.splitlines() if line.startswith(("error: ", "  try: ", "Traceback"))]
    assert [line[:7] for line in lines] == (["error: ", "  try: "] if code else []), err
    return "\n".join(lines)


def until(process: subprocess.Popen[str], there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not there():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.002)


def make(page: Path, out: Path) -> subprocess.Popen[str]:
    return started("make", page, "--transcript", page.with_suffix(".txt"), "-o", out)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.episode(tmp_path_factory.mktemp("permissions"), 1)


def again(page: Path, out: Path) -> dict[str, bytes]:
    """The results of a run in this process."""
    words = ["make", str(page), "--transcript", str(page.with_suffix(".txt")), "-o", str(out), *map(str, tiny.QUICK)]
    assert run(words) == 0
    return tiny.results(out)


@pytest.mark.parametrize("what", ["ep1.md", "ep1.mp3"])
def test_a_source_that_may_not_be_read(what: str, page: Path, tmp_path: Path):
    path = page.parent / what
    path.chmod(0)
    try:
        assert path.name in ended(make(page, tmp_path / "out"), 3)
    finally:
        path.chmod(0o644)
    assert not list((tmp_path / "out").rglob("*.mp4"))


def test_a_folder_whose_rights_are_taken_away_while_clips_are_made(page: Path, tmp_path: Path):
    out = tmp_path / "out"
    process = make(page, out)
    until(process, lambda: bool(list((out / "clips").glob("*/.clipper-*"))))
    places = [out / "clips", *(p for p in (out / "clips").iterdir() if p.is_dir())]
    for place in places:
        place.chmod(0o500)
    assert "cannot write" in ended(process, 4)
    for place in places:
        place.chmod(0o755)
    assert again(page, out) == again(page, tmp_path / "fresh"), "the leftovers are swept as well"


def batch(table: Path, out: Path) -> list[str]:
    return ["batch", str(table), "-o", str(out), "--jobs", "1"]


def test_a_batch_whose_folder_may_no_longer_be_written(tmp_path: Path):
    command, out = batch(tiny.table(tmp_path / "show", 1), tmp_path / "out"), tmp_path / "out"
    process = started(*command)
    until(process, lambda: (out / "ep0" / ".clipper-lock").exists())
    out.chmod(0o500)
    assert "cannot write" in ended(process, 4)
    out.chmod(0o755)
    assert run([*command, *map(str, tiny.QUICK)]) == 0
    assert not list(tmp_path.rglob(".clipper-*"))


def test_a_page_that_changes_while_it_is_worked_on_is_worked_on_again(tmp_path: Path):
    """What was made is of the page as it was; the next run must not take it for the one that is there now."""
    table, out = tiny.table(tmp_path / "show", 1), tmp_path / "out"
    page = table.parent / "ep0.md"
    process = started(*batch(table, out))
    until(process, lambda: bool(list((out / "ep0" / "clips").glob("*"))))
    page.write_text(page.read_text().replace("Episode 0", "Another title"))
    ended(process, 0)
    assert "Another title" not in (out / "ep0" / "clips.yaml").read_text()
    assert run([*batch(table, out), *map(str, tiny.QUICK)]) == 0
    assert "Another title" in (out / "ep0" / "clips.yaml").read_text()


def test_a_cover_that_goes_away_while_clips_are_made(tmp_path: Path):
    from PIL import Image

    page, out = tiny.episode(tmp_path / "show", 1), tmp_path / "out"
    cover = page.with_suffix(".png")
    Image.new("RGB", (600, 600), "navy").save(cover)
    process = make(page, out)
    until(process, lambda: (out / ".clipper-lock").exists())
    cover.unlink()
    _, err = process.communicate(timeout=120)
    assert process.returncode in (0, 3), err
    assert "Traceback" not in err
    assert "this should not have happened" not in err
    again(page, out)
