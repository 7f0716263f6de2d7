"""Runs that are killed, and what must be true afterwards. For test_kill.py and for `make soak`, which does it longer:

python -m tests.batch.faults 100
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.batch import tiny
from tests.conftest import ROOT

LEFT = (".clipper-*", "*.clipper-*")


class Trial:
    """One command that is killed again and again, then let through; its results are those of an undisturbed run."""

    def __init__(self, folder: Path, command: str, seed: int) -> None:
        self.folder, self.command, self.random = folder, command, random.Random(seed)
        self.source = tiny.table(folder / "show", 2)
        self.wanted = self.finish("undisturbed")
        began = time.monotonic()
        self.finish("timed")
        self.seconds = time.monotonic() - began

    def start(self, name: str) -> subprocess.Popen[str]:
        words: list[object] = ["batch", self.source, "--jobs", 2]
        if self.command == "make":
            page = self.source.parent / "ep0.md"
            words = ["make", page, "--transcript", page.with_suffix(".txt")]
        place = self.folder / name
        (place / "tmp").mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "CLIPPER_CACHE": str(place / "cache"),
                       "TMPDIR": str(place / "tmp")}  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-m", "clipper", *map(str, (*words, "-o", place / "out", *tiny.QUICK))],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip

    def finish(self, name: str) -> dict[str, bytes]:
        process = self.start(name)
        _, err = process.communicate(timeout=600)
        assert process.returncode == 0, err
        return tiny.results(self.folder / name / "out")

    def until(self, hits: int) -> None:
        """Rounds of at most four kills until so many hit."""
        hit = number = 0
        while hit < hits:
            number += 1
            hit += self.round(f"round{number}", min(4, hits - hit))

    def round(self, name: str, kills: int) -> int:
        """Kills the run `kills` times at random moments, lets it through, and compares; gives the kills that hit."""
        hit = 0
        for _ in range(kills):
            process = self.start(name)
            family: list[psutil.Process] = []
            time.sleep(self.random.uniform(0.2, 0.9 * self.seconds))
            with suppress(psutil.Error):
                family = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            process.communicate(timeout=60)
            if process.returncode != -signal.SIGKILL:
                break  # it was done; further kills would hit nothing
            hit += 1
            _, left = psutil.wait_procs(family, timeout=60)
            assert not left, f"processes stay behind: {left}"
            for path in (self.folder / name / "out").rglob("*"):
                assert path.name.startswith(".clipper-") or path.suffix != ".mp4" or path.stat().st_size, path
        found = self.finish(name)
        assert found.keys() == self.wanted.keys(), found.keys() ^ self.wanted.keys()
        differing = [file for file in found if found[file] != self.wanted[file]]
        assert not differing, differing
        place = self.folder / name
        leftovers = [p for pattern in LEFT for p in place.rglob(pattern)] + list((place / "tmp").iterdir())
        assert not leftovers, leftovers
        return hit


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(time.time())
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        trials = [Trial(Path(folder, name), name, seed) for name in ("make", "batch")]
        done, number = 0, 0
        while done < wanted:
            for trial in trials:
                number += 1
                done += trial.round(f"round{number}", 5)
                print(f"{done} of {wanted} kills, all results as undisturbed", flush=True)


if __name__ == "__main__":
    main()
