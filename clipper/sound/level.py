"""Speech whose level goes up and down, levelled gently. In: a voice; out: the voice with a gain that moves slowly.

A guest far from the microphone and a host close to it come nearer to each other; a sentence that is meant to be quiet
stays a little quieter. Ordinary speech is not touched at all. Pauses take the gain of the words around them, so that no
noise is pumped up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.sound.decode import RATE, Samples
from clipper.sound.quiet import HOP, levels, measured

FREE = 4.0  # dB by which a passage may differ from the clip's usual level, untouched
MOST = 10.0  # dB of gain, up or down
SPEED = 5.0  # dB a second at most
_AROUND = 1.2  # seconds on each side whose speech makes the level of a moment


def levelled(samples: Samples) -> Samples:
    """The voice, float32, shape (n, 2), its passages nearer to each other."""
    gain = gains(samples)
    if not gain.any():
        return samples
    places = np.arange(len(gain)) * HOP
    smooth = np.interp(np.arange(len(samples)), places, gain)
    return np.asarray(samples * (10 ** (smooth / 20))[:, None], dtype=np.float32)


def gains(samples: Samples) -> NDArray[np.float64]:
    """The gain at every 5 ms, in dB; changes by at most SPEED a second, 0 everywhere for even speech."""
    found = levels(samples)
    curve, quiet = found.astype(np.float64), measured(found)
    spoken = curve > quiet.border
    if np.count_nonzero(spoken) * HOP < RATE:
        return np.zeros(len(curve))
    local, sure = _local(curve, spoken)
    usual = float(np.median(local[spoken & sure])) if (spoken & sure).any() else 0.0
    away = local - usual
    wanted = -np.sign(away) * np.clip(np.abs(away) - FREE, 0.0, MOST)
    known = np.flatnonzero(spoken & sure)
    if not len(known) or not wanted[known].any():
        return np.zeros(len(curve))
    wanted = np.interp(np.arange(len(curve)), known, wanted[known])
    return _slow(wanted, SPEED * HOP / RATE)


def _local(curve: NDArray[np.float64], spoken: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The level of the speech around each hop, and whether there is enough of it."""
    reach = round(_AROUND * RATE / HOP)
    power = np.where(spoken, 10 ** (curve / 10), 0.0)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    counts = np.concatenate([[0], np.cumsum(spoken)])
    low = np.maximum(np.arange(len(curve)) - reach, 0)
    high = np.minimum(np.arange(len(curve)) + reach + 1, len(curve))
    count = counts[high] - counts[low]
    level = 10 * np.log10(np.maximum((sums[high] - sums[low]) / np.maximum(count, 1), 1e-12))
    return level, count > 0.15 * reach


def _slow(wanted: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """The curve nearest below in size that never moves faster than `step` a hop, looking both ways."""
    out = np.empty_like(wanted)
    # a slope limit on both sides is the lower and upper envelope of cones; their mean has no lag
    low, high = _cones(wanted, step), -_cones(-wanted, step)
    np.mean([low, high], axis=0, out=out)
    return out


def _cones(curve: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """The largest curve under `curve` that rises and falls by at most `step` a hop."""
    ramp = np.arange(len(curve)) * step
    forth = np.minimum.accumulate(curve - ramp) + ramp
    back = (np.minimum.accumulate((forth + ramp)[::-1]))[::-1] - ramp
    return np.asarray(np.minimum(forth, back))
