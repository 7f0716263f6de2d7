"""From where on a transcript lies at which distance from its sound. In: its words and an ear that hears windows of the
sound; out: stretches of one distance, and what is not in the sound.

Pure but for the ear. The border between two windows at different distances is found by halving: first the last word
that is heard at the earlier distance, then the first one at the later. What lies between was put in (no words lie
there) or taken out (words lie there that nobody says).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from clipper.speech.model import Word
from clipper.speech.offsets import APART, Given, Match, Said, chain

WINDOW = 12.0  # seconds that are heard at once: about thirty words
LEAST_WINDOWS, USUAL_WINDOWS, MOST_WINDOWS = 3, 8, 12
NARROW, WIDE = 40.0, 450.0  # seconds between windows: not closer in short episodes, if possible not wider in long ones
NEAR = 0.6  # seconds within which times are right as they are
FINE = 5.0  # seconds to which a border is narrowed; a sentence's end inside is then taken
REST = 6  # words behind the last one that fits, from which it is the last
TAIL = 3.0  # seconds of misheard words at a border that are still given to the sentence they belong to
ROUNDING = 0.3  # seconds by which words may seem to overlap where something was taken out between them
ENOUGH = 8  # words in a window that may speak against a transcript
MANY = 20  # words in a window that speak against what stands there, if hardly one of them does
HARDLY = 0.1  # share of them
DRIFTS = 4  # distances from which on they may be one that grows
STRAIGHT = 0.8  # seconds that it may lie off a straight line
_STOPS = (".", "?", "!", "…", "。", "？", "！")

Ear = Callable[[float], Said | None]  # hears WINDOW from a second of the sound on; None where it may not hear more


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries from `first` on lie `by` seconds too early; `marks` windows say so."""

    first: int
    by: float
    marks: int


