"""What ends an encoder before its time, in a producer's words. In: its messages; out: errors."""

from __future__ import annotations

from pathlib import Path

from clipper.errors import ClipperError, MissingError

_DISK = ("No space left", "Disk quota exceeded", "File too large")


class DiedError(Exception):
    """The encoder ended before it should; carries its messages."""


class TooLargeError(Exception):
    """The file grows faster than the quality's most bits a second."""


def last(text: str, count: int = 3) -> str:
    """The last lines that say something."""
    return " | ".join([line.strip() for line in text.splitlines() if line.strip()][-count:])


def disk_full(text: str) -> bool:
    """Whether messages say that nothing more can be written."""
    return any(sign in text for sign in _DISK)


def explained(path: Path, text: str) -> ClipperError:
    """The error for a file that could not be written."""
    if disk_full(text):
        return MissingError(
            f"no room on the disk for {path.parent}",
            "free some space or choose another folder with -o, then run it again",
        )
    return MissingError(f"the encoder stopped: {last(text)}", "run clipper doctor, then try again")
