"""A laptop that sleeps in mid-run, and clocks that jump with it: real processes are stopped and go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from clipper.batch import lock
from clipper.batch.lock import HeldError, holder_of, holding
from clipper.cli.app import run
from tests.batch import tiny
from tests.conftest import ROOT

# a run on another machine, as a shared disk sees it: other name, and signs of life every 0.1 s
ELSEWHERE = """
import sys, time
from pathlib import Path
from clipper import leftovers
from clipper.batch import lock
from clipper.errors import ClipperError
leftovers._machine = lambda: "0badcafe"
lock.TOUCH = 0.1
try:
    with lock.holding(Path(sys.argv[1])):
        print("held", flush=True)
        time.sleep(60)
except ClipperError as error:
    print(error.message, flush=True)
    sys.exit(int(error.exit_code))
"""
# the command line, whose clock jumps eight hours when it is told to
SLEEPER = """
import signal, sys, time
real, slept = time.time, [0.0]
signal.signal(signal.SIGUSR1, lambda *_: slept.__setitem__(0, slept[0] + 8 * 3600))
time.time = lambda: real() + slept[0]
time.time_ns = lambda: int(1e9 * time.time())
from clipper.cli.app import run
sys.exit(run(sys.argv[1:]))
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def run_of(folder: Path, code: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=ENVIRONMENT, cwd=folder,
    )  # fmt: skip


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_who_slept_too_long_finds_its_folder_taken_and_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    out = tmp_path / "out"
    out.mkdir()
    process = run_of(tmp_path, ELSEWHERE, out)
    assert line(process) == "held"
    with pytest.raises(HeldError), holding(out):
        pass
    process.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(lock, "STALE", 0.5)
    with holding(out, wait=20):
        process.send_signal(signal.SIGCONT)
        assert process.wait(20) == 4, "it neither goes on nor waits for its end"
        assert f"while this run slept another one began in {out}: process {os.getpid()} on " in line(process)
        assert holder_of(out) is not None, "the lock of the one that took over stays"
        process.communicate()
    assert list(out.iterdir()) == []


def test_a_short_sleep_elsewhere_costs_nothing(tmp_path: Path):
    out = tmp_path / "out"
    out.mkdir()
    process = run_of(tmp_path, ELSEWHERE, out)
    assert line(process) == "held"
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.5)
    process.send_signal(signal.SIGCONT)
    before = (out / lock.NAME).stat().st_mtime_ns
    deadline = time.monotonic() + 20
    while (out / lock.NAME).stat().st_mtime_ns == before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (out / lock.NAME).stat().st_mtime_ns > before, "signs of life again"
    assert process.poll() is None
    process.kill()
    process.communicate()


def test_a_run_goes_on_after_a_sleep_of_hours(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    page = tiny.episode(tmp_path / "show", 1)
    words = [*map(str, ("make", page, "--transcript", page.with_suffix(".txt"), *tiny.QUICK)), "-o"]
    process = run_of(tmp_path, SLEEPER, *words, tmp_path / "out")
    deadline = time.monotonic() + 60
    while not list((tmp_path / "out" / "clips").glob("*/.clipper-*")):  # it draws
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for one in family:
        one.suspend()
    assert run([*words, str(tmp_path / "out")]) == 4
    assert f"process {process.pid} on " in capsys.readouterr().err
    os.kill(process.pid, signal.SIGUSR1)  # heard on waking: it is eight hours later
    for one in family:
        one.resume()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert run([*words, str(tmp_path / "fresh")]) == 0
    assert tiny.results(tmp_path / "out") == tiny.results(tmp_path / "fresh")
