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

    def wider(self, pixels: int) -> Box:
        """Grown to the left and right only."""
        return Box(self.left - pixels, self.top, self.right + pixels, self.bottom)

    def around(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def common(self, other: Box) -> Box:
        """What both share; it has no pixels (see `empty`) where they do not meet."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def moved(self, right: int, down: int) -> Box:
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def seen_from(self, other: Box) -> tuple[slice, slice]:
        """Rows and columns of this box in an array that shows `other`."""
        return (
            slice(self.top - other.top, self.bottom - other.top),
            slice(self.left - other.left, self.right - other.left),
        )

    @property
    def empty(self) -> bool:
        return self.left >= self.right or self.top >= self.bottom

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


def merged(boxes: list[Box]) -> list[Box]:
    """The same pixels in boxes that do not meet: those that do become one around them."""
    out: list[Box] = []
    for box in boxes:
        while True:
            other = next((o for o in out if o.meets(box)), None)
            if other is None:
                break
            out.remove(other)
            box = box.around(other)
        out.append(box)
    return out
