"""A command in a process of its own, watched from outside: seconds, processor seconds, peak memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Watched:
    """How it went: what it printed, seconds by the clock, processor seconds, and the most memory in MB at once of it
    and everything it runs, sampled ten times a second.
    """

    code: int
    out: str
    seconds: float
    processor: float
    peak: float


def watched(arguments: Sequence[str], cache: Path, before: Sequence[str] = (), **more: str) -> Watched:
    """Runs `clipper ARGUMENTS` with a cache folder of its own, `before` in front of it (such as taskset)."""
    began, spent = time.perf_counter(), _processor()
    environment: Mapping[str, str] = {**os.environ, "CLIPPER_CACHE": str(cache), "PYTHONPATH": str(ROOT), **more}
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "clipper", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, env=environment,
    )  # fmt: skip
    peak = [0.0]

    def watch() -> None:
        root = psutil.Process(process.pid)
        while process.poll() is None:
            total = 0
            try:
                own = root.cmdline()
                for one in (root, *root.children(recursive=True)):
                    if one == root or one.cmdline() != own:  # else about to become another program: the same pages
                        total += one.memory_info().rss
            except psutil.NoSuchProcess:
                pass
            peak[0] = max(peak[0], total / 1e6)
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, _ = process.communicate()
    watcher.join()
    return Watched(process.returncode, out, time.perf_counter() - began, _processor() - spent, peak[0])


def _processor() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
