"""Tests with a Ray cluster run beside each other; one that needs a machine without any waits until it is alone."""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def _locked(how: int) -> Iterator[None]:
    with (Path(tempfile.gettempdir()) / "clipper-tests-ray.lock").open("a") as f:
        fcntl.flock(f, how)
        yield


@pytest.fixture(scope="module")
def beside_clusters() -> Iterator[None]:
    """For a module whose clusters would be found by the test that wants none."""
    with _locked(fcntl.LOCK_SH):
        yield


@pytest.fixture
def no_cluster() -> Iterator[None]:
    """No test on this machine has a cluster meanwhile; not in a module that uses `beside_clusters`."""
    with _locked(fcntl.LOCK_EX):
        yield
