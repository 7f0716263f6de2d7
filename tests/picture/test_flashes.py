"""Nothing flashes so that it could set off a seizure (WCAG 2.3.1): flashing scenes are caught, ours do not flash."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from clipper.picture import template
from clipper.picture.caption_styles import STYLES
from clipper.picture.flashes import flashes
from clipper.picture.geometry import Box
from clipper.picture.layers import PictureLayer, Placed
from clipper.picture.scene import Scene
from clipper.picture.survey import flash_faults, flashing, trying_covers
from clipper.picture.template import Captions, Template

FPS = 30.0
SIZE = (216, 384)
LARGE = Box(40, 60, 180, 320)


def blinking(
    every: float, box: Box = LARGE, on: str = "white", ground: str = "black", seconds: float = 2.0
) -> Iterator[NDArray[np.uint8]]:
    """The frames of a scene in which a field of colour comes and goes `every` so many flashes a second."""
    base = np.array(Image.new("RGB", SIZE, ground))
    field = Image.new("RGBA", (box.width, box.height), on)
    shown = Placed(box.left, box.top)
    layer = PictureLayer(field, box, lambda n: shown if (n * every / FPS) % 1 >= 0.5 else None)
    scene = Scene(base, [layer], round(seconds * FPS), FPS)
    return (scene.frame(n) for n in range(scene.frames))


def test_a_field_that_flashes_five_times_a_second_is_caught_with_its_moment() -> None:
    found = flashes(blinking(5.0), FPS)
    assert not found.safe
    assert found.share > 0.9
    assert 0.6 < found.at <= 1.3
    assert not found.red


@pytest.mark.parametrize(
    ("what", "frames"),
    [
        ("three times a second", blinking(3.0)),
        ("in a small place", blinking(5.0, Box(100, 100, 126, 130))),
        ("by little", blinking(5.0, on="#000000", ground="#4A4A4A")),
        ("between two light shades", blinking(5.0, on="#FFFFFF", ground="#F3F3F3")),
        ("for a moment only", blinking(5.0, seconds=0.5)),
    ],
)
def test_what_flashes_under_the_threshold_is_let_pass(what: str, frames: Iterator[NDArray[np.uint8]]) -> None:
    assert flashes(frames, FPS).safe, what


def test_saturated_red_is_caught_where_its_light_alone_would_not_be() -> None:
    found = flashes(blinking(5.0, on="#FF0000", ground="#7C7C7C"), FPS)
    assert not found.safe
    assert found.red


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", template.names())
def test_no_shipped_template_flashes_in_any_caption_style(name: str, style: str) -> None:
    assert flashing(with_style(name, style), "vertical", trying_covers(200)[0]).safe


def test_a_template_that_flashes_is_named_by_its_check() -> None:
    look = template.load("kinetic")
    shape = look.vertical
    layers = tuple(
        part.model_copy(update={"box": (0.0, 0.0, 100.0, 100.0)}) if part.name == "waveform" else part
        for part in shape.layers
    )
    wild = look.model_copy(update={"vertical": shape.model_copy(update={"layers": layers})})
    faults = [str(fault) for fault in flash_faults(wild, "vertical", trying_covers(200)[0])]
    assert len(faults) == 1
    assert faults[0].startswith("vertical.flashes: ")
    assert "more than three times a second" in faults[0]


def with_style(name: str, style: str) -> Template:
    look = template.load(name)
    layers = tuple(
        part.model_copy(update={"style": style}) if isinstance(part, Captions) else part
        for part in look.vertical.layers
    )
    return look.model_copy(update={"vertical": look.vertical.model_copy(update={"layers": layers})})
