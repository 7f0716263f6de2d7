"""The voice of a clip, put together from its pieces so that nobody hears where. In: a `Recipe`; out: samples.

Two pieces meet in a cross-fade of 20 ms, half of it before and half behind the cut, so that every word stays at the
time that `Pieces` says. A clip opens and closes softly; what is left there of a breath or of somebody else's word gives
way to the quiet of the room, and so does the space between a trailer's soundbites.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.sound.cut import cut
from clipper.sound.decode import CHANNELS, RATE, Samples
from clipper.sound.quiet import HOP, Quiet, levels, measured, zero_crossing
from clipper.sound.recipe import Recipe
from clipper.sound.repair import without_offset
from clipper.sound.room import laid_over, room_tone
from clipper.span import Span

CROSS = 960  # samples of a cross-fade, 20 ms
FADE_IN, FADE_OUT = 576, 2880  # samples, 12 and 60 ms
BESIDE = 0.08  # seconds before the first and after the last word that are never touched
_SOFT = 480  # samples, 10 ms, in which the room takes over
_AROUND = 8.0  # seconds of the episode in which the room's quiet is looked for
_RUN = 3  # hops that must be quiet


def voice(recipe: Recipe) -> tuple[Samples, tuple[str, ...]]:
    """The clip's voice, float32, shape (n, 2), 48 kHz; n is the clip's whole length. And what was wrong with it."""
    made = recipe.pieces
    out = np.zeros((round(made.seconds * RATE), CHANNELS), dtype=np.float32)
    gaps = (*made.gaps, *[0.0] * len(made.spans))[: len(made.spans) - 1]
    half = CROSS // 2
    joins = [False, *(gap == 0 for gap in gaps), False]
    pieces = [
        cut(recipe.audio, span, half * before, half * after)
        for span, before, after in zip(made.spans, joins, joins[1:], strict=False)
    ]
    offset = without_offset(pieces)
    for number, (start, span) in enumerate(zip(made.starts, made.spans, strict=True)):
        joined_before, joined_after = joins[number : number + 2]
        begin, end = round(start * RATE), round((start + span.seconds) * RATE)
        piece = pieces[number]
        pieces[number] = piece[:0]  # let go
        # rounding may leave a sample too many or too few
        piece = _sized(piece, end - begin + half * joined_before + half * joined_after)
        if joined_before:
            piece[:CROSS] *= _rise(min(CROSS, len(piece)))
        else:
            _open(piece, None if recipe.opens is None or number else recipe.opens - span.start)
        if joined_after:
            piece[len(piece) - min(CROSS, len(piece)) :] *= _rise(min(CROSS, len(piece)))[::-1]
        else:
            last = number + 1 == len(made.spans)
            _close(piece, None if recipe.closes is None or not last else span.end - recipe.closes)
        at = begin - half * joined_before
        low, high = max(0, at), min(len(out), at + len(piece))
        out[low:high] += piece[low - at : high - at]
        if number + 1 < len(made.spans) and not joined_after:
            around = Span(start=max(0.0, span.end - _AROUND), end=span.end + _AROUND)
            _bridge(out, end, round(gaps[number] * RATE), cut(recipe.audio, around), number)
    return out, ((f"the recording has a DC offset of {offset:.2f}, which is taken out",) if offset else ())


def _sized(piece: Samples, count: int) -> Samples:
    if len(piece) >= count:
        return piece[:count]
    return np.concatenate([piece, np.zeros((count - len(piece), CHANNELS), np.float32)])


def _rise(count: int) -> NDArray[np.float32]:
    """A fade of even power, shape (count, 1): the two sides of a cut know nothing of each other."""
    return np.sin(np.linspace(0, np.pi / 2, count, endpoint=False, dtype=np.float32))[:, None]


def _open(piece: Samples, onset: float | None) -> None:
    """Begins a piece: no click, and no half of a breath or of a word that was not meant.

    Args:
        onset: seconds from the piece's start to its first word; None where nobody knows.
    """
    at = 0
    if onset is not None:
        at = _leftover(levels(piece), 0, round((onset - BESIDE) * RATE / HOP)) * HOP
    if at:
        laid_over(piece, 0, at, room_tone(piece, at + _SOFT, 2), _SOFT)
    begin = zero_crossing(piece, 0) if len(piece) > 4 * FADE_IN and not at else 0
    piece[:begin] = 0
    count = min(FADE_IN, max(0, len(piece) // 2 - begin))
    piece[begin : begin + count] *= _soft(count)


def _close(piece: Samples, rest: float | None) -> None:
    """Ends a piece as `_open` begins one.

    Args:
        rest: seconds from the end of the last word to the piece's end.
    """
    at = 0
    if rest is not None:
        at = _leftover(levels(piece)[::-1], 0, round((rest - BESIDE) * RATE / HOP)) * HOP
    if at:
        laid_over(piece, len(piece) - at, len(piece), room_tone(piece, at + _SOFT, 3), _SOFT)
    count = min(FADE_OUT, len(piece) // 2)
    if count:
        piece[len(piece) - count :] *= _soft(count)[::-1]


def _leftover(curve: NDArray[np.float32], low: int, high: int) -> int:
    """How many hops at the beginning belong to a sound that began before it; 0 where it begins in the quiet."""
    high = min(high, len(curve))
    if high - low <= _RUN:
        return 0
    quiet: Quiet = measured(curve)
    silent = curve < quiet.border
    if silent[low : low + _RUN].all():
        return 0
    for hop in range(low, high - _RUN):
        if silent[hop : hop + _RUN].all():
            return hop + 1
    return 0  # it runs into the word: then it belongs to it


def _soft(count: int) -> NDArray[np.float32]:
    rise = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, count, endpoint=False))
    return rise.astype(np.float32)[:, None]


def _bridge(out: Samples, begin: int, count: int, source: Samples, seed: int) -> None:
    """The room's quiet between two soundbites, from within the fade before it to where the next one fades in.

    Args:
        source: the episode around the first one's end.
    """
    low = max(0, begin - FADE_OUT)
    high = min(len(out), begin + count + FADE_IN)
    tone = room_tone(source - source.mean(axis=0), high - low, 11 + seed)
    rise, fall = min(FADE_OUT, len(tone) // 2), min(FADE_IN, len(tone) // 2)
    if len(tone):
        tone[:rise] *= _soft(rise)
        tone[len(tone) - fall :] *= _soft(fall)[::-1]
    out[low:high] += tone
