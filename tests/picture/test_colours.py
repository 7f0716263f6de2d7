"""Whatever the cover, text and accent can be read: measured on the pixels that lie under them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from clipper.picture import compose, survey, template
from clipper.picture.captions import Group
from clipper.picture.content import Content
from clipper.picture.geometry import place
from clipper.picture.palette import FALLBACK_ACCENT, RGB, contrast, encoded, from_oklab, linear, oklab, on, parse
from clipper.picture.roles import palette, readable

from .looks import contrast as contrasts
from .looks import luminance

LOOK = template.load("spotlight")


def accent(cover: Image.Image) -> RGB:
    """The cover's liveliest colour, as it stands on the darkest and the lightest place of a soft background."""
    found = readable(palette({}, frozenset(), cover).rgb("cover"), 0.006, 0.10, 3.0)
    assert found is not None
    return found


def apart(one: RGB, other: RGB) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def random_cover(seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    kind = seed % 4
    if kind == 0:  # patches
        small = rng.integers(0, 256, (rng.integers(1, 6), rng.integers(1, 6), 3), dtype=np.uint8)
        return Image.fromarray(small).resize((300, 300), Image.Resampling.NEAREST)
    if kind == 1:  # soft
        small = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
        return Image.fromarray(small).resize((300, 300), Image.Resampling.BICUBIC)
    if kind == 2:  # one saturated hue
        colour = np.zeros(3, np.uint8)
        colour[rng.integers(0, 3)] = rng.integers(80, 256)
        return Image.new("RGB", (300, 300), tuple(int(c) for c in colour))
    return Image.fromarray(rng.integers(0, 256, (300, 300, 3), dtype=np.uint8))  # noise


def checkered(one: tuple[int, int, int], other: tuple[int, int, int], cell: int) -> Image.Image:
    rows, columns = np.indices((400, 400)) // cell
    mask = ((rows + columns) % 2)[..., None].astype(bool)
    return Image.fromarray(np.where(mask, np.array(one, np.uint8), np.array(other, np.uint8)).astype(np.uint8))


@pytest.mark.parametrize("seed", range(40))
def test_the_accent_of_a_random_cover_can_be_read_and_written_on(seed: int) -> None:
    colour = accent(random_cover(seed))
    assert contrast(on(colour), colour) >= 4.5
    grey = round(float(encoded(np.array(0.10))) * 255)
    assert contrast(colour, (grey, grey, grey)) >= 2.95  # bars and lit words, on the lightest place there can be


@pytest.mark.parametrize("level", [0, 1, 60, 128, 200, 254, 255])
def test_a_grey_cover_gets_the_warm_one(level: int) -> None:
    assert apart(accent(Image.new("RGB", (300, 300), (level,) * 3)), FALLBACK_ACCENT) < 3
    assert contrast(FALLBACK_ACCENT, (16, 18, 24)) >= 4.5


@pytest.mark.parametrize("colour", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (90, 0, 140), (255, 255, 0), (1, 1, 60)])
def test_the_accent_keeps_the_hue_of_the_cover(colour: tuple[int, int, int]) -> None:
    lab = oklab(np.array([colour, accent(Image.new("RGB", (200, 200), colour))]) / 255)
    hues = np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    assert abs((hues[0] - hues[1] + 180) % 360 - 180) < 40


def test_a_small_lively_patch_wins_over_a_large_dull_one_but_a_speck_does_not() -> None:
    dull = np.full((300, 300, 3), (90, 95, 100), np.uint8)
    patch, speck = dull.copy(), dull.copy()
    patch[:90, :90] = (230, 40, 40)
    speck[0, 0] = (230, 40, 40)
    r, g, b = accent(Image.fromarray(patch))
    assert r > g + 60
    assert r > b + 60
    assert apart(accent(Image.fromarray(speck)), FALLBACK_ACCENT) < 3


def test_oklab_there_and_back() -> None:
    colours = np.random.default_rng(2).uniform(0, 1, (50, 3))
    assert np.abs(from_oklab(oklab(colours)) - colours).max() < 1e-4
    assert np.abs(encoded(linear(colours)) - colours).max() < 1e-9
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21)
    assert parse("#FF8000") == (255, 128, 0, 255)
    assert parse("#FF800080") == (255, 128, 0, 128)


SAID = Group(("So", "it", "is."), (0.1, 0.3, 0.5), (0.2, 0.4, 0.6), 0.0, 1.0)
COVERS = {
    "white": Image.new("RGB", (400, 400), (255, 255, 255)),
    "black": Image.new("RGB", (400, 400), (0, 0, 0)),
    "garish": checkered((255, 0, 255), (0, 255, 0), 100),
    "checkered": checkered((255, 255, 255), (0, 0, 0), 25),
    "half": Image.fromarray(
        np.repeat(np.where(np.arange(400) < 200, 255, 0), 400 * 3).reshape(400, 400, 3).astype(np.uint8)
    ),
    "yellow": Image.new("RGB", (400, 400), (255, 240, 0)),
    "wide": checkered((255, 255, 255), (250, 120, 0), 50).resize((2000, 100)),
}


@pytest.mark.parametrize("shape", ["vertical", "square", "wide"])
@pytest.mark.parametrize("name", COVERS)
def test_text_reaches_its_contrast_on_the_pixels_under_it(name: str, shape: str) -> None:
    content = Content(COVERS[name], "A headline that says what", show="A show", number="No. 7", groups=[SAID])
    empty = compose.scene(LOOK, shape, Content(COVERS[name]), frames=1, scale=0.4).frame(0)
    size = (empty.shape[1], empty.shape[0])
    layout = LOOK.shape(shape)
    readings = survey.readings(LOOK, shape, content, 0.4)
    assert {"headline", "show", "captions", "waveform", "progress"} <= {one.use.name for one in readings}
    for one in readings:
        box = place(layout.named(one.use.name).box, size)
        under = luminance(empty[box.rows, box.columns])
        assert one.ratio >= one.use.least
        if one.use.name in ("headline", "captions"):
            assert contrasts(luminance(np.array([one.colour])), under).min() >= min(2.95, one.use.least)
    bright = luminance(empty[place(layout.captions.box, size).rows]) if layout.captions else np.zeros(1)
    if name != "black":
        assert bright.max() > 0.001  # the cover's colours are still there
