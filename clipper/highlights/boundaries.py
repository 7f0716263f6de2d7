"""Where a clip may open and end (openings.py, endings.py), and where the cut lies. In: sentences; out: a span."""

from __future__ import annotations

from clipper.highlights.endings import CLEAN_END, anew, closure, ending, overrun
from clipper.highlights.openings import CLEAN_OPEN, is_question, opening
from clipper.highlights.talk import Talk
from clipper.span import Span

LEAD = 0.35  # seconds: the cut lies at most so long before the first word
AIR = 0.6  # seconds after the last word, where there is so much

__all__ = [
    "CLEAN_END", "CLEAN_OPEN", "air", "anew", "closure", "cut", "ending", "is_question", "opening", "overrun",
]  # fmt: skip


def cut(talk: Talk, first: int, last: int) -> Span:
    """The cut around sentences `first` up to `last`: in the pauses, never inside a word.

    It starts at most LEAD before the first word and not before the word before it has ended; it ends up to AIR after
    the last word and before the next one begins.
    """
    a, b = talk.sentences[first].first, talk.sentences[last - 1].last
    words = talk.words
    onset, offset = talk.sentences[first].start, talk.sentences[last - 1].end
    before = max((w.end for w in words[max(0, a - 8) : a]), default=0.0)
    start = max(0.0, onset - LEAD, min(before, onset)) if before <= onset else onset
    if onset - before > 0.1 and before:
        start = max(start, onset - 0.7 * (onset - before))
    after = min((w.start for w in words[b : b + 8]), default=max(talk.transcript.duration, offset))
    room = max(0.0, after - offset)
    end = offset + min(AIR, room if b >= len(words) else 0.8 * room)
    return Span(start=start, end=max(end, start))


def air(talk: Talk, first: int, last: int) -> tuple[float, float]:
    """Seconds of pause that the cut leaves before the first and after the last word."""
    span = cut(talk, first, last)
    return max(0.0, talk.sentences[first].start - span.start), max(0.0, span.end - talk.sentences[last - 1].end)
