"""The colours of captions by role. In: a palette's colours; out: `CaptionColours`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clipper.picture.palette import RGB, on

_DARK: RGB = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class CaptionColours:
    """Colours by role.

    Attributes:
        text: of words that are not lit.
        accent: of the lit word (or of its box), of emphasised words and of a speaker's name, where the speaker has no
            colour of its own.
        on_accent: of the word in a box of the accent's colour; None for near-black or white, whichever reads better.
        shadow: of the soft shadow behind the words; None for no shadow (dark words on a light ground).
        outline: of a hard line around the letters; None for none.
        plate: red, green, blue, alpha of the soft box behind "classic" and "quiet"; None for none.
        speakers: accents by the speaker's name (`Group.speaker`).
    """

    text: RGB = (255, 255, 255)
    accent: RGB = (255, 196, 61)
    on_accent: RGB | None = None
    shadow: RGB | None = _DARK
    outline: RGB | None = None
    plate: tuple[int, int, int, int] | None = (12, 14, 18, 176)
    speakers: Mapping[str, RGB] = field(default_factory=dict)

    def of(self, speaker: str | None) -> RGB:
        """The accent of a speaker."""
        return self.speakers.get(speaker, self.accent) if speaker else self.accent

    def ink_on(self, accent: RGB) -> RGB:
        """What is written in on a box of `accent`."""
        return self.on_accent or on(accent)
