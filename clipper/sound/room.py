"""The sound of a room in which nobody speaks, as long as it is needed. In: a recording; out: samples of its quiet.

Small grains of the quietest moment are laid over one another in an order that never repeats, so that nothing hums.
"""

from __future__ import annotations

import numpy as np

from clipper.sound.decode import CHANNELS, RATE, Samples
from clipper.sound.quiet import HOP, levels

MOMENT = 80  # hops, 0.4 s, of the quietest stretch
_GRAIN = RATE // 10  # samples
_FLOOR = -95.0  # dB; below it there is nothing to imitate


def room_tone(source: Samples, count: int, seed: int = 1) -> Samples:
    """`count` samples of the quiet of `source`, float32, shape (count, 2); silence where it has none.

    Args:
        seed: other grains for another place.
    """
    out = np.zeros((max(0, count), CHANNELS), dtype=np.float32)
    moment = quiet_moment(source)
    if count <= 0 or len(moment) <= _GRAIN:
        return out
    # two grains always overlap; windows of sin add up to an even power, as grains of noise know nothing of each other
    window = np.sin(np.pi * (np.arange(_GRAIN) + 0.5) / _GRAIN).astype(np.float32)[:, None]
    places = np.random.default_rng(seed).integers(0, len(moment) - _GRAIN, count // (_GRAIN // 2) + 3)
    padded = np.zeros((count + 2 * _GRAIN, CHANNELS), dtype=np.float32)
    for number, place in enumerate(places):
        at = number * (_GRAIN // 2)
        if at + _GRAIN > len(padded):
            break
        padded[at : at + _GRAIN] += moment[place : place + _GRAIN] * window
    out[:] = padded[_GRAIN // 2 : _GRAIN // 2 + count]
    return out


def quiet_moment(source: Samples) -> Samples:
    """The quietest 0.4 s of `source` that are not mere silence; nothing where there are none."""
    curve = levels(source)
    if len(curve) <= MOMENT:
        return source[:0]
    power = 10 ** (curve / 10)
    sums = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])
    mean = 10 * np.log10(np.maximum((sums[MOMENT:] - sums[:-MOMENT]) / MOMENT, 1e-12))
    # the loudest hop counts as well: a moment with a knock in it would knock again and again
    highest = np.lib.stride_tricks.sliding_window_view(curve, MOMENT).max(axis=1)
    price = np.where(mean < _FLOOR, np.inf, mean[: len(highest)] + 0.5 * highest)
    best = int(np.argmin(price))
    return source[best * HOP : (best + MOMENT) * HOP] if np.isfinite(price[best]) else source[:0]


def laid_over(samples: Samples, first: int, last: int, tone: Samples, fade: int) -> None:
    """Puts `tone` in the place of `samples[first:last]`, with fades of `fade` samples outside of it."""
    low, high = max(0, first - fade), min(len(samples), last + fade)
    if high <= low:
        return
    weight = np.ones(high - low, dtype=np.float32)
    rise, fall = first - low, high - last
    if rise > 0:
        weight[:rise] = np.sin(np.linspace(0, np.pi / 2, rise, endpoint=False))
    if fall > 0:
        weight[len(weight) - fall :] = np.cos(np.linspace(0, np.pi / 2, fall, endpoint=False))
    own = np.sqrt(np.maximum(0.0, 1 - weight**2))
    samples[low:high] = samples[low:high] * own[:, None] + tone[: high - low] * weight[:, None]
