"""Means over a time around each frame. In: an array of frames; out: the same length, smoothed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def around(values: ArrayLike, frames: int) -> NDArray[np.float64]:
    """The mean of the `frames` (rounded up to odd) values around each one, fewer at the ends; along the first axis.

    >>> around([0.0, 0.0, 3.0, 0.0], 3).tolist()
    [0.0, 1.0, 1.0, 1.5]
    """
    array = np.asarray(values, dtype=np.float64)
    n, half = len(array), frames // 2
    sums = np.zeros((n + 1, *array.shape[1:]))
    np.cumsum(array, axis=0, out=sums[1:])
    places = np.arange(n)
    low, high = np.maximum(places - half, 0), np.minimum(places + half + 1, n)
    count = (high - low).reshape(-1, *[1] * (array.ndim - 1))
    return np.asarray((sums[high] - sums[low]) / count)
