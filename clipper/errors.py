"""What can go wrong, in a producer's words: one line of what is wrong, one line of the mend, an exit code."""

from __future__ import annotations

import errno
from enum import IntEnum

_NO_MEMORY = ("bad alloc", "bad_alloc", "cannot allocate memory", "unable to allocate", "can't start new thread",
              "failed to map segment", "not enough memory", "cannot allocate")  # fmt: skip


class Exit(IntEnum):
    """Exit codes of the command line; they hold from version 0.1 on."""

    DONE = 0
    USAGE = 2
    INPUT = 3
    MISSING = 4
    FELL_SHORT = 5
    INTERRUPTED = 130


class ClipperError(Exception):
    """Base of every error that clipper raises on purpose.

    Args:
        message: one line, what is wrong, naming the file or value.
        mend: one line, what the producer can do about it.
    """

    exit_code: Exit = Exit.INPUT

    def __init__(self, message: str, mend: str = "") -> None:
        self.message = one_line(message)
        self.mend = one_line(mend)
        super().__init__(self.message)


class UsageError(ClipperError):
    """Options that contradict each other or lie outside their range."""

    exit_code = Exit.USAGE


class InputError(ClipperError):
    """A file, page, feed or address that cannot be used."""

    exit_code = Exit.INPUT


class MissingError(ClipperError):
    """Weights, network, credentials or disk space that are needed and not there."""

    exit_code = Exit.MISSING


class FellShortError(ClipperError):
    """The work was done, but a check of the result fell short."""

    exit_code = Exit.FELL_SHORT


def cannot_remove(path: object) -> MissingError:
    """The error for a file of ours that stays where it should go."""
    return MissingError(f"{path} cannot be removed", "check its permissions and those of its folder")


def out_of_memory(facts: str = "") -> MissingError:
    """The one error for too little memory."""
    return MissingError(
        f"the memory does not suffice{': ' if facts else ''}{facts}",
        "close other programs, or ask for less at once: --model tiny, --formats vertical, --jobs 1",
    )


def memory_ran_out(error: BaseException) -> bool:
    """Whether an error, or one behind it, comes from too little memory; libraries say it in many ways."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MemoryError) or getattr(seen, "errno", None) == errno.ENOMEM:
            return True
        text = str(seen).casefold()
        if any(sign in text for sign in _NO_MEMORY):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def one_line(text: str, limit: int = 300) -> str:
    """`text` as one printable line: control characters and line breaks become spaces, at most `limit` long.

    File names and page titles end up in messages; they may hold line breaks or terminal escapes.
    """
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
