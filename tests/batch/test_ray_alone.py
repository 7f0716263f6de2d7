"""A machine on which no Ray cluster runs."""

from pathlib import Path

from tests.batch import tiny
from tests.conftest import Clipper


def test_without_a_cluster_auto_says_so(no_cluster: None, tmp_path: Path, clipper: Clipper):
    table = tiny.table(tmp_path / "show", 1)
    done = clipper("batch", table, "-o", tmp_path / "out", "--executor", "ray", "--address", "auto")
    assert (done.code, done.two_lines()[0]) == (4, "error: no Ray cluster runs on this machine")
