"""Times for words that have none: spread by length between the times that are known. In: texts; out: seconds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_PAUSE = 2  # characters' worth of time that the end of a word takes beside its letters
_STOP = 6  # and the end of a sentence or clause
_STOPS = ".,;:!?…。、，！？—–"


def weight(text: str) -> int:
    """How long a word takes, in characters: its letters, and the pause that its punctuation stands for."""
    return len(text) + (_STOP if text[-1:] in _STOPS else _PAUSE)


def spread(texts: Sequence[str], start: float, end: float) -> list[tuple[float, float]]:
    """Start and end of each text, in order and without gaps, in shares of their length.

    >>> spread(["a", "b"], 0.0, 6.0)
    [(0.0, 3.0), (3.0, 6.0)]
    """
    weights = [weight(text) for text in texts]
    total = sum(weights) or 1
    times = []
    at, done = start, 0
    for w in weights:
        done += w
        until = start + (end - start) * done / total
        times.append((at, until))
        at = until
    return times


def fill(starts: Sequence[float | None], texts: Sequence[str], start: float, end: float) -> list[tuple[float, float]]:
    """Start and end of each text where only some starts are known; a text lasts until the next one starts.

    Known starts outside start..end or out of order are taken for unknown.

    >>> fill([0.0, None, 4.0], ["a", "b", "c"], 0.0, 5.0)
    [(0.0, 2.0), (2.0, 4.0), (4.0, 5.0)]
    """
    known: list[tuple[int, float]] = [(0, start)]
    for i, s in enumerate(starts):
        if s is not None and known[-1][1] <= s <= end:
            if known[-1][0] == i:
                known[-1] = (i, s)
            else:
                known.append((i, s))
    known.append((len(texts), end))
    times: list[tuple[float, float]] = []
    for (i, s), (j, t) in pairwise(known):
        times.extend(spread(texts[i:j], s, t))
    return times
