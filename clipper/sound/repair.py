"""What is wrong with a recording, noticed and mended where that is certain. In: a clip's voice; out: it, and notes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipper.channels import OPPOSITE
from clipper.sound.decode import RATE, Samples

ONE_SIDED = 40.0  # dB between the channels, from which one of them is silent
OFFSET = 0.004  # of full scale: a mean that no voice has
FLAT = 3  # equal samples at the top that make a clipped peak
MANY = 4.0  # clipped peaks a second that are heard


def repaired(samples: Samples) -> tuple[Samples, tuple[str, ...]]:
    """The voice as it was meant, float32, shape (n, 2), and a line for everything that was noticed."""
    if not len(samples):
        return samples, ()
    notes: list[str] = []
    clipped = _clipped(samples)  # before anything is moved
    left, right = (float(np.mean(samples[:, i].astype(np.float64) ** 2)) for i in (0, 1))
    if max(left, right) > 0:
        apart = 10 * np.log10((left + 1e-15) / (right + 1e-15))
        if abs(apart) > ONE_SIDED:
            louder = 0 if apart > 0 else 1
            samples = np.repeat(samples[:, louder : louder + 1], 2, axis=1)
            notes.append(f"only the {('left', 'right')[louder]} channel has sound; it is heard on both sides")
        elif float(np.mean(samples[:, 0].astype(np.float64) * samples[:, 1])) < OPPOSITE * np.sqrt(left * right):
            samples = samples * np.array([1, -1], np.float32)
            notes.append("the two channels cancel each other out in mono; one of them is turned round")
    if clipped > MANY:
        notes.append(f"the recording is clipped ({clipped:.0f} flat peaks a second); that cannot be mended")
    return samples, tuple(notes)


def without_offset(pieces: Sequence[Samples]) -> float:
    """Takes the mean of all pieces out of them, in place, where it is none that a voice has; gives what was taken.

    Before any fade: a fade of an offset is a thump.
    """
    count = sum(map(len, pieces))
    mean = sum((p.sum(axis=0, dtype=np.float64) for p in pieces), np.zeros(2)) / max(1, count)
    if count == 0 or np.abs(mean).max() <= OFFSET:
        return 0.0
    for piece in pieces:
        piece -= mean.astype(np.float32)
    return float(np.abs(mean).max())


def _clipped(samples: Samples) -> float:
    """Flat peaks a second."""
    most = 0.0
    for channel in samples.T:
        most = max(most, sum(_flat(side) for side in (channel, -channel)) * RATE / len(channel))
    return most


def _flat(channel: NDArray[np.float32]) -> int:
    """Runs of at least FLAT samples at the channel's very top."""
    top = float(channel.max(initial=0.0))
    if top < 0.05:
        return 0
    flat = (channel > top * 0.998).astype(np.int8)
    runs = np.convolve(flat, np.ones(FLAT, np.int8), mode="valid") == FLAT
    return int(np.count_nonzero(np.diff(runs.astype(np.int8)) == 1))
