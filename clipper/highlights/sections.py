"""What must not be offered: sponsor reads, introductions, greetings, housekeeping, sign-off, music, loops. In:
a talk; out: a kind a sentence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from clipper.highlights.ads import sponsor_reads
from clipper.highlights.cold_open import ColdOpen
from clipper.highlights.talk import Talk
from clipper.span import clock

GREETING_UNTIL = 480.0  # seconds from the start in which a greeting is one
GREETING_GAP = 20.0  # seconds between two phrases of the same greeting
LATEST = 0.85  # share of the episode after which a welcome is thanks for having come
PRESENTED = 40.0  # seconds in which somebody is presented who joins later
SIGNOFF_FROM = 240.0  # seconds before the end in which thanks are a sign-off
LYRICS_UNTIL = 120.0  # seconds in which a music intro must be over
LOOP_IN_A_ROW = 4  # the same sentence so often in a row is the recogniser's loop
LOOP_IN_ALL = 15
NOISE = "loop"


@dataclass(frozen=True, slots=True)
class Sections:
    """Attributes:
    kinds: for each sentence "" (talk) or what it is instead.
    notes: what the producer should know of it.
    """

    kinds: tuple[str, ...]
    notes: tuple[str, ...]


def sections(talk: Talk, cold: ColdOpen) -> Sections:
    """What each sentence is."""
    n = len(talk.sentences)
    kinds = [""] * n
    notes: list[str] = []
    _loops(talk, kinds, notes)
    for i in np.flatnonzero(sponsor_reads(talk)).tolist():
        kinds[i] = kinds[i] or "sponsor read"
    trailer = cold.trailer
    for i in np.flatnonzero(trailer).tolist():
        kinds[i] = kinds[i] or "cold open"
    if trailer.any():
        notes.append(
            f"the episode opens with {int(trailer.sum())} sentences that come again later: its own cold "
            f"open, offered from there"
        )
    _music(talk, kinds, notes)
    _greetings(talk, kinds)
    _introduction(talk, kinds)
    _housekeeping(talk, kinds)
    _signoff(talk, kinds)
    return Sections(tuple(kinds), tuple(notes))


def _loops(talk: Talk, kinds: list[str], notes: list[str]) -> None:
    plain = [" ".join(talk.spoken(i, i + 1)) for i in range(len(kinds))]
    often = Counter(plain)
    found: Counter[str] = Counter()
    i = 0
    while i < len(plain):
        j = i
        while j < len(plain) and plain[j] == plain[i]:
            j += 1
        words = len(plain[i].split())
        row = j - i >= LOOP_IN_A_ROW and (words >= 3 or j - i >= 3 * LOOP_IN_A_ROW)
        if row or (words >= 4 and often[plain[i]] >= LOOP_IN_ALL):
            for k in range(i, j):
                kinds[k] = NOISE
            found[plain[i]] += j - i
        i = j
    for text, times in found.most_common(3):
        short = text if len(text) <= 60 else text[:57] + "..."
        notes.append(
            f"“{short}” stands {times} times in the transcript: the recogniser ran in a loop there; nothing "
            f"is offered from it"
        )


def _music(talk: Talk, kinds: list[str], notes: list[str]) -> None:
    for i in np.flatnonzero(talk.count("music")):
        kinds[i] = "music"
    if not talk.episode.music_intro:
        return
    greeted = [i for i in np.flatnonzero(talk.count("greetings")).tolist() if talk.starts[i] < LYRICS_UNTIL]
    if greeted:
        first = greeted[0]
    else:
        quiet = [
            i
            for i in range(1, len(kinds))
            if talk.starts[i] - talk.ends[i - 1] >= 2.0 and talk.starts[i] < LYRICS_UNTIL
        ]
        first = quiet[0] if quiet else 0
    if first:
        for k in range(first):
            kinds[k] = kinds[k] or "music"
        notes.append(
            f"the page speaks of music at the start: the words before {clock(float(talk.starts[first]), 0)} "
            f"are taken for lyrics"
        )


def _introduction(talk: Talk, kinds: list[str]) -> None:
    """What stands before the guest says "thanks for having me" presents the guest; nobody posts that."""
    until = min(GREETING_UNTIL, 0.34 * talk.duration)
    arrived = [i for i in np.flatnonzero(talk.count("arrivals")).tolist() if talk.ends[i] <= LATEST * talk.duration]
    first = [i for i in arrived if talk.starts[i] <= until]
    for i in range(first[-1] + 1 if first else 0):
        kinds[i] = kinds[i] or "introduction"
    for last in arrived:  # somebody who joins later is presented in a few sentences
        i = last
        while i >= 0 and talk.ends[last] - talk.starts[i] <= PRESENTED:
            kinds[i] = kinds[i] or "introduction"
            i -= 1


def _greetings(talk: Talk, kinds: list[str]) -> None:
    until = min(GREETING_UNTIL, 0.34 * talk.duration + 30)
    thanks = talk.count("thanks") > 0
    last = -1
    for i in np.flatnonzero(talk.count("greetings")).tolist():
        if until <= talk.starts[i] <= talk.duration - SIGNOFF_FROM:
            continue
        first = last + 1 if last >= 0 and talk.starts[i] - talk.ends[last] <= GREETING_GAP else i
        last = i
        while last + 1 < len(kinds) and thanks[last + 1] and talk.starts[last + 1] - talk.ends[i] < GREETING_GAP:
            last += 1
        for k in range(first, last + 1):
            kinds[k] = kinds[k] or "greeting"


def _housekeeping(talk: Talk, kinds: list[str]) -> None:
    count = talk.count("housekeeping")
    near = np.minimum(talk.starts, talk.duration - talk.ends) < 300
    for i in np.flatnonzero((count >= 2) | ((count >= 1) & near)):
        kinds[i] = kinds[i] or "housekeeping"


def _signoff(talk: Talk, kinds: list[str]) -> None:
    span = min(SIGNOFF_FROM, 0.12 * talk.duration)
    late = [int(i) for i in np.flatnonzero(talk.count("signoffs")) if talk.starts[i] > talk.duration - span]
    if late:
        for i in range(late[0], len(kinds)):
            kinds[i] = kinds[i] or "sign-off"
