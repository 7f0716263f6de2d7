"""The limits of limits.toml. In: a name; out: its value and source."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Limit(NamedTuple):
    """A number and where it comes from."""

    value: float
    source: str


def limit(name: str) -> Limit:
    """The limit of that name."""
    return _all()[name]


@cache
def _all() -> dict[str, Limit]:
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {name: Limit(float(row["value"]), str(row["source"])) for name, row in rows.items()}
