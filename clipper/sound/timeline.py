"""Which sample of the episode each decoded frame begins with.

In: an open media file and a time; out: frames from a little before that time on, and the number of their first sample.
Sample 0 is the first one that a decode from the start gives; numbers count decoded samples, as `speech` does too, and
the container's clock only helps to jump into the middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from math import gcd
from statistics import median_low
from typing import TYPE_CHECKING

from clipper.sound.holes import Holes

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

# A decoder that starts in mid-stream needs some frames to come to rest (MP3's bit reservoir, AAC's overlap, and Opus,
# whose specification asks for 80 ms, RFC 7845, 4.6).
RUN_UP = 1.0
_FINE = Fraction(1, 1_000_000)  # seconds; a clock so fine (MP3's) tells holes to the sample as well
_BACK = (0, 30, 300, 1800)  # seconds before the place at which a file is entered where it cannot be at the place
_LOOK = 24  # frames whose stamps are compared: some are rounded, and Vorbis stamps its short blocks late


@dataclass(frozen=True, slots=True)
class Placed:
    """Frames in order, the first one beginning with sample `first` of the episode, counted at `rate` Hz."""

    first: int
    rate: int
    frames: Iterator[AudioFrame]


def from_start(container: InputContainer) -> Placed | None:
    """Every frame of the file; None where nothing can be decoded. Slow, and always right."""
    frames = decoded(container)
    head = next(frames, None)
    return None if head is None else Placed(0, head.sample_rate, chain([head], frames))


def near(container: InputContainer, start: float, holes: Holes) -> Placed | None:
    """Frames from about a second before `start` on; None where the file cannot be entered there with certainty."""
    frames = decoded(container)
    head = next(frames, None)
    if head is None:
        return None
    target = start - RUN_UP
    if target <= head.samples / head.sample_rate:
        return Placed(0, head.sample_rate, chain([head], frames))
    stream = container.streams.audio[0]
    base = stream.time_base
    if head.pts is None or base is None:
        return None
    zero, zero_samples, rate = head.pts, head.samples, head.sample_rate
    clock = zero + int(target / base)
    for stamp, ticks in holes:
        if clock + ticks >= stamp > zero:
            clock += ticks
    if not _entered(container, clock, [int(back / base) for back in _BACK]):
        return None
    frames = decoded(container)
    ahead = list(islice(frames, _LOOK))
    if not ahead or ahead[0].pts is None or ahead[0].sample_rate != rate:
        return None
    first = _number(ahead, zero, zero_samples, base, rate, holes)
    if first is None or first > start * rate:
        return None
    return Placed(first, rate, chain(ahead, frames))


def _entered(container: InputContainer, clock: int, back: list[int]) -> bool:
    """Goes to `clock` or, where the file lets nobody in there (a FLAC after hours of silence), to some time before."""
    import av

    for ticks in back:
        try:
            container.seek(max(0, clock - ticks), stream=container.streams.audio[0])
        except (av.FFmpegError, OSError, ValueError):
            continue
        return True
    return False


def decoded(container: InputContainer) -> Iterator[AudioFrame]:
    """The first sound stream's frames; bad packets are left out, a broken file ends where it breaks."""
    import av

    stream = container.streams.audio[0]
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            made = packet.decode()
        except StopIteration:
            return
        except (av.FFmpegError, ValueError, OSError):
            continue  # a broken container's generator is exhausted after it raised
        for frame in made:
            if frame.samples:
                yield frame


def _is_exact(base: Fraction, rate: int) -> bool:
    """Whether every sample has a stamp of its own: MP3, M4A, Ogg, WAV and FLAC have, Matroska and MPEG-TS have not."""
    return (1 / (base * rate)).denominator == 1


def _number(
    ahead: list[AudioFrame], zero: int, zero_samples: int, base: Fraction, rate: int, holes: Holes
) -> int | None:
    """The number of the first sample of `ahead`, whose stamps count from `zero`.

    The median over some frames counts; where the clock is coarser than a sample, it is taken to the nearest place at
    which a frame can begin: after the file's first one, all frames are multiples of some common length.
    """
    guesses: list[Fraction] = []
    before = 0
    for frame in ahead:
        if frame.pts is not None:
            missing = sum(ticks for stamp, ticks in holes if zero < stamp <= frame.pts)
            guesses.append((frame.pts - zero - missing) * base * rate - before)
        before += frame.samples
    if not guesses:
        return None
    guess = median_low(guesses)
    if len(ahead) == 1 or (_is_exact(base, rate) and (not holes or base < _FINE)):
        return max(0, round(guess))
    unit = gcd(*(frame.samples for frame in ahead[:-1]))  # the last one may be the file's last, cut short
    if unit <= base * rate:
        return max(0, round(guess))
    return max(0, zero_samples + round((guess - zero_samples) / unit) * unit)
