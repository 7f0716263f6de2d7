"""docs/performance.md has rows of every bench and of no other, in the form in which `make bench` writes it."""

from __future__ import annotations

import ast
import datetime
import re
from pathlib import Path

import pytest

from tests.benchmarks import figures
from tests.benchmarks.figures import FOLDER, NOT_YET, PAGE, Figure, benches, keep, page, rows


def test_the_page_is_what_make_bench_would_write():
    text = PAGE.read_text(encoding="utf-8")
    assert list(rows(text)) == benches()
    assert text == page(rows(text)), 'run make bench BENCH_ARGS="NAME" for a new bench'


def test_every_row_says_what_how_much_and_when():
    measured = re.compile(r"(\d{4}-\d{2}-\d{2}), \d+ cores")
    for name, found in rows(PAGE.read_text(encoding="utf-8")).items():
        for what, figure, _, when in found:
            if what == NOT_YET:
                assert len(found) == 1, name
                continue
            assert re.search(r"\d", figure), (name, what)
            day = measured.fullmatch(when)
            assert day is not None, (name, when)
            datetime.date.fromisoformat(day[1])


@pytest.mark.parametrize("name", benches())
def test_every_bench_gives_its_figures(name: str):
    tree = ast.parse((FOLDER / f"bench_{name}.py").read_text(encoding="utf-8"))
    main = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "main")
    assert main.returns is not None
    assert ast.unparse(main.returns) == "list[Figure]"


def test_one_bench_measured_again_leaves_the_others_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(figures, "PAGE", tmp_path / "performance.md")
    keep("way", [Figure("an hour", "200 s", "1/12")])
    keep("growth", [Figure("50 episodes", "3 s | or so")])
    keep("way", [Figure("an hour", "190 s", "1/12"), Figure("memory", "700 MB")])
    found = rows((tmp_path / "performance.md").read_text(encoding="utf-8"))
    assert [row[:3] for row in found["way"]] == [("an hour", "190 s", "1/12"), ("memory", "700 MB", "")]
    assert [row[:2] for row in found["growth"]] == [("50 episodes", "3 s / or so")]
    assert found["render"] == [(NOT_YET, "", "", "")]
    assert found["way"][0][3].startswith(datetime.date.today().isoformat())
