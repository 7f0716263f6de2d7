"""Times that a producer's transcript got wrong: small faults are repaired, nonsense is refused with its place.

In: cues as they stand in the file; out: cues in order of time. The order of the text is trusted more than single times.
"""

from __future__ import annotations

import bisect
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from clipper.errors import InputError
from clipper.span import clock
from clipper.speech.limits import limits

if TYPE_CHECKING:
    from clipper.speech.formats.cues import Cue

log = logging.getLogger(__name__)

_WEEK = 7 * 86_400.0


def in_order(cues: Sequence[Cue], duration: float | None, name: str) -> list[Cue]:
    """The cues sorted, none before its predecessor's start, all within the audio.

    Args:
        duration: of the audio in seconds; None where there is none to compare with.
        name: the file's, for messages.

    Raises:
        InputError: most times run backwards, or the transcript belongs to a longer recording.
    """
    _fit(cues, duration, name)
    placed = _unjumped(cues, name)
    placed.sort(key=lambda cue: cue.start)
    if duration is None:
        return placed
    inside = [cue for cue in placed if cue.start <= duration]
    if len(inside) < len(placed):
        log.warning("%s: %d cues begin after the audio's end and are left out", name, len(placed) - len(inside))
    return [replace(cue, end=duration) if cue.end is not None and cue.end > duration else cue for cue in inside]


def _fit(cues: Sequence[Cue], duration: float | None, name: str) -> None:
    """Refuses a transcript that outlasts its audio by more than rounding."""
    limit = _WEEK
    if duration is not None:
        limit = max(duration * (1 + limits().reading.beyond), duration + limits().reading.beyond_seconds)
    beyond = next((cue for cue in cues if cue.start > limit), None) or next(
        (cue for cue in cues if cue.end is not None and cue.end > limit), None
    )
    if beyond is not None:
        at = clock(max(beyond.start, beyond.end or 0.0), 0)
        length = f"the audio ends at {clock(duration, 0)}" if duration is not None else "no episode is a week long"
        raise InputError(
            f"{name}, {beyond.where}: {at}, but {length}",
            "check that transcript and audio are of the same edit of the same episode",
        )


def _unjumped(cues: Sequence[Cue], name: str) -> list[Cue]:
    """The cues with single wrong times replaced by what their neighbours leave room for.

    Raises:
        InputError: more than a few jump.
    """
    steady = _longest_rise([cue.start for cue in cues])
    if len(steady) == len(cues):
        return list(cues)
    slack, allowed = limits().reading.disorder, limits().reading.jumps * len(cues)
    kept = set(steady)
    jumps: list[int] = []
    made = list(cues)
    for i, cue in enumerate(cues):
        if i in kept:
            continue
        at = bisect.bisect(steady, i)
        before = cues[steady[at - 1]].start if at else 0.0
        after = cues[steady[at]].start if at < len(steady) else None
        if cue.start < before - slack or (after is not None and cue.start > after + slack):
            jumps.append(i)
            start = before if after is None else (before + after) / 2
            made[i] = replace(cue, start=start, end=after, words=None)
    if len(jumps) > allowed:
        first = cues[jumps[0]]
        earlier = cues[max(0, jumps[0] - 1)]
        raise InputError(
            f"{name}, {first.where}: {clock(first.start)} comes after {clock(earlier.start)}, and so the times of "
            f"{len(jumps)} of {len(cues)} cues run backwards or jump",
            "export the transcript again, sorted by time",
        )
    if jumps:
        log.warning("%s: the times of %d cues jump and were set between their neighbours'", name, len(jumps))
    return made


def _longest_rise(values: Sequence[float]) -> list[int]:
    """The indices of a longest subsequence that never falls; n log n.

    >>> _longest_rise([1.0, 9.0, 2.0, 3.0])
    [0, 2, 3]
    """
    tails: list[float] = []
    ends: list[int] = []
    before: list[int] = []
    for i, value in enumerate(values):
        at = bisect.bisect_right(tails, value)
        before.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(value)
            ends.append(i)
        else:
            tails[at], ends[at] = value, i
    rise: list[int] = []
    i = ends[-1] if ends else -1
    while i >= 0:
        rise.append(i)
        i = before[i]
    return rise[::-1]
