"""One clip takes little memory, and 4K not much more: measured in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize(("seconds", "scale", "most"), [(12, 1.0, 400), (3, 2.0, 1200)])
def test_rendering_stays_within_its_memory(seconds: int, scale: float, most: float):
    command = [sys.executable, "-m", "tests.benchmarks.bench_render_growth", str(seconds), str(scale), "kept"]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    size, _, frames, _, _, own, _, both, _ = json.loads(done.stdout)
    assert (size, frames) == ({1.0: "1080x1920", 2.0: "2160x3840"}[scale], seconds * 30)
    assert own > 100  # it was looked at
    assert both < most
