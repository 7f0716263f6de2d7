"""Who speaks when. In: words and the voices of their units; out: an id for each word ("S1" speaks first), and which
words two people may be saying at once.

Units are joined by their likeness until no two groups are alike (agglomerative, average linkage), small groups go to
the nearest voice, and the turns are smoothed by the cheapest path: people change at ends of sentences and in pauses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clipper.speech.limits import limits
from clipper.speech.model import Word
from clipper.speech.voices import STOPS, Voices

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Turns:
    """Attributes:
    ids: of the speaker of each word; None where nobody could be told from anybody.
    both: numbers of words that lie between two voices: people speak at once there, or it is not sure who does.
    voices: a unit vector for each id.
    """

    ids: tuple[str | None, ...]
    both: frozenset[int] = frozenset()
    voices: Mapping[str, Floats] = field(default_factory=dict)


def who_speaks(words: Sequence[Word], voices: Voices, count: int | None = None) -> Turns:
    """The speaker of each word.

    Args:
        words: of the episode.
        voices: of their units.
        count: how many people speak at most, where the page says it.
    """
    if not len(voices.firsts):
        return Turns((None,) * len(words))
    edges = [*voices.firsts.tolist(), len(words)]
    runs = list(pairwise(edges))
    lengths = np.array([words[b - 1].end - words[a].start if b > a else 0.0 for a, b in runs])
    centres = _centres(voices.prints, lengths, count)
    alike = voices.prints @ centres.T
    labels = _path(words, runs, alike, lengths)
    order = list(dict.fromkeys(labels))  # who speaks first is S1
    ids: list[str | None] = [None] * len(words)
    both: set[int] = set()
    rules = limits().speakers
    for (first, last), label, row, length in zip(runs, labels, alike, lengths, strict=True):
        ids[first:last] = [f"S{order.index(label) + 1}"] * (last - first)
        others = np.delete(row, label)
        if len(others) and length >= rules.sure and row[label] - others.max() < rules.between:
            both.update(range(first, last))
    return Turns(tuple(ids), frozenset(both), {f"S{n + 1}": centres[label] for n, label in enumerate(order)})


def _centres(prints: Floats, lengths: NDArray[np.float64], count: int | None) -> Floats:
    """The voices, the one that speaks most first, shape (k, 256)."""
    rules = limits().speakers
    long = np.flatnonzero(lengths >= rules.sure)
    if len(long) < 4:
        long = np.arange(len(prints))
    if len(long) > rules.at_once:  # evenly over the episode: enough to know the voices by
        long = long[np.linspace(0, len(long) - 1, rules.at_once).astype(int)]
    groups = [long[g] for g in _groups(prints[long], lengths[long])]
    groups.sort(key=lambda g: -lengths[g].sum())
    least = max(rules.least_share * float(lengths[long].sum()), rules.least)
    groups = [g for g in groups if lengths[g].sum() >= least] or groups[:1]
    while len(groups) > 1:
        centres = np.array([_mean(prints, lengths, g) for g in groups])
        alike = centres @ centres.T
        np.fill_diagonal(alike, -1.0)
        if alike.max() <= rules.same and (count is None or len(groups) <= count):
            break
        a, b = sorted(divmod(int(alike.argmax()), len(groups)))
        groups[a] = np.concatenate([groups[a], groups[b]])
        del groups[b]
    centres = np.array([_mean(prints, lengths, g) for g in groups], np.float32)
    for _ in range(4):  # each voice anew from what is nearest to it
        nearest = (prints[long] @ centres.T).argmax(axis=1)
        for k in range(len(centres)):
            if np.any(nearest == k):
                centres[k] = _mean(prints, lengths, long[nearest == k])
    return centres


def _mean(prints: Floats, lengths: NDArray[np.float64], group: NDArray[np.int64]) -> Floats:
    total = (prints[group] * lengths[group, None]).sum(axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)


def _groups(prints: Floats, lengths: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Average linkage by cosine, weighed by length, down to where no two groups are as alike as limits().join."""
    count = len(prints)
    alike = (prints @ prints.T).astype(np.float64)
    np.fill_diagonal(alike, -9.0)
    members = [[i] for i in range(count)]
    sizes = np.maximum(lengths, 0.1).copy()
    best = alike.max(axis=1)
    for _ in range(count - 1):
        a = int(best.argmax())
        if best[a] < limits().speakers.join:
            break
        b = int(alike[a].argmax())
        row = (alike[a] * sizes[a] + alike[b] * sizes[b]) / (sizes[a] + sizes[b])
        row[alike[a] < -1] = -9.0  # groups that are gone
        row[[a, b]] = -9.0
        alike[a], alike[:, a] = row, row
        alike[b], alike[:, b] = -9.0, -9.0
        sizes[a] += sizes[b]
        members[a] += members[b]
        members[b] = []
        best = alike.max(axis=1)
    return [np.array(m, np.int64) for m in members if m]


def _path(
    words: Sequence[Word], runs: Sequence[tuple[int, int]], alike: Floats, lengths: NDArray[np.float64]
) -> list[int]:
    """The voice of each unit: as alike as can be, with few changes, and these where people do change."""
    rules = limits().speakers
    weight = np.clip(lengths, 0.3, 1.6) / 1.6
    best = alike[0] * weight[0]
    back: list[NDArray[np.intp]] = []
    stay = 1 - np.eye(alike.shape[1])
    for i in range(1, len(runs)):
        before, here = words[runs[i - 1][1] - 1], words[runs[i][0]]
        price = rules.change * (rules.at_stop if before.text.endswith(STOPS) else 1.0)
        price *= rules.in_pause if here.start - before.end >= 0.15 else 1.0
        total = best[:, None] - price * stay
        chosen = total.argmax(axis=0)
        back.append(chosen)
        best = total[chosen, np.arange(len(chosen))] + alike[i] * weight[i]
    labels = [int(best.argmax())]
    for chosen in reversed(back):
        labels.append(int(chosen[labels[-1]]))
    return labels[::-1]
