"""Answers from a person: single keys on a terminal, lines elsewhere. Out: a key (see plan/session.py), and titles.

On a terminal no Enter is needed; from a pipe or a file each line is one answer ("t", "take", "r A new title").
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

NAMES = {
    "take": "t", "leave": "l", "play": "p", "retitle": "r", "undo": "u", "back": "b", "next": "n", "quit": "q",
    "more": "m", "another": "a", "tighten": "x",
    # the same keys without shift, and the arrows
    ",": "<", ".": ">", "_": "-", "=": "+", "\x1b[C": "n", "\x1b[D": "b", "\x1b[B": "n", "\x1b[A": "b",
    "\x1bOC": "n", "\x1bOD": "b", "\x1bOB": "n", "\x1bOA": "b",
}  # fmt: skip


class Keys(Protocol):
    """Where answers come from."""

    def key(self) -> str:
        """The next key; "q" where there are no more."""

    def title(self, present: str) -> str:
        """A new title; empty to keep the present one."""


class LineKeys:
    """Answers from lines of text."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._rest: str | None = None

    def key(self) -> str:
        while True:
            line = self._lines.readline()
            if not line:
                return "q"
            word, _, rest = line.strip().partition(" ")
            if word:
                self._rest = rest.strip() or None
                return _named(word)

    def title(self, present: str) -> str:
        return self._rest if self._rest is not None else self._lines.readline().strip()


class TerminalKeys:
    """Single keys from a terminal, without Enter and without being shown."""

    def __init__(self, stdin: TextIO) -> None:
        self._stdin = stdin
        self._fd = stdin.fileno()

    def key(self) -> str:
        with _single_keys(self._fd):
            data = os.read(self._fd, 1)
            if data == b"\x1b" or (data and data[0] >= 0x80):
                # An arrow, or a letter of more than one byte: the rest of it is there already.
                while select.select([self._fd], [], [], 0.02)[0] and len(data) < 8:
                    data += os.read(self._fd, 1)
                    if data[:1] != b"\x1b" and _whole(data):
                        break
                    if data[:1] == b"\x1b" and len(data) > 2 and data[-1:].isalpha():
                        break
        return "q" if data in (b"", b"\x04") else _named(data.decode("utf-8", "replace"))

    def title(self, present: str) -> str:
        try:
            import readline
        except ImportError:  # Windows, or a Python without it: the line is typed anew
            return self._asked()
        # The present title stands in the line, to be mended rather than typed again.
        readline.set_startup_hook(lambda: readline.insert_text(present))
        try:
            return self._asked()
        finally:
            readline.set_startup_hook(None)

    def _asked(self) -> str:
        try:
            return input("Title: ").strip()
        except EOFError:
            return ""


class WindowsKeys(TerminalKeys):
    """The same on a Windows console."""

    def key(self) -> str:
        import importlib

        msvcrt = importlib.import_module("msvcrt")  # has no types elsewhere
        char = str(msvcrt.getwch())
        if char == "\x03":
            raise KeyboardInterrupt
        if char in "\x00\xe0":
            return {"K": "b", "M": "n", "H": "b", "P": "n"}.get(str(msvcrt.getwch()), "?")
        return _named(char)


def keys_from(stdin: TextIO) -> Keys:
    """Single keys where `stdin` is a terminal, lines elsewhere."""
    if not stdin.isatty():
        return LineKeys(stdin)
    return WindowsKeys(stdin) if sys.platform == "win32" else TerminalKeys(stdin)


def _named(word: str) -> str:
    return NAMES.get(word, NAMES.get(word.lower(), word.lower()))


def _whole(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def _single_keys(fd: int) -> Iterator[None]:
    """The terminal without line editing while waiting for a key; Ctrl-C works as ever, and it is put back always."""
    import termios
    import tty

    before = termios.tcgetattr(fd)
    try:
        # TCSADRAIN keeps what was typed ahead (setcbreak's own default throws it away).
        tty.setcbreak(fd, termios.TCSADRAIN)
        yield
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)
