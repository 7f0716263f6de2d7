"""A window of an episode's sound, decoded without touching the rest.

In: a media file and a span; out: samples at 48 kHz in stereo, and nothing else in memory. Which frame of the file
stands where on the time axis is `timeline`'s affair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from clipper.errors import InputError
from clipper.media import Mix, opening
from clipper.span import Span

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

    from clipper.sound.timeline import Placed

RATE = 48_000
CHANNELS = 2
Samples = NDArray[np.float32]


def decode_window(path: Path, span: Span) -> Samples:
    """The samples of `span`, float32, shape (n, 2), 48 kHz, full scale 1.0; n is exact, silence beyond the end.

    Time zero is the first sample that a decode from the start gives, and every window holds the same samples as such a
    decode does there. What can be decoded of a damaged file is given.

    Raises:
        InputError: the file cannot be opened, has no sound, or nothing of it can be decoded.
    """
    import av

    from clipper.media import probe_sound
    from clipper.sound.holes import holes
    from clipper.sound.timeline import from_start, near

    first = round(span.start * RATE)
    out = np.zeros((round(span.end * RATE) - first, CHANNELS), dtype=np.float32)
    try:
        probe_sound(path)
        jumps = holes(path)
        filled = jumps is not None and _filled(path, out, first, lambda c: near(c, span.start, jumps))
        if not filled and not _filled(path, out, first, from_start):
            raise InputError(f"no sound in {path.name} can be decoded", "export or download the audio again")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise InputError(
            f"{path.name} cannot be decoded at {span.start:.1f} s ({error})",
            "check the name, or export the audio again",
        ) from error
    return np.nan_to_num(out, copy=False, posinf=0.0, neginf=0.0)


def first_seconds(path: Path, most: float) -> Samples:
    """The sound of a file from its start, float32, shape (n, 2), 48 kHz; no more than about `most` seconds of it.

    Raises:
        InputError: it cannot be opened, has no sound, or nothing of it can be decoded.
    """
    import av

    from clipper.media import probe_sound
    from clipper.sound.timeline import from_start

    probe_sound(path)
    made: list[Samples] = []
    try:
        with av.open(str(path), metadata_errors="ignore", options=opening(path)) as container:
            placed = from_start(container)
            for at, piece in _pieces(placed) if placed else ():
                made.append(piece)
                if at > most * RATE:
                    break
    except (av.FFmpegError, OSError, ValueError) as error:
        raise InputError(f"{path.name} cannot be decoded ({error})", "export the audio again") from error
    if not made:
        raise InputError(f"no sound in {path.name} can be decoded", "export or download the audio again")
    return np.nan_to_num(np.concatenate(made), copy=False, posinf=0.0, neginf=0.0)


def _filled(path: Path, out: Samples, first: int, place: Callable[[InputContainer], Placed | None]) -> bool:
    """Opens the file, lets `place` find its frames and fills `out` from them; False where it finds none."""
    import av

    with av.open(str(path), metadata_errors="ignore", options=opening(path)) as container:
        container.streams.audio[0].codec_context.thread_type = "AUTO"
        placed = place(container)
        if placed is None:
            return False
        _fill(out, first, placed)
        return True


def _fill(out: Samples, first: int, placed: Placed) -> None:
    """Writes into `out`, whose first sample is number `first` of the episode, what `placed` has for it."""
    for at, piece in _pieces(placed):
        begin = at - first
        if begin >= len(out):
            return
        target = max(0, begin)
        source = piece[target - begin :]
        count = min(len(source), len(out) - target)
        if count > 0:
            out[target : target + count] = source[:count]


def _pieces(placed: Placed) -> Iterator[tuple[int, Samples]]:
    """Pairs of (first sample's number at 48 kHz, samples), in order and gapless."""
    mix = Mix("flt", "stereo", RATE)
    at, frames = _on_the_grid(placed)
    for frame in chain(frames, [None]):
        for piece in mix(frame):
            yield at, piece.astype(np.float32, copy=False)
            at += len(piece)


def _on_the_grid(placed: Placed) -> tuple[int, Iterator[AudioFrame]]:
    """Drops the few samples before one that falls on a sample at 48 kHz exactly.

    The resampler then computes the very samples that it would have computed coming from the start.
    """
    rate = placed.rate
    step = rate // gcd(rate, RATE)
    excess = -placed.first % step
    at = (placed.first + excess) * RATE // rate
    if not excess:
        return at, placed.frames
    return at, _without(placed.frames, excess)


def _without(frames: Iterator[AudioFrame], excess: int) -> Iterator[AudioFrame]:
    """`frames` less their first `excess` samples."""
    for frame in frames:
        if excess >= frame.samples:
            excess -= frame.samples
        elif excess:
            yield _tail(frame, excess)
            excess = 0
        else:
            yield frame


def _tail(frame: AudioFrame, skip: int) -> AudioFrame:
    import av

    values = frame.to_ndarray()
    skip_values = skip if frame.format.is_planar else skip * len(frame.layout.channels)
    rest: Any = np.ascontiguousarray(values[:, skip_values:])
    tail = av.AudioFrame.from_ndarray(rest, format=frame.format.name, layout=frame.layout.name)
    tail.sample_rate = frame.sample_rate
    return tail
