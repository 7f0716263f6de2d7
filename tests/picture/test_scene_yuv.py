"""The planes that go to the encoder have the colours of the picture: held against ffmpeg's own conversion."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from clipper.media import run_ffmpeg
from clipper.picture import yuv
from tests.picture.scenes import noise


def by_zimg(rgb: NDArray[np.uint8], folder: Path) -> list[NDArray[np.int16]]:
    """Y, U, V by ffmpeg's zscale: BT.709, limited range, chroma left."""
    height, width = rgb.shape[:2]
    run = run_ffmpeg(
        [
            *("-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", f"{width}x{height}", "-i", "pipe:0"),
            *(
                "-vf",
                "zscale=matrixin=gbr:rangein=full:matrix=709:range=limited:chromal=left:filter=bilinear:dither=none",
            ),
            *("-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1"),
        ],
        data=rgb.tobytes(),
    )
    assert run.returncode == 0, run.stderr.decode()
    flat = np.frombuffer(run.stdout, dtype=np.uint8).astype(np.int16)
    luma, small = width * height, width * height // 4
    shape = (height // 2, width // 2)
    return [
        flat[:luma].reshape(height, width),
        flat[luma : luma + small].reshape(shape),
        flat[luma + small :].reshape(shape),
    ]


def apart(rgb: NDArray[np.uint8], folder: Path) -> list[int]:
    ours = [yuv.luma(rgb), *yuv.chroma(rgb)]
    return [int(np.abs(a - b).max()) for a, b in zip(ours, by_zimg(rgb, folder), strict=True)]


@pytest.mark.parametrize("seed", range(3))
def test_soft_pictures_have_the_colours_that_ffmpeg_gives_them(seed: int, tmp_path: Path):
    blurred = Image.fromarray(noise(160, 128, seed)).filter(ImageFilter.GaussianBlur(6))
    stretched = np.asarray(blurred).astype(np.float32)
    stretched = (stretched - stretched.min()) * (255 / np.ptp(stretched))
    assert max(apart(stretched.astype(np.uint8), tmp_path)) <= 2


def test_chroma_stands_on_the_left_of_its_two_columns(tmp_path: Path):
    # every column has a colour of its own: a conversion that sites chroma in the middle is far off
    columns = np.repeat(noise(160, 1), 64, axis=0)
    assert max(apart(columns, tmp_path)) <= 1
    centred = columns.astype(np.int32)
    centred = (centred[:, 0::2] + centred[:, 1::2]) // 2
    wrong = yuv.chroma(np.repeat(centred.astype(np.uint8), 2, axis=1))[0]
    assert int(np.abs(wrong - by_zimg(columns, tmp_path)[1]).max()) > 20


def test_black_white_and_the_primaries_are_where_the_standard_puts_them():
    # ITU-R BT.709-6, 8-bit: black 16, white 235, neutral 128; 100 % bars
    expected = {
        (0, 0, 0): (16, 128, 128),
        (255, 255, 255): (235, 128, 128),
        (255, 0, 0): (63, 102, 240),
        (0, 255, 0): (173, 42, 26),
        (0, 0, 255): (32, 240, 118),
    }
    for rgb, wanted in expected.items():
        assert tuple(round(v) for v in yuv.colour(rgb)) == wanted, rgb
