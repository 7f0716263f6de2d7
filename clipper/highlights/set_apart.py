"""Stretches that the sound sets apart from the talk around them: music lies under them, or they are louder or softer.

In: a talk with its sound's facts; out: runs of sentences. Nothing is an advertisement by its sound alone (a jingle, a
trailer and a played clip sound the same), so `ads` asks for words as well.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from clipper.highlights.heard import share
from clipper.highlights.talk import Talk

SHORTEST, LONGEST = 8.0, 180.0  # seconds of such a stretch
UNDER = 0.5  # of a sentence's time that has music
COMMON = 0.3  # of the talk with music: then the bed is the show's, and says nothing of one stretch
EDGE = 60.0  # seconds at both ends of the episode: its own jingles
STEP = 4.0  # dB up and back down again, or down and back up
BETWEEN = 3.0  # seconds between two frames of one step


def with_bed(talk: Talk) -> list[tuple[int, int]]:
    """Sentences over music, half-open runs in order of time; none where the music is the show's own all along."""
    facts = talk.sound
    if facts is None or facts.music is None:
        return []
    under = share(facts.rate, facts.music > 0.5, talk.starts, talk.ends) >= UNDER
    if float(talk.lengths[under].sum()) > COMMON * float(talk.lengths.sum()):
        return []
    places = np.flatnonzero(under)
    parts = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return [(int(p[0]), int(p[-1]) + 1) for p in parts if len(p) and _fits(talk, int(p[0]), int(p[-1]) + 1)]


def at_another_level(talk: Talk) -> list[tuple[int, int]]:
    """Sentences between a step of the loudness and the step back, half-open runs in order of time."""
    facts = talk.sound
    if facts is None or facts.jumps is None:
        return []
    steps: list[tuple[float, float]] = []
    frames = np.flatnonzero(np.abs(facts.jumps) >= STEP)
    for part in np.split(frames, np.flatnonzero(np.diff(frames) > BETWEEN * facts.rate) + 1):
        if len(part):
            most = int(part[np.argmax(np.abs(facts.jumps[part]))])
            steps.append((most / facts.rate, float(facts.jumps[most])))
    out = []
    for (begin, there), (end, back) in pairwise(steps):
        inside = np.flatnonzero(((talk.starts + talk.ends) / 2 > begin) & ((talk.starts + talk.ends) / 2 < end))
        if there * back < 0 and len(inside) and _fits(talk, int(inside[0]), int(inside[-1]) + 1):
            out.append((int(inside[0]), int(inside[-1]) + 1))
    return out


def _fits(talk: Talk, first: int, last: int) -> bool:
    begin, end = float(talk.starts[first]), float(talk.ends[last - 1])
    return SHORTEST <= end - begin <= LONGEST and begin >= EDGE and end <= talk.duration - EDGE
