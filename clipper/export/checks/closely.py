"""A few pictures looked at closely: decoded pixels against what the scene draws there, and how well letters stand out.

In: a scene, its captions; out: a `Moment` for each picture that was chosen, in the middle of captions spread over the
clip. The waveform is left out: it is the sound's affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from clipper.export.checks.model import Moment
from clipper.export.checks.seeing import plane
from clipper.picture.caption_styles.base import Captions
from clipper.picture.captions import Group
from clipper.picture.geometry import Box
from clipper.picture.palette import linear
from clipper.picture.scene import Scene
from clipper.picture.waveforms.base import Waveform

COUNT = 6  # captions looked at
INK = 200  # coverage of 255 that counts as letter or panel
PANEL = 0.8  # share of its own extent that a panel's ink fills; letters fill a half
AROUND = 10  # pixels around a word that count as its ground
GAP = 8  # pixels between two words
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # WCAG 2.2, relative luminance


def middles(groups: Sequence[Group], frames: int, fps: float, count: int = COUNT) -> list[int]:
    """Numbers of frames in the middle of captions that are spread over the clip; the first one where there are none."""
    said = [g for g in groups if g.text.strip()]
    chosen = said[:: max(1, len(said) // count)][:count]
    times = [(g.starts[0] + max(g.ends[-1], g.starts[0])) / 2 for g in chosen] or [0.0]
    return sorted({min(frames - 1, round(t * fps)) for t in times})


class Closely:
    """The `Pictures` of one scene."""

    def __init__(self, scene: Scene, groups: Sequence[Group]) -> None:
        self._canvas = scene.planes()
        self._fps = float(scene.rate)
        self._captions = [layer for layer in scene.layers if isinstance(layer, Captions)]
        waves = [layer.box for layer in scene.layers if isinstance(layer, Waveform)]
        self._steady = np.ones((scene.h, scene.w), dtype=np.bool_)
        for box in waves:
            self._steady[box.rows, box.columns] = False
        self._frames = frozenset(middles(groups, scene.frames, self._fps))

    def wants(self, at: float) -> bool:
        return round(at * self._fps) in self._frames

    def compare(self, at: float, frame: Any) -> Moment:
        number = round(at * self._fps)
        self._canvas.show(number)
        luma, drawn = plane(frame), self._canvas.planes[0]
        if luma.shape != drawn.shape:
            return Moment(at, 0.0, None)
        likeness = _psnr(luma[self._steady], drawn[self._steady])
        contrasts = []
        for layer in self._captions:
            box = layer.box.inside(luma.shape[1], luma.shape[0])
            patch = None if box.empty else layer.patch(number, box)
            if patch is None or not (patch.alpha > INK).any():
                continue
            keep = self._steady[box.rows, box.columns]
            if keep.any():
                likeness = min(
                    likeness, _psnr(luma[box.rows, box.columns][keep], drawn[box.rows, box.columns][keep])
                )  # fmt: skip
            found = contrast(patch.alpha, _luminance(frame, box))
            contrasts += [] if found is None else [found]
        return Moment(at, likeness, min(contrasts, default=None))


def _psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    error = float(((one.astype(np.float32) - other) ** 2).mean()) if one.size else 0.0
    return 10 * float(np.log10(255**2 / max(error, 1e-6)))


def _luminance(frame: Any, box: Box) -> NDArray[np.float64]:
    """Relative luminance of decoded pixels, 0 to 1; source: ITU-R BT.709 limited range, WCAG 2.2."""
    y = (plane(frame)[box.rows, box.columns].astype(np.float64) - 16) / 219
    half = slice(box.top // 2, box.bottom // 2), slice(box.left // 2, box.right // 2)
    u, v = ((plane(frame, n)[half].astype(np.float64) - 128) / 224 for n in (1, 2))
    u, v = (p.repeat(2, axis=0).repeat(2, axis=1)[: y.shape[0], : y.shape[1]] for p in (u, v))
    rgb = np.stack([y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u], axis=-1)
    return np.asarray(linear(np.clip(rgb, 0, 1)) @ _LUMINANCE)


def contrast(alpha: NDArray[np.uint8], light: NDArray[np.float64]) -> float | None:
    """Of the word that stands out least: letters against what is around them, on a panel against the panel.

    Args:
        alpha: how much of each pixel the captions cover, shape (h, w), 0 to 255.
        light: relative luminance of the pixels as decoded, shape (h, w), 0 to 1.
    Returns: a ratio of 1 to 21; None where there is no word.
    """
    ink = alpha > INK
    found = [
        (rows, columns)
        for rows in _runs(np.asarray(ink.any(axis=1)), 2)
        for columns in _runs(np.asarray(ink[rows].any(axis=0)), GAP)
    ]
    tallest = max((rows.stop - rows.start for rows, _ in found), default=0)
    values = [
        _word(ink, light, rows, columns)
        for rows, columns in found
        if rows.stop - rows.start > tallest * 0.3 and columns.stop - columns.start > 3
    ]
    return min(values, default=None)


def _word(ink: NDArray[np.bool_], light: NDArray[np.float64], rows: slice, columns: slice) -> float:
    """A word's contrast; `rows` and `columns` are its extent."""
    inside, values = ink[rows, columns], light[rows, columns]
    tall, wide = inside.shape
    # on a panel, letters and panel are the two kinds of pixels; two bars, as in "ll", fill as much but stand apart
    if inside.mean() > PANEL and wide > tall * 0.5 and inside.any(axis=0).all():
        lit = values[inside]
        low, high = np.percentile(lit, [5, 95])
        middle = (low + high) / 2
        return _ratio(lit[lit <= middle], lit[lit > middle])
    near = [slice(max(0, s.start - AROUND), s.stop + AROUND) for s in (rows, columns)]
    around = near[0], near[1]
    mask = Image.fromarray(ink[around]).convert("L").filter(ImageFilter.MaxFilter(5))
    return _ratio(values[inside], light[around][np.asarray(mask) == 0])


def _ratio(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Contrast of two kinds of pixels. Source: WCAG 2.2, contrast ratio."""
    if not len(first) or not len(second):
        return 1.0
    dark, bright = sorted((float(np.median(first)), float(np.median(second))))
    return (bright + 0.05) / (dark + 0.05)


def _runs(there: NDArray[np.bool_], gap: int) -> list[slice]:
    """Stretches of true values; gaps shorter than `gap` do not part them."""
    at = np.flatnonzero(there)
    if not len(at):
        return []
    cuts = np.flatnonzero(np.diff(at) > gap)
    firsts, lasts = [at[0], *at[cuts + 1]], [*at[cuts], at[-1]]
    return [slice(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]
