"""Where the loudness jumps for good. In: decibels of frames; out: the step at each one."""

from __future__ import annotations

import numpy as np

from clipper.sound.running import around
from clipper.sound.stream import FRAMES, Floats

SIDE = 6 * FRAMES  # frames that are compared on each side, 6 s
GATE = 20.0  # dB below the loud frames; pauses do not count, as in BS.1770's gate
LEAST = 0.25  # of a side that must sound, else nothing is said of it


def steps(energy: Floats) -> Floats:
    """By how many dB the 6 s after each frame are louder than the 6 s before it, shape (n,); 0 where one is silent."""
    n = len(energy)
    if n <= 2 * SIDE:
        return np.zeros(n, dtype=np.float32)
    loud = energy > float(np.percentile(energy, 95)) - GATE
    share = around(loud, SIDE)
    power = around(np.where(loud, 10 ** (energy.astype(np.float64) / 10), 0.0), SIDE)
    level = 10 * np.log10(power / np.maximum(share, 1e-3) + 1e-10)
    out = np.zeros(n, dtype=np.float32)
    half = SIDE // 2
    inner = slice(half, n - half)
    both = (share[: n - SIDE] >= LEAST) & (share[SIDE:] >= LEAST)
    out[inner] = np.where(both, level[SIDE:] - level[: n - SIDE], 0.0)
    out[:SIDE] = out[n - SIDE :] = 0.0
    return out
