"""How much each stretch of a transcript speaks for each bullet. In: bullets and a talk; out: an array (bullets,
stretches).

BM25's saturation over a smooth window, rare words weighing more, words of one family ("finance", "financial")
helping each
other; each bullet's mean is taken off, so that a stretch without its words speaks against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.talk import Floats, Talk
from clipper.highlights.terms import terms_in

# Chosen on 35 meetings (QMSum, validation part), 2026-11-24; docs/choosing.md has the ablation.
TERMS = 12  # terms (not words) in a stretch, about 12 s of talk; fewer in short episodes
SIGMA = 2.5  # stretches: spread of a word's influence
SATURATION = 2.0  # BM25's k1, in words heard in the window
WINDOW = 12  # stretches: a word's rareness is counted in windows of so many
FAMILY = 0.6  # weight of a word that shares a beginning
FAMILY_SHARE = 0.7  # of the letters that must be shared, at least FAMILY_LETTERS
FAMILY_LETTERS = 5
META = 0.5  # weight of words that say what kind of talk it is ("discussion", "introduction")
LENGTH = 0.25  # a bullet of n words is divided by n ** LENGTH
EDGE = 1.0  # evidence that an "introduction" lies at the very start, a "conclusion" at the very end
EDGE_SHARE = 0.05  # of the episode, in which that fades to a third
MAX_TERMS = 80  # of one bullet that are looked for


@dataclass(frozen=True, slots=True)
class Evidence:
    """Attributes:
    against: evidence for each bullet in each stretch with the bullet's mean taken off, shape (bullets, stretches).
    raw: the same before that; never negative.
    found: the share of each bullet's weight whose words are said at all, shape (bullets,).
    stretch: the stretch of each term, shape (terms,).
    """

    against: Floats
    raw: Floats
    found: Floats
    stretch: NDArray[np.int64]


def evidence(bullets: Sequence[str], talk: Talk) -> Evidence:
    """Looks for the words of every bullet."""
    ids = talk.terms.ids
    size = int(np.clip(len(ids) // 100, 4, TERMS))
    stretch = np.arange(len(ids), dtype=np.int64) // size
    n = int(stretch[-1]) + 1
    wanted = [list(dict.fromkeys(terms_in(b, talk.terms, talk.lang)))[:MAX_TERMS] for b in bullets]
    shared = Counter(t for terms in wanted for t in terms)
    families = _families(talk.terms.names)
    order = np.argsort(ids, kind="stable")
    bounds = np.searchsorted(ids[order], np.arange(len(talk.terms.names) + 1))
    known: dict[str, tuple[Floats, float]] = {}
    raw, found = np.zeros((len(bullets), n)), np.zeros(len(bullets))
    for k, terms in enumerate(wanted):
        said = full = 0.0
        for term in terms:
            if term not in known:
                counts = np.zeros(n)
                for number, weight in _relatives(term, talk, families):
                    places = stretch[order[bounds[number] : bounds[number + 1]]]
                    counts += weight * np.bincount(places, minlength=n)
                known[term] = _strength(counts)
            strength, idf = known[term]
            weight = (META if talk.lang.has("meta", term) else 1.0) / np.sqrt(shared[term])
            full += weight * idf
            said += weight * idf * bool(strength.any())
            raw[k] += weight * idf * strength
        raw[k] /= max(1, len(terms)) ** LENGTH
        found[k] = said / full if full else 0.0
    bent = raw + _edges(wanted, n, talk)
    return Evidence(bent - bent.mean(axis=1, keepdims=True), raw, found, stretch)


def _edges(wanted: Sequence[Sequence[str]], n: int, talk: Talk) -> Floats:
    """What a bullet says of its place: "introduction" at the start, "conclusion" at the end;
    shape (bullets, stretches).
    """
    out = np.zeros((len(wanted), n))
    place = np.arange(n) / n
    for k, terms in enumerate(wanted):
        if any(talk.lang.has("opening_topics", t) for t in terms):
            out[k] += EDGE * np.exp(-place / EDGE_SHARE)
        if any(talk.lang.has("closing_topics", t) for t in terms):
            out[k] += EDGE * np.exp(-(1.0 - place) / EDGE_SHARE)
    return out


def _strength(counts: Floats) -> tuple[Floats, float]:
    """A word's saturated presence around each stretch, and its rareness."""
    n = len(counts)
    present = np.convolve(counts, np.ones(WINDOW), "same")[:n] if n >= WINDOW else counts
    share = float(np.mean(present > 0.4))
    rareness = float(np.log(1.0 + (1.0 - share + 0.02) / (share + 0.02)))
    heard = smooth(counts, SIGMA) * SIGMA * 2.5066  # back to a number of words: sqrt(2 pi) sigma
    return heard / (heard + SATURATION), rareness


def smooth(values: Floats, sigma: float) -> Floats:
    """Gaussian smoothing along the last axis that does not fade at the ends."""
    half = int(4 * sigma) + 1
    taps = np.exp(-0.5 * (np.arange(-half, half + 1) / sigma) ** 2)
    weight = np.convolve(np.ones(len(values)), taps)[half : half + len(values)]
    return np.asarray(np.convolve(values, taps)[half : half + len(values)] / weight)


def _families(names: Sequence[str]) -> dict[str, list[int]]:
    """Numbers of the terms by their first letters."""
    out: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        if len(name) >= FAMILY_LETTERS:
            out[name[:FAMILY_LETTERS]].append(number)
    return out


def _relatives(term: str, talk: Talk, families: dict[str, list[int]]) -> list[tuple[int, float]]:
    """The term itself and the words of its family, with their weights."""
    own = talk.terms.number.get(term)
    out = [] if own is None else [(own, 1.0)]
    if len(term) >= FAMILY_LETTERS:
        head = term[: max(FAMILY_LETTERS, int(len(term) * FAMILY_SHARE))]
        for number in families.get(term[:FAMILY_LETTERS], []):
            name = talk.terms.names[number]
            if number != own and name.startswith(head) and abs(len(name) - len(term)) <= 5:
                out.append((number, FAMILY))
    return out
