"""`clipper batch --executor ray` as a user calls it: a cluster of its own, ended whatever happens, and clear errors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.batch import tiny
from tests.conftest import ROOT, Clipper

RAY = ("--executor", "ray")

pytestmark = pytest.mark.usefixtures("beside_clusters")


def start(table: Path, out: Path, *more: object) -> subprocess.Popen[str]:
    place = out.parent / "tmp"
    place.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "clipper", *map(str, ("batch", table, "-o", out, *tiny.QUICK, *RAY, *more))],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CLIPPER_CACHE": str(out.parent / "cache")},
    )  # fmt: skip


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return psutil.Process(process.pid).children(recursive=True)
    return []


def until(process: subprocess.Popen[str], what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not what():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def scratch() -> set[Path]:
    """Folders of Ray's that lie in the system's temporary folder."""
    return {p for p in Path("/tmp").glob("clipper-*") if p.is_dir() and list(p.glob("session_*"))}


def test_alone_it_has_a_cluster_here_that_speaks_to_nobody_and_leaves_nothing(tmp_path: Path):
    table = tiny.table(tmp_path / "show", 2)
    before = scratch()
    process = start(table, tmp_path / "out", "--jobs", 2)
    until(process, (tmp_path / "out" / "ep0" / ".clipper-lock").exists)
    every = family(process)
    names = {p.name() for p in every if p.is_running()}
    every.append(psutil.Process(process.pid))
    listening = {c.laddr.ip for p in every for c in connections(p) if c.status == psutil.CONN_LISTEN}
    asked = {c.raddr.ip for p in every for c in connections(p) if c.raddr}
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "raylet" in names
    assert "dashboard" not in " ".join(names)
    assert listening
    assert {ip.removeprefix("::ffff:") for ip in (*listening, *asked)} <= {"127.0.0.1", "::1"}
    _, left = psutil.wait_procs(every, timeout=10)
    assert not left
    assert scratch() == before
    local = subprocess.run(
        [sys.executable, "-m", "clipper", *map(str, ("batch", table, "-o", tmp_path / "local", *tiny.QUICK))],
        capture_output=True, check=False, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert local.returncode == 0, local.stderr
    assert tiny.results(tmp_path / "out") == tiny.results(tmp_path / "local")


def connections(process: psutil.Process) -> list[Any]:
    with suppress(psutil.Error):
        return process.net_connections("inet")
    return []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_the_cluster_it_started(number: signal.Signals, tmp_path: Path):
    table = tiny.table(tmp_path / "show", 1)
    before = scratch()
    process = start(table, tmp_path / "out", "--jobs", 1)
    until(process, (tmp_path / "out" / "ep0" / ".clipper-lock").exists)
    every = family(process)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    _, left = psutil.wait_procs(every, timeout=10)
    assert not left
    assert not list((tmp_path / "out").rglob(".clipper-*"))
    assert scratch() == before


def test_when_the_one_that_started_it_is_killed_the_cluster_ends_too(tmp_path: Path):
    """Two helpers of Ray's, which do nothing, take a minute to notice; they are not waited for."""
    table = tiny.table(tmp_path / "show", 1)
    process = start(table, tmp_path / "out", "--jobs", 1)
    until(process, (tmp_path / "out" / "ep0" / ".clipper-lock").exists)
    every = [p for p in family(process) if not p.name().endswith("Agent")]
    assert {"raylet", "gcs_server"} < {p.name() for p in every}
    process.kill()
    process.communicate(timeout=60)
    _, left = psutil.wait_procs(every, timeout=40)
    assert not left


def test_without_ray_it_says_what_to_install(tmp_path: Path, clipper: Clipper):
    (tmp_path / "ray.py").write_text("raise ImportError('no ray here')\n")
    table = tiny.table(tmp_path / "show", 1)
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = clipper("batch", table, "-o", tmp_path / "out", *RAY, PYTHONPATH=path)
    assert done.code == 4
    assert done.two_lines() == ("error: Ray is not installed", "  try: pip install 'clipper[ray]'")


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ((*RAY, "--address", "127.0.0.1:1"), 4, "error: no Ray cluster answers at 127.0.0.1:1"),
        ((*RAY, "--address", "ray://x"), 2, "error: ray://x is not the address of a Ray cluster"),
        (("--address", "127.0.0.1:1"), 2, "error: --address means nothing to the executor local"),
        (("--executor", "dask"), 2, "error: there is no executor 'dask'"),
    ],
)
def test_what_cannot_be_is_said_in_two_lines(
    words: tuple[str, ...], code: int, error: str, tmp_path: Path, clipper: Clipper
):
    table = tiny.table(tmp_path / "show", 1)
    done = clipper("batch", table, "-o", tmp_path / "out", *words)
    assert (done.code, done.two_lines()[0]) == (code, error)
