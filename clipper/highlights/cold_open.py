"""An episode's own trailer: sentences at the start that come again later. In: a talk; out: where they stand and
where they come from.

Editors cut a cold open from the best parts, so the places it was cut from are the surest sign there is. The words find
them; the sound, where its facts are known, tells a copy from the same sentence said again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from clipper.highlights.same_sound import SAME, likeness
from clipper.highlights.talk import Floats, Talk

WITHIN = 300.0  # seconds from the start in which a trailer must begin
APART = 60.0  # seconds between a sentence and its return
GRAM = 5  # words that must be the same in a row
SHARE = 0.6  # of a sentence's words that must come again
LEAST = 7  # words of a sentence that counts
RARE = 3  # a row of words said more often than this is a turn of phrase


@dataclass(frozen=True, slots=True)
class ColdOpen:
    """Attributes:
    trailer: true for each sentence at the start that comes again later, shape (n,).
    source: share of each sentence's words that the trailer has, shape (n,).
    copied: 1 where a source has the trailer's very sound, 0 where it has only its words, nan where that is not known
        and for all other sentences, shape (n,).
    """

    trailer: np.ndarray[tuple[int], np.dtype[np.bool_]]
    source: Floats
    copied: Floats


def cold_open(talk: Talk) -> ColdOpen:
    """Looks for the trailer; nothing is found in most episodes."""
    n = len(talk.sentences)
    trailer, source, copied = np.zeros(n, dtype=bool), np.zeros(n), np.full(n, np.nan)
    places = [i for i, w in enumerate(talk.said) if w]
    said = [talk.said[i] for i in places]
    at = [talk.words[i].start for i in places]
    sentence = talk.sentence_of(places) if places else np.zeros(0, dtype=np.int64)
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i in range(len(said) - GRAM + 1):
        rows[tuple(said[i : i + GRAM])].append(i)
    twin_early, twin_late = np.zeros(len(said), dtype=bool), np.zeros(len(said), dtype=bool)
    earlier: dict[int, list[float]] = defaultdict(list)  # of each source: how long before it its twin's words stand
    for where in rows.values():
        if not 2 <= len(where) <= RARE or at[where[0]] > WITHIN:
            continue
        for later in where[1:]:
            if at[later] - at[where[0]] >= APART:
                twin_early[where[0] : where[0] + GRAM] = True
                twin_late[later : later + GRAM] = True
                earlier[int(sentence[later])].append(at[later] - at[where[0]])
    if not twin_early.any():
        return ColdOpen(trailer, source, copied)
    early = np.bincount(sentence, weights=twin_early, minlength=n) / talk.lengths
    late = np.bincount(sentence, weights=twin_late, minlength=n) / talk.lengths
    trailer = (early >= SHARE) & (talk.lengths >= LEAST) & (talk.starts <= WITHIN)
    if not trailer.any():
        return ColdOpen(trailer, source, copied)
    last = int(np.flatnonzero(trailer)[-1])
    source = np.where((late >= SHARE) & (np.arange(n) > last) & (talk.lengths >= LEAST), np.minimum(late, 1.0), 0.0)
    for i in np.flatnonzero(source > 0).tolist():
        copied[i] = _copied(talk, i, earlier.get(i, []))
    return ColdOpen(trailer & bool(source.any()), source, copied)


def _copied(talk: Talk, i: int, earlier: list[float]) -> float:
    """1 if sentence i sounds as its words did so many seconds `earlier`, 0 if it does not, nan if nobody knows."""
    if talk.sound is None or not earlier:
        return float("nan")
    start, seconds = float(talk.starts[i]), float(talk.ends[i] - talk.starts[i])
    before = start - float(np.median(earlier))
    # a cut may have taken a word off either end
    inset = min(0.3, seconds / 10)
    alike = likeness(talk.sound, max(0.0, before + inset), start + inset, seconds - 2 * inset)
    return float("nan") if alike is None else float(alike >= SAME)
