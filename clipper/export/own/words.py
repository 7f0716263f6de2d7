"""What the pages for others say, by language: one catalogue a language in i18n/, as the studio has them.

In: a language, a key and values; out: a text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clipper.errors import UsageError

FOLDER = Path(__file__).with_name("i18n")
FALLBACK = "en"


@dataclass(frozen=True)
class Words:
    """A language's catalogue; what it lacks is said in English.

    Attributes:
        language: the code of the one that was found, for the page's `lang`.
    """

    language: str
    texts: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, {name} replaced by values."""
        return self.texts[key].format(**values)


def languages() -> tuple[str, ...]:
    """The codes of those that there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def words(language: str | None) -> Words:
    """The catalogue of a language such as "de" or "de-AT"; English where there is none."""
    code = (language or FALLBACK).replace("_", "-").split("-")[0].lower()
    return _read(code if code in languages() else FALLBACK)


def named(language: str) -> str:
    """A language that somebody asked for by its code.

    Raises:
        UsageError: there is no catalogue of it.
    """
    if words(language).language != language.replace("_", "-").split("-")[0].lower():
        raise UsageError(f"there is no page in {language!r}", f"there are: {', '.join(languages())}")
    return language


@cache
def _read(code: str) -> Words:
    texts = {
        key: text
        for name in (FALLBACK, code)
        for key, text in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")).items()
    }
    return Words(code, texts)
