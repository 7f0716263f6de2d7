"""The call to listen on end cards. In: a clip's language; out: one line in it, from calls.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


def call_to_listen(language: str | None) -> str:
    """The call in a language (ISO 639-1), empty where none is known: no end card is better than a foreign one.

    Where the language is not known, it is English.
    """
    return _calls().get((language or "en").split("-")[0].lower(), "")


@cache
def _calls() -> dict[str, str]:
    rows: dict[str, str] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["listen"]
    return rows