@dataclass(frozen=True, slots=True)
class Map:
    """Attributes:
    stretches: in order; empty where nothing of the transcript is heard.
    missing: entries that the sound does not have, half-open.
    vague: entries between which a border lies that was not looked for more closely.
    other: seconds of the sound where it was listened and something else is said than stands there.
    heard: windows in which there was enough to compare, and how many of them fit.
    drift: (a, b) where the distance grows all along: what stands at t is said at t + a + b * t. Then there is one
        stretch, at the middle distance.
    """

    stretches: tuple[Stretch, ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    vague: tuple[tuple[int, int], ...] = ()
    other: tuple[float, ...] = ()
    heard: tuple[int, int] = (0, 0)
    drift: tuple[float, float] | None = None


def windows(given: Given, duration: float) -> list[float]:
    """Where to listen first: seconds at which windows begin, spread from the first words to the last, where the
    transcript has many words; empty where it has too few.
    """
    times = given.times[given.times <= duration]
    if len(times) < ENOUGH:
        return []
    first, last = float(times[0]), max(float(times[0]), float(times[-1]) - WINDOW)
    length = last - first
    count = int(np.clip(length / NARROW, LEAST_WINDOWS, USUAL_WINDOWS))
    count = int(np.clip(length / WIDE, count, MOST_WINDOWS))
    step = length / (count - 1)
    starts = times[times <= last]
    words = np.searchsorted(times, starts + WINDOW) - np.arange(len(starts))
    found: list[float] = []
    for k in range(count):
        near = np.abs(starts - first - k * step) <= max(step / 4, 0.1)
        if near.any():
            found.append(float(starts[near][int(np.argmax(words[near]))]))
    return sorted(set(found))


def offset_map(given: Given, words: Sequence[Word], starts: Sequence[float], ear: Ear) -> Map:
    """Listens at `starts`, then where distances change.

    Args:
        words: those that `given` was made of.
    """
    heard = [ear(start) for start in starts]
    chosen = chain([given.matches(one) if one is not None else [] for one in heard])
    telling = [one is not None and len(one.keys) >= ENOUGH for one in heard]
    counts = (sum(t or m is not None for t, m in zip(telling, chosen, strict=True)), sum(m is not None for m in chosen))
    groups = _groups([m for m in chosen if m is not None])
    if not groups:
        return Map(heard=counts)
    drift = _drift(given, groups)
    if drift is not None:
        middle = median(match.by for group in groups for match in group)
        return Map((Stretch(0, round(middle, 2), counts[1]),), heard=counts, drift=drift)
    by = [_distance(group) for group in groups]
    stretches = [Stretch(0, by[0], len(groups[0]))]
    missing: list[tuple[int, int]] = []
    vague: list[tuple[int, int]] = []
    for k in range(1, len(groups)):
        last, first, sure = _narrowed(given, ear, (by[k - 1], by[k]), groups[k - 1][-1].last, groups[k][0].first)
        if sure:
            last, first = _cut(given, words, by[k] - by[k - 1], last, first)
        else:
            vague.append((last, first))
            first = (last + first + 1) // 2
            last = first - 1
        if first - last > 1:
            missing.append((last + 1, first))
        stretches.append(Stretch(first, by[k], len(groups[k])))
    other = _other(given, starts, chosen, heard) if by == [0.0] else ()
    return Map(tuple(stretches), tuple(missing), tuple(vague), other, counts)


def _groups(matches: Sequence[Match]) -> list[list[Match]]:
    """Windows that follow one another at one distance."""
    groups: list[list[Match]] = []
    for match in matches:
        if groups and abs(match.by - median(m.by for m in groups[-1])) < APART:
            groups[-1].append(match)
        else:
            groups.append([match])
    return groups


def _drift(given: Given, groups: Sequence[Sequence[Match]]) -> tuple[float, float] | None:
    """The straight line on which all distances lie, where they change all along: captions made for 25 frames a second
    and shown at 23.976 come 4 % late. Advertisements are no line: they come at once.
    """
    matches = [match for group in groups for match in group]
    if len(groups) < DRIFTS or len(groups) < 0.7 * len(matches):
        return None
    at = np.array([float(given.times[(m.first + m.last) // 2]) for m in matches])
    by = np.array([m.by for m in matches])
    slope, start = np.polyfit(at, by, 1)
    near = np.abs(by - (start + slope * at)) < STRAIGHT
    return (float(start), float(slope)) if near.all() else None


def _distance(group: Sequence[Match]) -> float:
    by = median(d for match in group for d in match.differences)
    return 0.0 if abs(by) < NEAR else round(by, 2)


def _narrowed(given: Given, ear: Ear, by: tuple[float, float], last: int, first: int) -> tuple[int, int, bool]:
    """The last entry heard at the earlier distance, the first one at the later, and whether both are within FINE."""
    times = given.times
    top = first
    while top - last > 1 and times[top] - times[last] > FINE:
        middle = float(times[last] + times[top]) / 2
        heard = ear(middle + by[0] - WINDOW / 2)
        if heard is None:
            return last, first, False
        here, there = given.at(heard, by[0]), given.at(heard, by[1])
        if there is not None and last < there.first < first:
            first = there.first
            top = min(top, first)
        reached = int(np.searchsorted(times, middle - WINDOW / 2))
        if here is not None:
            last = max(last, min(here.last, first - 1))
            reached = top if times[last] >= middle else int(np.searchsorted(times, middle))
            if here.after >= REST:
                reached = min(reached, int(np.searchsorted(times, middle + WINDOW / 2)))
        top = max(last + 1, min(top, reached))
    low, middle = last, float(times[min(last + 1, first)]) + WINDOW / 2
    while first - low > 1 and times[first] - times[low] > FINE:
        heard = ear(middle + by[1] - WINDOW / 2)
        if heard is None:
            return last, first, False
        there = given.at(heard, by[1])
        reached = int(np.searchsorted(times, middle + WINDOW / 2)) - 1
        if there is not None:
            first = min(first, max(there.first, last + 1))
            reached = low if times[first] <= middle else int(np.searchsorted(times, middle)) - 1
            if there.before >= REST:
                reached = max(reached, int(np.searchsorted(times, middle - WINDOW / 2)) - 1)
        low = min(first - 1, max(low, reached))
        middle = float(times[low] + times[first]) / 2
    return *_doubted(given, ear, by, last, first), True


def _doubted(given: Given, ear: Ear, by: tuple[float, float], last: int, first: int) -> tuple[int, int]:
    """The same after both edges were heard once more, where more seems to be missing than was taken out: a recogniser
    passes over sentences now and then.
    """
    times = given.times

    def excess() -> float:
        return float(times[first] - times[last]) - max(0.0, by[0] - by[1])

    while first - last > 1 and excess() > FINE:
        heard = ear(float(times[first]) - WINDOW + by[1])
        match = given.at(heard, by[1]) if heard is not None else None
        if match is None or not last < match.first < first:
            break
        first = match.first
    while first - last > 1 and excess() > FINE:
        heard = ear(float(times[last]) + by[0])
        match = given.at(heard, by[0]) if heard is not None else None
        if match is None or not last < match.last < first:
            break
        last = match.last
    return last, first


def _cut(given: Given, words: Sequence[Word], change: float, last: int, first: int) -> tuple[int, int]:
    """The last entry before a border and the first one behind it, at the ends of sentences if they are near."""
    times = given.times
    if change > 0 and times[first] - times[last] <= 1.5 * FINE:  # only something put in: every word stays
        split = max(range(last, first), key=lambda p: (_ends(given, words, p), float(times[p + 1] - times[p]), -p))
        return split, split + 1
    best, chosen = -1.0, (last, first)
    for p in range(last, first):
        if times[p] - times[last] > TAIL:
            break
        for q in range(first, p, -1):
            until = words[int(given.said.word[p])].end - ROUNDING
            if times[first] - times[q] > TAIL or times[q] + change < until:
                break
            whole = 4.0 * _ends(given, words, p) + 4.0 * _ends(given, words, q - 1)
            if (worth := whole - 0.5 * (p - last) - 0.5 * (first - q)) > best:
                best, chosen = worth, (p, q)
    return chosen


def _ends(given: Given, words: Sequence[Word], entry: int) -> bool:
    """Whether an entry is the last one of a sentence."""
    number = int(given.said.word[entry])
    whole = entry + 1 == len(given.said.word) or given.said.word[entry + 1] != number
    return whole and words[number].text.rstrip("\"'”’»)").endswith(_STOPS)


def _other(
    given: Given, starts: Sequence[float], chosen: Sequence[Match | None], heard: Sequence[Said | None]
) -> tuple[float, ...]:
    """Windows between fitting ones where many words are heard and others stand there."""
    fits = [k for k, match in enumerate(chosen) if match is not None]
    times = given.times
    found = []
    for k in range(fits[0] + 1, fits[-1]):
        one, start = heard[k], starts[k]
        written = int(np.searchsorted(times, start + WINDOW) - np.searchsorted(times, start))
        if chosen[k] is None and one is not None and min(len(one.keys), written) >= MANY:
            found += [start] if given.at(one, 0.0, HARDLY) is None else []
    return tuple(found)
