"""The clip opens and ends clean: no word is cut, whole sentences, no long wait, no clipped last sound.

In: a span and the episode's words; out: `Edges`; in: `Facts`; out: `Verdict`s.
"""

from __future__ import annotations

from clipper.export.checks.limits import limit
from clipper.export.checks.model import Edges, Facts, Verdict
from clipper.plan.edits import Said
from clipper.span import Span
from clipper.speech.model import join

SLACK = 0.03  # seconds by which a recogniser's times of a word are off
WORDS = "the transcript"


def edges(span: Span, said: Said) -> Edges:
    """How a cut lies in the words."""
    first, last = said.word_at(span.start), said.word_at(span.end)
    words = said.words
    inside = words[first:last]
    if not inside:
        return Edges()
    opening = next((s for s in said.sentences if s.first < first < s.last), None)
    closing = next((s for s in said.sentences if s.first < last < s.last), None)
    ended = max(w.end for w in inside)
    after = words[last].start if last < len(words) else max(said.duration, ended)
    return Edges(
        cut_open=_cut(said, span.start, first),
        cut_close=_cut(said, span.end, last),
        opens_inside=join(list(words[opening.first : first])) if opening else "",
        closes_inside=join(list(words[last : closing.last])) if closing else "",
        lead=inside[0].start - span.start,
        air=span.end - ended,
        air_there=max(0.0, after - ended),
    )


def _cut(said: Said, seconds: float, at: int) -> str:
    """The word that a cut at `seconds` goes through."""
    near = said.words[max(0, at - 1) : at + 1]
    return next((w.text for w in near if w.start + SLACK < seconds < w.end - SLACK), "")


def opening(facts: Facts) -> list[Verdict]:
    """It opens on a sentence, soon, and not within a word."""
    one = facts.edges
    if one is None:
        return []
    most = limit("edge_lead")
    out = _border("opens", one.cut_open, one.opens_inside, "start", facts.by_hand[0])
    late = f"{one.lead:.2f} s before the first word"
    out.append(
        Verdict("opens with speech", late, f"at most {most.value:g} s", one.lead <= most.value or facts.by_hand[0],
                most.source, "move the start in clips.yaml nearer to the first word")
    )  # fmt: skip
    return out


def ending(facts: Facts) -> list[Verdict]:
    """It ends on a sentence, with its last sound, and not within a word."""
    one = facts.edges
    if one is None:
        return []
    least = limit("edge_air")
    out = _border("ends", one.cut_close, one.closes_inside, "end", facts.by_hand[1])
    good = one.air >= min(least.value, one.air_there) - SLACK or facts.by_hand[1]
    wanted = f"at least {least.value:g} s, where there is a pause"
    mend = 'move the end in clips.yaml, for example end: "+0.2 s"'
    out.append(Verdict("last word rings out", f"{one.air:.2f} s after it", wanted, good, least.source, mend))
    return out


def _border(name: str, cut: str, outside: str, edge: str, by_hand: bool) -> list[Verdict]:
    """A word that is cut is a fault; a sentence that is cut is one unless the producer put the edge there."""
    mend = f'write {edge}: "-1 sentence" or the words themselves in clips.yaml, then clipper render OUT'
    short = outside if len(outside) <= 60 else (outside[:60] if edge == "end" else "…" + outside[-60:])
    told = f"inside a sentence, without “{short}”" if outside else "with a whole sentence"
    whole = "cuts no word"
    return [
        Verdict(f"{name} beside a word", f"cuts through “{cut}”" if cut else whole, whole, not cut, WORDS, mend),
        Verdict(f"{name} on a sentence", told + (", as you cut it" if outside and by_hand else ""),
                "with a whole sentence", not outside or by_hand, WORDS, mend),
    ]  # fmt: skip
