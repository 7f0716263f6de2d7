"""`clipper transcribe AUDIO -o OUT`, as typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from clipper.cli.app import run
from clipper.errors import Exit
from clipper.speech.formats import read_transcript


def test_it_writes_both_files_and_keeps_stdout_clean(
    piece: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new folder" / "ערב 'out'"
    assert run(["transcribe", str(piece), "-o", str(out), "--offline"]) == Exit.DONE
    assert sorted(p.name for p in out.iterdir()) == ["transcript.json", "transcript.vtt"]
    read = read_transcript(out / "transcript.json", 18.0)
    assert len(read.words) > 30
    assert read_transcript(out / "transcript.vtt").text() == read.text()
    assert capsys.readouterr().out == ""


def test_an_out_that_is_a_file_is_told_before_any_work(
    piece: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("mine")
    assert run(["transcribe", str(piece), "-o", str(tmp_path / "out")]) == Exit.MISSING
    said = capsys.readouterr().err.strip().split("\n")
    assert len(said) == 2
    assert "cannot write" in said[0]
    assert (tmp_path / "out").read_text() == "mine"


def test_a_bad_file_ends_with_exit_code_3_and_two_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a\x1b[31m b.mp3").write_bytes(b"no sound at all" * 100)
    assert run(["transcribe", str(tmp_path / "a\x1b[31m b.mp3"), "-o", str(tmp_path / "out")]) == Exit.INPUT
    said = capsys.readouterr().err
    assert len(said.strip().split("\n")) == 2
    assert "\x1b" not in said
    assert "Traceback" not in said


def test_without_out_it_is_wrong_usage(piece: Path) -> None:
    assert run(["transcribe", str(piece)]) == Exit.USAGE
