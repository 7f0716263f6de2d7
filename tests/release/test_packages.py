"""What is shipped: a wheel and an sdist that install and run offline, completion for the shell, the support bundle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from clipper.cli.app import run
from tests.batch import tiny
from tests.conftest import ROOT, Clipper


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist, built with what is installed."""
    folder = tmp_path_factory.mktemp("dist")
    code = (
        "import sys; from hatchling.build import build_sdist, build_wheel; "
        "build_sdist(sys.argv[1]); build_wheel(sys.argv[1])"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


def test_the_wheel_runs_offline_in_an_environment_of_its_own(built: Path, tmp_path: Path):
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, str(wheel)], check=True)
    own = next((tmp_path / "venv").glob("lib/python*/site-packages"))
    # the libraries are those of this environment; clipper itself is the wheel's
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    program = tmp_path / "venv" / "bin" / "clipper"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}

    def call(*words: object) -> str:
        done = subprocess.run(
            [str(program), *map(str, words)], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert call("--version").startswith("clipper ")
    where = subprocess.run(
        [str(python), "-c", "import clipper; print(clipper.__file__)"], capture_output=True, text=True, cwd=tmp_path,
        env=environment, check=True,
    ).stdout  # fmt: skip
    assert where.startswith(str(own))
    found = {row["name"]: row for row in json.loads(call("doctor", "--json"))["checks"]}
    assert found["templates"]["good"], found["templates"]
    assert found["scripts"]["good"]
    page = tiny.episode(tmp_path / "show", 1)
    call("make", page, "--transcript", page.with_suffix(".txt"), "-o", tmp_path / "out", *tiny.QUICK)
    assert list((tmp_path / "out").rglob("square.mp4"))


def test_the_sdist_holds_what_the_wheel_is_made_of(built: Path):
    (sdist,), (wheel,) = built.glob("*.tar.gz"), built.glob("*.whl")
    with tarfile.open(sdist) as file:
        source = {name.partition("/")[2] for name in file.getnames()}
    with zipfile.ZipFile(wheel) as file:
        shipped = {n for n in file.namelist() if n.startswith("clipper/")}
    assert {"pyproject.toml", "README.md", "LICENSE", "SECURITY.md"} <= source
    origin = {"clipper/_templates": "templates", "clipper/_fonts": "assets/fonts"}
    for name in shipped:
        for inside, outside in origin.items():
            name = name.replace(inside, outside)
        assert name in source, name
    assert any(n.endswith("site.html") for n in shipped)


@pytest.mark.parametrize(("words", "wanted"), [("clipper ba", "batch"), ("clipper cache ve", "verify")])
def test_the_shell_completes_commands(words: str, wanted: str):
    done = subprocess.run(
        [sys.executable, "-m", "clipper"], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "_CLIPPER_COMPLETE": "complete_bash", "COMP_WORDS": words,
             "COMP_CWORD": str(len(words.split()) - 1)},
    )  # fmt: skip
    assert wanted in done.stdout.split(), done.stderr


def test_the_support_bundle_holds_nobodys_words(tmp_path: Path, clipper: Clipper):
    page = tiny.episode(tmp_path / "Secret Show", 1, title="Zanzibar Unveiled")
    page.write_text(page.read_text() + "\nGuest: Xiomara Quillfeather\n")
    words = ["--transcript", str(page.with_suffix(".txt")), *map(str, tiny.QUICK)]
    assert run(["make", str(page), "-o", str(tmp_path / "out"), *words]) == 0
    done = clipper("support-bundle", tmp_path / "out", "--to", tmp_path / "bundle.zip", CLIPPER_HANDLE="@zanzibar")
    assert done.code == 0, done.err
    with zipfile.ZipFile(tmp_path / "bundle.zip") as file:
        documents = {name: file.read(name).decode() for name in file.namelist()}
    assert set(documents) == {"machine.json", "settings.json", "cache.json", "out.json"}
    told = "\n".join(documents.values()).casefold()
    for private in ("zanzibar", "unveiled", "xiomara", "quillfeather", "secret show", "cleaned it", str(tmp_path)):
        assert private.casefold() not in told, private
    out = json.loads(documents["out.json"])
    assert out["files"][".mp4"]["count"] == 1
    assert (
        out["clips"][0]["title"]
        == f"{len(json.loads(next((tmp_path / 'out').rglob('clip.json')).read_text())['title'])} letters"
    )
