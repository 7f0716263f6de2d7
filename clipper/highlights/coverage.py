"""Why a bullet of the page has no clip. In: a setting, the runs there were and those chosen; out: a line a bullet.

Pure. Each line names what can be looked up: seconds, words, the clip that was stronger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from clipper.highlights.boundaries import CLEAN_OPEN, opening
from clipper.highlights.model import Candidate, Settings, TopicMatch
from clipper.highlights.signals.base import Runs, Setting
from clipper.highlights.talk import Floats
from clipper.highlights.terms import pieces, terms_in
from clipper.span import Span, clock

HALF = 0.5  # of the shorter one: from here on a run belongs to a bullet's passage
MOSTLY = 0.6  # of a passage's sentences that are no talk


def uncovered(
    setting: Setting,
    settings: Settings,
    found: Runs,
    scores: Floats,
    candidates: Sequence[Candidate],
    before: Sequence[str],
) -> tuple[str, ...]:
    """For each bullet in page order why it has no clip; empty where it has one.

    Args:
        found, scores: every run that could have been chosen, and the sum that ordered them, shape (m,).
        candidates: those that were.
        before: for each run why it was not to be offered again, "" where nothing speaks against it, length m.
    """
    out = []
    for k, match in enumerate(setting.topics.matches):
        span, said = match.span, _said(setting, match)
        mine = [c for c in candidates if c.topic == k or (span and _belongs(c.span, span))]
        silent = _silent(setting, match, said)
        # a clip that is about it by its place, not by its words, is believed only where there is talk about it
        if any(_says(c, said) for c in mine) or (not silent and any(c.topic == k for c in mine)):
            out.append("")
        elif silent:
            out.append(silent)
        elif span is None:
            out.append(_unclear(setting, match))
        elif settings.count <= 0:
            out.append("no clip was asked for")
        else:
            out.append(_passed_over(setting, settings, span, found, scores, candidates, before))
    return tuple(out)


def _said(setting: Setting, match: TopicMatch) -> list[int]:
    """The sentences that say a word of a bullet."""
    talk = setting.talk
    wanted = terms_in(match.topic, talk.terms, talk.lang)
    numbers = sorted({talk.terms.number[t] for t in wanted if t in talk.terms.number})
    return [int(i) for i in np.unique(talk.term_sentence[np.isin(talk.terms.ids, numbers)])]


def _says(candidate: Candidate, said: Sequence[int]) -> bool:
    return any(candidate.first <= i < candidate.last for i in said)


def _silent(setting: Setting, match: TopicMatch, said: Sequence[int]) -> str:
    """Why a bullet's words are no talk about it; empty where they may be."""
    if not terms_in(match.topic, setting.talk.terms, setting.talk.lang):
        return "it has no word that could be looked for"
    if not said:
        return "never talked about: none of its words is said"
    kinds = Counter(setting.kinds[i] for i in said)
    if "" not in kinds:
        return f"its words are said only in the {kinds.most_common(1)[0][0]} ({_clocks(setting, said)})"
    return f"only named in passing, at {_clocks(setting, said)}" if len(said) == 1 else ""


def _unclear(setting: Setting, match: TopicMatch) -> str:
    """Why no passage is about a bullet whose words are said."""
    talk = setting.talk
    written = {t: p for p in pieces(match.topic) for t in terms_in(p, talk.terms, talk.lang)}
    missing = [f"“{p}”" for t, p in written.items() if t not in talk.terms.number]
    if missing:
        return f"not talked about as far as can be told: {', '.join(missing[:3])} {_is(len(missing))} never said"
    return "not talked about as far as can be told: its words are said here and there, nowhere together"


def _passed_over(
    setting: Setting,
    settings: Settings,
    span: Span,
    found: Runs,
    scores: Floats,
    candidates: Sequence[Candidate],
    before: Sequence[str],
) -> str:
    """Why a passage that is there has no clip."""
    talk = setting.talk
    inside = np.flatnonzero((talk.ends > span.start) & (talk.starts < span.end))
    place = f"{clock(span.start, 0)} to {clock(span.end, 0)}"
    kinds = Counter(setting.kinds[i] for i in inside.tolist())
    kinds.pop("", None)
    if kinds and sum(kinds.values()) >= MOSTLY * len(inside):
        return f"talked about only in the {kinds.most_common(1)[0][0]}, {place}"
    start, end = talk.starts[found.first], talk.ends[found.last - 1]
    common = np.minimum(end, span.end) - np.maximum(start, span.start)
    own = np.flatnonzero(common > HALF * np.minimum(end - start, span.seconds))
    if not len(own):
        if span.seconds < settings.shortest:
            return f"talked about only for {span.seconds:.0f} s, {place}, less than a clip of {settings.shortest:g} s"
        return (
            f"talked about, {place}, but no run of whole sentences there opens and ends well{_example(setting, inside)}"
        )
    fresh = [k for k in own.tolist() if not before[k]]
    if not fresh:
        return f"talked about, {place}, but {before[int(own[0])]}"
    best = max(fresh, key=lambda k: (float(scores[k]), -k))
    run = Span(start=float(start[best]), end=float(end[best]))
    taken = next((c for c in candidates if c.span.overlap(run) > 0), None)
    if taken is not None:
        return f"its best passage, from {clock(run.start, 0)}, runs into the clip at {_at(taken)}, which was stronger"
    if candidates and len(candidates) < settings.count:
        return f"talked about, {place}, too near to the clip at {_at(_nearest(candidates, span))}"
    stronger = sum(1 for c in candidates if c.score > scores[best])
    if stronger == len(candidates):
        return f"talked about, {place}, but {len(candidates)} other passages were stronger: ask for more with --count"
    return f"talked about, {place}, but nearer to clips that were chosen before it: ask for more with --count"


def _example(setting: Setting, inside: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    """What is wrong with an opening there, for example."""
    faults = Counter(f for i in inside.tolist() if (f := opening(setting.talk, i)) != CLEAN_OPEN)
    return f" (one {faults.most_common(1)[0][0]})" if faults else ""


def _belongs(clip: Span, place: Span) -> bool:
    return clip.overlap(place) > HALF * min(clip.seconds, place.seconds)


def _nearest(candidates: Sequence[Candidate], span: Span) -> Candidate:
    return min(candidates, key=lambda c: abs(c.span.start + c.span.end - span.start - span.end))


def _at(candidate: Candidate) -> str:
    return clock(candidate.span.start, 0)


def _clocks(setting: Setting, sentences: Sequence[int]) -> str:
    shown = [clock(float(setting.talk.starts[i]), 0) for i in sentences[:3]]
    return ", ".join(shown) + (", ..." if len(sentences) > 3 else "")


def _is(many: int) -> str:
    return "is" if many == 1 else "are"
