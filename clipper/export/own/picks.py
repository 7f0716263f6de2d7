"""A finished clip as the show's own places need to know it. Nothing here reads a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clipper.span import Span


@dataclass(frozen=True, slots=True)
class Pick:
    """One finished clip.

    Attributes:
        slug: NN-title, a plain name.
        spans: of the episode, in the clip's order; one unless words were left out.
        seconds: how long the clip is.
        text: what is said, a sentence a line.
        video, cover, vtt: its files.
    """

    id: str
    slug: str
    title: str
    spans: tuple[Span, ...]
    seconds: float
    text: str
    video: Path
    cover: Path
    vtt: Path
    size: tuple[int, int]
