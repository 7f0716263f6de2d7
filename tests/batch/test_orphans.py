"""kill -9 leaves no ffmpeg behind, whatever it was doing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from clipper import media
from tests.conftest import ROOT

# an hour of work for ffmpeg, and one whose input nobody feeds
HOUR = """
from clipper.media import run_ffmpeg
run_ffmpeg(["-v", "error", "-re", "-f", "lavfi", "-i", "sine=duration=3600", "-f", "null", "-"])
"""
FED = """
import subprocess, time
from clipper.media import ffmpeg, on_leash
words = ["-v", "error", "-f", "s16le", "-i", "pipe:0", "-f", "null", "-"]
process = subprocess.Popen(on_leash([ffmpeg(), *words]), stdin=subprocess.PIPE, start_new_session=True)
time.sleep(3600)
"""


# where the system has nothing that ends a program with another one, only what waits for more ends
@pytest.mark.parametrize("work", [HOUR, FED] if media._leash() else [FED])
def test_ffmpeg_ends_with_the_one_that_started_it(work: str):
    process = subprocess.Popen([sys.executable, "-c", work], env={**os.environ, "PYTHONPATH": str(ROOT)})
    deadline, children = time.monotonic() + 30, list[psutil.Process]()
    while not any("ffmpeg" in child.name() for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.02)
        children = psutil.Process(process.pid).children()
    process.kill()
    process.wait()
    _, left = psutil.wait_procs(children, timeout=10)
    assert not left


def test_an_ffmpeg_that_is_not_there_is_told_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert media.on_leash([str(tmp_path / "none"), "-y"]) == [str(tmp_path / "none"), "-y"]
    monkeypatch.setattr(media, "ffmpeg", lambda: str(tmp_path / "none"))
    with pytest.raises(media.MissingError, match="cannot be started"):
        media.run_ffmpeg(["-version"])
