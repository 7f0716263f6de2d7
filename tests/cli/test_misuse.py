"""A command line that is not right is told in two lines, like every other error: what is wrong, and the mend."""

from __future__ import annotations

import pytest

from clipper.cli.app import run

WRONG: dict[str, tuple[str, str, str]] = {
    "a command": ("mak page.md", "clipper has no command mak", "did you mean make? clipper --help"),
    "a command of a group": ("templates lst", "clipper templates has no command lst", "did you mean list?"),
    "an option": ("make page.md --fro reels", "clipper make has no option --fro", "did you mean --for"),
    "an option that is like none": ("check out --zzz", "clipper check has no option --zzz", "clipper check --help"),
    "no episode": ("make", "clipper make lacks EPISODE", "write: clipper make EPISODE"),
    "no folder": ("render", "clipper render lacks OUT", "write: clipper render OUT"),
    "an option without its value": ("make page.md --out", "--out wants a value", "clipper make --help"),
    "letters for a number": ("make page.md --count many", "--count wants a whole number, not 'many'", "How many clips"),
    "letters behind =": ("make page.md --fps=quick", "--fps wants a number, not 'quick'", "Frames a second"),
    "words too many": ("check my out", "clipper check does not know what to do with 'out'", "want quotes"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_command_line_that_is_not_right_is_two_lines(case: str, capsys: pytest.CaptureFixture[str]):
    line, wrong, mend = WRONG[case]
    assert run(line.split()) == 2
    said = capsys.readouterr()
    first, second = said.err.splitlines()
    assert first == f"error: {wrong}"
    assert second.startswith("  try: ")
    assert mend in second
    assert said.out == ""


@pytest.mark.parametrize("line", ["", "templates", "cache"])
def test_no_command_at_all_shows_what_there_is(line: str, capsys: pytest.CaptureFixture[str]):
    assert run(line.split()) == 2
    said = capsys.readouterr()
    assert "Commands" in said.out + said.err
    assert "error" not in said.err


def test_help_and_version_end_well(capsys: pytest.CaptureFixture[str]):
    assert run(["make", "--help"]) == 0
    assert run(["--version"]) == 0
    assert "clipper 0." in capsys.readouterr().out
