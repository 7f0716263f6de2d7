"""Speakers that a text names itself: "Ben: Hello", ">> BEN: Hello". In: lines; out: names and what they say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

# One to four words that begin with a capital or a digit, or are all capitals, and a colon.
_LABEL = re.compile(
    r"^\s*(?:>>+\s*|[-–—]\s*)?(?:\*\*)?(?P<name>[^\W\d_][\w.'’-]*(?:\s+[\w.'’&-]+){0,3})\s*(?::\*\*|\*\*:|:)\s+(?P<rest>\S.*)$",
    re.DOTALL,
)
_CHEVRONS = re.compile(r"^\s*>>+\s*")


def split_label(text: str) -> tuple[str | None, str]:
    """The name before a colon, if it looks like one, and the rest.

    >>> split_label("Ben Okafor: Hello there")
    ('Ben Okafor', 'Hello there')
    >>> split_label("so I said: no")
    (None, 'so I said: no')
    """
    found = _LABEL.match(text)
    if found and all(part[:1].isupper() or part in _SMALL for part in found["name"].split()):
        return " ".join(found["name"].split()), found["rest"]
    return None, text


_SMALL = frozenset({"of", "the", "and", "de", "van", "von", "da", "di", "la", "le", "&"})


def speakers(texts: Iterable[str]) -> frozenset[str]:
    """The labels that are speakers: they come back, or nearly every line has one. "Note: ..." alone is none."""
    counts: Counter[str] = Counter()
    lines = 0
    for text in texts:
        lines += bool(text.strip())
        name, _ = split_label(text)
        if name:
            counts[name] += 1
    if lines and sum(counts.values()) >= lines * 0.8:
        return frozenset(counts)
    return frozenset(name for name, count in counts.items() if count > 1)


def said(text: str, known: frozenset[str]) -> tuple[str | None, str]:
    """The speaker of a text and its words; None where its label is no speaker's."""
    name, rest = split_label(text)
    if name in known:
        return name, rest
    return None, _CHEVRONS.sub("", text)
