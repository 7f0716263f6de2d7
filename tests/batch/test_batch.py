"""Many episodes: one table, one failure stops nothing else, and a second run does only what is missing or changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from clipper.batch.lock import holding
from tests.batch import tiny
from tests.conftest import ROOT, Clipper


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, clipper: Clipper) -> tuple[Path, Path]:
    """A table of three tiny episodes and a broken one, and DIR of one `clipper batch` over it."""
    folder = tmp_path_factory.mktemp("batch")
    table = tiny.table(folder / "show", 3)
    (table.parent / "broken.mp3").write_bytes(b"ID3 this is no sound" * 50)
    with table.open("a", encoding="utf-8") as f:
        f.write("broken.mp3,\n")
    done = clipper("batch", table, "-o", folder / "out", "--jobs", 2, "--json", *tiny.QUICK)
    assert done.code == 5, done.err
    rows = {row["name"]: row for row in done.json["episodes"]}
    assert {name: row["state"] for name, row in rows.items()} == {
        "ep0": "done", "ep1": "done", "ep2": "done", "broken": "failed",
    }  # fmt: skip
    assert rows["broken"]["mend"]
    assert all(rows[name]["clips"] == 1 for name in ("ep0", "ep1", "ep2"))
    return table, folder / "out"


def again(clipper: Clipper, made: tuple[Path, Path], *more: object) -> dict[str, str]:
    done = clipper("batch", made[0], "-o", made[1], "--json", *tiny.QUICK, *more)
    assert done.code == 5, done.err
    return {row["name"]: row["state"] for row in done.json["episodes"]}


def test_what_to_do_is_told_and_the_second_run_does_only_what_failed(made: tuple[Path, Path], clipper: Clipper):
    before = {p: p.stat().st_mtime_ns for p in made[1].rglob("*.mp4")}
    assert len(before) == 3
    done = clipper("batch", made[0], "-o", made[1], *tiny.QUICK)
    assert done.code == 5
    assert "4 episodes: 3 unchanged, 1 failed" in done.out
    assert "To do:\n  broken: broken.mp3 is not an audio or video file" in done.out
    assert "    try: " in done.out
    assert done.two_lines()[0] == "error: 1 of 4 episodes failed or fell short, first: broken"
    assert {p: p.stat().st_mtime_ns for p in made[1].rglob("*.mp4")} == before


def test_what_is_missing_or_changed_is_done_and_nothing_else(made: tuple[Path, Path], clipper: Clipper):
    table, out = made
    next((out / "ep0").rglob("square.mp4")).unlink()
    plan = out / "ep1" / "clips.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "# looked at\n", encoding="utf-8")
    assert again(clipper, made) == {"ep0": "done", "ep1": "done", "ep2": "unchanged", "broken": "failed"}
    assert "# looked at" in plan.read_text(encoding="utf-8")
    assert again(clipper, made) == {"ep0": "unchanged", "ep1": "unchanged", "ep2": "unchanged", "broken": "failed"}
    page = table.parent / "ep2.md"
    page.write_text(page.read_text(encoding="utf-8").replace("bells", "clocks"), encoding="utf-8")
    assert again(clipper, made)["ep2"] == "done"
    os.utime(page, (1, 1))  # touched, not changed
    assert again(clipper, made)["ep2"] == "unchanged"
    (table.parent / "clipper.toml").write_text('[show]\nhandle = "@bells"\n', encoding="utf-8")
    assert set(again(clipper, made).values()) == {"done", "failed"}


def test_one_process_or_two_give_the_same_bytes(made: tuple[Path, Path], clipper: Clipper, tmp_path: Path):
    table = tiny.table(tmp_path / "show", 2)
    outs = []
    for jobs in (1, 2):
        done = clipper("batch", table, "-o", tmp_path / f"out{jobs}", "--jobs", jobs, *tiny.QUICK)
        assert done.code == 0, done.err
        outs.append(tiny.results(tmp_path / f"out{jobs}"))
    assert outs[0] == outs[1]
    assert any(name.endswith("square.mp4") for name in outs[0])


def start(table: Path, out: Path, *more: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "clipper", *map(str, ("batch", table, "-o", out, *tiny.QUICK, *more))],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def workers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes that do episodes."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


def at_work(process: subprocess.Popen[str], out: Path, name: str = "ep0") -> list[psutil.Process]:
    """Waits until an episode's folder is held; the processes that do episodes."""
    deadline = time.monotonic() + 60
    while not (out / name / ".clipper-lock").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return workers(process)


