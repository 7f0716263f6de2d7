"""What passages are about beyond their words. In: a talk; out: vectors of sentences, title and description.

Latent semantic analysis of this very transcript: words that go together in the episode count as alike, so a passage
can be
near the title without repeating it. Nothing is learnt from elsewhere. Source: Deerwester et al. 1990.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clipper.highlights.talk import Floats, Talk
from clipper.highlights.terms import terms_in

BLOCK = 120  # terms that count as said together; fewer in short episodes
DIMENSIONS = 40


@dataclass(frozen=True, slots=True)
class Sense:
    """Attributes:
    sentences: a vector for each sentence, not normalised, shape (n, k).
    title, description: of the page, shape (k,); all zero where the page says nothing that is said.
    centre: of the whole episode, shape (k,).
    """

    sentences: Floats
    title: Floats
    description: Floats
    centre: Floats


def sense(talk: Talk) -> Sense:
    """The vectors of an episode."""
    ids, n, v = talk.terms.ids, len(talk.sentences), len(talk.terms.names)
    if not len(ids):
        empty = np.zeros(1)
        return Sense(np.zeros((n, 1)), empty, empty, empty)
    size = int(np.clip(len(ids) // 40, 20, BLOCK))
    block = np.arange(len(ids)) // size
    blocks = int(block[-1]) + 1
    counts = np.zeros((blocks, v))
    np.add.at(counts, (block, ids), 1.0)
    rareness = np.maximum(np.log((blocks + 1) / ((counts > 0).sum(axis=0) + 0.5)), 0.0)
    table = np.log1p(counts) * rareness
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
    values, left = np.linalg.eigh(table @ table.T)
    keep = np.argsort(-values, kind="stable")[: min(DIMENSIONS, blocks)]
    keep = keep[values[keep] > 1e-6]
    if not len(keep):
        empty = np.zeros(1)
        return Sense(np.zeros((n, 1)), empty, empty, empty)
    vectors = ((left[:, keep].T @ table) / np.sqrt(values[keep])[:, None]).T
    weighted = vectors * rareness[:, None]
    sentences = np.zeros((n, vectors.shape[1]))
    np.add.at(sentences, talk.term_sentence, weighted[ids])
    often = np.log1p(np.bincount(ids, minlength=v))

    def of(text: str | None) -> Floats:
        wanted = {
            talk.terms.number[t] for t in terms_in((text or "")[:8000], talk.terms, talk.lang) if t in talk.terms.number
        }
        rows = sorted(wanted)
        return np.asarray((often[rows, None] * weighted[rows]).sum(axis=0)) if rows else np.zeros(vectors.shape[1])

    return Sense(sentences, of(talk.episode.title), of(talk.episode.description), sentences.sum(axis=0))


def likeness(runs: Floats, target: Floats) -> Floats:
    """Cosine between the vectors of runs, shape (m, k), and a target, shape (k,); 0 where either is empty."""
    length = np.linalg.norm(runs, axis=1) * np.linalg.norm(target)
    return np.asarray(np.where(length > 1e-9, runs @ target / np.maximum(length, 1e-9), 0.0))
