"""A cover may come in any form that producers have; what is no picture is named, and nothing else is run."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from clipper.errors import InputError
from clipper.picture.cover import WORKING_SIZE, open_cover, typographic_cover

from .looks import BOLD


def art(width: int = 300, height: int = 200) -> Image.Image:
    """Red on the left, blue on the right, a green strip at the top."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2], pixels[:, width // 2 :], pixels[: height // 8] = (
        (200, 30, 30),
        (30, 30, 200),
        (30, 200, 30),
    )
    return Image.fromarray(pixels)


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int], by: int = 25) -> bool:
    got = image.getpixel(at)
    assert isinstance(got, tuple)
    return all(abs(a - b) <= by for a, b in zip(got, colour, strict=True))


def looks_like_art(image: Image.Image) -> bool:
    w, h = image.size
    return (
        near(image, (w // 4, h // 2), (200, 30, 30))
        and near(image, (3 * w // 4, h // 2), (30, 30, 200))
        and near(image, (w // 2, h // 20), (30, 200, 30))
    )


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "tiff", "bmp", "avif", "jp2"])
def test_every_usual_format_opens(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"cover.{suffix}"
    art().save(path)
    image = open_cover(path)
    assert image.mode == "RGB"
    assert image.size == (300, 200)
    assert looks_like_art(image)


@pytest.mark.parametrize("mode", ["P", "CMYK", "L", "1", "LA", "RGBA", "I;16"])
def test_every_mode_becomes_rgb(mode: str, tmp_path: Path) -> None:
    path = tmp_path / ("cover.tiff" if mode in ("CMYK", "I;16") else "cover.png")
    if mode == "I;16":
        Image.fromarray(np.asarray(art().convert("L")).astype(np.uint16) * 257).save(path)
    elif mode == "P":
        art().quantize(8).save(path)
    else:
        art().convert("L" if mode == "LA" else "RGB").convert(mode).save(path)
    image = open_cover(path)
    assert image.mode == "RGB"
    if mode in ("P", "CMYK", "RGBA"):
        assert looks_like_art(image)
    elif mode != "1":
        expected = art().convert("L").getpixel((75, 100))
        assert isinstance(expected, int)
        assert near(image, (75, 100), (expected,) * 3, 3)


def test_sixteen_bits_that_are_larger_than_the_working_size(tmp_path: Path) -> None:
    pixels = np.linspace(0, 65535, 3000).astype(np.uint16)[None].repeat(100, axis=0)
    Image.fromarray(pixels).save(tmp_path / "deep.png")
    image = open_cover(tmp_path / "deep.png")
    assert image.width == WORKING_SIZE
    assert near(image, (WORKING_SIZE // 2, 30), (127, 127, 127), 3)


def test_what_is_see_through_lies_on_white(tmp_path: Path) -> None:
    clear = art().convert("RGBA")
    clear.putalpha(
        Image.fromarray(np.where(np.arange(200)[:, None] > 100, 0, 255).astype(np.uint8).repeat(300, axis=1))
    )
    clear.save(tmp_path / "clear.png")
    image = open_cover(tmp_path / "clear.png")
    assert near(image, (75, 180), (255, 255, 255), 1)
    assert near(image, (75, 60), (200, 30, 30))
    palette = art().quantize(8)
    palette.info["transparency"] = palette.getpixel((75, 180))
    palette.save(tmp_path / "clear.gif", transparency=palette.info["transparency"])
    assert near(open_cover(tmp_path / "clear.gif"), (75, 180), (255, 255, 255), 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_as_its_camera_says(orientation: int, tmp_path: Path) -> None:
    turned = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    stored = art() if turned is None else art().transpose(turned)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "photo.jpg", exif=exif, quality=95)
    image = open_cover(tmp_path / "photo.jpg")
    assert image.size == (300, 200)
    assert looks_like_art(image)


def test_of_an_animation_the_first_frame_counts(tmp_path: Path) -> None:
    others = [Image.new("RGB", (300, 200), (0, 0, 0)) for _ in range(3)]
    art().save(tmp_path / "moving.gif", save_all=True, append_images=others, duration=50)
    assert looks_like_art(open_cover(tmp_path / "moving.gif"))


def test_colours_of_another_profile_are_brought_to_srgb(tmp_path: Path) -> None:
    """Gamma 1.0 without its profile would look far too dark."""
    flat = Image.new("RGB", (100, 100), (128, 128, 128))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    for name, data in (("other.png", profile), ("broken.png", b"no profile at all" * 20)):
        flat.save(tmp_path / name, icc_profile=data)
        assert open_cover(tmp_path / name).size == (100, 100)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    flat.save(tmp_path / "same.png", icc_profile=srgb)
    assert near(open_cover(tmp_path / "same.png"), (50, 50), (128, 128, 128), 1)


@pytest.mark.parametrize("size", [(20_000, 100), (100, 20_000), (5000, 5000), (64, 64), (3000, 64)])
def test_any_size_is_brought_to_a_working_one(size: tuple[int, int], tmp_path: Path) -> None:
    art(*size).save(tmp_path / "cover.jpg")
    image = open_cover(tmp_path / "cover.jpg")
    assert max(image.size) <= WORKING_SIZE
    assert min(image.size) >= 1
    if min(size) * WORKING_SIZE / max(size) > 50:
        assert image.width / image.height == pytest.approx(size[0] / size[1], rel=0.05)


def test_a_huge_jpeg_is_decoded_small_and_a_huge_png_is_refused(tmp_path: Path) -> None:
    Image.new("L", (20_000, 20_000)).save(tmp_path / "huge.jpg")
    assert max(open_cover(tmp_path / "huge.jpg").size) <= WORKING_SIZE
    Image.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    with pytest.raises(InputError, match=r"huge\.png is too large: 20000 x 20000"):
        open_cover(tmp_path / "huge.png")


@pytest.mark.parametrize("size", [(1, 1), (63, 400), (400, 10)])
def test_a_tiny_picture_is_refused_with_its_size(size: tuple[int, int], tmp_path: Path) -> None:
    art(*size).save(tmp_path / "dot.png")
    with pytest.raises(InputError, match=f"{size[0]} x {size[1]}") as caught:
        open_cover(tmp_path / "dot.png")
    assert "1400" in caught.value.mend


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<html>not a cover</html>", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 300 300\nshowpage\n"],
)
def test_what_is_no_picture_is_named(content: bytes, tmp_path: Path) -> None:
    """PostScript counts as none: opening it would run Ghostscript."""
    (tmp_path / "cover.jpg").write_bytes(content)
    with pytest.raises(InputError, match=r"cover\.jpg is not a picture"):
        open_cover(tmp_path / "cover.jpg")


def test_no_such_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no cover"):
        open_cover(tmp_path / "missing.jpg")
    with pytest.raises(InputError, match="is a folder"):
        open_cover(tmp_path)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "gif", "tiff", "bmp", "jp2", "avif"])
def test_a_damaged_picture_never_gets_through_as_a_traceback(suffix: str, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    noisy = Image.fromarray(np.random.default_rng(5).integers(0, 255, (120, 160, 3), dtype=np.uint8))
    noisy.save(buffer, {"jpg": "JPEG", "jp2": "JPEG2000"}.get(suffix, suffix.upper()))
    whole = buffer.getvalue()
    rng = np.random.default_rng(6)
    path = tmp_path / f"cover.{suffix}"
    refused = 0
    for attempt in range(24):
        data = bytearray(whole[: len(whole) // 2] if attempt % 3 == 0 else whole)
        for at in rng.integers(0, min(len(data), 600), 1 + attempt % 4):
            data[at] = rng.integers(0, 256)
        path.write_bytes(bytes(data))
        try:
            open_cover(path)
        except InputError:  # anything else fails the test
            refused += 1
    assert refused > 0


def test_an_episode_without_a_cover_gets_one_with_the_name_of_its_show() -> None:
    named, unnamed = typographic_cover("Oddly Good Work", BOLD), typographic_cover(None, BOLD)
    assert named.size == (1400, 1400)
    assert np.abs(np.asarray(named, np.int16) - np.asarray(unnamed, np.int16)).max() > 100
    for name in ("x" * 300, "Η Ώρα της Καμπάνας", "word " * 400, ""):
        assert typographic_cover(name, BOLD, 400).size == (400, 400)
