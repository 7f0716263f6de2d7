"""Where somebody reads a sponsor's text, the host's own voice included. In: a talk; out: true for each such sentence.

A read is anchored by a phrase that only advertisements use and grows over the sentences beside it that speak of offers,
addresses and the same brand.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.highlights.talk import Talk

NEAR = 45.0  # seconds: anchors this close belong to one read
GROW = 12.0  # seconds: a read grows over a gap of so much plain talk to the next offer word


def sponsor_reads(talk: Talk) -> NDArray[np.bool_]:
    """True for each sentence of a sponsor read, shape (n,)."""
    n = len(talk.sentences)
    strong, weak = talk.count("ad_strong"), talk.count("ad_weak")
    out = np.zeros(n, dtype=bool)
    anchors = np.flatnonzero(strong > 0)
    if not len(anchors):
        return out
    first = last = int(anchors[0])
    spans = []
    for a in anchors[1:]:
        if talk.starts[a] - talk.ends[last] <= NEAR:
            last = int(a)
        else:
            spans.append((first, last))
            first = last = int(a)
    spans.append((first, last))
    for a, b in spans:
        if strong[a : b + 1].sum() + 0.5 * weak[a : b + 1].sum() < 2 and weak[max(0, a - 3) : b + 4].sum() < 2:
            out[a : b + 1] = True
            continue
        while True:
            ahead = [i for i in range(b + 1, n) if talk.starts[i] - talk.ends[b] <= GROW and weak[i] > 0]
            if not ahead:
                break
            b = ahead[-1]
        while True:
            behind = [i for i in range(a - 1, -1, -1) if talk.starts[a] - talk.ends[i] <= GROW and weak[i] > 0]
            if not behind:
                break
            a = behind[-1]
        out[a : b + 1] = True
    return out
