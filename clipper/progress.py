"""How far a stage is: a protocol that rooms take as a parameter; drawing it is the command line's affair."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by a stage while it works.

    `stage` is a short word ("transcribe"), `done` and `total` are in the stage's own unit (seconds of audio, frames);
    `note` is a few words such as the clip's name.
    """

    def __call__(self, stage: str, done: float, total: float, note: str = "") -> None: ...


def silent(stage: str, done: float, total: float, note: str = "") -> None:
    """The default: says nothing."""
