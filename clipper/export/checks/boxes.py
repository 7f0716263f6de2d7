"""The boxes of an MP4 file. In: a path; out: their names in file order."""

from __future__ import annotations

import struct
from pathlib import Path

_INSIDE = ("trak", "mdia", "edts")
LARGEST = 64_000_000  # bytes of an index; ours have some ten thousand


def boxes(path: Path) -> list[str]:
    """The names of an MP4's boxes in file order, those inside moov and trak included.

    Source: ISO/IEC 14496-12, 4.2.
    """
    out: list[str] = []
    with path.open("rb") as f:
        while len(head := f.read(8)) == 8:
            size, kind = struct.unpack(">I4s", head)
            header = 8
            if size == 1:
                wide = f.read(8)
                if len(wide) < 8:
                    break
                size, header = struct.unpack(">Q", wide)[0], 16
            if size < header:
                break
            out.append(kind.decode("latin-1"))
            if kind == b"moov" and size <= LARGEST:
                _walk(memoryview(f.read(size - header)), out)
            else:
                f.seek(size - header, 1)
    return out


def _walk(data: memoryview, out: list[str]) -> None:
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        name = kind.decode("latin-1")
        out.append(name)
        if name in _INSIDE:
            _walk(data[at + 8 : at + max(8, size)], out)
        at += max(8, size)
