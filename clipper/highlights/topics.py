"""Where each bullet of the page is talked about. In: bullets and a talk; out: a `TopicMatch` a bullet, in page order.

Each bullet's words are looked for by BM25 over smoothed windows of the transcript.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clipper.highlights.model import TopicMatch
from clipper.highlights.talk import Floats, Talk
from clipper.highlights.terms import terms_in
from clipper.span import Span

STEP = 15.0  # terms between grid points
SIGMA = 40.0  # terms: width of the smoothing
MAX_TERMS = 60  # of one bullet that are looked at
FLOOR = 0.25  # a lower confidence is told as "not talked about"


@dataclass(frozen=True, slots=True)
class Topics:
    """Attributes:
    matches: one a bullet, in page order.
    strength: how much each sentence is about each bullet, 0 to 1, shape (bullets, sentences).
    """

    matches: tuple[TopicMatch, ...]
    strength: Floats


def match(bullets: Sequence[str], talk: Talk) -> Topics:
    """Finds the passage of each bullet."""
    n = len(talk.sentences)
    strength = np.zeros((len(bullets), n))
    if not bullets or not len(talk.terms.ids):
        return Topics(tuple(TopicMatch(topic=b) for b in bullets), strength)
    ids = talk.terms.ids
    grid = np.arange(0, len(ids) + STEP, STEP)
    place = np.minimum((np.arange(len(ids)) / STEP).astype(int), len(grid) - 1)
    taps = np.exp(-0.5 * (np.arange(-8, 9) * STEP / SIGMA) ** 2)
    matches = []
    for k, bullet in enumerate(bullets):
        wanted = list(dict.fromkeys(terms_in(bullet, talk.terms, talk.lang)))[:MAX_TERMS]
        score, full = np.zeros(len(grid)), 0.0
        for term in wanted:
            number = talk.terms.number.get(term)
            if number is None:
                full += np.log(1 + len(grid))
                continue
            here = np.zeros(len(grid))
            np.add.at(here, place[ids == number], 1.0)
            smooth = (
                np.convolve(here, taps, mode="same")
                if len(here) >= len(taps)
                else np.convolve(here, taps)[8 : 8 + len(here)]
            )
            idf = np.log(1 + (len(grid) + 0.5) / (np.count_nonzero(smooth > 0.3) + 0.5))
            full += idf
            score += idf * smooth / (smooth + 0.6)
        if not wanted or score.max() <= 0:
            matches.append(TopicMatch(topic=bullet))
            continue
        share = score / full
        spot = int(np.argmax(share))
        at = np.interp(np.arange(len(ids)), grid, share)
        per = np.zeros(n)
        counts = np.maximum(np.bincount(talk.term_sentence, minlength=n), 1)
        per += np.bincount(talk.term_sentence, weights=at, minlength=n) / counts
        strength[k] = per
        centre = int(talk.term_sentence[min(len(ids) - 1, int(grid[spot]))])
        a = b = centre
        while a > 0 and per[a - 1] > 0.5 * share[spot]:
            a -= 1
        while b + 1 < n and per[b + 1] > 0.5 * share[spot]:
            b += 1
        confidence = float(np.clip(share[spot] * 1.3, 0, 0.95))
        if confidence < FLOOR:
            matches.append(TopicMatch(topic=bullet, confidence=round(confidence, 2)))
            strength[k] = 0
        else:
            span = Span(start=float(talk.starts[a]), end=float(talk.ends[b]))
            matches.append(TopicMatch(topic=bullet, span=span, confidence=round(confidence, 2)))
    return Topics(tuple(matches), strength)
