"""Reading what a network said, whatever it is: a wrong shape is an empty value, never a traceback.

In: JSON as it came; out: tables, rows, texts and numbers.
"""

from __future__ import annotations

from typing import Any


def at(said: object, *path: str) -> Any:
    """What stands at the end of a path of names; None where it leads nowhere.

    >>> at({"a": {"b": 1}}, "a", "b"), at({"a": None}, "a", "b")
    (1, None)
    """
    for name in path:
        if not isinstance(said, dict):
            return None
        said = said.get(name)
    return said


def table(said: object, *path: str) -> dict[str, Any]:
    """A table there; empty where there is none."""
    value = at(said, *path)
    return value if isinstance(value, dict) else {}


def rows(said: object, *path: str) -> list[dict[str, Any]]:
    """The tables of a list there."""
    value = at(said, *path)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(said: object, *path: str) -> str:
    """A text there, or a number as one; "" where there is neither."""
    value = at(said, *path)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def count(said: object, *path: str) -> int:
    """A number there that is not below zero; 0 where there is none."""
    value = text(said, *path)
    return int(value) if value.isdecimal() and len(value) < 16 else 0
