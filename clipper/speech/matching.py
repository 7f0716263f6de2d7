"""A text that a person wrote, laid on the words that were heard. In: a transcript whose times are guesses or spread,
and what the recogniser heard; out: the person's words at the times of the sound, and the spans where the two differ.

Runs of words that stand once in both are anchors (patience diff); between them the usual comparison finds the rest.
What has no counterpart is not forced: a text that is not heard is left out, a talk that is not written is told.

Source of the anchors: B. Cohen, "Patience Diff", 2010 (longest increasing run of lines that are unique in both texts).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from clipper.span import Span, clock
from clipper.speech.align import spread
from clipper.speech.edges import usual_length
from clipper.speech.model import Transcript, Word, join
from clipper.speech.offsets import Said, said

GRAMS = (4, 3, 2)  # words of an anchor, the longest first
SMALL = 400  # words on either side that the usual comparison takes at once
UNSAID = 6  # words of a text in a row that have no place in the sound before they are left out
CROWDED = 0.4  # of the time that such words take: less room than this, and they are not said there
UNWRITTEN = 12  # heard words in a row that the text has not, before they are told
FIT = 0.3  # share of the text that must be heard, or it is another episode's
QUOTED = 6  # words of a place that are quoted

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Laid:
    """Attributes:
    transcript: the given words, times from the sound; without those that are not said.
    unsaid: spans of the given text (in its own order, as quotes) that the sound has not, and where they would be.
    unwritten: spans of the sound whose words the text has not.
    share: of the given words that were heard.
    """

    transcript: Transcript
    unsaid: tuple[tuple[Span, str], ...]
    unwritten: tuple[tuple[Span, str], ...]
    share: float

    @property
    def notes(self) -> tuple[str, ...]:
        """What the producer should know, a line each."""
        lines = [f"your transcript says “{text}” at {clock(s.start, 0)}, which is not heard there: left out"
                 for s, text in self.unsaid]  # fmt: skip
        lines += [
            f"from {clock(s.start, 0)} to {clock(s.end, 0)} something is said that your transcript has not (“{text}”)"
            for s, text in self.unwritten
        ]
        return tuple(lines)


def lay(given: Transcript, heard: Transcript) -> Laid:
    """The given words at the times at which they were heard.

    Words between two that match share the time between them in proportion to their length.
    """
    text, sound = said(given.words), said(heard.words)
    pairs = list(_pairs(text, sound))
    places: dict[int, int] = {}
    for a, b in pairs:
        places.setdefault(int(text.word[a]), int(sound.word[b]))
    share = len(places) / max(1, len(given.words))
    words: list[Word] = []
    unsaid: list[tuple[Span, str]] = []
    matched = sorted(places)
    for first, last in _gaps(matched, len(given.words)):
        before = heard.words[places[first - 1]] if first else None
        after = heard.words[places[last]] if last < len(given.words) else None
        run = given.words[first:last]
        if run:
            start = before.end if before else 0.0
            end = after.start if after else heard.duration or (heard.words[-1].end if heard.words else 0.0)
            made = _between(run, start, end)
            if made is None:
                unsaid.append((Span(start=start, end=max(start + 0.01, end)), _quote(run)))
            words += made or []
        if after is not None:
            one = given.words[last]
            words.append(one.model_copy(update={"start": after.start, "end": after.end}))
    unwritten = [
        (Span(start=heard.words[a].start, end=max(heard.words[b - 1].end, heard.words[a].start + 0.01)),
         _quote(heard.words[a:b]))
        for a, b in _gaps(sorted(set(places.values())), len(heard.words)) if b - a >= UNWRITTEN
        and not _covered(words, heard.words[a].start, heard.words[b - 1].end)
    ]  # fmt: skip
    done = given.model_copy(update={"words": tuple(_forwards(words)), "duration": heard.duration, "timing": "measured"})
    return Laid(done, tuple(unsaid), tuple(unwritten), share)


def _pairs(text: Said, sound: Said) -> Iterator[Pair]:
    """Places in both that are one word, running forwards."""
    yield from _inside(text.keys, sound.keys, 0, len(text.keys), 0, len(sound.keys), 0)


def _inside(one: Sequence[str], other: Sequence[str], a: int, b: int, c: int, d: int, level: int) -> Iterator[Pair]:
    """The pairs of one[a:b] and other[c:d]."""
    if a >= b or c >= d:
        return
    if max(b - a, d - c) <= SMALL or level == len(GRAMS):
        if max(b - a, d - c) > 4 * SMALL:
            return  # nothing that stands once in both: another text
        matcher = SequenceMatcher(None, one[a:b], other[c:d], autojunk=False)
        for block in matcher.get_matching_blocks():
            yield from ((a + block.a + k, c + block.b + k) for k in range(block.size))
        return
    size = GRAMS[level]
    at, there = a, c
    for x, y in _anchors(one, other, a, b, c, d, size):
        if x < at or y < there:
            continue
        yield from _inside(one, other, at, x, there, y, level + 1)
        yield from ((x + k, y + k) for k in range(size))
        at, there = x + size, y + size
    yield from _inside(one, other, at, b, there, d, level + 1)


def _anchors(one: Sequence[str], other: Sequence[str], a: int, b: int, c: int, d: int, size: int) -> list[Pair]:
    """Runs of `size` words that stand once in each part, in the longest order that runs forwards."""
    grams = [{}, {}]  # type: list[dict[tuple[str, ...], int]]
    for found, keys, first, last in ((grams[0], one, a, b), (grams[1], other, c, d)):
        times = Counter(tuple(keys[i : i + size]) for i in range(first, last - size + 1))
        found.update({tuple(keys[i : i + size]): i for i in range(first, last - size + 1)
                      if times[tuple(keys[i : i + size])] == 1})  # fmt: skip
    both = sorted((i, grams[1][gram]) for gram, i in grams[0].items() if gram in grams[1])
    ends: list[int] = []  # patience: the last place in `other` of each length's best run
    tops: list[int] = []
    back: list[int] = []
    for n, (_, y) in enumerate(both):
        k = bisect_left(ends, y)
        ends[k : k + 1] = [y]
        tops[k : k + 1] = [n]
        back.append(tops[k - 1] if k else -1)
    out: list[Pair] = []
    n = tops[-1] if tops else -1
    while n >= 0:
        out.append(both[n])
        n = back[n]
    return out[::-1]


def _gaps(matched: Sequence[int], size: int) -> Iterator[Pair]:
    """The runs before each number and after the last, first and behind last; empty ones too."""
    at = 0
    for number in matched:
        yield at, number
        at = number + 1
    yield at, size


def _between(run: Sequence[Word], start: float, end: float) -> list[Word] | None:
    """The words between two that were heard; None where they cannot have been said there."""
    usual = sum(usual_length(w.text) for w in run)
    if len(run) >= UNSAID and end - start < CROWDED * usual:
        return None
    if end - start > 3 * usual:  # a pause, or something that the text has not: behind what they follow
        end = start + 1.5 * usual
    times = spread([w.text for w in run], start, max(end, start))
    return [w.model_copy(update={"start": a, "end": b}) for w, (a, b) in zip(run, times, strict=True)]


def _covered(words: Sequence[Word], start: float, end: float) -> bool:
    """Whether the text has words of its own for most of that time: said otherwise, not missing."""
    inside = sum(min(w.end, end) - max(w.start, start) for w in words if w.end > start and w.start < end)
    return inside > 0.5 * (end - start)


def _forwards(words: Sequence[Word]) -> Iterator[Word]:
    at = 0.0
    for word in words:
        at = max(at, word.start)
        yield word.model_copy(update={"start": at, "end": max(word.end, at)})


def _quote(words: Sequence[Word]) -> str:
    if len(words) <= 2 * QUOTED:
        return join(list(words))
    return f"{join(list(words[:QUOTED]))} … {join(list(words[-QUOTED:]))}"
