"""Further candidates that somebody asked for. In: a setting, the ranked runs, what is taken; out: candidates. Pure.

"More like this" goes by what passages are about; "another from this part" stays in a stretch of the episode. Neither
touches what is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from clipper.highlights.find import Ranked, told
from clipper.highlights.model import Candidate, Reason
from clipper.highlights.select import standard
from clipper.highlights.sense import likeness
from clipper.highlights.signals.base import Setting
from clipper.highlights.talk import Floats
from clipper.span import Span, clock

QUALITY = 0.5  # how much a run's own score counts beside its likeness, in spreads of both
TOPICS = 0.5  # how much the page's bullets count beside the sense of the words
LEAST = 0.5  # spreads above the mean: what is less like it is not called like it
PART = 180.0  # seconds on both sides of a clip that are its part, where neither bullet nor chapter says so
BETWEEN = 1.0  # seconds that must lie between two clips


def more_like(
    setting: Setting,
    ranked: Ranked,
    span: Span,
    taken: Sequence[Span],
    count: int,
    name: str = "this clip",
    titles: Collection[str] = (),
) -> tuple[Candidate, ...]:
    """Up to `count` candidates that speak of the same things as what is said in `span`, most alike first.

    Args:
        ranked: every run that may be a clip.
        span: of the clip that more are wanted of, in seconds.
        taken: what none of them may touch; `span` itself is never touched.
        name: of that clip, for the reason.
        titles: which none of them may have.
    """
    inside = _inside(setting, span)
    if not len(ranked.found) or not len(inside):
        return ()
    alike = _likeness(setting, ranked, inside)
    worth = standard(alike) + QUALITY * standard(ranked.scores)
    open_ = _free(setting, ranked, [span, *taken]) & (standard(alike) >= LEAST) & (alike > 0.0)
    chosen = _greedy(setting, ranked, worth, open_, count)
    out = []
    for k, candidate in zip(chosen, told(setting, ranked, chosen, titles), strict=True):
        shared = _shared(setting, inside, candidate)
        reason = Reason(
            signal="like",
            value=round(float(alike[k]), 3),
            unit="cosine",
            evidence=", ".join(shared),
            text=f"Like {name}" + (f": both speak of {', '.join(shared)}." if shared else "."),
        )
        out.append(candidate.model_copy(update={"reasons": (reason, *candidate.reasons)}))
    return tuple(out)


def another_from(
    setting: Setting,
    ranked: Ranked,
    part: Span,
    taken: Sequence[Span],
    count: int = 1,
    titles: Collection[str] = (),
) -> tuple[Candidate, ...]:
    """Up to `count` candidates whose middle lies in `part`, best first, that touch nothing taken."""
    if not len(ranked.found):
        return ()
    start, end = _edges(setting, ranked)
    middle = (start + end) / 2
    open_ = _free(setting, ranked, taken) & (middle >= part.start) & (middle < part.end)
    chosen = _greedy(setting, ranked, ranked.scores, open_, count)
    reason = Reason(
        signal="part",
        value=round(part.start, 1),
        unit="seconds",
        evidence=clock(part.start, 0),
        text=f"You asked for another from {clock(part.start, 0)} to {clock(part.end, 0)}.",
    )
    return tuple(c.model_copy(update={"reasons": (reason, *c.reasons)}) for c in told(setting, ranked, chosen, titles))


def part_of(setting: Setting, span: Span, topic: str | None, room: float) -> Span:
    """The part of the episode that a clip belongs to.

    Args:
        topic: the bullet it is about.
        room: seconds that a part must have beside the clip, or it is too small to hold another.

    The passage of its bullet, else the chapter that it lies in, else three minutes on both sides.
    """
    duration, middle = setting.talk.duration, (span.start + span.end) / 2
    passage = next((m.span for m in setting.topics.matches if m.topic == topic and m.span is not None), None)
    # a bullet may be talked about twice: its passage is the clip's part only where the clip lies in it
    inside = passage is not None and passage.start <= middle < passage.end
    if passage is not None and inside and passage.seconds - passage.overlap(span) >= room:
        return passage
    starts = sorted(setting.feed.chapters)
    before, after = [s for s in starts if s <= middle], [s for s in starts if s > middle]
    if before:
        chapter = Span(start=before[-1], end=max(before[-1], after[0] if after else duration))
        if chapter.seconds - chapter.overlap(span) >= room:
            return chapter
    return Span(start=max(0.0, span.start - PART), end=min(duration, span.end + PART))


def _inside(setting: Setting, span: Span) -> list[int]:
    """The sentences whose middle lies in a span."""
    middle = (setting.talk.starts + setting.talk.ends) / 2
    return [int(i) for i in np.flatnonzero((middle >= span.start) & (middle < span.end))]


def _likeness(setting: Setting, ranked: Ranked, inside: list[int]) -> Floats:
    """How much each run speaks of what these sentences speak of, shape (m,)."""
    vectors = setting.sense.sentences
    sums = np.concatenate([np.zeros((1, vectors.shape[1])), np.cumsum(vectors, axis=0)])
    alike = likeness(sums[ranked.found.last] - sums[ranked.found.first], vectors[inside].sum(axis=0))
    strength = setting.topics.strength
    if not len(strength) or not strength[:, inside].any():
        return alike
    topics = np.stack([ranked.found.mean(row, setting.talk.lengths) for row in strength], axis=1)
    return np.asarray(alike + TOPICS * likeness(topics, strength[:, inside].mean(axis=1)))


def _shared(setting: Setting, inside: list[int], candidate: Candidate, most: int = 3) -> list[str]:
    """Words that both say, those first that the rest of the episode says least."""
    talk = setting.talk
    mine = np.isin(talk.term_sentence, inside)
    theirs = (talk.term_sentence >= candidate.first) & (talk.term_sentence < candidate.last)
    both = np.intersect1d(talk.terms.ids[mine], talk.terms.ids[theirs])
    often = np.bincount(talk.terms.ids, minlength=len(talk.terms.names))
    own = np.bincount(talk.terms.ids[mine | theirs], minlength=len(talk.terms.names))
    names = [n for n in both.tolist() if not any(c.isdecimal() for c in talk.terms.names[n])]
    order = sorted(names, key=lambda n: (-(own[n] ** 1.5) / often[n], n))
    words = []
    for number in order[:most]:
        place = int(talk.terms.word[np.flatnonzero((talk.terms.ids == number) & theirs)[0]])
        words.append(talk.said[place] or talk.terms.names[number])
    return words


def _edges(setting: Setting, ranked: Ranked) -> tuple[Floats, Floats]:
    return setting.talk.starts[ranked.found.first], setting.talk.ends[ranked.found.last - 1]


def _free(setting: Setting, ranked: Ranked, taken: Sequence[Span]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which runs touch nothing that is taken and were not used or refused before."""
    start, end = _edges(setting, ranked)
    free = np.array([not why for why in ranked.before], dtype=bool)
    for span in taken:
        free &= (end + BETWEEN <= span.start) | (start >= span.end + BETWEEN)
    return free


def _greedy(
    setting: Setting, ranked: Ranked, worth: Floats, open_: np.ndarray[tuple[int], np.dtype[np.bool_]], count: int
) -> list[int]:
    """Numbers of up to `count` runs, best first, none touching another; of two of the same worth the earlier one."""
    start, end = _edges(setting, ranked)
    value = np.where(open_, np.round(worth, 9), -np.inf)
    chosen: list[int] = []
    while len(chosen) < count and value.max(initial=-np.inf) > -np.inf:
        k = int(np.argmax(value))
        chosen.append(k)
        value = np.where((start < end[k] + BETWEEN) & (end > start[k] - BETWEEN), -np.inf, value)
    return chosen
