"""Frame rates as exact fractions: "23.976" is 24000/1001, and a frame's number gives its time without drift."""

from __future__ import annotations

from fractions import Fraction


def exact(fps: float) -> Fraction:
    """Frames a second as the fraction that is meant; NTSC rates may be written with two or more decimals.

    Raises:
        ValueError: not a rate between 1 and 240.

    >>> exact(23.976), exact(29.97), exact(30.0)
    (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(30, 1))
    """
    if not 1 <= fps <= 240:
        raise ValueError(f"{fps!r} is not a frame rate between 1 and 240")
    ntsc = Fraction(round(fps) * 1000, 1001)
    if abs(fps - ntsc) < 0.006 and fps != round(fps):
        return ntsc
    return Fraction(fps).limit_denominator(1001)
