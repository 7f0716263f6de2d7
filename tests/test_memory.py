"""Memory that threads freed goes back to the system, in a process of its own, since an allocator remembers."""

from __future__ import annotations

import subprocess
import sys

STEPS = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
import numpy as np, psutil
from clipper.memory import give_back, hold_little

def held():
    return psutil.Process().memory_info().rss / 1e6

hold_little()
together = Barrier(4)

def work(_):
    together.wait()
    pieces = [np.ones(8_000, np.float32) for _ in range(1_000)]  # 32 kB each: not given back by themselves
    together.wait()
    return pieces[-1]  # lies above all the others

with ThreadPoolExecutor(4) as pool:
    before = held()
    last = list(pool.map(work, range(4)))
    full = held()
    give_back()
    print(full - before, held() - before)
"""


def test_what_threads_freed_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", STEPS], capture_output=True, text=True, check=True)
    full, after = map(float, done.stdout.split())
    assert full > 80
    assert after < 10
