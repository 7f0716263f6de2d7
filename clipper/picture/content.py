"""What a clip has to show, as one value. In: from whoever knows the episode; out: `Content`, which scenes are built of.

Everything but the cover may be left out; a layer that has nothing to show is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipper.picture.captions import Group
from clipper.picture.quotation import mark

Levels = NDArray[np.float32]
CALL = "Listen to the full episode"


@dataclass(frozen=True, slots=True)
class ChapterArt:
    """A chapter's own picture, RGB, from `start` in seconds of the clip on (0 or less: from its beginning)."""

    start: float
    picture: Image.Image


@dataclass(frozen=True, slots=True)
class Content:
    """A clip's words, pictures and sound.

    Attributes:
        cover: RGB.
        headline: the clip's title.
        hook: what the clip itself shows in place of its title; empty for the title.
        show, number, title, guest, handle: of the episode; `number` as it is shown, such as "No. 42".
        show_line: one line of show and number; empty: made of both.
        quotation: a sentence of the clip, for templates that quote (see `clipper.picture.quotation`), and `quoted`, who
            says it; without one the headline stands there, without quotation marks.
        groups: the captions (see `clipper.picture.compose.captions`).
        levels: float32 0 to 1, shape (frames, bands); or what gives them, asked once everything else is drawn, so that
            the sound can be finished meanwhile; None for silence.
        speakers: names in the order of their sides; empty: as the captions name them.
        chapters: art that takes the cover's place.
        call: to listen, for the end card; empty for no end card.
        where: the full episode is to be found; empty for the show's handle or nothing.
        language: of the clip, ISO 639-1; it decides between the forms of Chinese, Japanese and Korean.
        texts: any other placeholders of the producer's own.
    """

    cover: Image.Image
    headline: str = ""
    hook: str = ""
    show: str = ""
    number: str = ""
    title: str = ""
    guest: str = ""
    handle: str = ""
    show_line: str = ""
    quotation: str = ""
    quoted: str = ""
    groups: Sequence[Group] = ()
    levels: Levels | Callable[[], Levels] | None = None
    speakers: Sequence[str] = ()
    chapters: Sequence[ChapterArt] = ()
    call: str = CALL
    where: str = ""
    language: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    def placeholders(self) -> dict[str, str]:
        """What stands for each placeholder but those of speakers, which change as they speak."""
        line = self.show_line or " · ".join(part for part in (self.show, self.number) if part)
        headline = self.hook or self.headline
        return {
            **self.texts,
            "headline": headline,
            "hook": headline,
            "show": self.show or self.show_line,
            "number": self.number,
            "show-line": line,
            "title": self.title,
            "guest": self.guest,
            "handle": self.handle,
            "quotation": self.quotation or headline,
            "quoted": self.quoted if self.quotation else "",
            "quotation-mark": mark(self.language) if self.quotation else "",
        }
