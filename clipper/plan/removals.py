"""What is taken out of a clip: dropped phrases, and what tightening finds. In: a clip and words; out: `Removal`s. Pure.

Where words go, the pauses on both sides of them would add up: so much of them is left as two neighbours have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from clipper.plan.edits import AIR, Said
from clipper.plan.model import Clip
from clipper.plan.passages import stretch
from clipper.plan.tighten import ENDS, Rules, fillers, pauses
from clipper.span import Span
from clipper.speech.model import Word, join

Kind = Literal["drop", "pause", "filler"]


@dataclass(frozen=True, slots=True)
class Removal:
    """A stretch that a clip leaves out.

    Attributes:
        kind: dropped by the producer, or a pause or a filler that tightening takes out.
        span: in seconds of the source.
        words: numbers of the words that go; empty for a pause.
        text: what goes; for a pause the word after it.
    """

    kind: Kind
    span: Span
    words: tuple[int, ...] = ()
    text: str = ""


def parts(clip: Clip) -> tuple[Span, ...]:
    """The stretches of the source that a clip is cut from, in its own order: one, or a trailer's soundbites."""
    return tuple(s for bite in clip.soundbites for s in bite.spans) or (clip.span,)


def removals(clip: Clip, said: Said | None, rules: Rules | None = None) -> tuple[Removal, ...]:
    """Everything that `clip` leaves out, in order of the source, overlapping nowhere.

    Args:
        said: None where there is no transcript: then only stretches of time can be dropped.
        rules: how to tighten; None not to.
    """
    found: list[Removal] = []
    for part in parts(clip):
        found += _of_part(clip, part, said, rules)
    found.sort(key=lambda r: r.span.start)
    return tuple(_apart(found))


def offered(clip: Clip, said: Said, rules: Rules) -> tuple[Removal, ...]:
    """What tightening would take out if nothing were kept."""
    bare = clip.changed(keep=(), drop=())
    return tuple(r for r in removals(bare, said, rules) if r.kind != "drop")


def _of_part(clip: Clip, part: Span, said: Said | None, rules: Rules | None) -> list[Removal]:
    timed = [s for p in clip.drop if stretch(p.text) is not None for s in p.spans if s.overlap(part) > 0]
    found = [Removal("drop", Span(start=max(s.start, part.start), end=min(s.end, part.end))) for s in timed]
    if said is None or not said.words:
        return found
    words = said.words
    first, last = said.word_at(part.start), said.word_at(part.end)
    spoken = [s for p in clip.drop if stretch(p.text) is None for s in p.spans]
    gone: dict[int, Kind] = {i: "drop" for i in range(first, last) if _holds(spoken, words[i])}
    kept = [s for p in clip.keep for s in p.spans]
    quiet: tuple[tuple[int, Span], ...] = ()
    inside = 0.18
    if rules is not None:
        inside = rules.inside
        for a, b in fillers(words, first, last, rules.language):
            if not any(_holds(kept, words[i]) for i in range(a, b)):
                gone.update((i, "filler") for i in range(a, b) if i not in gone)
        quiet = pauses(words, first, last, rules)
    run: list[int] = []
    for i in [*sorted(gone), -1]:
        if run and i != run[-1] + 1:
            found.append(_run(run, gone, words, part, first, last, inside))
            run = []
        run.append(i)
    for i, span in quiet:
        beside = (words[i - 1], words[i])
        if i in gone or i - 1 in gone or any(_holds(kept, w) for w in beside) or any(s.overlap(span) for s in kept):
            continue  # beside words that go, the pause is shortened with them
        found.append(Removal("pause", span, (), words[i].text))
    return found


def _run(
    run: Sequence[int], gone: dict[int, Kind], words: Sequence[Word], part: Span, first: int, last: int, inside: float
) -> Removal:
    """The removal of neighbouring words, and of so much of the pauses beside them as would be too much."""
    a, b = run[0], run[-1] + 1
    start, end = words[a].start, max(words[i].end for i in run)
    before = max((w.end for w in words[max(first, a - 3) : a]), default=part.start)
    after = words[b].start if b < last else part.end
    room_before, room_after = max(0.0, start - before), max(0.0, after - end)
    if a == first:
        start, end = part.start, max(end, after - AIR)
    elif b == last:
        start, end = min(start, before + AIR), part.end
    else:
        wanted = max(inside, AIR) if words[a - 1].text.endswith(ENDS) else inside
        left = min(room_before, max(wanted / 2, wanted - room_after))
        right = min(room_after, wanted - left) if wanted > left else 0.0
        start, end = start - (room_before - left), end + (room_after - right)
    kind: Kind = "drop" if any(gone[i] == "drop" for i in run) else "filler"
    text = " ".join(join([words[i] for i in run]).split())
    return Removal(kind, Span(start=max(0.0, min(start, end)), end=max(start, end)), tuple(run), text)


def _holds(spans: Sequence[Span], word: Word) -> bool:
    middle = (word.start + word.end) / 2
    return any(s.start <= middle < s.end or (s.start == middle == s.end) for s in spans)


def _apart(found: Sequence[Removal]) -> list[Removal]:
    """Removals that overlap, as one."""
    out: list[Removal] = []
    for one in found:
        last = out[-1] if out else None
        if last is None or one.span.start >= last.span.end:
            if one.span.seconds > 0:
                out.append(one)
            continue
        span = Span(start=last.span.start, end=max(last.span.end, one.span.end))
        kind: Kind = "drop" if "drop" in (last.kind, one.kind) else last.kind
        text = " ".join(dict.fromkeys(filter(None, (last.text, one.text))))
        out[-1] = Removal(kind, span, tuple(sorted({*last.words, *one.words})), text)
    return out
