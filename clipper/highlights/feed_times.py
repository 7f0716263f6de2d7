"""Feed times against the words heard. In: a talk; out: soundbites and chapters where they really lie, and what was
moved or left out.

Advertisements that are put in later shift everything behind them, and one in the middle shifts only the rest. A
chapter's or soundbite's title is looked for in the words around its time; where the titles of several in a row are
found again at one common distance, these are moved by it. A soundbite none of whose words is heard anywhere near is not
used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.talk import Floats, Talk
from clipper.highlights.terms import terms_in
from clipper.span import Span, clock
from clipper.speech.offsets import Piece, by_at, side

REACH = 400.0  # seconds: a title is looked for so far on both sides
SOON = 20.0  # seconds behind a mark in which its words should fall; later ones count less and less
STEP = 5.0
AGAIN = 0.5  # what a mark loses whose words were said just before it: a chapter's words fall first at its start
LONG_AGO = 60.0  # seconds over which that fades
LEAST = 3  # marks with words before anything is moved: two meet at some distance by chance
BETTER = 0.4  # how much better than where they stand, for each of them; 1 is a title's word right at the mark
CHANGE = 1.0  # what another distance must be worth, in the same unit
TELLING = 3  # words of a soundbite's title from which their absence says something
START = 5.0  # seconds: a mark at the very start says nothing


@dataclass(frozen=True, slots=True)
class Checked:
    """Attributes:
    soundbites, chapters: where they lie in this audio.
    note: what was moved or left out, in words; empty if nothing.
    pieces: by how much, in order of time; empty if nothing was moved.
    """

    soundbites: tuple[Span, ...]
    chapters: tuple[float, ...]
    note: str = ""
    pieces: tuple[Piece, ...] = ()


def checked(talk: Talk) -> Checked:
    """Soundbites and chapters, moved where the words say so."""
    episode = talk.episode
    at = np.array([talk.words[i].start for i in talk.terms.word])
    marks = sorted([(c.start, c.title) for c in episode.chapters] + [(s.start, s.title) for s in episode.soundbites])
    said = [(start, places) for start, title in marks if start >= START and len(places := _places(talk, at, title))]
    pieces = _pieces(said)
    heard = [s for s in episode.soundbites if _is_heard(talk, at, s.start, s.title)]
    bites = [_moved(s.start, s.duration, pieces) for s in heard]
    notes = [_told(pieces)] if pieces else []
    missing = len(episode.soundbites) - len(heard)
    if missing:
        what = "a soundbite of the feed is" if missing == 1 else f"{missing} soundbites of the feed are"
        notes.append(f"{what} not used: none of the title's words is said anywhere near")
    starts = [c.start + by_at(c.start, pieces) for c in episode.chapters]
    return Checked(
        tuple(b for b in bites if b.start < talk.duration),
        tuple(s for s in starts if 0 <= s < talk.duration),
        "; ".join(notes),
        pieces,
    )


def _places(talk: Talk, at: Floats, title: str) -> Floats:
    """The seconds at which words of a title are said, in order."""
    terms = set(terms_in(title[:300], talk.terms, talk.lang))
    numbers = sorted(talk.terms.number[t] for t in terms if t in talk.terms.number)
    return np.sort(at[np.isin(talk.terms.ids, numbers)]) if numbers else np.zeros(0)


def _is_heard(talk: Talk, at: Floats, start: float, title: str) -> bool:
    if len(set(terms_in(title[:300], talk.terms, talk.lang))) < TELLING:
        return True
    return bool((np.abs(_places(talk, at, title) - start) <= REACH).any())


def _pieces(said: Sequence[tuple[float, Floats]]) -> tuple[Piece, ...]:
    """Stretches of the page's time with their distances; none where everything stays where it is.

    The path through marks and distances that fits the words best, a change of distance costing CHANGE (Viterbi).
    """
    if len(said) < LEAST:
        return ()
    offsets = np.arange(-REACH, REACH + STEP, STEP)
    here = len(offsets) // 2
    fit = np.array([_fit(start, places, offsets) for start, places in said])
    path = _path(fit - 1e-4 * np.abs(offsets))
    for piece in _runs(path):
        # what too few marks say, or not clearly, is not believed: they go with the marks before them
        rows, best = np.arange(*piece), path[piece[0]]
        clear = fit[rows, best].sum() > fit[rows, here].sum() + BETTER * len(rows)
        if best != here and not (clear and len(rows) >= LEAST and abs(offsets[best]) >= 2 * STEP):
            before = path[piece[0] - 1] if piece[0] else here
            fits = fit[rows, before].sum() >= fit[rows, here].sum()
            path[piece[0] : piece[1]] = before if fits else here
    found = [Piece(said[a][0], float(offsets[path[a]]), b - a) for a, b in _runs(path)]
    return tuple(found) if any(p.by for p in found) else ()


def _fit(start: float, places: Floats, offsets: Floats) -> Floats:
    """How well a mark would stand if it were moved by each of the offsets: 1 where its words fall at once and were not
    said just before, 0 where they never fall.
    """
    begin = start + offsets - STEP
    following = np.searchsorted(places, begin)
    wait = np.where(following < len(places), places[np.minimum(following, len(places) - 1)] - begin, np.inf)
    since = np.where(following > 0, begin - places[np.maximum(following - 1, 0)], np.inf)
    return np.asarray(np.exp(-np.maximum(wait - STEP, 0.0) / SOON) * (1.0 - AGAIN * np.exp(-since / LONG_AGO)))


def _path(fit: Floats) -> NDArray[np.int64]:
    """The best column for each row, shape (rows,), a change of column costing CHANGE."""
    total, back = fit[0].copy(), np.zeros(fit.shape, dtype=np.int64)
    for i in range(1, len(fit)):
        best = int(np.argmax(total))
        change = total[best] - CHANGE > total
        back[i] = np.where(change, best, np.arange(fit.shape[1]))
        total = np.where(change, total[best] - CHANGE, total) + fit[i]
    path = np.zeros(len(fit), dtype=np.int64)
    path[-1] = int(np.argmax(total))
    for i in range(len(fit) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def _runs(path: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Rows that share a column, half-open."""
    borders = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    return list(pairwise(borders))


def _moved(start: float, duration: float, pieces: Sequence[Piece]) -> Span:
    start = max(0.0, start + by_at(start, pieces))
    return Span(start=start, end=start + duration)


def _told(pieces: Sequence[Piece]) -> str:
    parts = []
    for i, piece in enumerate(pieces):
        if not piece.by:
            continue
        since = f" from {clock(piece.start, 0)} on" if i or len(pieces) > 1 else ""
        parts.append(f"{clock(abs(piece.by), 0)} too {side(piece.by)}{since} (by the words of {piece.marks} of them)")
    return f"the page's time marks lie {', '.join(parts)} for this audio: they were moved"
