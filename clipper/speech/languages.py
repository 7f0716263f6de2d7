"""Languages as producers write them and as Whisper wants them. In: "English", "en-GB"; out: "en"."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from clipper.errors import UsageError

UNKNOWN = "und"  # ISO 639-2 for "undetermined"


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))


def spaced(language: str) -> bool:
    """Whether words of this language stand apart.

    >>> spaced("ja"), spaced("en"), spaced("und")
    (False, True, True)
    """
    return language not in _data()["unspaced"]


def code(text: str) -> str | None:
    """The code of a language by its code, its tag or its English name, or None.

    >>> code("English"), code("pt_BR"), code("Klingon")
    ('en', 'pt', None)
    """
    plain = text.strip().lower()
    names: Mapping[str, list[str]] = _data()["names"]
    for wanted in (plain, plain.replace("_", "-").split("-")[0]):
        if wanted in names:
            return wanted
        for short, long in names.items():
            if wanted in long:
                return short
    return None


def asked(text: str) -> str:
    """The code for what --language was given.

    Raises:
        UsageError: no language that Whisper knows.
    """
    found = code(text)
    if found is None:
        raise UsageError(f"{text!r} is not a language that Whisper knows", "use a code such as en, es or de")
    return found
