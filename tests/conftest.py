"""What several rooms' tests share: the sample episode, a cache of their own, the command line as a user calls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "assets" / "sample"

# Started in the background (`make test &`, some CI), a process is told to ignore Ctrl-C and passes that on to its
# children; the tests that press it need it heard.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tests neither use nor fill the user's cache; one for the whole run, so that the sample is heard once.

    CLIPPER_TEST_CACHE names a folder that is kept from one run to the next, for whoever runs them often.
    """
    kept = os.environ.get("CLIPPER_TEST_CACHE")
    together = tmp_path_factory.getbasetemp().parent / "cache"  # of all processes of one run with -n
    if kept:
        folder = Path(kept)
    elif "PYTEST_XDIST_WORKER" in os.environ:
        folder = together
    else:
        folder = tmp_path_factory.mktemp("cache")
    os.environ["CLIPPER_CACHE"] = os.environ["CLIPPER_TEST_CACHE_NOW"] = str(folder)
    os.environ["CLIPPER_CONFIG"] = str(folder / "no-settings-of-the-user.toml")
    return folder


@pytest.fixture(scope="session")
def sample() -> Path:
    """The folder of the sample episode."""
    return SAMPLE


@pytest.fixture(scope="session")
def sample_audio(sample: Path) -> Path:
    return next(sample.glob("*.mp3"))


@pytest.fixture(scope="session")
def sample_truth(sample: Path) -> dict[str, Any]:
    """Words, turns and sections of the sample as they were spoken."""
    truth: dict[str, Any] = json.loads((sample / "truth.json").read_text(encoding="utf-8"))
    return truth


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def two_lines(self) -> tuple[str, str]:
        """The error and its mend; fails if anything else was said, above all a traceback."""
        lines = [line for line in self.err.splitlines() if line.startswith(("error: ", "  try: ", "Traceback"))]
        assert len(lines) == 2, self.err
        assert lines[0].startswith("error: "), self.err
        assert lines[1].startswith("  try: "), self.err
        return lines[0], lines[1]


Clipper = Callable[..., Done]


@pytest.fixture(scope="session")
def clipper() -> Clipper:
    """Runs the real program: `clipper("find", page, "--json")`."""

    def run(*arguments: object, cwd: Path | None = None, **environment: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "clipper", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run
