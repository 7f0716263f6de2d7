"""Groups and caption layers to test with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clipper.picture.caption_group import Group
from clipper.picture.caption_styles import CaptionColours, Captions, caption_layer, room_for_words
from clipper.picture.captions import Emphasis, group
from clipper.picture.geometry import Box
from clipper.picture.text import Face
from clipper.speech.model import Word
from tests.picture.looks import BOLD, PLAIN

TEXT, ACCENT, OTHER = (255, 255, 255), (255, 190, 60), (90, 200, 255)
BARE = CaptionColours(TEXT, ACCENT, shadow=None, plate=None, speakers={"Ben": ACCENT, "Aoife": OTHER})
SAID = "The clock in our kitchen runs four minutes fast, and nobody has ever dared to set it right again."


@dataclass(frozen=True)
class Type:
    """A template's text, sizes in percent of the picture's shorter side."""

    size: float = 8.2
    smallest: float = 4.6
    lines: int = 2
    align: str = "centre"
    anchor: str = "middle"


def group_of(text: str, start: float, end: float, speaker: str | None = None, **more: Any) -> Group:
    """A group whose words are spoken evenly."""
    words = tuple(text.split())
    each = (end - start) / max(1, len(words))
    starts = tuple(start + i * each for i in range(len(words)))
    return Group(words, starts, tuple(s + each * 0.9 for s in starts), start, end, speaker, **more)


def evenly(text: str, each: float = 0.3, speaker: str | None = None, start: float = 0.1) -> list[Word]:
    """Words spoken evenly."""
    return [
        Word(text=w, start=start + i * each, end=start + (i + 0.85) * each, speaker=speaker)
        for i, w in enumerate(text.split())
    ]


def captioned(
    style: Any,
    words: list[Word] | None = None,
    *,
    scale: float = 1 / 3,
    colours: CaptionColours = BARE,
    kind: Type = Type(),
    place: tuple[int, int, int, int] = (66, 72, 756, 300),
    names: bool = False,
    face: Face = BOLD,
    emphasis: Emphasis | None = None,
    fps: float = 30.0,
    reduced_motion: bool = False,
) -> Captions:
    """A caption layer of a picture 1080 wide, `scale` times as large, grouped at full size as clips are."""
    words = evenly(SAID) if words is None else words
    room = room_for_words(Box(*place), kind, 10.8, names=names)
    duration = (words[-1].end if words else 0.0) + 0.5
    groups = group(
        words, face, kind.size * 10.8, room.width, kind.lines, 0.6, 0.8, duration, height=room.height, emphasis=emphasis
    )
    box = Box(*(round(v * scale / 2) * 2 for v in place))
    return caption_layer(
        style, box, groups, face, kind, 10.8 * scale, colours, fps,
        names=PLAIN if names else None, reduced_motion=reduced_motion,
    )  # fmt: skip
