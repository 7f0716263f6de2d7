"""Strings as they may be kept and shown: no control characters, one kind of space, digits that can be read."""

from __future__ import annotations

import re
import unicodedata

_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x200B])


def clean(text: str) -> str:
    """One line without control characters, bidi overrides and lone surrogates; spaces run together.

    Zero-width joiners stay: Persian and Indic words need them.
    """
    text = text.translate(_BIDI)
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if not 0xD800 <= ord(c) < 0xE000
    )
    return " ".join(kept.split())


def western_digits(text: str) -> str:
    """The same text, as long as before, with every decimal digit as 0 to 9.

    >>> western_digits("شبانه ۵")
    'شبانه 5'
    """
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text)


def squeezed(text: str) -> str:
    """Letters and digits only, without accents and case: for asking whether two writings are the same."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if c.isalnum()).casefold()


_NO_END = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|vs|etc|No|e\.g|i\.e|a\.k\.a)|\b\w)\.$", re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """Sentences of one paragraph; initials and "Dr." end none. Line breaks count as spaces."""
    found: list[str] = []
    start = 0
    flat = " ".join(text.split())
    for end in re.finditer(r"[.!?…]+[\"'”’)]*(?=\s)|[。！？]", flat):
        if end.group() == "." and _NO_END.search(flat[max(start, end.end() - 12) : end.end()]):
            continue
        found.append(flat[start : end.end()].strip())
        start = end.end()
    found.append(flat[start:].strip())
    return [s for s in found if s]
