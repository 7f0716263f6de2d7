"""RGB to planar YUV 4:2:0, BT.709, limited range, chroma sited left (MPEG-2 siting, the default of H.264).

In: uint8 RGB, shape (height, width, 3), even height and width; out: uint8 planes.
Source: ITU-R BT.709-6, 3.2 to 3.4; H.264 annex E, chroma_sample_loc_type 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
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


def luma(rgb: NDArray[np.uint8]) -> Plane:
    """The Y plane, shape (height, width)."""
    r, g, b = (rgb[..., i].astype(np.int32) for i in range(3))
    y = r * _INTEGERS[0, 0] + g * _INTEGERS[0, 1] + b * _INTEGERS[0, 2]
    return np.asarray(((y + _SCALE // 2) >> 16) + 16, dtype=np.uint8)


def chroma(rgb: NDArray[np.uint8]) -> tuple[Plane, Plane]:
    """The U and V planes, shape (height / 2, width / 2): rows averaged in pairs, columns by 1-2-1 around even ones."""
    wide = rgb[0::2].astype(np.int32) + rgb[1::2]
    left = np.concatenate([wide[:, :1], wide[:, 1:-1:2]], axis=1)
    small = left + 2 * wide[:, 0::2] + wide[:, 1::2]  # sum of weights is 8
    planes = []
    for row in (1, 2):
        c = sum(small[..., i] * _INTEGERS[row, i] for i in range(3))
        planes.append(np.asarray(((c + 4 * _SCALE) >> 19) + 128, dtype=np.uint8))
    return planes[0], planes[1]


def colour(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    """One colour's Y, U, V."""
    flat = np.full((2, 2, 3), rgb, dtype=np.uint8)
    u, v = chroma(flat)
    return int(luma(flat)[0, 0]), int(u[0, 0]), int(v[0, 0])


def alpha_chroma(alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Coverage at the chroma samples of a mask, shape (height / 2, width / 2), sited as `chroma` is."""
    wide = alpha[0::2].astype(np.uint16) + alpha[1::2]
    small = wide[:, 0::2] * 2 + wide[:, 1::2]
    small[:, 1:] += wide[:, 1:-1:2]
    small[:, 0] += wide[:, 0]
    return np.asarray((small + 4) >> 3, dtype=np.uint8)
