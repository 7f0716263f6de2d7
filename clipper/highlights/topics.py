"""Where each bullet of the page is talked about. In: bullets and a talk; out: a `TopicMatch` a bullet, in page order.

The words of the bullets give evidence for each stretch (evidence.py), all bullets together share the stretches out
(assign.py), and two fitted sums tell how sure that is (weights.toml, table topics).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.assign import assign
from clipper.highlights.evidence import Evidence, evidence, smooth
from clipper.highlights.model import TopicMatch
from clipper.highlights.talk import Floats, Talk
from clipper.highlights.terms import terms_in
from clipper.highlights.weights import TopicWeights, shipped
from clipper.span import Span

BLUR = 6.0  # stretches: the passage is where the probability, blurred so far, is highest
NEAR = 6  # stretches beside it whose evidence counts for it
PASSING = 0.0  # what the evidence of one single sentence counts
PART = 0.5  # of the highest probability: what is less is not the passage any more


@dataclass(frozen=True, slots=True)
class Topics:
    """Attributes:
    matches: one a bullet, in page order.
    strength: how much each sentence is about each bullet, 0 to 1, shape (bullets, sentences).
    ordered: belief that the page's bullets stand in the order of the talk, 0 to 1.
    """

    matches: tuple[TopicMatch, ...]
    strength: Floats
    ordered: float = 0.0


@dataclass(frozen=True, slots=True)
class Fit:
    """What is known of one bullet before it is told: the best stretch, its borders, and what confidence is made of.

    Attributes:
        best, first, last: stretches; `last` is not in it.
        found: share of the bullet's weight whose words are said at all.
        near: evidence beside the best stretch, ln(1 + x).
        mass: blurred probability at the best stretch.
    """

    best: int
    first: int
    last: int
    found: float
    near: float
    mass: float


def match(bullets: Sequence[str], talk: Talk, weights: TopicWeights | None = None) -> Topics:
    """Finds the passage of each bullet; bullets without a word worth looking for get none."""
    weights = weights or shipped().topics
    n = len(talk.sentences)
    matches = [TopicMatch(topic=b) for b in bullets]
    strength = np.zeros((len(bullets), n))
    if not bullets or not len(talk.terms.ids):
        return Topics(tuple(matches), strength)
    told = list(dict.fromkeys(" ".join(b.split()) for b in bullets))
    every = evidence(told, talk)
    rows = [k for k in range(len(told)) if every.raw[k].any()]
    if not rows:
        return Topics(tuple(matches), strength)
    share, ordered = assign(every.against[rows])
    known: dict[str, tuple[TopicMatch, Floats]] = {}
    for row, k in enumerate(rows):
        fit = look(share[row], every, k, _in_passing(told[k], talk))
        known[told[k]] = _tell(told[k], fit, share[row], every.stretch, talk, weights)
    for k, bullet in enumerate(bullets):
        found = known.get(" ".join(bullet.split()))
        if found is not None:
            matches[k] = found[0].model_copy(update={"topic": bullet})
            strength[k] = found[1]
    return Topics(tuple(matches), strength, ordered)


def _in_passing(bullet: str, talk: Talk) -> bool:
    """Whether all that is said of a bullet's words stands in one sentence: named, not talked about."""
    numbers = {talk.terms.number[t] for t in terms_in(bullet, talk.terms, talk.lang) if t in talk.terms.number}
    where = np.unique(talk.term_sentence[np.isin(talk.terms.ids, sorted(numbers))]) if numbers else np.zeros(0)
    return len(where) == 1


def look(share: Floats, every: Evidence, k: int, in_passing: bool = False) -> Fit:
    """The best stretch of bullet `k`, given its probability in each stretch, shape (stretches,)."""
    n = len(share)
    half = int(4 * BLUR) + 1
    taps = np.exp(-0.5 * (np.arange(-half, half + 1) / BLUR) ** 2)
    # fading at the ends on purpose: the first and last stretch belong to somebody by force, not by evidence
    blurred = np.convolve(share, taps / taps.sum())[half : half + n]
    best = int(np.argmax(blurred))
    first = last = best
    floor = PART * share[max(0, best - 2) : best + 3].max()
    while first > 0 and share[first - 1] >= floor:
        first -= 1
    while last + 1 < n and share[last + 1] >= floor:
        last += 1
    raw = smooth(every.raw[k], 2.0)
    near = float(raw[max(0, best - NEAR) : best + NEAR + 1].max()) * (PASSING if in_passing else 1.0)
    # the passage is centred on its best stretch, so far as it reaches: what is certain is the middle
    reach = max(1, min(best - first, last - best) + 1)
    return Fit(best, best - reach + 1, best + reach, float(every.found[k]), float(np.log1p(near)), float(blurred[best]))


def _tell(
    bullet: str, fit: Fit, share: Floats, stretch: NDArray[np.int64], talk: Talk, weights: TopicWeights
) -> tuple[TopicMatch, Floats]:
    """The row for one bullet and its strength in each sentence."""
    n = len(talk.sentences)
    counts = np.maximum(np.bincount(talk.term_sentence, minlength=n), 1)
    strength = np.bincount(talk.term_sentence, weights=share[stretch], minlength=n) / counts
    confidence = round(weights.right.at(fit.found, fit.near, fit.mass), 2)
    if weights.talked.at(fit.found, fit.near, fit.mass) < weights.least_talked:
        return TopicMatch(topic=bullet, confidence=confidence), np.zeros(n)
    inside = np.flatnonzero((stretch >= fit.first) & (stretch < fit.last))
    a, b = int(talk.term_sentence[inside[0]]), int(talk.term_sentence[inside[-1]])
    span = Span(start=float(talk.starts[a]), end=float(talk.ends[b]))
    return TopicMatch(topic=bullet, span=span, confidence=confidence), strength
