"""Cuts an episode into stretches that fit into memory, and each stretch into windows in which somebody speaks.

In: blocks of samples; out: stretches, in order, each with its windows. Cuts lie in pauses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clipper.speech.engines.base import HOP, RATE, Window
from clipper.speech.engines.machine import wait_politely
from clipper.speech.limits import limits

if TYPE_CHECKING:
    from clipper.speech.audio import Block
    from clipper.speech.engines.base import Samples


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the episode.

    Attributes:
        first: the number of its first sample in the episode.
        samples: float32 mono at 16 kHz, shape (n,).
        windows: sample numbers within `samples`; empty where nobody speaks.
    """

    first: int
    samples: Samples
    windows: tuple[Window, ...]

    @property
    def last(self) -> int:
        return self.first + len(self.samples)


def stretches(blocks: Iterable[Block], start: int = 0) -> Iterator[Stretch]:
    """The stretches of an episode, from sample `start` on, which is where an earlier run ended one.

    Each is about limits().stretch.seconds long; they meet without gap or overlap.
    """
    import numpy as np

    longest = int(limits().stretch.seconds * RATE)
    held: list[Block] = []
    size, position = 0, 0
    for block in blocks:
        if position + len(block) <= start:
            position += len(block)
            continue
        piece = block[max(0, start - position) :]
        position += len(block)
        held.append(piece)
        size += len(piece)
        if size >= longest:
            stretch, rest = _cut(start, np.concatenate(held))
            yield stretch
            start, held, size = stretch.last, [rest], len(rest)
    if size:
        samples = _floats(np.concatenate(held))
        yield Stretch(start, samples, windows(samples))


def _cut(first: int, samples: Block) -> tuple[Stretch, Block]:
    """A stretch that ends before the last window, in which somebody may still be speaking, and what is left."""
    floats = _floats(samples)
    found = windows(floats, goes_on=True)
    end = len(samples)
    if len(found) > 1:
        end = (found[-2].last + found[-1].first) // 2 // HOP * HOP
        found = tuple(Window(w.first, min(w.last, end)) for w in found[:-1])
    elif found:
        # One window in minutes of silence: cut before it, or after it if it is what the stretch begins with.
        clear = found[0].first // HOP * HOP
        end, found = (clear, ()) if clear > RATE else (min(end, found[0].last), found)
    return Stretch(first, floats[:end], found), samples[end:].copy()


def _floats(samples: Block) -> Samples:
    import numpy as np

    return samples.astype(np.float32) / np.float32(32768)


def windows(samples: Samples, *, goes_on: bool = False) -> tuple[Window, ...]:
    """Where somebody speaks, in windows that a recogniser takes at once: at most 30 s, cut in pauses.

    Args:
        goes_on: there is more behind `samples`; the last window will be made anew together with it.

    Source: Silero VAD v6 as shipped with faster-whisper.
    """
    wait_politely()
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    voice, stretch = limits().voice, limits().stretch
    pad = voice.pad_ms * RATE // 1000
    options = VadOptions(
        threshold=voice.threshold,
        min_speech_duration_ms=voice.min_speech_ms,
        min_silence_duration_ms=voice.min_silence_ms,
        max_speech_duration_s=stretch.window - 2 * pad / RATE,
        speech_pad_ms=0,  # as they are: how long a pause is says where to cut
    )
    spoken = [Window(int(s["start"]), int(s["end"])) for s in get_speech_timestamps(samples, options)]
    return tuple(_padded(pack(spoken, pad, goes_on=goes_on), pad, len(samples)))


def pack(spoken: Sequence[Window], pad: int = 0, *, goes_on: bool = False) -> list[Window]:
    """Joins runs of speech to as few windows as can be, cut where pauses are long, never over a very long one.

    What a recogniser costs is counted in windows, however short; a word at a cut is heard badly. So the cheapest
    partition is taken (dynamic programming): 1 for a window, up to limits().stretch.tight for a cut in no pause at all.

    Args:
        spoken: in order of time, none longer than a window.
        pad: samples that a window will be longer by on either side.
        goes_on: the last window will grow, so it costs only as much as it is full.

    >>> pack([Window(0, 160), Window(320, 480), Window(99_200, 99_360)])
    [Window(first=0, last=480), Window(first=99200, last=99360)]
    """
    rules = limits().stretch
    longest, gap, calm = (round(seconds * RATE) for seconds in (rules.window, rules.gap, rules.calm))
    costs, backs = [0.0], [0]
    for behind in range(1, len(spoken) + 1):
        best = None
        for first in range(behind - 1, -1, -1):
            length = spoken[behind - 1].last - spoken[first].first + 2 * pad
            pause = spoken[first].first - spoken[first - 1].last if first else calm
            if length > longest and best is not None:
                break
            cost = costs[first] + rules.tight * max(0.0, 1 - pause / calm)
            cost += length / longest if goes_on and behind == len(spoken) else 1.0
            if best is None or cost < best[0]:
                best = (cost, first)
            if pause > gap:
                break
        assert best is not None
        costs.append(best[0])
        backs.append(best[1])
    made, behind = [], len(spoken)
    while behind:
        made.append(Window(spoken[backs[behind]].first, spoken[behind - 1].last))
        behind = backs[behind]
    return made[::-1]


def _padded(made: Sequence[Window], pad: int, size: int) -> Iterator[Window]:
    """The windows with some of the pause around them, up to its middle, on frames: engines count time in these."""
    for i, window in enumerate(made):
        before = (made[i - 1].last + window.first) // 2 if i else 0
        after = (window.last + made[i + 1].first) // 2 if i + 1 < len(made) else size
        first, last = max(before, window.first - pad), min(after, window.last + pad)
        yield Window(first // HOP * HOP, last // HOP * HOP)
