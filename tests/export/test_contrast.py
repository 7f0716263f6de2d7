"""How well words stand out is measured on the letters that are there, on a panel or without one."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from clipper.export.checks.closely import contrast
from clipper.picture.palette import linear

DARK, WHITE, ORANGE = (16, 20, 28), (250, 250, 250), (240, 150, 40)


class Drawn:
    """A line of captions, drawn four times as large as it is looked at, for edges that are soft as a codec's."""

    def __init__(self) -> None:
        self.alpha = Image.new("L", (400, 160))
        self.picture = Image.new("RGB", (400, 160), DARK)

    def bar(self, box: tuple[float, float, float, float], colour: tuple[int, int, int]) -> None:
        for image, ink in ((self.alpha, 255), (self.picture, colour)):
            big = image.resize((1600, 640), Image.Resampling.NEAREST)
            ImageDraw.Draw(big).rectangle([round(v * 4) for v in box], ink)
            image.paste(big.resize(image.size, Image.Resampling.BOX))

    def contrast(self) -> float | None:
        rgb = np.asarray(self.picture, dtype=np.float64) / 255
        return contrast(np.asarray(self.alpha), linear(rgb) @ np.array([0.2126, 0.7152, 0.0722]))


def ll(drawn: Drawn, left: float, colour: tuple[int, int, int]) -> None:
    """Two upright bars close together: more of their extent is ink than of other letters."""
    drawn.bar((left + 0.3, 40, left + 19.6, 115), colour)
    drawn.bar((left + 23.4, 40, left + 43.6, 115), colour)


def test_two_bars_beside_each_other_are_letters_and_no_panel():
    drawn = Drawn()
    ll(drawn, 100, WHITE)
    assert (drawn.contrast() or 0) > 10


def test_letters_on_a_panel_are_held_against_the_panel():
    drawn = Drawn()
    drawn.bar((80, 25, 170, 130), ORANGE)
    ll(drawn, 100, DARK)
    assert 4 < (drawn.contrast() or 0) < 10
    drawn.bar((80, 25, 170, 130), ORANGE)
    ll(drawn, 100, WHITE)
    assert (drawn.contrast() or 0) < 3


@pytest.mark.parametrize(("colour", "least"), [(WHITE, 10.0), ((90, 96, 104), 1.0)])
def test_letters_alone_are_held_against_what_is_around_them(colour: tuple[int, int, int], least: float):
    drawn = Drawn()
    ll(drawn, 60, colour)
    ll(drawn, 240, WHITE)
    assert least <= (drawn.contrast() or 0) < least + 12
    if colour != WHITE:
        assert (drawn.contrast() or 0) < 3


def test_without_letters_there_is_no_contrast():
    assert Drawn().contrast() is None
