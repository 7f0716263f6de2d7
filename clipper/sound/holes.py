"""Where a container's clock runs on although there is no sound: holes that a decode from the start does not have.

In: a media file; out: the holes' places and lengths in ticks of the sound stream's clock. A live stream's recording, a
video call and a phone have them; raw streams such as WAV have no clock and are not looked through.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import chain, islice, pairwise
from pathlib import Path
from statistics import median_low

from clipper.media import opening

LEAST = 0.004  # seconds; less is the rounding of stamps, and well under half a frame of any codec
LEAST_SAMPLE = 2e-6  # seconds; of a clock that is exact
LEAST_UNEVEN = 0.04  # the same where packets are of different lengths: Vorbis stamps its short blocks late
MOST = 5_000  # with more the clock is no use
_TYPICAL = 50  # strides between packets that tell the usual one
_CLOCKED = ("mov", "matroska", "webm", "ogg", "mpegts", "mpeg", "flv", "asf", "avi")

Holes = tuple[tuple[int, int], ...]
_Stamps = Iterator[tuple[int, int]]


def holes(path: Path) -> Holes | None:
    """(stamp after the hole, its ticks) in order; None where the clock says nothing sure about places.

    One pass over the packets, without decoding: about three seconds for three hours; kept while the file is the same.

    Raises:
        av.FFmpegError, OSError: the file cannot be opened.
    """
    facts = path.stat()
    return _holes(str(path), facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=32)
def _holes(path: str, _changed: int, _bytes: int) -> Holes | None:
    import av

    options = opening(Path(path))
    with av.open(path, metadata_errors="ignore", options=options) as container:
        stream, kinds = container.streams.audio[0], container.format.name.split(",")
        if stream.time_base is not None and "mp3" in kinds:
            return _told_end(container)
        if stream.time_base is None or not any(kind in _CLOCKED for kind in kinds):
            return ()
        base, frame = stream.time_base, _frame(container)
    with av.open(path, metadata_errors="ignore", options=options) as container:
        index = container.streams.audio[0].index_entries if "mov" in kinds else ()
        if len(index) > _TYPICAL:  # an MP4's table of times: nothing has to be read
            stamps: _Stamps = ((entry.timestamp, 0) for entry in index)
        else:
            stamps = _packets(container)
        head = list(islice(stamps, _TYPICAL))
        usual = median_low([b[0] - a[0] for a, b in pairwise(head)] or [0])
        pairs = chain(head, stamps)
        if frame is not None and abs(usual * base - frame) < LEAST:
            return _by_count(pairs, frame / base, LEAST / float(base))
        found = _by_duration(pairs, usual, LEAST_UNEVEN / float(base))
        return found if found == () else None


def _told_end(container: object) -> Holes:
    """The hole that an MP3 has where its header says that it ends, if it goes on there: two files put together.

    A decode from the start takes the encoder's padding away there, as if that were the end.
    """
    import av

    from clipper.sound.timeline import decoded

    assert isinstance(container, av.container.InputContainer)
    stream = container.streams.audio[0]
    if stream.duration is None or stream.time_base is None:
        return ()
    end, second = (stream.start_time or 0) + stream.duration, int(1 / stream.time_base)
    try:
        container.seek(max(0, end - 2 * second), stream=stream)
    except (av.FFmpegError, OSError, ValueError):
        return ()
    found: list[tuple[int, int]] = []
    before: int | None = None
    for frame in decoded(container):
        if frame.pts is None or frame.pts > end + second:
            break
        if before is not None and frame.pts - before > LEAST_SAMPLE * second:
            found.append((frame.pts, frame.pts - before))
        before = frame.pts + round(Fraction(frame.samples, frame.sample_rate) / stream.time_base)
    return tuple(found)


def _frame(container: object) -> Fraction | None:
    """The length in seconds of every frame after the first one, or None where they differ."""
    import av

    from clipper.sound.timeline import decoded

    assert isinstance(container, av.container.InputContainer)
    some = list(islice(decoded(container), 1, 14))
    lengths = {Fraction(f.samples, f.sample_rate) for f in some[:-1]}
    return lengths.pop() if len(lengths) == 1 else None


def _packets(container: object) -> _Stamps:
    import av

    assert isinstance(container, av.container.InputContainer)
    packets = container.demux(container.streams.audio[0])
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.FFmpegError, OSError, ValueError):
            return
        if packet.pts is not None:
            yield packet.pts, packet.duration or 0


def _by_count(stamps: _Stamps, stride: Fraction, least: float) -> Holes | None:
    """Holes of a stream whose packets are all of one length, `stride` ticks: where the clock leaves the count."""
    found: list[tuple[int, int]] = []
    drift, zero, before = 0, 0, 0
    step, parts = stride.numerator, stride.denominator
    for count, (stamp, _) in enumerate(stamps):
        if count == 0:
            zero = before = stamp
        away = stamp - zero - count * step // parts - drift
        if abs(away) > least:
            found.append((stamp, away))
            drift += away
        if stamp < before or len(found) > MOST:
            return None
        before = stamp
    return tuple(found)


def _by_duration(stamps: _Stamps, usual: int, least: float) -> Holes | None:
    found: list[tuple[int, int]] = []
    before: int | None = None
    lasts = 0
    for stamp, duration in stamps:
        if before is not None:
            extra = stamp - before - (lasts or usual)
            if extra > least:
                found.append((stamp, extra))
            elif stamp - before < -least:
                return None
        before, lasts = stamp, duration
    return tuple(found)
