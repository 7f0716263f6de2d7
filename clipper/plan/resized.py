"""A clip with other borders, one of two, two of one; what was marked inside is kept: corrections, emphasis, struck and
covered words. Pure.

In: a clip, a border or a span; out: the clip after it.
"""

from __future__ import annotations

from clipper.errors import InputError
from clipper.plan import marks, striking
from clipper.plan.edits import Edge, Said
from clipper.plan.model import Clip, Plan
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
    return after.changed(
        captions=marks.moved(
            said.words, before.captions, _range(before, said), _range(after, said), _gone(before, said),
            _gone(after, said),
        )
    )  # fmt: skip


def split(plan: Plan, name: str, said: Said, at: int) -> Plan:
    """Two clips of one (see `striking.split`), each with its part of the captions.

    Raises:
        UsageError: no such clip, a trailer, or a side without words.
    """
    after = striking.split(plan, name, said, at)
    before = next(c for c in plan.clips if c.id == name)
    place = next(i for i, c in enumerate(after.clips) if c.id == name)
    for one in after.clips[place : place + 2]:
        after = after.with_clip(recaptioned(before, one, said))
    return after


def merge(plan: Plan, name: str, other: str, said: Said) -> Plan:
    """One clip of two (see `striking.merge`), with the captions of both.

    Raises:
        UsageError: no such clips, or trailers.
    """
    after = striking.merge(plan, name, other, said)
    parts = [(c.captions, _range(c, said), _gone(c, said)) for c in plan.clips if c.id in (name, other)]
    merged = next(c for c in after.clips if c.id == name)
    captions = marks.joined(said.words, parts, _range(merged, said), _gone(merged, said))
    return after.with_clip(merged.changed(captions=captions))


def _range(clip: Clip, said: Said) -> tuple[int, int]:
    return said.word_at(clip.span.start), said.word_at(clip.span.end)


def _gone(clip: Clip, said: Said) -> set[int]:
    return striking.marked(clip, "drop", said)
