"""Small edits of a clip by its words: strike, bleep, keep, split, merge. In: a plan; out: the plan after it. Pure.

Words are given by their numbers in the transcript, `first` up to, but not with, `last`; the plan gets them as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from clipper.errors import UsageError
from clipper.plan.edits import Said, closing_cut, opening_cut
from clipper.plan.model import Clip, Passage, Plan
from clipper.plan.passages import passage, soundbite, stretch, words_text
from clipper.plan.pieces import hull
from clipper.plan.removals import parts
from clipper.span import Span

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}", re.ASCII)
Mark = Literal["drop", "bleep", "mute", "keep"]


def strike(plan: Plan, name: str, said: Said, first: int, last: int) -> Plan:
    """Leaves words out of the clip `name`.

    Raises:
        UsageError: no such clip, words outside it, or nothing would be left.
    """
    return mark(plan, name, "drop", said, first, last)


def unstrike(plan: Plan, name: str, said: Said, first: int, last: int) -> Plan:
    """Brings words back that were struck; the rest of what was struck with them stays struck."""
    return unmark(plan, name, "drop", said, first, last)


def mark(plan: Plan, name: str, how: Mark, said: Said, first: int, last: int) -> Plan:
    """Drops, bleeps, mutes or keeps words of the clip `name`; what is marked so already stays.

    Raises:
        UsageError: no such clip, words outside it, or nothing would be left.
    """
    clip = _clip(plan, name)
    inside = _numbers(clip, said)
    wanted = {i for i in range(first, last) if i in inside}
    if not wanted:
        raise UsageError(f"these words are not in clip {name}", "choose words between its start and its end")
    chosen = marked(clip, how, said) | wanted
    if how == "drop" and chosen >= inside:
        raise UsageError("nothing would be left of the clip", "leave the whole clip out instead: picked: false")
    return _with(plan, clip, how, said, chosen)


def unmark(plan: Plan, name: str, how: Mark, said: Said, first: int, last: int) -> Plan:
    """Takes a mark back from words of the clip `name`; words without one are no error."""
    clip = _clip(plan, name)
    return _with(plan, clip, how, said, marked(clip, how, said) - set(range(first, last)))


def marked(clip: Clip, how: Mark, said: Said) -> set[int]:
    """The numbers of the clip's words that are marked so: those whose middle lies in a passage."""
    spans = [s for p in getattr(clip, how) for s in p.spans]
    words = said.words
    return {
        i for i in _numbers(clip, said) if any(s.start <= (words[i].start + words[i].end) / 2 <= s.end for s in spans)
    }


def split(plan: Plan, name: str, said: Said, at: int) -> Plan:
    """Makes two clips of one, the second from word `at` on, with an id of its own and undecided.

    Raises:
        UsageError: no such clip, a trailer, or a side without words.
    """
    clip = _clip(plan, name)
    inside = sorted(_numbers(clip, said))
    if clip.trailer or not inside or not inside[0] < at <= inside[-1]:
        raise UsageError(f"clip {name} cannot be split there", "choose a word between its first and its last one")
    number = plan.last_id + 1
    while any(c.id == f"c{number}" for c in plan.clips):
        number += 1
    head = Span(start=clip.span.start, end=max(clip.span.start, closing_cut(said.words, at - 1, said.duration)))
    tail = Span(start=min(clip.span.end, opening_cut(said.words, at)), end=clip.span.end)
    one = _resized(clip, head, said).changed(end_wish=None)
    line = said.text(tail).split("\n")[0].lstrip("… ")
    two = _resized(clip, tail, said).changed(
        id=f"c{number}", title=line[:60].strip() or clip.title, hook="", proposed=tail, picked=None, reasons=(),
        warnings=(), proposed_title=None, proposed_hook=None, proposed_picked=None, start_wish=None,
    )  # fmt: skip
    clips = tuple(c for old in plan.clips for c in ((one, two) if old.id == name else (old,)))
    return plan.model_copy(update={"clips": clips, "last_id": number})


