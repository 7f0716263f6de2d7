"""Whether a long MP4's edit lists only skip the encoder's run-up, as nearly all do. In: a file; out: yes or no.

ffmpeg works edit lists into its table of packets, for which it holds the table twice: 180 MB for twelve hours at
44.1 kHz. Where the list says no more than "leave out the first few samples", that can be had without.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LONG = 3 * 3600  # seconds; what is shorter is held easily, and goes the usual way
RUN_UP = 0.1  # seconds that a list may leave out at the start or the end and still be a plain one
_INSIDE = (b"moov", b"trak", b"mdia", b"edts")
_MOST = 10_000  # boxes that are looked at; a file has some dozens outside its fragments


def is_plain(path: Path) -> bool:
    """Whether ffmpeg may leave the edit lists of `path` alone: the samples are the same, in half the memory.

    Source: ISO/IEC 14496-12, 8.2.2 (mvhd), 8.4.2 (mdhd), 8.6.6 (elst); libavformat/mov.c, `advanced_editlist`.
    """
    try:
        with path.open("rb") as f:
            return _plain(f)
    except (OSError, struct.error):
        return False


def _plain(f: BinaryIO) -> bool:
    """Whether it is a long MP4 every edit list of which has one entry that skips a run-up."""
    f.seek(4)
    if f.read(4) != b"ftyp":
        return False
    movie, media, lists = 0, (0, 0), []
    for kind, at in _boxes(f):
        f.seek(at)
        if kind == b"mvhd":
            movie = _clock(f)[0]
        elif kind == b"mdhd":
            media = max(media, _clock(f), key=lambda clock: clock[1] / max(1, clock[0]))
        elif kind == b"elst":
            lists.append(_entries(f))
    scale, ticks = media
    if not (movie and scale) or ticks / scale < LONG:
        return False
    return all(
        len(entries) == 1
        and 0 <= entries[0][1] <= RUN_UP * scale
        and abs((entries[0][0] or ticks / scale * movie) / movie + entries[0][1] / scale - ticks / scale) <= RUN_UP
        for entries in lists
    )


def _boxes(f: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Kind and content's place of the boxes of a file, those inside moov, trak, mdia and edts included."""
    f.seek(0, 2)
    ends, at = [f.tell()], 0
    for _ in range(_MOST):
        while ends and at + 8 > ends[-1]:
            at = max(at, ends.pop())
        if not ends:
            return
        f.seek(at)
        size, kind = struct.unpack(">I4s", f.read(8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", f.read(8))[0], 16
        end = ends[-1] if size == 0 else at + size
        if end < at + head:
            return
        yield kind, at + head
        if kind in _INSIDE:
            ends.append(min(end, ends[-1]))
            at += head
        else:
            at = end


def _clock(f: BinaryIO) -> tuple[int, int]:
    """(ticks a second, ticks in all) of an mvhd or mdhd."""
    if f.read(1) == b"\x01":
        f.seek(19, 1)
        scale, ticks = struct.unpack(">IQ", f.read(12))
    else:
        f.seek(11, 1)
        scale, ticks = struct.unpack(">II", f.read(8))
    return int(scale), int(ticks)


def _entries(f: BinaryIO) -> list[tuple[int, int]]:
    """(length in the movie's ticks, first tick of the media) of each entry of an elst; at most two are read."""
    version = f.read(1)
    f.seek(3, 1)
    (count,) = struct.unpack(">I", f.read(4))
    form = ">QqI" if version == b"\x01" else ">IiI"
    rows = [struct.unpack(form, f.read(struct.calcsize(form))) for _ in range(min(count, 2))]
    return [(int(length), int(first)) for length, first, _ in rows]
