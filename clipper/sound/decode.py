"""A window of an episode's sound, decoded without touching the rest.

In: a media file and a span; out: samples at 48 kHz in stereo, and nothing else in memory.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from clipper.errors import InputError
from clipper.span import Span

if TYPE_CHECKING:
    import av
    from av.audio.frame import AudioFrame

RATE = 48_000
CHANNELS = 2
Samples = NDArray[np.float32]
# A decoder that starts in mid-stream needs some frames to come to rest (MP3's bit reservoir, AAC's overlap).
RUN_UP = 1.0


def decode_window(path: Path, span: Span) -> Samples:
    """The samples of `span`, float32, shape (n, 2), 48 kHz, full scale 1.0; n is exact, silence beyond the end.

    Time zero is the first sample that a decode from the start gives.

    Raises:
        InputError: the file cannot be opened or decoded there.
    """
    import av

    wanted = round(span.end * RATE) - round(span.start * RATE)
    out = np.zeros((wanted, CHANNELS), dtype=np.float32)
    first = round(span.start * RATE)
    filled = 0
    try:
        with av.open(str(path), options={"protocol_whitelist": "file"}) as container:
            if not container.streams.audio:
                raise InputError(f"{path.name} has no sound in it", "name the episode's audio with --audio")
            for at, piece in _pieces(container, max(0.0, span.start - RUN_UP)):
                begin = at - first
                if begin >= wanted:
                    break
                if begin + len(piece) <= 0:
                    continue
                source = piece[max(0, -begin) :]
                target = max(0, begin)
                count = min(len(source), wanted - target)
                out[target : target + count] = source[:count]
                filled = max(filled, target + count)
    except av.FFmpegError as error:
        if filled == 0:
            raise InputError(
                f"{path.name} cannot be decoded at {span.start:.1f} s ({error})", "export it again"
            ) from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name} cannot be read ({error})", "check the file") from error
    return out


def _pieces(container: av.container.InputContainer, start: float) -> Iterator[tuple[int, Samples]]:
    """Pairs of (first sample's number at 48 kHz, samples) from about `start` seconds on, in order and gapless."""
    import av

    stream = container.streams.audio[0]
    stream.codec_context.thread_type = "AUTO"
    base = stream.time_base
    zero = (stream.start_time or 0) if base is not None else 0
    if start > 0 and base is not None:
        container.seek(int(start / base) + zero, stream=stream)
    # planar float in the source's own rate, then one resampler for the whole window
    resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
    at: int | None = None
    frames: Iterator[AudioFrame | None] = itertools.chain(container.decode(stream), [None])
    for frame in frames:
        if frame is not None and at is None:
            seconds = float((frame.pts - zero) * base) if frame.pts is not None and base is not None else 0.0
            at = max(0, round(seconds * RATE))
        if frame is not None:
            frame.pts = None  # gaps of a sample or two in the file's own stamps would make the resampler complain
        for piece in resampler.resample(frame):
            flat = piece.to_ndarray().astype(np.float32, copy=False).reshape(-1, CHANNELS)
            if at is not None and len(flat):
                yield at, flat
                at += len(flat)
