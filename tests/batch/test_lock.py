"""One run at a time in a folder; who holds it is told, and a lock whose run is gone holds nobody up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from clipper import leftovers
from clipper.batch import lock
from clipper.batch.lock import HeldError, holder_of, holding


def written(folder: Path, **changes: object) -> Path:
    row = {
        "pid": os.getpid(),
        "host": "studio",
        "machine": leftovers.folder_prefix().split("-")[1],
        "began": 0.0,
        "born": "",
    }
    path = folder / lock.NAME
    path.write_text(json.dumps({**row, **changes}))
    return path


def test_the_second_run_is_told_who_is_at_work(tmp_path: Path):
    with holding(tmp_path):
        assert holder_of(tmp_path) is not None
        with pytest.raises(HeldError, match=f"process {os.getpid()} on ") as caught, holding(tmp_path):
            pass
        assert "wait for its end" in caught.value.mend
    assert holder_of(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_the_second_run_may_wait(tmp_path: Path):
    told: list[str] = []
    entered = threading.Event()

    def first() -> None:
        with holding(tmp_path):
            entered.set()
            time.sleep(0.4)

    thread = threading.Thread(target=first)
    thread.start()
    entered.wait()
    with holding(tmp_path, wait=20, tell=told.append):
        pass
    thread.join()
    assert len(told) == 1
    assert told[0].startswith(f"waiting for another run in {tmp_path}: process ")


def test_a_lock_whose_process_is_gone_is_taken_over(tmp_path: Path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    written(tmp_path, pid=gone.pid)
    with holding(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_process_of_the_same_number_that_began_later_is_another_one(tmp_path: Path):
    written(tmp_path, born="1")
    with holding(tmp_path):
        pass


def test_another_machines_lock_holds_while_it_gives_signs_of_life(tmp_path: Path):
    path = written(tmp_path, machine="00000000", host="rack-7\x1b[31m")
    with pytest.raises(HeldError, match="on rack-7") as caught, holding(tmp_path):
        pass
    assert "\x1b" not in caught.value.message
    os.utime(path, (time.time() - 3600,) * 2)
    with holding(tmp_path):
        pass


@pytest.mark.parametrize("text", ["", "{}", "[1]", "\x00" * 3000])
def test_a_lock_that_nobody_can_read_holds_for_seconds_only(text: str, tmp_path: Path):
    path = tmp_path / lock.NAME
    path.write_text(text)
    with pytest.raises(HeldError), holding(tmp_path):
        pass
    os.utime(path, (time.time() - 60,) * 2)
    with holding(tmp_path):
        pass


def test_what_a_killed_run_left_is_swept(tmp_path: Path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    clip = tmp_path / "clips" / "01-x"
    clip.mkdir(parents=True)
    left = clip / leftovers.prefix().replace(f"-{os.getpid()}-", f"-{gone.pid}-")
    left.write_bytes(b"half")
    (clip / "square.mp4").write_bytes(b"whole")
    with holding(tmp_path):
        assert [p.name for p in clip.iterdir()] == ["square.mp4"]


RACE = """
import sys, time
from pathlib import Path
from clipper.batch.lock import holding
folder = Path(sys.argv[1])
for n in range(15):
    with holding(folder, wait=60):
        inside = folder / "inside"
        inside.touch(exist_ok=False)
        time.sleep(0.002)
        inside.unlink()
"""


def test_never_two_at_once(tmp_path: Path):
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    runs = [subprocess.Popen([sys.executable, "-c", RACE, str(tmp_path)], env=env) for _ in range(3)]
    assert [run.wait(100) for run in runs] == [0, 0, 0]
