"""A clip with other borders; what was marked inside it is kept: corrections, emphasis, struck and covered words. Pure.

In: a clip, a border or a span; out: the clip after it.
"""

from __future__ import annotations

from clipper.errors import InputError
from clipper.plan import marks, striking
from clipper.plan.edits import Edge, Said
from clipper.plan.model import Clip
from clipper.plan.passages import passage
from clipper.span import Span

SHORTEST = 1.0  # seconds of a clip that is left


def bordered(clip: Clip, edge: Edge, seconds: float, said: Said) -> Clip:
    """The clip with one border moved; what was marked inside stays so.

    Raises:
        InputError: nothing would be left of it.
    """
    start, end = (seconds, clip.span.end) if edge == "start" else (clip.span.start, seconds)
    if end - start < SHORTEST or said.word_at(start) >= said.word_at(end):
        raise InputError("nothing would be left of it", "move the other border first")
    return resized(clip, Span(start=start, end=end), said, {f"{edge}_wish": None})


def resized(clip: Clip, span: Span, said: Said, fields: dict[str, object]) -> Clip:
    """The clip with another span; `fields` are set as well."""
    fields = {**fields, "span": span}
    for how in ("drop", "bleep", "mute", "keep"):
        fields[how] = tuple(passage(p.text, said, span) for p in getattr(clip, how))
    after = clip.changed(**fields)
    return recaptioned(clip, after.changed(text=said.text(span, after.dropped)), said)


def recaptioned(before: Clip, after: Clip, said: Said) -> Clip:
    """The captions of `before` for the borders and the words of `after`."""
    spans = [(said.word_at(c.span.start), said.word_at(c.span.end)) for c in (before, after)]
    gone = [striking.marked(c, "drop", said) for c in (before, after)]
    return after.changed(captions=marks.moved(said.words, before.captions, *spans, *gone))
