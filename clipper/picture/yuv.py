"""RGB to planar YUV 4:2:0, BT.709, limited range, chroma sited left (MPEG-2 siting, the default of H.264).

In: uint8 RGB, shape (height, width, 3), even height and width; out: uint8 planes.
Source: ITU-R BT.709-6, 3.2 to 3.4; H.264 annex E, chroma_sample_loc_type 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.uint8]
Exact = NDArray[np.float32]
KR, KB = 0.2126, 0.0722
KG = 1 - KR - KB
# rows Y, U, V of the matrix for 8-bit limited range, in 1/65536
_SCALE = 65536
_MATRIX = np.array(
    [
        [KR * 219 / 255, KG * 219 / 255, KB * 219 / 255],
        [-KR / (2 * (1 - KB)) * 224 / 255, -KG / (2 * (1 - KB)) * 224 / 255, 0.5 * 224 / 255],
        [0.5 * 224 / 255, -KG / (2 * (1 - KR)) * 224 / 255, -KB / (2 * (1 - KR)) * 224 / 255],
    ]
)
_INTEGERS = np.rint(_MATRIX * _SCALE).astype(np.int32)
# A chroma sample stands on an even column between two rows: it takes 1-2-1 of its columns and both rows alike.
WEIGHTS = 8  # what these weights add up to
FEW = 3 * 2048  # numbers in a box so small that how often numpy is called is what counts


def luma(rgb: NDArray[np.uint8]) -> Plane:
    """The Y plane, shape (height, width)."""
    # Pillow's one pass; it rounds to nearest
    return np.asarray(Image.fromarray(rgb).convert("L", (*_MATRIX[0], 16.0)))


def chroma(rgb: NDArray[np.uint8]) -> tuple[Plane, Plane]:
    """The U and V planes, shape (height / 2, width / 2)."""
    u, v = (np.asarray((c + 4 * _SCALE) >> 19, dtype=np.uint8) for c in _chroma(rgb))
    return u, v


def exact(rgb: NDArray[np.uint8]) -> tuple[Exact, Exact, Exact]:
    """Y, U and V before they are rounded, for blending."""
    u, v = (c.astype(np.float32) * np.float32(1 / (WEIGHTS * _SCALE)) for c in _chroma(rgb))
    return _luma(rgb).astype(np.float32) * np.float32(1 / _SCALE), u, v


def colour(rgb: tuple[int, int, int]) -> tuple[float, float, float]:
    """One colour's Y, U, V, not rounded."""
    y, u, v = exact(np.full((2, 2, 3), rgb, dtype=np.uint8))
    return float(y[0, 0]), float(u[0, 0]), float(v[0, 0])


def sited(plane: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Values at the chroma samples of a plane, shape (height / 2, width / 2), in 1/WEIGHTS."""
    wide = np.add(plane[0::2], plane[1::2], dtype="<u2")
    pairs = wide.view("<u4")  # two columns in one number, taken apart in one pass each
    small, odd = (pairs & 0xFFFF).astype(np.uint16), (pairs >> 16).astype(np.uint16)
    small += small
    small += odd
    small[:, 1:] += odd[:, :-1]
    small[:, 0] += wide[:, 0]
    return small


def smooth(rgb: NDArray[np.uint8], most: float = 1.5, where: NDArray[np.bool_] | None = None) -> bool:
    """Whether chroma varies by at most `most` levels under any one chroma sample.

    Args:
        where: pixels that count, shape (height, width); a chroma sample counts where it sees one of them.
    """
    counts: NDArray[np.bool_] | None = None
    if where is not None:
        counts = where[0::2] | where[1::2]
        counts = counts[:, :-2] | counts[:, 1:-1] | counts[:, 2:]
    for row in _MATRIX[1:]:
        full = np.asarray(rgb @ row.astype(np.float32), dtype=np.float32)
        pairs = np.stack([full[0::2], full[1::2]])
        low, high = pairs.min(axis=0), pairs.max(axis=0)
        low, high = np.minimum(low[:, :-1], low[:, 1:]), np.maximum(high[:, :-1], high[:, 1:])
        low, high = np.minimum(low[:, :-1], low[:, 1:]), np.maximum(high[:, :-1], high[:, 1:])
        rough = high - low > most
        if (rough if counts is None else rough & counts).any():
            return False
    return True


def _luma(rgb: NDArray[np.uint8]) -> NDArray[np.int32]:
    r, g, b = (rgb[..., i].astype(np.int32) * _INTEGERS[0, i] for i in range(3))
    return np.asarray(r + g + b + 16 * _SCALE)


def _chroma(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    if rgb.size < FEW:
        return _chroma_of_few(rgb)
    # a colour at a time: numpy is twice as slow on three numbers side by side
    r, g, b = (sited(rgb[..., i]).astype(np.int32) for i in range(3))
    u, v = (r * m[0] + g * m[1] + b * m[2] + 128 * WEIGHTS * _SCALE for m in _INTEGERS[1:])
    return u, v


def _chroma_of_few(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The same as `_chroma`, all colours at once."""
    wide = np.add(rgb[0::2], rgb[1::2], dtype=np.int32)
    small = wide[:, 0::2] * 2
    small += wide[:, 1::2]
    small[:, 1:] += wide[:, 1:-1:2]
    small[:, 0] += wide[:, 0]
    both = small @ _INTEGERS[1:].T
    both += 128 * WEIGHTS * _SCALE
    return both[..., 0], both[..., 1]
