"""The sound of a room in which nobody speaks, as long as it is needed. In: a recording; out: samples of its quiet.

Small grains of the quietest moment are laid over one another in an order that never repeats, so that nothing hums.
"""

from __future__ import annotations

import numpy as np

from clipper.sound.decode import CHANNELS, RATE, Samples
from clipper.sound.quiet import HOP, levels

MOMENTS = (160, 80, 50, 30)  # hops of 5 ms of the quietest stretch, the longest that there is
_EVEN = 9.0  # dB by which its loudest hop may lie above the quietest ones of the recording
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
    """The quietest stretch of `source` that is not mere silence, of 0.8 s or as much less as has to be; nothing where
    there is none.

    A single louder hop rules a stretch out: a knock in it would be heard again and again.
    """
    curve = levels(source)[1:-1]  # the outermost ones see half a window
    there = curve[curve > _FLOOR]
    if not len(there):
        return source[:0]
    floor = float(np.percentile(there, 3))
    for moment in MOMENTS:
        if len(curve) <= moment:
            continue
        windows = np.lib.stride_tricks.sliding_window_view(curve, moment)
        highest = np.where(windows.min(axis=1) < _FLOOR, np.inf, windows.max(axis=1))
        best = int(np.argmin(highest))
        if highest[best] < floor + _EVEN:
            return source[(best + 1) * HOP : (best + 1 + moment) * HOP]
    return source[:0]


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
