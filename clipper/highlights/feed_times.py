"""Feed times against the words heard. In: a talk; out: soundbites and chapters where they really lie, and what was
moved.

Advertisements that are put in later shift everything behind them. A chapter's or soundbite's title is looked for in the
words around its time; if most titles are found again at one common distance, all are moved by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clipper.highlights.talk import Talk
from clipper.highlights.terms import terms_in
from clipper.span import Span, clock

REACH = 400.0  # seconds: a title is looked for so far on both sides
SOON = 20.0  # seconds behind a mark in which its words should fall; later ones count less and less
STEP = 5.0
LEAST = 3  # marks with words before anything is moved


@dataclass(frozen=True, slots=True)
class Checked:
    """Attributes:
    soundbites, chapters: where they lie in this audio.
    note: what was moved, in words; empty if nothing.
    """

    soundbites: tuple[Span, ...]
    chapters: tuple[float, ...]
    note: str = ""


def checked(talk: Talk) -> Checked:
    """Soundbites and chapters, moved by a common distance if the words say so."""
    episode = talk.episode
    marks = [(c.start, c.title) for c in episode.chapters] + [(s.start, s.title) for s in episode.soundbites]
    by, note = 0.0, ""
    offsets = np.arange(-REACH, REACH + STEP, STEP)
    if marks and len(talk.terms.ids):
        at = np.array([talk.words[i].start for i in talk.terms.word])
        total, with_words = np.zeros(len(offsets)), 0
        for start, title in marks:
            numbers = {
                talk.terms.number[t] for t in terms_in(title[:300], talk.terms, talk.lang) if t in talk.terms.number
            }
            places = np.sort(at[np.isin(talk.terms.ids, sorted(numbers))]) if numbers else np.zeros(0)
            if not len(places) or start < 5.0:
                continue
            with_words += 1
            begin = start + offsets - STEP
            following = np.searchsorted(places, begin)
            wait = np.where(following < len(places), places[np.minimum(following, len(places) - 1)] - begin, np.inf)
            total += np.exp(-wait / SOON)
        here = float(total[len(offsets) // 2])
        best = int(np.argmax(total - 1e-4 * np.abs(offsets)))
        if with_words >= LEAST and total[best] > here + 0.4 * with_words and abs(offsets[best]) >= 2 * STEP:
            by = float(offsets[best])
            note = (
                f"the page's time marks lie {clock(abs(by), 0)} {'too early' if by > 0 else 'too late'} for this audio "
                f"(by the words of {with_words} of them): they were moved"
            )
    last = talk.duration
    bites = [
        Span(start=max(0.0, s.start + by), end=max(0.0, s.start + by) + s.duration)
        for s in episode.soundbites
        if s.start + by < last
    ]
    return Checked(tuple(bites), tuple(c.start + by for c in episode.chapters if 0 <= c.start + by < last), note)
