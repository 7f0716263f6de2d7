"""Rectangles in pixels, with even edges so that they cover whole chroma samples."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, right, bottom in pixels, half-open."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def rows(self) -> slice:
        return slice(self.top, self.bottom)

    @property
    def columns(self) -> slice:
        return slice(self.left, self.right)

    def even(self) -> Box:
        """The smallest box with even edges around this one."""
        return Box(self.left & ~1, self.top & ~1, (self.right + 1) & ~1, (self.bottom + 1) & ~1)

    def inside(self, width: int, height: int) -> Box:
        """The part of this box that lies in a picture of `width` x `height`."""
        return Box(max(0, self.left), max(0, self.top), min(width, self.right), min(height, self.bottom))

    def grown(self, pixels: int) -> Box:
        return Box(self.left - pixels, self.top - pixels, self.right + pixels, self.bottom + pixels)

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def place(percent: tuple[float, float, float, float], size: tuple[int, int]) -> Box:
    """A template's box (left, top, width, height in percent) as pixels of a picture of `size`, edges even."""
    x, y, w, h = percent
    width, height = size
    left, top = round(x * width / 100), round(y * height / 100)
    right, bottom = round((x + w) * width / 100), round((y + h) * height / 100)
    return Box(left, top, max(right, left + 2), max(bottom, top + 2)).even().inside(width, height)


def even_size(width: float, height: float) -> tuple[int, int]:
    """A picture's size rounded to even numbers: 4:2:0 has no odd ones."""
    return max(2, round(width / 2) * 2), max(2, round(height / 2) * 2)
