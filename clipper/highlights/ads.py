"""Where somebody reads a sponsor's text, the host's own voice included. In: a talk; out: true for each such sentence.

A read opens with a phrase that only advertisements use ("brought to you by") and runs to the last sentence that
calls to act
(an address, a code, "to learn more") or names the brand; calls to act that stand close together are a read without
an opening. Where the sound is known, a bed of music or a jump in loudness around such words sets the read's borders.
"""

from __future__ import annotations

import numpy as np
import regex
from numpy.typing import NDArray

from clipper.highlights.set_apart import at_another_level, with_bed
from clipper.highlights.talk import Talk

LONGEST = 180.0  # seconds of one read
AT_LEAST = 28.0  # seconds that an opening takes with it
GAP = 40.0  # seconds without a call or the brand: the read is over
LONE_GAP = 30.0  # seconds between two calls that make a read by themselves
BEFORE = 25.0  # seconds taken with it before such calls, more where the brand is named earlier
TAIL = 14.0  # seconds after the last call in which small print may follow
IN_PART = 0.3  # of the sentences that the sound sets apart

_ADDRESS = regex.compile(
    r"^(?:https?://)?(?:www\.)?([\p{L}\p{N}-]{2,})\.(?:com|io|ai|org|net|co|dev|app|fm|shop|store|de|ch|fr|nl|uk|eu)(?:[/.].*)?$"
)


def sponsor_reads(talk: Talk) -> NDArray[np.bool_]:
    """True for each sentence of a sponsor read, shape (n,)."""
    n = len(talk.sentences)
    out = np.zeros(n, dtype=bool)
    opens = talk.count("ad_open") > 0
    phrases, weak = talk.count("ad_close"), talk.count("ad_weak") > 0
    calls = phrases.copy()
    brands = _addresses(talk)
    for i in brands:
        calls[i] += 1
    for a in np.flatnonzero(opens).tolist():
        out[a : _last(talk, a, calls, weak, _brands(talk, a) | _near(brands, talk, a)) + 1] = True
    calling = np.flatnonzero(calls > 0).tolist()
    for k, i in enumerate(calling):
        others = [j for j in calling[k + 1 :] if talk.starts[j] - talk.ends[i] <= LONE_GAP]
        together = [i, *others]
        if out[i] or calls[together].sum() < 2 or not phrases[together].any():
            continue
        named = set().union(*(brands.get(j, set()) for j in together))
        first = _first(talk, i, named)
        out[first : _last(talk, i, calls, weak, named) + 1] = True
    # what stands apart by its sound is a read as a whole if its words call for it; less will do over a bed of music,
    # while a louder voice may just be a guest who names an address
    for a, b in with_bed(talk):
        if out[a:b].mean() >= IN_PART or calls[a:b].any() or weak[a:b].sum() >= 2:
            out[a:b] = True
    for a, b in at_another_level(talk):
        if out[a:b].mean() >= IN_PART or phrases[a:b].any():
            out[a:b] = True
    return out


def _addresses(talk: Talk) -> dict[int, set[str]]:
    """Sentences in which an address is said, with the first letters of its name."""
    found: dict[int, set[str]] = {}
    places = [
        (i, m.group(1))
        for i, w in enumerate(talk.said)
        if "." in w and (m := _ADDRESS.match(w)) and not talk.lang.has("stop", m.group(1))
    ]
    if places:
        for sentence, (_, name) in zip(talk.sentence_of([i for i, _ in places]).tolist(), places, strict=True):
            found.setdefault(sentence, set()).add(name[:5])
    return found


def _near(brands: dict[int, set[str]], talk: Talk, a: int) -> set[str]:
    return (
        set().union(*(names for i, names in brands.items() if 0 <= talk.starts[i] - talk.starts[a] <= LONGEST))
        if brands
        else set()
    )


def _brands(talk: Talk, a: int) -> set[str]:
    """First letters of the names in the opening sentence:
    written with a capital, or said again and again just after it.
    """
    words = talk.words[talk.sentences[a].first : talk.sentences[a].last]
    said = talk.said[talk.sentences[a].first : talk.sentences[a].last]
    soon = talk.said[talk.sentences[a].first : _until(talk, a, 60.0)]
    out = set()
    for word, form in zip(words[4:], said[4:], strict=True):
        if len(form) < 4 or talk.lang.has("stop", form):
            continue
        here = soon.count(form)
        if word.text[:1].isupper() or (here >= 2 and 2 * here >= talk.said.count(form)):
            out.add(form[:5])
    return out


def _until(talk: Talk, a: int, seconds: float) -> int:
    """The word behind the last sentence that starts within `seconds` of sentence `a`."""
    last = int(np.searchsorted(talk.starts, talk.starts[a] + seconds)) - 1
    return talk.sentences[max(a, last)].last


def _names(talk: Talk, i: int, brands: set[str]) -> bool:
    return any(w.startswith(b) for b in brands for w in talk.spoken(i, i + 1))


def _last(talk: Talk, a: int, calls: NDArray[np.float64], weak: NDArray[np.bool_], brands: set[str]) -> int:
    """The last sentence of the read that sentence `a` begins."""
    n = len(talk.sentences)
    reach = [i for i in range(a + 1, n) if talk.starts[i] - talk.starts[a] <= LONGEST]
    final = [i for i in reach if calls[i] > 0]
    last = a
    for i in reach:
        if calls[i] > 0 or _names(talk, i, brands):
            # a call ahead shows that the read goes on, however long its middle is
            ahead = any(j >= i for j in final)
            if talk.starts[i] - talk.ends[last] > GAP and not ahead:
                break
            last = i
    if last == a or not final:
        while last + 1 < n and talk.ends[last] - talk.starts[a] < AT_LEAST:
            last += 1
    for i in range(last + 1, n):
        if talk.starts[i] - talk.ends[last] > TAIL:
            break
        if weak[i] or calls[i] > 0 or _names(talk, i, brands):
            last = i
    return last


def _first(talk: Talk, i: int, brands: set[str]) -> int:
    """The first sentence of a read that is known by its calls from sentence `i` on."""
    first = i
    while first > 0 and talk.ends[i] - talk.starts[first - 1] <= BEFORE:
        first -= 1
    named = [j for j in range(i) if talk.starts[i] - talk.starts[j] <= LONGEST / 2 and _names(talk, j, brands)]
    return min([first, *named[:1]])
