"""Secrets that cannot slip out: a `Secret` shows itself to nobody, and `hide` takes every known one out of a text.

In: values from the keyring or the environment; out: texts without them.
"""

from __future__ import annotations

import urllib.parse

SHORTEST = 6  # characters of a secret that is looked for in texts; a shorter one would blank out half of a message
HIDDEN = "•••"

_known: set[str] = set()


class Secret:
    """A value that neither repr, str, format, a log nor a traceback shows; `reveal()` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        remember(value)

    def reveal(self) -> str:
        """The value itself, for the request that needs it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        raise TypeError("a secret is not written to disk")


def remember(value: str) -> None:
    """From now on `hide` takes this value out of texts, also as it is written in an address."""
    if len(value) >= SHORTEST:
        _known.update({value, urllib.parse.quote(value, safe=""), urllib.parse.quote_plus(value)})


def hide(text: str) -> str:
    """`text` without any secret of this process."""
    for value in sorted(_known, key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    return text
