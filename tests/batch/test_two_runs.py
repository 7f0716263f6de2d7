"""Two runs on one OUT, as real processes: the second says who is at work, or waits; a plan may be edited all along."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clipper.batch.lock import holder_of
from clipper.batch.planned import open_plan
from clipper.cli.app import run
from clipper.plan import store
from tests.batch import tiny
from tests.conftest import ROOT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
HOLD = """
import sys
from pathlib import Path
from clipper.batch.lock import holding
with holding(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
EDIT = """
import sys
from pathlib import Path
from clipper.batch.lock import editing
from clipper.batch.planned import open_plan
from clipper.plan import store
out = Path(sys.argv[1])
for _ in range(12):
    with editing(out):
        plan = open_plan(out)[0]
        clip = plan.clips[0]
        store.save(plan.with_clip(clip.changed(title=str(int(clip.title) + 1))), out)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page, its files, and OUT beside it as `clipper make` leaves it."""
    page = tiny.episode(tmp_path_factory.mktemp("two"), 1)
    assert run([*make_words(page), "-o", str(page.parent / "out")]) == 0
    return page


@pytest.fixture
def page(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made.parent, tmp_path / "show")) / made.name


def make_words(page: Path) -> list[str]:
    return ["make", str(page), "--transcript", str(page.with_suffix(".txt")), *map(str, tiny.QUICK)]


@contextmanager
def held(out: Path) -> Iterator[int]:
    """Another process is at work in OUT; its number."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=ENVIRONMENT,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield process.pid
    finally:
        process.communicate("", timeout=30)
        assert process.returncode == 0


def test_whatever_writes_clips_says_who_is_at_work(page: Path, capsys: pytest.CaptureFixture[str]):
    out, words = page.parent / "out", str(page.with_suffix(".txt"))
    given = ["--transcript", words, "--language", "en", "--offline"]
    commands = [
        [*make_words(page), "-o", str(out)],
        ["find", str(page), *given, "-o", str(out)],
        ["render", str(out)],
        ["render", str(out), "--preview"],
        ["check", str(out)],
        ["pack", str(out), "--for", "x"],
        ["review", str(out)],
        ["transcribe", str(page.with_suffix(".mp3")), "-o", str(out), "--offline"],
    ]
    before = tiny.results(out)
    with held(out) as pid:
        for command in commands:
            assert run(command) == 4, command
            said = capsys.readouterr().err
            assert f"another run is at work in {out}: process {pid} on " in said, command
            assert "  try: wait for its end" in said, command
        assert {n: d for n, d in tiny.results(out).items() if n != ".clipper-lock"} == before
    for command in commands[2:6]:
        assert run(command) in (0, 5), command
    assert holder_of(out) is None


def test_nothing_is_sent_from_a_folder_in_which_somebody_works(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    out = page.parent / "out"
    monkeypatch.setenv("CLIPPER_LEDGER", str(tmp_path / "ledger.sqlite"))
    with held(out) as pid:
        assert run(["publish", str(out), "--to", "webdav", "--yes"]) == 4
        assert f"process {pid} on " in capsys.readouterr().err
    assert run(["publish", str(out), "--to", "webdav", "--yes"]) in (3, 4)
    assert "another run" not in capsys.readouterr().err, "now it is the login, or the packs, that are missing"


def test_a_plan_is_edited_while_clips_are_made(page: Path, monkeypatch: pytest.MonkeyPatch):
    out = page.parent / "out"
    with held(out):
        monkeypatch.setattr(sys, "stdin", io.StringIO("l\nq\n"))
        assert run(["pick", str(out)]) == 0
        assert [clip.picked for clip in open_plan(out)[0].clips].count(False) == 1
        more = ["--more-like", "c1", "--language", "en", "--min", "2", "--max", "8"]
        assert run(["find", str(page), "-o", str(out), "--transcript", str(page.with_suffix(".txt")), *more]) == 0
        assert not (out / ".clipper-edit-lock").exists()


def test_no_edit_gets_lost_between_processes(page: Path):
    out = page.parent / "out"
    plan = open_plan(out)[0]
    store.save(plan.with_clip(plan.clips[0].changed(title="0")), out)
    runs = [subprocess.Popen([sys.executable, "-c", EDIT, str(out)], env=ENVIRONMENT) for _ in range(3)]
    assert [one.wait(100) for one in runs] == [0, 0, 0]
    assert open_plan(out)[0].clips[0].title == "36"


def studio_work(out: Path, **task: object) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "clipper.studio.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(json.dumps({"kind": "render", "out": str(out), "quality": "draft", **task}) + "\n")
    process.stdin.flush()
    return process


def next_row(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    row: dict[str, object] = json.loads(process.stdout.readline())
    return row


def test_the_studios_work_waits_its_turn_and_holds_nothing_afterwards(page: Path):
    out = page.parent / "out"
    with held(out) as pid:
        process = studio_work(out)
        row = next_row(process)
        assert row["stage"] == "waiting"
        assert f"process {pid} on " in str(row["note"])
    rows = [row]
    while rows[-1]["is"] == "progress":
        rows.append(next_row(process))
    assert rows[-1]["is"] == "done", rows[-1]
    assert holder_of(out) is None, "while nothing is rendered, make may run"
    process.communicate(timeout=30)


def test_work_that_waits_can_be_given_up(page: Path):
    out = page.parent / "out"
    with held(out):
        process = studio_work(out)
        assert next_row(process)["stage"] == "waiting"
        told, _ = process.communicate(timeout=30)  # closes its input: nobody wants it any more
        assert json.loads(told.splitlines()[-1]) == {"is": "cancelled"}


def test_an_edit_in_the_studio_does_not_wait_for_a_render(page: Path):
    from clipper.studio.desk import Desk

    out = page.parent / "out"
    desk = Desk(out)
    with held(out):
        state = desk.edit(
            desk.state().version, "title", "c1",
            lambda plan, said: plan.with_clip(plan.clips[0].changed(title="Bells")), lambda plan: plan.clips[0],
        )  # fmt: skip
        assert state.plan.clips[0].title == "Bells"
    done = threading.Event()
    threading.Thread(target=lambda: (desk.turn(back=True), done.set())).start()
    assert done.wait(20)
    assert open_plan(out)[0].clips[0].title != "Bells"
