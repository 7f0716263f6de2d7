"""Chapter art: the picture that each chapter has. In: an `Episode`, its sound; out: times with local files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clipper.episode import fetch
from clipper.episode.locate import inside
from clipper.episode.model import Episode
from clipper.episode.tags import chapter_pictures
from clipper.errors import ClipperError
from clipper.span import Span

Art = tuple[float, Path | None]  # when a chapter starts, in seconds of the episode, and its picture


def chapter_art(episode: Episode, audio: Path, spans: Sequence[Span], *, offline: bool) -> tuple[Art, ...]:
    """The chapters in order with the pictures of those that sound in one of `spans`; empty where none has one.

    Art inside the audio goes before what page or feed name. A picture that cannot be had is no reason to stop.

    Args:
        offline: only pictures that lie here or were fetched before.
    """
    found = chapter_pictures(audio)
    if not any(path for _, path in found):
        found = []
        marks = sorted(episode.chapters, key=lambda chapter: chapter.start)
        ends = [*(later.start for later in marks[1:]), float("inf")]
        for mark, end in zip(marks, ends, strict=False):
            sounds = any(span.end > mark.start and span.start < end for span in spans)
            found.append((mark.start, _file(episode, mark.image, offline) if sounds else None))
    return tuple(found) if any(path for _, path in found) else ()


def _file(episode: Episode, image: str | None, offline: bool) -> Path | None:
    if not image:
        return None
    if not fetch.is_address(image):
        return inside(episode.folder, image)
    try:
        return fetch.fetch_file(image, "image", offline=offline)
    except ClipperError:
        return None
