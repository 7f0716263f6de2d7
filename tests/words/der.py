"""Diarisation error rate. In: turns [start, end, who] of the truth and of a guess; out: a share.

Source: NIST, "The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan", section 3.3: missed, false and
confused speaker time over all speaker time, under the best one-to-one naming; a collar around the truth's edges is left
out. As pyannote.metrics' DiarizationErrorRate.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np

STEP = 0.01  # seconds
Turn = tuple[float, float, str]


def error_rate(truth: Sequence[Turn], guess: Sequence[Turn], collar: float = 0.25) -> float:
    """0 is perfect.

    Args:
        collar: seconds on either side of the truth's edges that do not count.
    """
    size = int(max(t[1] for t in (*truth, *guess)) / STEP) + 2
    names, others = (sorted({t[2] for t in turns}) for turns in (truth, guess))
    said, heard = _laid(truth, names, size), _laid(guess, others, size)
    counts = np.ones(size, bool)
    for start, end, _ in truth:
        for edge in (start, end):
            counts[max(0, int((edge - collar) / STEP)) : int((edge + collar) / STEP) + 1] = False
    said, heard = said[:, counts], heard[:, counts]
    together = said.astype(np.float64) @ heard.T.astype(np.float64)
    while together.shape[1] < together.shape[0]:
        together = np.hstack([together, np.zeros((together.shape[0], 1))])
    best = max(
        sum(together[i, j] for i, j in enumerate(order))
        for order in permutations(range(together.shape[1]), together.shape[0])
    )
    there, found = said.sum(axis=0), heard.sum(axis=0)
    return float((np.maximum(there, found).sum() - best) / max(1, there.sum()))


def _laid(turns: Sequence[Turn], names: Sequence[str], size: int) -> np.ndarray:
    out = np.zeros((len(names), size), bool)
    for start, end, who in turns:
        out[names.index(who), int(start / STEP) : int(end / STEP)] = True
    return out


def turns_of(words: Sequence[tuple[float, float, str | None]], gap: float = 0.5) -> list[Turn]:
    """Words (start, end, who) as turns: joined where less than `gap` seconds lie between two of one person."""
    out: list[Turn] = []
    for start, end, who in words:
        if who is None:
            continue
        if out and out[-1][2] == who and start - out[-1][1] < gap:
            out[-1] = (out[-1][0], max(end, out[-1][1]), who)
        else:
            out.append((start, end, who))
    return out
