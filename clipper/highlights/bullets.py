"""Which bullet of the page a run of sentences is about: the one answer that titles, reasons and the plan all use.

In: a talk, its topics and a run; out: the bullet's number and how much. A passage says where a bullet is talked about,
by and large; the bullet's own words heard in the run decide between neighbours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.talk import Floats, Talk
from clipper.highlights.terms import terms_in
from clipper.highlights.topics import Topics
from clipper.span import Span

LEAST = 0.05  # of strength times confidence; below it a run is about no bullet
TITLE_HEARD = 0.2  # share of a bullet's words that a run must say to bear them as its title
UNHEARD = 0.1  # what the passage alone is worth where none of the bullet's words are heard


def may_bear(talk: Talk, topics: Topics, k: int, first: int, last: int) -> bool:
    """Whether the run says enough of bullet `k` to be called by it."""
    return bool(float(_heard(talk, topics, first, last)[k]) >= TITLE_HEARD)


def bullet_of(talk: Talk, topics: Topics, first: int, last: int) -> tuple[int | None, float]:
    """The bullet that sentences `first` up to `last` are about, and how much, 0 to 1; None where no bullet is."""
    weight = talk.lengths[first:last]
    heard = _heard(talk, topics, first, last)
    best: tuple[int | None, float] = (None, 0.0)
    for k, match in enumerate(topics.matches):
        if match.span is None:
            continue
        if not heard[k] and not _inside(talk, first, last, match.span):
            continue
        passage = float((topics.strength[k, first:last] * weight).sum() / weight.sum()) * match.confidence
        value = passage * (UNHEARD + float(heard[k]))
        if passage > LEAST and value > best[1]:
            best = k, value
    return best


def _inside(talk: Talk, first: int, last: int, span: Span) -> bool:
    """Whether the middle of the run lies in the bullet's passage."""
    return span.start <= float(talk.starts[first] + talk.ends[last - 1]) / 2 < span.end


def said_of(talk: Talk, topics: Topics, k: int, first: NDArray[np.int64], last: NDArray[np.int64]) -> Floats:
    """The share of bullet `k`'s words that each run says, rare words weighing more, shape (m,).

    Args:
        first, last: sentences of the runs, [first, last), shape (m,).
    """
    weights = _weights(talk, topics, k)
    out = np.zeros(len(first))
    for number, weight in weights:
        if number is not None:
            where = talk.term_sentence[talk.terms.ids == number]
            out += weight * (np.searchsorted(where, last) > np.searchsorted(where, first))
    return out / (sum(weight for _, weight in weights) or 1.0)


def _heard(talk: Talk, topics: Topics, first: int, last: int) -> Floats:
    """The share of each bullet's words that the run says, shape (bullets,)."""
    run = np.array([first]), np.array([last])
    return np.array([float(said_of(talk, topics, k, *run)[0]) for k in range(len(topics.matches))])


def _weights(talk: Talk, topics: Topics, k: int) -> list[tuple[int | None, float]]:
    """A bullet's words, as numbers of the talk's terms (None: never said), and what each weighs."""
    names = dict.fromkeys(terms_in(topics.matches[k].topic, talk.terms, talk.lang))
    numbers = [talk.terms.number.get(t) for t in names]
    return [(n, 1.0 if n is None else float(1.0 / np.log(2 + np.count_nonzero(talk.terms.ids == n)))) for n in numbers]
