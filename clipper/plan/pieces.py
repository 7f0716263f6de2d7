"""Which stretches of the source a clip is made of, and the two ways between clip time and source time. Pure.

Everything that knows a clip's words, picture or sound asks here: captions, waveform, chapters, length, keys. Clip time
is in seconds from the first sample of the finished clip; source time from the first sample of the episode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from clipper.plan.model import Clip
from clipper.plan.removals import Removal, parts
from clipper.span import Span

LEAST = 0.03  # seconds; a shorter piece is a slip between two cuts


@dataclass(frozen=True)
class Pieces:
    """What a clip plays, in its order.

    Attributes:
        spans: of the source, in seconds.
        gaps: seconds between each piece and the next; 0 where they are joined, more between a trailer's soundbites.
        lead, tail: seconds before the first piece (an intro) and after the last one (an outro).
    """

    spans: tuple[Span, ...]
    gaps: tuple[float, ...] = ()
    lead: float = 0.0
    tail: float = 0.0

    @classmethod
    def whole(cls, span: Span) -> Pieces:
        """The pieces of a clip that is one stretch of the source."""
        return cls((span,))

    @cached_property
    def starts(self) -> tuple[float, ...]:
        """Clip time at which each piece begins."""
        out, at = [], self.lead
        for span, gap in zip(self.spans, (*self.gaps, *[0.0] * len(self.spans)), strict=False):
            out.append(at)
            at += span.seconds + gap
        return tuple(out)

    @property
    def seconds(self) -> float:
        """How long the clip is."""
        return self.lead + sum(s.seconds for s in self.spans) + sum(self.gaps) + self.tail

    @property
    def joins(self) -> tuple[float, ...]:
        """Clip times at which two stretches of the source meet."""
        return tuple(start for start, gap in zip(self.starts[1:], self._gaps, strict=True) if gap == 0)

    @property
    def _gaps(self) -> tuple[float, ...]:
        return self.gaps or (0.0,) * (len(self.spans) - 1)

    def to_clip(self, source: float) -> float | None:
        """The clip time at which a moment of the source is heard first; None where it is left out.

        >>> Pieces((Span(start=10, end=12), Span(start=15, end=20))).to_clip(16)
        3.0
        """
        for start, span in zip(self.starts, self.spans, strict=True):
            if span.start <= source < span.end:
                return start + source - span.start
        last = self.spans[-1] if self.spans else None
        return self.starts[-1] + last.seconds if last is not None and source == last.end else None

    def to_source(self, clip: float) -> float | None:
        """The moment of the source that is heard at a clip time; None in an intro, a gap, an outro and outside.

        >>> Pieces((Span(start=10, end=12), Span(start=15, end=20))).to_source(3)
        16.0
        """
        for start, span in zip(self.starts, self.spans, strict=True):
            if start <= clip < start + span.seconds:
                return span.start + clip - start
        return None

    def stretches(self, span: Span) -> tuple[Span, ...]:
        """Where what lies in `span` of the source is heard, in clip time, in the clip's order."""
        out = []
        for start, piece in zip(self.starts, self.spans, strict=True):
            low, high = max(span.start, piece.start), min(span.end, piece.end)
            if low < high:
                out.append(Span(start=start + low - piece.start, end=start + high - piece.start))
        return tuple(out)


def pieces(
    clip: Clip, removed: Sequence[Removal] = (), *, separator: float = 0.0, lead: float = 0.0, tail: float = 0.0
) -> Pieces:
    """What is left of a clip.

    Args:
        removed: see `clipper.plan.removals.removals`.
        separator: seconds between a trailer's soundbites.
    """
    spans: list[Span] = []
    gaps: list[float] = []
    for part in parts(clip):
        left = _less(part, [r.span for r in removed])
        if not left:
            continue
        if spans:
            gaps.append(separator)
        gaps += [0.0] * (len(left) - 1)
        spans += left
    if not spans:  # all was dropped: a clip of nothing cannot be made
        spans = [parts(clip)[0]]
    return Pieces(tuple(spans), tuple(gaps), lead, tail)


def hull(spans: Sequence[Span]) -> Span:
    """From the earliest start to the latest end."""
    return Span(start=min(s.start for s in spans), end=max(s.end for s in spans))


def _less(part: Span, gone: Sequence[Span]) -> list[Span]:
    """`part` without what `gone` (in order, apart) covers."""
    edges = [part.start]
    for span in gone:
        low, high = max(part.start, span.start), min(part.end, span.end)
        if low < high:
            edges += [low, high]
    edges.append(part.end)
    return [Span(start=a, end=b) for a, b in list(pairwise(edges))[::2] if b - a >= LEAST]
