"""Help text, README, docs and behaviour agree."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from clipper.cli.app import app
from clipper.publish import facts
from clipper.publish.networks import kinds
from tests.house import man, network_page
from tests.house.docs import PAGE, page

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = typer.main.get_command(app).commands


def test_the_page_of_commands_is_what_the_program_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make format"


def test_what_an_app_needs_is_what_the_facts_say():
    text = network_page.PAGE.read_text(encoding="utf-8")
    assert text == network_page.page(text), "run: make format"
    for name in (*facts.names(), *(kind.name for kind in kinds())):
        assert f"`{name}`" in text + (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8"), name


def test_the_man_page_has_every_command():
    text = man.page()  # `make format` writes it to docs/clipper.1
    for name in COMMANDS:
        assert f".SS clipper {man.plain(name)}" in text
    assert man.PAGE.read_text(encoding="utf-8").startswith(".TH CLIPPER 1")


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_commands_and_options_in_the_docs_exist(path: Path):
    text = path.read_text(encoding="utf-8")
    for line in re.findall(
        r"clipper ((?:make|find|pick|render|check|pack|review|learn|transcribe|episode|doctor"
        r"|publish|login|posts|unpublish)\b[^`\n|]*)",
        text,
    ):
        words = line.split()
        known = {o for p in COMMANDS[words[0]].params for o in (*p.opts, *p.secondary_opts)} | {
            "--help",
            "-h",
            "--verbose",
            "--version",
        }
        for option in (w for w in words[1:] if re.fullmatch(r"--?[a-z][a-z-]*", w)):
            assert option in known, f"{path.name}: clipper {words[0]} has no {option}"
    for word in re.findall(r"`clipper ([a-z][a-z-]*)", text):
        assert word in COMMANDS, f"{path.name}: there is no command {word}"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_links_and_pictures_in_the_docs_are_there(path: Path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r'(?:src|href)="([^"#]+)"', text):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_make_targets_in_the_docs_exist(path: Path):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    for name in re.findall(r"`make ([a-z]+)", path.read_text(encoding="utf-8")):
        assert name in targets, f"{path.name}: make {name}"


def test_help_is_quick_because_nothing_heavy_is_imported():
    code = (
        "import sys; sys.argv = ['clipper', '--help']\n"
        "from clipper.cli.app import run\n"
        "run(['--help'])\n"
        "heavy = {'torch', 'moviepy', 'av', 'faster_whisper', 'whisper', 'numpy', 'PIL', 'pydub', 'httpx'}\n"
        "sys.stderr.write(','.join(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    for name in COMMANDS:
        assert name in done.stdout


def test_only_what_belongs_there_stands_at_the_top():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    top = {name.split("/")[0] for name in listed if name}
    assert top <= {
        "pyproject.toml", "clipper", "assets", "templates", "tests", "README.md", "docs", "Makefile", "LICENSE",
        "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "constraints.txt", "requirements", ".ci", ".gitignore",
    }  # fmt: skip
