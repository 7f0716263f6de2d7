"""Voices that are known by name from earlier episodes of a show. In: voices of an episode and of the show; out: who is
who, where it is sure.

A voice is kept as text, so that it can stand in a TOML file beside the show's settings: nothing is known of it but how
alike another one is.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from clipper.speech.limits import limits
from clipper.speech.model import Word
from clipper.speech.voiceprint import SIZE
from clipper.speech.voices import Voices

Floats = NDArray[np.float32]


def packed(voice: Floats) -> str:
    """A unit vector as text; half floats are enough for angles."""
    return base64.b64encode(voice.astype("<f2").tobytes()).decode("ascii")


def unpacked(text: str) -> Floats | None:
    """What `packed` wrote; None for anything else."""
    try:
        voice = np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float32)
    except ValueError:
        return None
    length = float(np.linalg.norm(voice))
    return voice / length if len(voice) == SIZE and np.isfinite(length) and length > 0.5 else None


def recognised(voices: Mapping[str, Floats], known: Mapping[str, Floats]) -> dict[str, str]:
    """Names for the voices of an episode that are surely a known person's.

    Both must choose each other: no other known person is nearly as alike, and no other voice of the episode.

    Args:
        voices: a unit vector for each speaker's id.
        known: a unit vector for each name.
    """
    rules = limits().speakers
    found = {}
    for who, voice in voices.items():
        alike = sorted(((float(voice @ other), name) for name, other in known.items()), reverse=True)
        if not alike or alike[0][0] < rules.known:
            continue
        best, name = alike[0]
        rivals = [value for value, _ in alike[1:]]
        rivals += [float(other @ known[name]) for one, other in voices.items() if one != who]
        if all(best - rival >= rules.known_lead for rival in rivals):
            found[who] = name
    return found


def together(some: Sequence[tuple[Floats, float]]) -> Floats | None:
    """One voice of several episodes, each with the seconds that it was heard for; None where they are not alike."""
    total = np.sum([voice * np.float32(seconds) for voice, seconds in some], axis=0)
    mean = np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)
    return mean if all(float(voice @ mean) >= limits().speakers.known for voice, _ in some) else None


def voice_of(words: Sequence[Word], voices: Voices, who: str) -> tuple[Floats, float] | None:
    """The voice of the speaker `who` over an episode, and the seconds that it was heard for.

    None where that is less than limits().speakers.known_seconds.
    """
    rules = limits().speakers
    edges = [*voices.firsts.tolist(), len(words)]
    total, seconds = np.zeros(SIZE, np.float32), 0.0
    for k, first in enumerate(edges[:-1]):
        run = words[first : edges[k + 1]]
        length = run[-1].end - run[0].start if run else 0.0
        if length >= rules.sure and all(w.speaker == who and not w.overlap for w in run):
            total += voices.prints[k] * np.float32(length)
            seconds += length
    norm = float(np.linalg.norm(total))
    return (np.asarray(total / norm, np.float32), seconds) if seconds >= rules.known_seconds and norm > 0 else None
