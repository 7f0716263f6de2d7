"""Which bullet a chosen run is about, and which run may bear a bullet's words as its title.

In: runs of sentences; out: a bullet's number for each. A passage says where a bullet is talked about, by and large; the
bullet's own words heard in the run decide between neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clipper.highlights.signals.base import Setting
from clipper.highlights.talk import Floats
from clipper.highlights.terms import terms_in
from clipper.highlights.titles import said

LEAST = 0.05  # of strength times confidence; below it a run is about no bullet
UNHEARD = 0.1  # what the passage alone is worth where none of the bullet's words are heard


def about(setting: Setting, first: int, last: int) -> tuple[int | None, float]:
    """The bullet that sentences `first` up to `last` are about, and how much, 0 to 1; None where no bullet is."""
    weight = setting.talk.lengths[first:last]
    heard = _heard(setting, first, last)
    best: tuple[int | None, float] = (None, 0.0)
    for k, match in enumerate(setting.topics.matches):
        if match.span is None:
            continue
        passage = float((setting.topics.strength[k, first:last] * weight).sum() / weight.sum()) * match.confidence
        value = passage * (UNHEARD + float(heard[k]))
        if passage > LEAST and value > best[1]:
            best = k, value
    return best


def called_by(
    setting: Setting, spans: Sequence[tuple[int, int]], found: Sequence[tuple[int | None, float]]
) -> list[bool]:
    """For each run whether it is to be called by its bullet: the run that fits it best, one for each bullet.

    A run in which a short sentence could be the title as well stands back behind one that has none.
    """
    worth = [value * (0.5 if said(setting, *span) else 1.0) for span, (_, value) in zip(spans, found, strict=True)]
    order = sorted(range(len(found)), key=lambda i: (-worth[i], i))
    first: dict[int, int] = {}
    for i in order:
        topic = found[i][0]
        if topic is not None:
            first.setdefault(topic, i)
    return [topic is not None and first[topic] == i for i, (topic, _) in enumerate(found)]


def _heard(setting: Setting, first: int, last: int) -> Floats:
    """The share of each bullet's words that the run says, rare words weighing more, shape (bullets,)."""
    talk = setting.talk
    where = np.searchsorted(talk.term_sentence, [first, last])
    inside = set(talk.terms.ids[where[0] : where[1]].tolist())
    counts = np.bincount(talk.terms.ids, minlength=len(talk.terms.names)) if len(talk.terms.ids) else np.zeros(1)
    out = np.zeros(len(setting.topics.matches))
    for k, match in enumerate(setting.topics.matches):
        numbers = [talk.terms.number.get(t) for t in dict.fromkeys(terms_in(match.topic, talk.terms, talk.lang))]
        rare = [1.0 / np.log(2 + counts[n]) if n is not None else 1.0 for n in numbers]
        if numbers:
            heard = sum(r for n, r in zip(numbers, rare, strict=True) if n in inside)
            out[k] = heard / sum(rare)
    return out
