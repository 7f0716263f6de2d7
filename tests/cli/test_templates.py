"""`clipper templates`: listed, shown, begun, checked and drawn by the real program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from clipper.cli.app import run
from clipper.picture import template

COVER = Path(__file__).parents[2] / "assets" / "sample" / "cover.jpg"


def test_they_are_listed_with_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["templates", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["templates"]
    assert [row["name"] for row in rows] == template.names()
    assert all(row["description"] for row in rows)
    assert run(["templates", "list"]) == 0
    assert capsys.readouterr().out.count("\n") == len(rows)


def test_one_is_shown_with_its_layers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["templates", "show", "card"]) == 0
    out = capsys.readouterr().out
    assert "vertical, 1080 x 1920" in out
    assert "captions" in out
    assert run(["templates", "show", "crad"]) == 2
    assert "did you mean card?" in capsys.readouterr().err


def test_ones_own_is_begun_checked_and_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["templates", "new", "ours", "--from", "editorial"]) == 0
    assert run(["templates", "check", "ours"]) == 0
    assert run(["templates", "preview", "ours", "--cover", str(COVER), "-o", "looks", "--show-safe"]) == 0
    sizes = {path.name: Image.open(path).size for path in Path("looks").iterdir()}
    assert sizes["ours-vertical.png"] == (1080, 1920)
    assert sizes["ours-square.png"] == (1080, 1080)
    assert sizes["ours-wide.png"] == (1920, 1080)
    assert sizes["ours.png"][0] > 1000
    capsys.readouterr()
    assert run(["templates", "new", "ours"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert run(["templates", "new", "Not A Name"]) == 2
    assert run(["templates", "preview", "ours", "--text", "klingon", "-o", "looks"]) == 2
    assert "plain" in capsys.readouterr().err


def test_what_is_wrong_with_one_is_told_with_shape_and_layer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["templates", "new", "ours", "--from", "editorial"]) == 0
    path = Path("ours", "template.toml")
    text = path.read_text(encoding="utf-8").replace(
        "[vertical]",
        "[vertical]\nheadline = { box = [2, 70, 90, 20] }\nend = { box = [11.1, 48, 71.1, 14] }",
    )
    path.write_text(text, encoding="utf-8")
    assert run(["templates", "check", "ours", "--cover", str(COVER)]) == 5
    out = capsys.readouterr().out
    assert "vertical.headline: plain text lies outside the safe zone" in out
    assert "vertical.end: the end card would cover captions" in out
