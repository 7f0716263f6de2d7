"""kill -9 at random moments: the next run finishes with the bytes of an undisturbed one, and nothing is left over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.faults import Trial


@pytest.mark.slow
@pytest.mark.parametrize("command", ["make", "batch"])
def test_a_killed_run_goes_on_as_if_nothing_had_been(command: str, tmp_path: Path):
    Trial(tmp_path, command, seed=20261130).until(10)
