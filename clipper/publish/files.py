"""A part of a file as the body of a request: read in pieces while it is sent, as often as it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 1 << 16  # bytes read at a time


def _unseen(sent: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class FileBody:
    """The bytes `start` to `end` (not included) of a file.

    Attributes:
        sent: called with how many bytes of it were handed to the line so far.
    """

    path: Path
    start: int
    end: int
    sent: Callable[[int], None] = field(default=_unseen)

    @property
    def length(self) -> int:
        """In bytes."""
        return self.end - self.start

    def __iter__(self) -> Iterator[bytes]:
        left = self.length
        with self.path.open("rb") as f:
            f.seek(self.start)
            while left > 0:
                piece = f.read(min(PIECE, left))
                if not piece:
                    raise OSError(f"{self.path} became shorter while it was sent")
                left -= len(piece)
                yield piece
                self.sent(self.length - left)


def whole(path: Path, sent: Callable[[int], None] = _unseen) -> FileBody:
    """All of a file."""
    return FileBody(path, 0, path.stat().st_size, sent)
