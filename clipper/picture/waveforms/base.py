"""What every waveform has in common: a box, the shape of each frame, its colour, and which pixels differ.

In: levels and colours; out: `Waveform`, the base of every style, and the few pieces of geometry that styles share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipper.picture.geometry import Box
from clipper.picture.layers import Patch
from clipper.picture.palette import RGB

Levels = NDArray[np.float32]
Turns = NDArray[np.intp]
Cover = NDArray[np.uint8]
FADE = 0.1  # seconds in which one speaker's colour becomes the next one's
ENDS = 0.42  # how high a row of bars may be at its ends, as a share of the middle
FINEST = 4  # a shape is kept in quarters of a pixel
_NARROWEST = 3.0  # pixels from one bar to the next
_CRISP = 9.0  # pixels from one bar to the next from which on nobody sees that bars stand on whole pixels
_SHARPER = 1.6  # times what a bar rises above its neighbours is added to it: a voice's own tones stand out
_NEIGHBOURS = 0.09  # of all bands, on each side
_LEAST_USUAL = 0.4  # a clip in which hardly anything is said is not blown up
_FULLER = 0.8  # exponent of heights: the lower ones are lifted a little
_LOUDER = 3.0  # exponent of the mean by which bands become one bar: nearer to the loudest than to the average


@dataclass(frozen=True, slots=True)
class Options:
    """How a waveform looks; a style leaves alone what it has no use for.

    Attributes:
        bars: how many bars, columns of dots or rays there are; fewer where there is no room for so many.
        thickness: of a bar, a dot or a ray as a share of the distance to the next, 0.1 to 1; for "line", 0.62 is the
            usual stroke.
        inner: of "radial": the radius from which the rays rise, as a share of the whole; the cover may stand inside.
        span: of "scroll": the seconds that the box shows.
        calm: nothing travels sideways, for people who asked for less motion; "scroll" becomes "mirrored".
    """

    bars: int = 44
    thickness: float = 0.62
    inner: float = 0.72
    span: float = 4.0
    calm: bool = False


class Waveform:
    """A layer of one colour at a time (see `clipper.picture.layers.Layer`).

    A style gives `shape`, which says all about what it draws in a frame, `_ink`, the boxes around that, and `_cover`,
    the drawing.

    Args:
        box: where.
        levels: float32 0 to 1, shape (frames, bands), band 0 the lowest.
        colours: the colours that there are.
        turns: which of them each frame has, shape (frames,).
        fps: frames a second.
    """

    def __init__(
        self, box: Box, levels: Levels, colours: Sequence[RGB], turns: Turns, fps: float, options: Options
    ) -> None:
        self.box, self.fps, self.options = box, fps, options
        self.last = max(0, len(levels) - 1)
        self.tints = _faded(colours, turns, fps)

    def shape(self, frame: int) -> NDArray[np.int16]:
        """What is drawn in a frame, as whole numbers: two frames with equal shapes look alike."""
        raise NotImplementedError

    def _ink(self, shape: NDArray[np.int16]) -> list[Box]:
        """Boxes around all that a shape draws."""
        raise NotImplementedError

    def _cover(self, frame: int, box: Box) -> Cover:
        """Coverage inside `box`, shape (height, width)."""
        raise NotImplementedError

    def colour(self, frame: int) -> RGB:
        """The colour of a frame."""
        r, g, b = self.tints[min(frame, len(self.tints) - 1)].tolist()
        return r, g, b

    def dirty(self, before: int | None, after: int) -> list[Box]:
        now = self.shape(min(after, self.last))
        if before is None:
            return self._ink(now)
        then = self.shape(min(before, self.last))
        if self.colour(before) == self.colour(after):
            return [] if np.array_equal(then, now) else self._changed(then, now)
        return self._ink(now) if np.array_equal(then, now) else self._changed(then, now)

    def _changed(self, then: NDArray[np.int16], now: NDArray[np.int16]) -> list[Box]:
        """Boxes around all ink of both shapes; most frames differ nearly everywhere."""
        return self._ink(np.maximum(then, now))

    def patch(self, frame: int, box: Box) -> Patch:
        return Patch(self._cover(min(frame, self.last), box), self.colour(frame))


def _faded(colours: Sequence[RGB], turns: Turns, fps: float) -> NDArray[np.uint8]:
    """The colour of each frame, shape (frames, 3); after a turn it takes `FADE` to change."""
    table = np.array(colours, dtype=np.float64)[turns]
    steps = max(1, round(FADE * fps))
    for frame in (np.flatnonzero(np.diff(turns)) + 1).tolist():
        old, new = table[frame - 1].copy(), np.array(colours[turns[frame]], dtype=np.float64)
        for step in range(min(steps, len(table) - frame)):
            if turns[frame + step] != turns[frame]:
                break
            share = (step + 1) / (steps + 1)
            table[frame + step] = old + (new - old) * share
    return np.rint(table).astype(np.uint8)


def bars_that_fit(width: float, wanted: int) -> int:
    """As many bars as wanted, or as there is room for."""
    return max(1, min(wanted, int(width / _NARROWEST)))


def put_together(levels: Levels, count: int) -> Levels:
    """The same sound in `count` bands, shape (frames, count): neighbours become one, or lie between two."""
    bands = levels.shape[1]
    if count == bands:
        return levels
    if count > bands:
        at = np.clip((np.arange(count) + 0.5) * bands / count - 0.5, 0, bands - 1)
        low = np.minimum(at.astype(np.intp), max(0, bands - 2))
        high = np.minimum(low + 1, bands - 1)
        share = (at - low).astype(np.float32)
        return np.asarray(levels[:, low] * (1 - share) + levels[:, high] * share, dtype=np.float32)
    edges = np.linspace(0, bands, count + 1)
    starts = np.arange(bands)[:, None]
    weights = np.clip(np.minimum(edges[None, 1:], starts + 1) - np.maximum(edges[None, :-1], starts), 0, 1)
    weights *= count / bands
    return np.asarray((levels**_LOUDER @ weights) ** (1 / _LOUDER), dtype=np.float32)


def lively(levels: Levels, count: int) -> Levels:
    """The sound in `count` bands, neighbours set off against each other; silence stays silence, 1 stays the most."""
    bands = put_together(levels, count)
    reach = max(1, round(count * _NEIGHBOURS))
    padded = np.pad(bands, ((0, 0), (reach, reach)), mode="edge")
    sums = np.cumsum(padded, axis=1, dtype=np.float32)
    sums = np.concatenate([np.zeros((len(bands), 1), np.float32), sums], axis=1)
    around = (sums[:, 2 * reach + 1 :] - sums[:, : -2 * reach - 1]) / np.float32(2 * reach + 1)
    sharp = np.clip(bands + np.float32(_SHARPER) * (bands - around), 0, 1)
    # what a loud frame's highest bar reaches is the whole height
    usual = float(np.percentile(sharp.max(axis=1), 55)) if len(sharp) else 1.0
    return np.asarray(np.clip(sharp * np.float32(1 / max(usual, _LEAST_USUAL)), 0, 1) ** _FULLER, dtype=np.float32)


def bell(count: int, least: float) -> NDArray[np.float32]:
    """1 in the middle of `count` places, falling to `least` at both ends."""
    x = np.abs(np.arange(count) - (count - 1) / 2) / max(1.0, (count - 1) / 2)
    return np.asarray(least + (1 - least) * np.cos(x * np.pi / 2) ** 1.3, dtype=np.float32)


def from_the_middle(levels: Levels, count: int) -> Levels:
    """Bands for `count` places in a row: low tones in the middle, the two sides alike but not the same."""
    bands = lively(levels, count)
    order = np.argsort(np.abs(np.arange(count) - (count - 1) / 2 + 0.1), kind="stable")
    out = np.empty_like(bands)
    out[:, order] = bands
    return out * bell(count, ENDS)


@dataclass(frozen=True, slots=True)
class Columns:
    """Bars with round ends, side by side, as columns of pixels; every array has the shape (width,).

    Attributes:
        owner: which bar a column belongs to.
        drop: by how much the bar's end lies lower there than in its middle, in pixels; endless between bars.
        most: how much of the column the bar takes, in 255ths.
        radius: of the ends, in pixels.
    """

    owner: NDArray[np.intp]
    drop: NDArray[np.float32]
    most: Cover
    radius: float


def columns_of(width: int, count: int, thickness: float) -> Columns:
    """`count` bars evenly over `width` columns; large ones stand on whole pixels and are crisp, small ones are where
    they belong."""
    pitch = width / count
    bar, middles = pitch * thickness, (np.arange(count) + 0.5) * pitch
    if pitch >= _CRISP:
        bar = float(round(bar))
        middles = np.rint(middles - bar / 2) + bar / 2
    x = np.arange(width) + 0.5
    owner = np.minimum((x / pitch).astype(np.intp), count - 1)
    across, radius = np.abs(x - middles[owner]), max(bar / 2, 0.5)
    most = np.clip(radius + 0.5 - across, 0, 1)
    drop = radius - np.sqrt(np.maximum(radius**2 - np.minimum(across, radius) ** 2, 0))
    drop[most <= 0] = np.inf
    return Columns(owner, drop.astype(np.float32), np.rint(most * 255).astype(np.uint8), radius)


def above(heights: NDArray[np.float32], reach: float, rows: int) -> Cover:
    """Coverage of columns that stand on a line `rows` below the top; `reach` is the first row's middle above it."""
    # a column is empty, then has one pixel that is partly covered, then is full: comparing bytes of rows and setting
    # that pixel takes a fifth of the time of working out every pixel
    high = np.float32(reach + 0.5) - heights
    first = np.clip(np.ceil(high), 0, rows + 1)
    full = first.astype(np.int16)
    cover: Cover = (np.arange(rows, dtype=np.int16)[:, None] >= full).view(np.uint8)
    np.negative(cover, out=cover)  # 1 becomes 255
    at = np.flatnonzero((full > 0) & (full <= rows))
    part = (first[at] - high[at]) * np.float32(255)
    cover[full[at] - 1, at] = part.astype(np.uint8)
    return cover


