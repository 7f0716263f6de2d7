"""The phrases, keys and limits of the TOML files here, read once. In: names of lists; out: patterns, words, numbers."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@cache
def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


@cache
def pattern(group: str, name: str) -> re.Pattern[str]:
    """All expressions of one list as one, case ignored; for `.search`."""
    return re.compile(alternatives(group, name), re.IGNORECASE)


@cache
def starting(group: str, name: str, after: str = "") -> re.Pattern[str]:
    """The same list, matching only from the start; `after` is what must follow."""
    return re.compile(rf"(?:{alternatives(group, name)}){after}", re.IGNORECASE)


@cache
def section_kinds() -> tuple[str, ...]:
    """The kinds that a heading or an opening sentence may announce, in the order in which they are tried."""
    return tuple(_data("phrases.toml")["section"])


@cache
def words(name: str) -> frozenset[str]:
    """One of the word lists, casefolded."""
    return frozenset(_data("phrases.toml")["words"][name].casefold().split())


@cache
def keys(name: str) -> tuple[str, ...]:
    """The front matter keys that mean one thing, squeezed, the likeliest first."""
    return tuple(_data("keys.toml")[name].split())


@cache
def alternatives(group: str, name: str) -> str:
    """One list as the inside of a regular expression's group."""
    listed = (f"(?:{p})" for p in _data("phrases.toml")[group][name])
    return "|".join(listed).replace("’", "['’]")  # the straight and the curled apostrophe


def limit(group: str, name: str) -> int:
    """One limit of `limits.toml`."""
    return int(_data("limits.toml")[group][name])
