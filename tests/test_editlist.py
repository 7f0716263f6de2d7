"""Which MP4s are opened without working out their edit lists: long ones whose lists only skip the encoder's run-up."""

import struct
from pathlib import Path

import pytest

from clipper.editlist import is_plain

RATE = 44_100
HOURS = 12 * 3600


def box(kind: bytes, *content: bytes) -> bytes:
    data = b"".join(content)
    return struct.pack(">I4s", len(data) + 8, kind) + data


def mp4(*entries: tuple[float, int], seconds: float = HOURS, wide: bool = False) -> bytes:
    """The boxes that tell times; an entry is (seconds, first sample)."""
    ticks = round(seconds * RATE)
    if wide:
        head = b"\x01\0\0\0" + bytes(16)
        movie, media = head + struct.pack(">IQ", 1000, round(seconds * 1000)), head + struct.pack(">IQ", RATE, ticks)
        rows = b"\x01\0\0\0" + struct.pack(">I", len(entries))
        rows += b"".join(struct.pack(">QqI", round(length * 1000), first, 1 << 16) for length, first in entries)
    else:
        head = bytes(12)
        movie, media = head + struct.pack(">II", 1000, round(seconds * 1000)), head + struct.pack(">II", RATE, ticks)
        rows = bytes(4) + struct.pack(">I", len(entries))
        rows += b"".join(struct.pack(">IiI", round(length * 1000), first, 1 << 16) for length, first in entries)
    edits = box(b"edts", box(b"elst", rows)) if entries else b""
    trak = box(b"trak", box(b"tkhd", bytes(84)), edits, box(b"mdia", box(b"mdhd", media)))
    return box(b"ftyp", b"M4A ") + box(b"mdat", bytes(50)) + box(b"moov", box(b"mvhd", movie), trak)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("entries", [[], [(HOURS, 0)], [(HOURS, 1024)], [(HOURS - 0.05, 2112)], [(0, 1024)]])
def test_a_run_up_is_plain(entries: list[tuple[float, int]], wide: bool, tmp_path: Path) -> None:
    path = tmp_path / "long.m4a"
    path.write_bytes(mp4(*entries, wide=wide))
    assert is_plain(path)


@pytest.mark.parametrize(
    "data",
    [
        mp4((HOURS, 1024), seconds=600),  # short: opened the usual way
        mp4((10, 0), (HOURS - 10, 20 * RATE)),  # something is cut out
        mp4((10, -1), (HOURS, 0)),  # it begins with a pause
        mp4((HOURS, RATE)),  # a second is left out
        mp4((HOURS / 2, 0)),  # half of it is not to be heard
        mp4((HOURS, 1024))[:-20],
        box(b"ftyp", b"M4A ") + struct.pack(">I4s", 0, b"moov"),
        box(b"ftyp", b"M4A ") + struct.pack(">I4sQ", 1, b"moov", 3),
        b"ID3\x04" + bytes(100),
        b"",
    ],
)
def test_anything_else_is_not(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.m4a"
    path.write_bytes(data)
    assert not is_plain(path)


def test_a_file_that_is_not_there_is_not(tmp_path: Path) -> None:
    assert not is_plain(tmp_path / "none.m4a")
