"""Where somebody laughs. In: the frames' levels, bands and pitch; out: how likely laughter is at each one.

A laugh is a row of calls that are alike ("ha ha ha"), 140 to 250 ms apart, with breath between them instead of
silence or other vowels, on a higher pitch than the talk around it. All of it must hold: rather miss a laugh than hear
one in a reading. Sources: Provine and Yong, "Laughter: a stereotyped human vocalization", Ethology 89 (1991), 210 ms;
Bachorowski, Smoski, Owren, "The acoustic features of human laughter", JASA 110 (2001), pitch and breath.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clipper.sound.running import around
from clipper.sound.stream import FRAMES, Floats

WINDOW = 40  # frames that are looked at together, 0.8 s: three or four calls
SHORTEST, LONGEST = 7, 16  # frames from call to call that are tried: 140 to 320 ms
LATEST = 12.5  # a laugh has less
ALIKE = 0.4  # correlation of the bands one call later
SWING = 0.58  # by which that exceeds the correlation half a call later
APART = -0.05  # the correlation half a call later: a call is not like its gap
BREATH = 8.5  # dB by which high bands are nearer to low ones than in vowels, in all and in the gaps
MOVES = 6.5  # dB by which the bands go up and down
SOFT = 24.0  # dB below the loud frames
RAISED = 6.5  # semitones above the episode's middle pitch
SHORT = 6  # frames of a laugh in WINDOW, 0.12 s: less is chance
LOW, HIGH = slice(0, 4), slice(7, None)  # bands: up to 800 Hz; from 2 kHz on
PART = 30_000  # frames at a time, ten minutes; their neighbours on each side are looked at as well
MARGIN = 3 * WINDOW
USUAL_TILT = -20.0  # dB, where too few vowels sound


def likelihood(energy: Floats, bands: NDArray[np.int8], pitch: Floats) -> Floats:
    """0 to 1 for each frame, shape (n,); over 0.5 is a laugh.

    Args:
        energy: dB, shape (n,).
        bands: dB, shape (n, 12), as `spectrum.levels` gives them.
        pitch: Hz, nan where no voice sounds, shape (n,).
    """
    n = len(energy)
    out = np.zeros(n, dtype=np.float32)
    if n < 2 * WINDOW:
        return out
    loud = float(np.percentile(energy, 97))
    floor = np.percentile(bands, 95, axis=0) - 45.0
    tilt = _tilt(bands)
    vowels = ~np.isnan(pitch) & (energy > loud - 15)
    usual = float(np.median(tilt[vowels])) if vowels.sum() >= FRAMES // 2 else USUAL_TILT
    middle = float(np.nanmedian(pitch)) if (~np.isnan(pitch)).any() else 150.0
    for a in range(0, n, PART):
        low, high = max(0, a - MARGIN), min(n, a + PART + MARGIN)
        here = slice(low, high)
        height = 12 * np.log2(pitch[here] / middle)
        found = _part(energy[here] - loud, np.maximum(bands[here], floor), tilt[here] - usual, height)
        out[a : a + PART] = found[a - low : a - low + PART]
    return out


def _tilt(bands: NDArray[np.int8]) -> Floats:
    """Power of the high bands over that of the low ones, dB, shape (n,)."""
    table = (10 ** (np.arange(-128, 128) / 10)).astype(np.float32)
    power = table[bands.astype(np.int16) + 128]
    return np.asarray(10 * np.log10(power[:, HIGH].sum(axis=1) / power[:, LOW].sum(axis=1)), dtype=np.float32)


def _part(energy: Floats, bands: NDArray[np.float64], tilt: Floats, height: Floats) -> Floats:
    """The likelihood of some minutes; dB and semitones against the episode's own."""
    swing, alike, half, lag, moves = _rhythm(bands)
    voiced = ~np.isnan(height)
    raised = around(np.nan_to_num(height), WINDOW) / np.maximum(around(voiced, WINDOW), 0.02)
    sounding = energy > -45
    gaps = (energy < around(energy, WINDOW)) & (energy > -50)
    breath = np.minimum(_mean_where(tilt, sounding), _mean_where(tilt, gaps))
    level = 10 * np.log10(around(10 ** (energy.astype(np.float64) / 10), WINDOW) + 1e-10)
    weakest = np.minimum.reduce(
        [
            (swing - SWING) / 0.1,
            (alike - ALIKE) / 0.08,
            (APART - half) / 0.08,
            (LATEST - lag) / 1.0,
            (breath - BREATH) / 2.5,
            (moves - MOVES) / 1.0,
            (level + SOFT) / 3.0,
            (raised - RAISED) / 1.5,
        ]
    )
    chance = 1 / (1 + np.exp(-np.clip(weakest, -50, 50)))
    enough = around(chance > 0.5, WINDOW) * WINDOW >= SHORT
    return np.asarray(np.where(enough, chance, np.minimum(chance, 0.5)), dtype=np.float32)


def _mean_where(values: Floats, where: NDArray[np.bool_]) -> NDArray[np.float64]:
    return around(np.where(where, values, 0.0), WINDOW) / np.maximum(around(where, WINDOW), 0.02)


def _rhythm(bands: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """How alike the bands are one call later, for the best distance of calls; each of shape (n,).

    Returns:
        swing (`alike` less `half`), alike, half (the correlation half a call later), the distance in frames, and how
        many dB the bands go up and down.
    """
    n = len(bands)
    moved = bands - around(bands, WINDOW)
    power = around(np.einsum("ij,ij->i", moved, moved), WINDOW)
    first = SHORTEST // 2
    alike = np.zeros((LONGEST - first + 1, n))
    for lag in range(first, LONGEST + 1):
        product = np.zeros(n)
        begin = lag // 2
        product[begin : begin + n - lag] = np.einsum("ij,ij->i", moved[:-lag], moved[lag:])
        alike[lag - first] = around(product, WINDOW) / (power + 1e-6)
    best = np.argmax(alike[SHORTEST - first :], axis=0) + SHORTEST
    places = np.arange(n)
    top = alike[best - first, places]
    half = np.minimum(alike[best // 2 - first, places], alike[(best + 1) // 2 - first, places])
    return top - half, top, half, best.astype(np.float64), np.sqrt(power / bands.shape[1])
