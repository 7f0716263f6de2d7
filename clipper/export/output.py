"""What a finished video is to be: its quality, encoder, frames a second, size and motion.

In: options; out: an `Output`, and the size of each shape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from clipper.errors import UsageError
from clipper.export.encoders import X264
from clipper.export.quality import QUALITY, Quality, quality

FPS = 30.0
RATES = (12.0, 120.0)  # frames a second that are taken
SIDES = (64, 4320)  # pixels
SAME_SHAPE = 0.01  # by how much two ratios of width to height may differ and still be one shape


@dataclass(frozen=True, slots=True)
class Output:
    """How videos are written.

    Attributes:
        encoder: a name out of `encoders.NAMES`.
        fps: frames a second; 23.976, 29.97 and 59.94 stand for the exact fractions.
        size: width and height in pixels; None for each template's own.
        reduced_motion: nothing slides, no word lights up.
    """

    quality: Quality = field(default_factory=lambda: quality(QUALITY))
    encoder: str = X264
    fps: float = FPS
    size: tuple[int, int] | None = None
    reduced_motion: bool = False

    def __post_init__(self) -> None:
        if not RATES[0] <= self.fps <= RATES[1]:
            raise UsageError(
                f"{self.fps:g} frames a second cannot be made", f"ask for {RATES[0]:g} to {RATES[1]:g}, 30 fits all"
            )

    def as_data(self) -> dict[str, object]:
        """For a manifest, to be read back by `from_data`."""
        return {
            "quality": self.quality.name,
            "encoder": self.encoder,
            "fps": self.fps,
            "size": list(self.size) if self.size else None,
            "reduced_motion": self.reduced_motion,
        }

    @classmethod
    def from_data(cls, data: object) -> Output | None:
        """What `as_data` gave; None for anything else, such as a manifest of an older clipper."""
        try:
            row = dict(data)  # type: ignore[call-overload]
            wide, high = row["size"] or (0, 0)
            return cls(
                quality(str(row["quality"])),
                str(row["encoder"]),
                float(row["fps"]),
                (int(wide), int(high)) if wide else None,
                bool(row["reduced_motion"]),
            )
        except (TypeError, ValueError, KeyError, UsageError):
            return None

    def size_for(self, own: tuple[int, int], alone: bool) -> tuple[int, int]:
        """The size of a shape whose template is `own` pixels large.

        A wanted size of the same shape is taken as it is; the other shapes become as much larger or smaller.

        Args:
            alone: whether this is the only shape that is made, which then may take any size.
        """
        if self.size is None:
            return own
        wide, high = self.size
        if alone or abs(wide / high / (own[0] / own[1]) - 1) <= SAME_SHAPE:
            return self.size
        scale = min(self.size) / min(own)
        return round(own[0] * scale), round(own[1] * scale)

    def note(self) -> str:
        """What is to be said of a size that no 4:2:0 picture can have; empty where there is nothing."""
        if self.size is None or not any(side % 2 for side in self.size):
            return ""
        wide, high = (side + side % 2 for side in self.size)
        return f"{self.size[0]}x{self.size[1]} has an odd side, {wide}x{high} is made"


def parse_size(text: str | None, formats: Sequence[str]) -> tuple[int, int] | None:
    """Width and height from "2160x3840".

    Raises:
        UsageError: another form, a side too small or too large, or one that no shape of several has.
    """
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d{1,5})\s*[xX×*]\s*(\d{1,5})\s*", text)
    if match is None:
        raise UsageError(f"{text!r} is not a size", "write width x height, for example --size 2160x3840")
    wide, high = int(match[1]), int(match[2])
    if not all(SIDES[0] <= side <= SIDES[1] for side in (wide, high)):
        raise UsageError(f"{wide}x{high} cannot be made", f"sides have {SIDES[0]} to {SIDES[1]} pixels")
    if len(formats) > 1 and not any(abs(wide / high / r - 1) <= SAME_SHAPE for r in (9 / 16, 1.0, 16 / 9)):
        raise UsageError(
            f"{wide}x{high} is neither vertical, square nor wide",
            "name one format with --formats, to have it that size",
        )
    return wide, high
