"""Who speaks when: for colours by speaker. In: caption groups; out: names, and one of them for each frame."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipper.picture.captions import Group


def voices(groups: Sequence[Group]) -> tuple[str, ...]:
    """The speakers' names in the order in which they first speak; empty where nobody is known."""
    return tuple(dict.fromkeys(one.speaker for one in groups if one.speaker))


def turns(groups: Sequence[Group], names: Sequence[str], frames: int, fps: float) -> NDArray[np.intp]:
    """The number of the speaker in `names` for each frame, shape (frames,).

    A turn begins with its first word and lasts up to the next speaker's; words of nobody known belong to the turn
    before. Before the first turn the first speaker has the floor.
    """
    known = {name: i for i, name in enumerate(names)}
    starts: list[float] = []
    whose: list[int] = []
    for one in groups:
        number = known.get(one.speaker or "")
        if number is not None and (not whose or whose[-1] != number):
            starts.append(one.starts[0])
            whose.append(number)
    if not whose:
        return np.zeros(frames, dtype=np.intp)
    # a frame n shows the time n / fps; floats of one sort on both sides
    at = [max(0, bisect_right(starts, n / fps) - 1) for n in range(frames)]
    return np.array(whose, dtype=np.intp)[at]