def test_a_killed_worker_takes_no_episode_with_it(tmp_path: Path):
    table = tiny.table(tmp_path / "show", 2)
    process = start(table, tmp_path / "out", "--jobs", 1, "--json")
    (worker,) = at_work(process, tmp_path / "out")
    worker.kill()
    told, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert [row["state"] for row in json.loads(told)["episodes"]] == ["done", "done"]
    assert not list(tmp_path.rglob(".clipper-*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_ends_every_process_and_leaves_nothing_half_written(number: signal.Signals, tmp_path: Path):
    table = tiny.table(tmp_path / "show", 2)
    process = start(table, tmp_path / "out", "--jobs", 2)
    busy = at_work(process, tmp_path / "out")
    assert busy
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert not [w for w in busy if w.is_running() and w.status() != psutil.STATUS_ZOMBIE]
    assert not list(tmp_path.rglob(".clipper-*"))


def test_when_the_one_that_started_them_is_killed_no_process_stays(tmp_path: Path):
    table = tiny.table(tmp_path / "show", 2)
    process = start(table, tmp_path / "out", "--jobs", 2)
    busy = at_work(process, tmp_path / "out")
    process.kill()
    process.communicate(timeout=60)
    gone, left = psutil.wait_procs(busy, timeout=40)
    assert gone
    assert not left


def test_a_command_of_the_users_is_told_of_every_episode(made: tuple[Path, Path], clipper: Clipper, tmp_path: Path):
    told = tmp_path / "told.jsonl"
    script = tmp_path / "tell me.py"
    script.write_text("import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + '\\n')")
    out = tmp_path / "out"
    table = tiny.table(tmp_path / "show", 1)
    with table.open("a", encoding="utf-8") as f:
        f.write("nothing.mp3,\n")
    (tmp_path / "show" / "nothing.mp3").write_bytes(b"")
    notify = f"'{sys.executable}' '{script}' '{told}'"
    assert clipper("batch", table, "-o", out, *tiny.QUICK, "--notify", notify).code == 5
    events = {row["name"]: row for row in map(json.loads, told.read_text(encoding="utf-8").splitlines())}
    assert {name: row["event"] for name, row in events.items()} == {"ep0": "finished", "nothing": "failed"}
    assert events["ep0"]["out"] == str(out / "ep0")
    assert "is empty" in events["nothing"]["error"]
    done = clipper("batch", table, "-o", out, *tiny.QUICK, "--notify", "false")
    assert "note: --notify: false ended with code 1" in done.err


def test_two_runs_in_one_folder_do_not_meet(made: tuple[Path, Path], tmp_path: Path, clipper: Clipper):
    out = tmp_path / "out"
    shutil.copytree(made[1], out)
    with holding(out), holding(out / "ep0"):
        second = clipper("batch", made[0], "-o", out, *tiny.QUICK)
        assert second.code == 4
        assert f"another run is at work in {out}: process {os.getpid()} on " in second.two_lines()[0]
        assert clipper("render", out / "ep0", "--quality", "draft").code == 4
    assert clipper("batch", made[0], "-o", out, *tiny.QUICK).code == 5


def test_batch_json_of_a_newer_clipper_is_left_alone(tmp_path: Path, clipper: Clipper):
    out = tmp_path / "out"
    out.mkdir()
    (out / "batch.json").write_text('{"schema": 2, "episodes": {}}')
    done = clipper("batch", tiny.table(tmp_path / "show", 1), "-o", out)
    assert done.code == 3
    assert done.two_lines()[0].endswith("was written by a newer clipper (schema 2)")
    assert (out / "batch.json").read_text() == '{"schema": 2, "episodes": {}}'
