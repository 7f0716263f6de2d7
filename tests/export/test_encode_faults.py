"""What goes wrong while a file is written leaves nothing behind and is said in a producer's words."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from clipper import cache
from clipper.errors import ClipperError, InputError, MissingError
from clipper.export.encode import encode
from clipper.export.quality import quality
from clipper.media import ffmpeg
from clipper.picture.geometry import Box
from clipper.picture.layers import Patch
from clipper.picture.scene import Scene
from tests.picture.scenes import grey, noise, numbered, tone

ROOT = Path(__file__).parents[2]


class Rain:
    """Noise in every frame, so that files are large; it can be told to fail."""

    def __init__(self, width: int, height: int, fails_at: int = -1) -> None:
        self.box = Box(0, 0, width, height)
        self.fails_at = fails_at

    def dirty(self, before: int | None, after: int) -> list[Box]:
        return [self.box]

    def patch(self, frame: int, box: Box) -> Patch:
        if frame == self.fails_at:
            raise RuntimeError("no such chapter picture")
        return Patch(np.full((box.height, box.width), 255, np.uint8), noise(box.width, box.height, frame))


def rain(frames: int = 300, fails_at: int = -1) -> Scene:
    return Scene(grey(320, 320), [Rain(320, 320, fails_at)], frames, 30)


@pytest.fixture
def fake_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shell script in ffmpeg's place; the test writes it."""
    path = tmp_path / "ffmpeg"
    monkeypatch.setenv("CLIPPER_FFMPEG", str(path))
    ffmpeg.cache_clear()
    yield path
    ffmpeg.cache_clear()


def script(path: Path, text: str) -> None:
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)


def test_the_encoders_last_words_are_shown(fake_ffmpeg: Path, tmp_path: Path):
    out = tmp_path / "out"
    out.mkdir()
    script(
        fake_ffmpeg, 'head -c 100000 >/dev/null\necho "one thing" >&2\necho "x264 [error]: malloc failed" >&2\nexit 1\n'
    )
    with pytest.raises(MissingError) as caught, cache.appearing(out / "a.mp4") as temporary:
        encode(rain(), None, temporary, quality("good"), piped=True)
    assert "one thing | x264 [error]: malloc failed" in caught.value.message
    assert list(out.iterdir()) == []


def test_an_encoder_that_is_not_there(fake_ffmpeg: Path, tmp_path: Path):
    with pytest.raises(MissingError, match="cannot be started"):
        encode(numbered(5, 30), None, tmp_path / "a.mp4", quality("good"), piped=True)


def test_the_encoder_is_killed_in_mid_run(tmp_path: Path):
    def kill(stage: str, done: float, total: float, note: str = "") -> None:
        if done >= 60:
            for child in psutil.Process().children():
                if "ffmpeg" in child.name():  # other tests' servers are this process's children too
                    child.kill()

    with pytest.raises(MissingError, match="signal 9"), cache.appearing(tmp_path / "a.mp4") as temporary:
        encode(rain(), tone(10), temporary, quality("good"), progress=kill, piped=True)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte; only root on Linux can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
    try:
        made = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        made = False
    if not made:
        pytest.skip("no right to mount a small disk here; the test with a file limit covers this")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("piped", [False, True])
def test_the_disk_fills(tiny_disk: Path, piped: bool):
    full = pytest.raises(MissingError, match="no room on the disk")
    with full as caught, cache.appearing(tiny_disk / "a.mp4") as temporary:
        encode(rain(), tone(10), temporary, quality("good"), piped=piped)
    assert "free some space" in caught.value.mend
    assert list(tiny_disk.iterdir()) == []


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no such limit on this system")
@pytest.mark.parametrize("piped", [False, True])
def test_a_file_may_not_grow_further(tmp_path: Path, piped: bool):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(MissingError, match="no room on the disk"), cache.appearing(tmp_path / "a.mp4") as temporary:
            encode(rain(60), tone(2), temporary, quality("good"), piped=piped)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("piped", [False, True])
def test_a_layer_that_fails_is_named_with_its_time(tmp_path: Path, piped: bool):
    with pytest.raises(InputError) as caught, cache.appearing(tmp_path / "a.mp4") as temporary:
        encode(rain(fails_at=45), tone(10), temporary, quality("good"), piped=piped)
    assert "1.50 s" in caught.value.message
    assert "no such chapter picture" in caught.value.message
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert list(tmp_path.iterdir()) == []
    assert not [c for c in psutil.Process().children() if "ffmpeg" in c.name()]


def test_an_error_that_is_already_explained_stays_as_it_is(tmp_path: Path):
    class Explained(Rain):
        def patch(self, frame: int, box: Box) -> Patch:
            raise InputError("the chapter picture is gone", "put it back")

    scene = numbered(5, 30)
    scene.layers = (Explained(64, 64),)
    with pytest.raises(ClipperError, match="the chapter picture is gone"):
        encode(scene, tone(0.2), tmp_path / "a.mp4", quality("good"))


INTERRUPTED = """
import sys, os
from pathlib import Path
from clipper import cache
from clipper.export.encode import encode
from clipper.export.quality import quality
from tests.export.test_encode_faults import rain
from tests.picture.scenes import tone

def tell(stage, done, total, note=""):
    if done >= 30:
        print("going", flush=True)

with cache.appearing(Path(sys.argv[1]) / "a.mp4") as temporary:
    encode(rain(9000), tone(300), temporary, quality("good"), progress=tell, piped=sys.argv[2] == "True")
"""


@pytest.mark.parametrize("piped", [False, True])
def test_ctrl_c_leaves_nothing(tmp_path: Path, piped: bool):
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    out.mkdir()
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(out), str(piped)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"going\n"
    children = psutil.Process(process.pid).children()
    assert children or not piped
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert list(out.iterdir()) == []
    assert list(scratch.iterdir()) == []
    deadline = time.monotonic() + 30
    while any(c.is_running() and c.status() != psutil.STATUS_ZOMBIE for c in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(c.is_running() and c.status() != psutil.STATUS_ZOMBIE for c in children)