def mirrored(heights: NDArray[np.float32], layer: Box, box: Box) -> Cover:
    """Coverage in `box` of columns that reach as far above as below the middle of `layer`; one height a column."""
    middle = layer.top + layer.height / 2
    reach = max(abs(box.top - middle), abs(box.bottom - middle))
    upper = above(heights, reach - 0.5, int(reach + 0.5))
    whole = np.concatenate([upper, upper[::-1]])
    first = round(box.top - (middle - reach))
    return whole[first : first + box.height]


def around_middle(layer: Box, reach: float) -> Box:
    """The rows of `layer` up to `reach` pixels from its middle."""
    middle, rows = layer.top + layer.height // 2, int(reach) + 2
    return Box(layer.left, middle - rows, layer.right, middle + rows).common(layer)


def in_quarters(pixels: NDArray[np.float32]) -> NDArray[np.int16]:
    """Lengths in pixels as a shape."""
    return np.rint(pixels * FINEST).astype(np.int16)


def smooth_matrix(width: int, count: int, spread: float) -> NDArray[np.float32]:
    """What makes a smooth curve of `width` columns of `count` values, shape (width, count); rows add up to 1."""
    at = (np.arange(width) + 0.5) * count / width - 0.5
    weights = np.exp(-0.5 * ((at[:, None] - np.arange(count)) / spread) ** 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


def taper(width: int, share: float) -> NDArray[np.float32]:
    """1 in the middle, down to 0 at both ends within `share` of the width; shape (width,)."""
    x = (np.arange(width) + 0.5) / width
    edge = np.clip(np.minimum(x, 1 - x) / share, 0, 1)
    return np.asarray(np.sin(edge * np.pi / 2) ** 2, dtype=np.float32)
