"""Which bullet each chosen run is about, and which run may bear a bullet's words as its title.

In: runs of sentences; out: a bullet's number for each (bullets.py), and whether it is called so.
"""

from __future__ import annotations

from collections.abc import Sequence

from clipper.highlights.bullets import bullet_of
from clipper.highlights.signals.base import Setting
from clipper.highlights.titles import said


def about(setting: Setting, first: int, last: int) -> tuple[int | None, float]:
    """The bullet that sentences `first` up to `last` are about, and how much; None where no bullet is."""
    return bullet_of(setting.talk, setting.topics, first, last)


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