def merge(plan: Plan, name: str, other: str, said: Said) -> Plan:
    """Makes one clip of two, which keeps the name of the first; what lies between them is left out of it.

    Raises:
        UsageError: no such clips, or trailers.
    """
    one, two = _clip(plan, name), _clip(plan, other)
    if one.trailer or two.trailer or name == other:
        raise UsageError(f"clips {name} and {other} cannot be merged", "a trailer takes them: soundbites: [c1, c2]")
    early, late = sorted((one.span, two.span), key=lambda s: s.start)
    span = Span(start=early.start, end=max(early.end, late.end))
    between = said.word_at(early.end), said.word_at(late.start)
    merged = _resized(one, span, said)
    for how in ("drop", "bleep", "mute", "keep"):
        texts = dict.fromkeys(p.text for p in (*getattr(one, how), *getattr(two, how)))
        merged = merged.changed(**{how: tuple(passage(text, said, span) for text in texts)})
    first = early.start == one.span.start
    merged = merged.changed(
        start_wish=one.start_wish if first else two.start_wish,
        end_wish=two.end_wish if span.end == two.span.end else one.end_wish,
        captions="",
    )
    clips = tuple(merged if c.id == name else c for c in plan.clips if c.id != other)
    out = plan.model_copy(update={"clips": clips})
    return strike(out, name, said, *between) if between[0] < between[1] else out


def _clip(plan: Plan, name: str) -> Clip:
    clip = next((c for c in plan.clips if c.id == name), None)
    if clip is None:
        raise UsageError(f"the plan has no clip {name}", f"it has {', '.join(c.id for c in plan.clips) or 'none'}")
    return clip


def _numbers(clip: Clip, said: Said) -> set[int]:
    """The numbers of the words that a clip would have if nothing were left out."""
    return {i for part in parts(clip) for i in range(said.word_at(part.start), said.word_at(part.end))}


def _with(plan: Plan, clip: Clip, how: Mark, said: Said, numbers: set[int]) -> Plan:
    """The clip with exactly these words marked: passages that still say so stay as they were written."""
    left = set(numbers)
    kept: list[Passage] = []
    for old in getattr(clip, how):
        covered = marked(clip.changed(**{how: (old,)}), how, said)
        if (covered <= numbers and (covered & left or not covered)) or (not covered and stretch(old.text)):
            kept.append(old)
            left -= covered
    for run in _runs(sorted(left)):
        text = words_text(said, run[0], run[-1] + 1)
        spans = tuple(s for part in parts(clip) for s in passage(text, said, part).spans)
        kept.append(Passage(text=text, spans=spans))
    changed = clip.changed(**{how: tuple(kept)})
    if how == "drop":
        texts = (said.text(part, changed.dropped) for part in parts(clip))
        changed = changed.changed(text="\n".join(filter(None, texts)))
    return plan.with_clip(changed)


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    out: list[list[int]] = []
    for i in numbers:
        if out and i == out[-1][-1] + 1:
            out[-1].append(i)
        else:
            out.append([i])
    return out


def _resized(clip: Clip, span: Span, said: Said) -> Clip:
    """The clip with another span; passages outside it go."""
    fields: dict[str, object] = {"span": span}
    for how in ("drop", "bleep", "mute", "keep"):
        found = (passage(p.text, said, span) for p in getattr(clip, how))
        fields[how] = tuple(p for p in found if p.spans)
    moved = clip.changed(**fields)
    return moved.changed(text=said.text(moved.span, moved.dropped), captions="")


def trailer(plan: Plan, name: str, title: str, soundbites: Sequence[str], said: Said) -> Plan:
    """A clip of several soundbites at the end of the plan: ids of clips, words or stretches (see `passages.soundbite`).

    Raises:
        InputError: a soundbite that is none.
        UsageError: an id that cannot be or is there already, or fewer than two soundbites.
    """
    if not _ID.fullmatch(name) or any(c.id == name for c in plan.clips):
        raise UsageError(f"{name!r} cannot be the trailer's id", "give it one of letters and digits that no clip has")
    if len(soundbites) < 2:
        raise UsageError("a trailer needs soundbites", "name 3 to 5 clips or passages")
    bites = tuple(soundbite(text, said, {c.id: c.span for c in plan.clips}) for text in soundbites)
    spans = [s for bite in bites for s in bite.spans]
    text = "\n".join(filter(None, map(said.text, spans)))
    made = Clip(id=name, title=title, span=hull(spans), proposed=hull(spans), text=text, soundbites=bites)
    return plan.model_copy(update={"clips": (*plan.clips, made)})
