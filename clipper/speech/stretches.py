"""Cuts an episode into stretches that fit into memory, and each stretch into windows in which somebody speaks.

In: blocks of samples; out: stretches, in order, each with its windows. Cuts lie in pauses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    found = windows(floats)
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


def windows(samples: Samples) -> tuple[Window, ...]:
    """Where somebody speaks, in windows that a recogniser takes at once: at most 30 s, cut in the widest pauses.

    Source: Silero VAD v6 as shipped with faster-whisper.
    """
    wait_politely()
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    voice, stretch = limits().voice, limits().stretch
    options = VadOptions(
        threshold=voice.threshold,
        min_speech_duration_ms=voice.min_speech_ms,
        min_silence_duration_ms=voice.min_silence_ms,
        max_speech_duration_s=stretch.window,
        speech_pad_ms=voice.pad_ms,
    )
    spoken = [Window(int(s["start"]), int(s["end"])) for s in get_speech_timestamps(samples, options)]
    return tuple(pack(spoken, int(stretch.window * RATE), int(stretch.gap * RATE)))


def pack(spoken: list[Window], longest: int, gap: int) -> Iterator[Window]:
    """Joins stretches of speech to windows of at most `longest` samples, never over a pause of more than `gap`.

    A run that is too long is cut at the widest pause of its last third, so that few words stand at a cut.

    >>> list(pack([Window(0, 160), Window(320, 480), Window(9920, 10080)], 1600, 800))
    [Window(first=0, last=480), Window(first=9920, last=10080)]
    """
    run: list[Window] = []
    for piece in spoken:
        if run and piece.first - run[-1].last > gap:
            yield _joined(run)
            run = []
        while run and piece.last - _floor(run[0].first) > longest:
            cut = _widest(run, piece)
            yield _joined(run[:cut])
            run = run[cut:]
        run.append(piece)
    if run:
        yield _joined(run)


def _widest(run: list[Window], following: Window) -> int:
    """How many pieces of `run` go before the cut: at the widest pause of the last third, else after all of them."""
    ends = [*run[1:], following]
    late = run[0].first + (run[-1].last - run[0].first) * 2 / 3
    choices = [i for i in range(1, len(run) + 1) if run[i - 1].last >= late]
    return max(choices, key=lambda i: (ends[i - 1].first - run[i - 1].last, i))


def _joined(run: list[Window]) -> Window:
    return Window(_floor(run[0].first), _floor(run[-1].last))


def _floor(sample: int) -> int:
    """The start of the frame that holds `sample`: engines count time in frames. Windows that meet do not overlap."""
    return sample // HOP * HOP
