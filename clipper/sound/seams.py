"""Where exactly a clip leaves something out: in the quiet, on the sound itself. In: removals; out: the same, moved by
some hundredths of a second, less those that could not be heard away.

The words' times say about where; the sound says where nobody hears it. A pause is only shortened by what is quiet in
it, so that no breath and no laugh is cut in half; a filler only goes where the sound dips on both sides of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from clipper import cache
from clipper.plan.edits import Said
from clipper.plan.removals import Removal
from clipper.sound.decode import RATE, decode_window
from clipper.sound.quiet import HOP, Decibels, Quiet, levels, measured, quietest, zero_crossing
from clipper.span import Span

VERSION = 1  # raised when the same sound and words give other cuts
AROUND = 1.5  # seconds on either side that tell how loud speech and noise are
REACH = 0.12  # seconds that a cut may move
DIP = 9.0  # dB below the speech around it, from which a place between two words is one to cut
LEAST = 0.08  # seconds; a pause shortened by less is not worth a cut
GROW = 0.3  # seconds by which a word that is to be covered may be longer on either side than its times say
GUARD = 0.03  # seconds of quiet that stay beside a breath

_Row = list[float] | None  # start and end in seconds


def settled(audio: Path, removed: Sequence[Removal]) -> tuple[Removal, ...]:
    """The removals as they are cut; kept by the file's content.

    Raises:
        InputError: the sound cannot be decoded.
    """
    rows = _remembered(
        audio,
        [(r.kind, round(r.span.start, 3), round(r.span.end, 3)) for r in removed],
        lambda number: _settled(audio, removed[number]),
    )
    return tuple(
        Removal(one.kind, Span(start=row[0], end=row[1]), one.words, one.text)
        for one, row in zip(removed, rows, strict=True)
        if row is not None
    )


def covering(audio: Path, spans: Sequence[Span], said: Said | None) -> tuple[Span, ...]:
    """Words that are to be covered, to where the sound of each really begins and ends, between its neighbours.

    Raises:
        InputError: the sound cannot be decoded.
    """
    rooms = [_room(span, said) for span in spans]
    rows = _remembered(
        audio,
        [
            ("cover", *(round(s, 3) for s in (a.start, a.end, b.start, b.end)))
            for a, b in zip(spans, rooms, strict=True)
        ],
        lambda number: _grown(audio, spans[number], rooms[number]),
    )
    return tuple(Span(start=row[0], end=row[1]) for row in rows if row is not None)


def _room(span: Span, said: Said | None) -> Span:
    """As far as a covered word may reach: up to the middles of its neighbours, whose times may be off as well."""
    before, after = span.start - GROW, span.end + GROW
    for word in said.words if said is not None else ():
        middle = (word.start + word.end) / 2
        if middle < span.start:
            before = max(before, middle)
        elif middle > span.end:
            after = min(after, middle)
            break
    return Span(start=max(0.0, min(before, span.start)), end=max(after, span.end))


def _grown(audio: Path, span: Span, room: Span) -> list[float]:
    first = max(0.0, span.start - AROUND)
    curve = levels(decode_window(audio, Span(start=first, end=span.end + AROUND)))
    border = measured(curve).border
    start, end, low, high = (round((s - first) * RATE / HOP) for s in (span.start, span.end, room.start, room.end))
    reach = GROW * RATE / HOP
    a = quietest(curve, low, start + 1, start, reach, 6.0)
    b = quietest(curve, end, high + 1, end, reach, 6.0)
    # what is found must be a pause: else the neighbour would lose a part of itself
    a, b = a if curve[a] < border else start, b if curve[b] < border else end
    return [round(first + a * HOP / RATE, 5), round(first + b * HOP / RATE, 5)]


def _remembered(audio: Path, asked: Sequence[object], find: Callable[[int], _Row]) -> list[_Row]:
    """What `find` gives for each number, kept by the file's content and by what is asked."""
    if not asked:
        return []
    place = cache.entry("sound", cache.key("seams", VERSION, audio=cache.file_digest(audio), asked=asked) + ".json")
    rows = _kept(place, len(asked))
    if rows is None:
        rows = [find(number) for number in range(len(asked))]
        cache.write_text(place, json.dumps(rows))
    return rows


def _kept(place: Path, count: int) -> list[_Row] | None:
    try:
        rows = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    good = isinstance(rows, list) and len(rows) == count and all(r is None or len(r) == 2 for r in rows)
    return rows if good else None


def _settled(audio: Path, one: Removal) -> list[float] | None:
    """Start and end of a removal in seconds of the source; None where it had better stay."""
    first = max(0.0, one.span.start - AROUND)
    samples = decode_window(audio, Span(start=first, end=one.span.end + AROUND))
    curve = levels(samples)
    quiet = measured(curve)
    start, end = (round((s - first) * RATE / HOP) for s in (one.span.start, one.span.end))
    if one.kind == "pause":
        found = _silent(curve, start, end, quiet)
        if found is None:
            return None
        start, end = found
    elif one.span.start > 0:
        reach = round(REACH * RATE / HOP)
        middle = (start + end) // 2
        a = quietest(curve, start - reach, min(start + reach, middle), start, reach)
        b = quietest(curve, max(end - reach, middle + 1), end + reach, end, reach)
        if one.kind == "filler" and not (_dips(curve, a, quiet) and _dips(curve, b, quiet)):
            return None
        start, end = a, b
    seconds = [first + zero_crossing(samples, at * HOP) / RATE for at in (start, end)]
    return [round(s, 5) for s in seconds] if seconds[1] - seconds[0] > 0.02 else None


def _silent(curve: Decibels, start: int, end: int, quiet: Quiet) -> tuple[int, int] | None:
    """The longest stretch between two hops in which it is quiet; None where it is too short."""
    silent = np.concatenate([[False], curve[start : end + 1] < quiet.border, [False]])
    edges = np.flatnonzero(np.diff(silent.astype(np.int8)))
    runs = list(zip(edges[::2], edges[1::2], strict=True))
    if not runs:
        return None
    a, b = max(runs, key=lambda run: run[1] - run[0])
    guard = round(GUARD * RATE / HOP)
    # where the quiet goes on beyond the removal, nothing has to be kept off
    a, b = int(a) + guard * (a > 0), int(b) - guard * (b < end + 1 - start)
    return (start + a, start + b - 1) if b - a > LEAST * RATE / HOP else None


def _dips(curve: Decibels, at: int, quiet: Quiet) -> bool:
    """Whether a cut there falls between two sounds and not into one."""
    return bool(curve[min(at, len(curve) - 1)] < max(quiet.border, quiet.speech - 2 * DIP))
