"""A row of the plan's spelling added or changed by the words that are shown. Pure.

In: the rows, what is to be written otherwise; out: the rows after it.
"""

from __future__ import annotations

from clipper.plan.quotes import letters
from clipper.speech.spelled import YOURS, Spelling


def respelt(rows: tuple[Spelling, ...], heard: str, written: str, applied: bool) -> tuple[Spelling, ...]:
    """The rows with one more, or one changed. What the page shows may already be written otherwise by a row: then
    that row is meant.
    """
    heard, written = bare(heard).casefold(), " ".join(written.split())
    same = [r for r in rows if letters(r.heard) == letters(heard)]
    same = same or [r for r in rows if r.applied and letters(r.written) == letters(heard)]
    if not same:
        return (*rows, Spelling(heard=heard, written=bare(written), where=YOURS, applied=applied, certain=applied))
    fields = {"written": bare(written), "applied": applied}
    return tuple(r.model_copy(update=fields) if r is same[0] else r for r in rows)


def bare(text: str) -> str:
    """Words without the punctuation around them, which the transcript keeps.

    >>> bare(" Eefa, ")
    'Eefa'
    """
    return " ".join(text.split()).strip(' .,!?:;…"“”„()[]') or text.strip()
