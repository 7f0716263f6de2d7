"""Speech that a recogniser passed over or went round in circles on: found, and heard once more by itself.

In: passages of windows; out: the same with what was missing, and without what a circle repeats. Now and then Whisper
leaves out sentences of a window and goes on with a later one; by itself the same stretch is heard well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from clipper.speech.engines.base import HOP, RATE, Engine, Passage, Window
from clipper.speech.hearing import FRAME, Heard
from clipper.speech.limits import limits
from clipper.speech.repairs import loop

if TYPE_CHECKING:
    from clipper.speech.engines.base import Samples


def transcribe_whole(
    engine: Engine,
    samples: Samples,
    windows: Sequence[Window],
    *,
    language: str,
    hints: tuple[str, ...],
    heard: Callable[[int], None],
    sound: Heard | None = None,
) -> list[Passage]:
    """As `Engine.transcribe`, with the holes of each window heard again, once; a hole is also what a circle covers.

    Args:
        sound: what is heard in `samples` without understanding it; with it, shorter holes in which somebody speaks are
            found as well.
    """
    passages = [straight(p) for p in engine.transcribe(samples, windows, language=language, hints=hints, heard=heard)]
    found = [(i, hole) for i, window in enumerate(windows) for hole in holes(window, passages[i], sound)]
    if not found:
        return passages
    again = engine.transcribe(
        samples, [hole for _, hole in found], language=language, hints=hints, heard=lambda count: None
    )
    for (i, hole), passage in zip(found, again, strict=True):
        passage = straight(passage)
        if _plausible(hole, passage):
            tokens = sorted((*passages[i].tokens, *passage.tokens), key=lambda token: token.start)
            passages[i] = replace(passages[i], tokens=tuple(tokens))
    return passages


def straight(passage: Passage) -> Passage:
    """The passage up to where its text begins to say the same again and again."""
    kept = loop([token.text for token in passage.tokens])
    return passage if kept is None else replace(passage, tokens=passage.tokens[:kept])


def holes(window: Window, passage: Passage, sound: Heard | None = None) -> list[Window]:
    """Where no word is for longer than any pause within a window: before the first, between two, after the last; or
    for less, while something sounds.

    >>> from clipper.speech.engines.base import Token
    >>> holes(Window(0, 320_000), Passage((Token(" late", 15.0, 15.5, 0.9),), -0.1, 0.0))
    [Window(first=0, last=240000)]
    """
    edges = [
        (window.first / RATE, window.first / RATE),
        *((token.start, token.end) for token in passage.tokens),
        (window.last / RATE, window.last / RATE),
    ]
    return [
        Window(round(before * RATE) // HOP * HOP, round(after * RATE) // HOP * HOP)
        for (_, before), (after, _) in pairwise(edges)
        if after - before > limits().doubt.hole or _sounding(sound, before, after) > limits().doubt.hole_sounding
    ]


def _sounding(sound: Heard | None, start: float, end: float) -> float:
    """Seconds between two times in which it is as loud as speech; 0 where that is not known."""
    if sound is None or end <= start:
        return 0.0
    first, last = (min(len(sound), max(0, round(t / FRAME))) for t in (start, end))
    return (last - first) * FRAME - float(sound.silence[last] - sound.silence[first])


def _plausible(hole: Window, passage: Passage) -> bool:
    """Whether somebody talks there: on music and laughter Whisper finds a "Thank you." in many seconds."""
    doubt = limits().doubt
    seconds = (hole.last - hole.first) / RATE
    return (
        passage.no_speech <= doubt.no_speech
        and passage.log_probability >= doubt.log_probability
        and len(passage.tokens) >= seconds * doubt.hole_words
    )
