"""What `make` installs is pinned and has digests, and is what pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.audit import verdict
from tests.house.locks import ELSEWHERE, FOLDER, ROOT, WHAT, blocks

SYSTEMS = (("linux", "Linux", "x86_64"), ("darwin", "Darwin", "arm64"), ("win32", "Windows", "AMD64"))
PYTHONS = ("3.11", "3.12", "3.13")
LAYERS = {"user": ("base",), "dev": ("base", "dev"), "servers": ("base", "dev", "servers")}


def locked(*names: str) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for name in names:
        for package, parts in blocks((FOLDER / f"{name}.txt").read_text(encoding="utf-8")).items():
            rows.setdefault(package, []).extend(parts)
    return rows


@pytest.mark.parametrize("name", sorted(WHAT))
def test_every_package_is_pinned_and_has_digests(name: str):
    rows = locked(name)
    assert rows
    for parts in rows.values():
        for part in parts:
            first, *rest = part.splitlines()
            assert re.match(r"[\w.\[\]-]+==[\w.!]+( ;.*)? \\$", first), first
            assert rest
            for line in rest:
                assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


def test_no_package_is_in_two_of_the_files():
    seen: dict[str, str] = {}
    for name in ("build", "user", "voices", "dev", "servers"):
        for package in locked(name):
            assert package not in seen, f"{package}: {name} and {seen[package]}"
            assert not ELSEWHERE.fullmatch(package)
            seen[package] = name


def wanted(extras: tuple[str, ...]) -> list[Requirement]:
    """What pyproject.toml asks for, with the extras that its extras name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines, done = list(project["dependencies"]), set()
    waiting = set(extras)
    while waiting:
        extra = waiting.pop()
        done.add(extra)
        for line in project["optional-dependencies"][extra]:
            one = Requirement(line)
            if one.name == project["name"]:
                waiting |= one.extras - done
            else:
                lines.append(line)
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("python", PYTHONS)
def test_everything_that_is_asked_for_is_there_on_every_system(layer: str, python: str):
    names = ["build", *list(LAYERS)[: list(LAYERS).index(layer) + 1]]
    rows = locked(*names)
    for system, platform, machine in SYSTEMS:
        place = {
            **default_environment(), "python_version": python, "python_full_version": f"{python}.5",
            "sys_platform": system, "platform_system": platform, "platform_machine": machine,
        }  # fmt: skip
        for one in wanted(LAYERS[layer]):
            if one.marker is not None and not one.marker.evaluate(place):
                continue
            found = []
            for part in rows.get(canonicalize_name(one.name), ()):
                pin, _, marker = part.partition("\\")[0].partition(" ;")
                if not marker or Marker(marker).evaluate(place):
                    found.append(pin.partition("==")[2].strip())
            assert len(found) == 1, f"{one} on {system}, Python {python}: {found or 'missing'}; run make lock"
            assert one.specifier.contains(found[0], prereleases=True), f"{one}: {found[0]}; run make lock"


def test_make_takes_digests_for_all_of_them():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in WHAT:
        assert f"requirements/{name}.txt" in text
    assert "HASHED := $(PIP) --no-deps --require-hashes" in text


def test_an_audit_that_reached_nothing_does_not_pass_for_a_clean_one():
    good = {"name": "a", "version": "1", "vulns": []}
    bad = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
    unknown = {"name": "c", "skip_reason": "not found"}
    assert verdict([good])[0] == 0
    assert verdict([good, bad, unknown]) == (1, [
        "b 2: PYSEC-1, mended in 3", "2 of 3 packages looked up in PyPI's list, 1 with known faults",
        "error: 1 were not looked up, first c: not found",
        "  try: where PyPI's own addresses are reached; there is no list that works offline",
    ])  # fmt: skip
    assert verdict([good, unknown])[0] == 3
