"""Every waveform: the same picture whichever way a frame is come to, nothing outside its box, a line in silence."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from clipper.errors import UsageError
from clipper.picture.canvas import RgbCanvas, YuvCanvas
from clipper.picture.geometry import Box, merged
from clipper.picture.speakers import turns, voices
from clipper.picture.waveforms import STYLES, Options, Waveform, waveform
from clipper.sound.decode import RATE
from clipper.sound.envelope import levels as envelope
from tests.picture.captioned import group_of
from tests.picture.scenes import levels, noise

AMBER, BLUE = (250, 180, 20), (40, 160, 250)
BOX, SQUARE = Box(10, 20, 290, 92), Box(8, 6, 208, 206)
styles = pytest.mark.parametrize("style", STYLES)


def made(style: Any, heights: NDArray[np.float32] | None = None, scale: float = 1.0, **more: Any) -> Waveform:
    box = SQUARE if style == "radial" else BOX
    box = Box(*(round(v * scale / 2) * 2 for v in (box.left, box.top, box.right, box.bottom)))
    return waveform(style, box, levels(60) if heights is None else heights, more.pop("colours", AMBER), **more)


def alpha(layer: Waveform, frame: int) -> NDArray[np.uint8]:
    return layer.patch(frame, layer.box).alpha


def flat(height: float, frames: int = 40) -> NDArray[np.float32]:
    return np.full((frames, 64), height, dtype=np.float32)


@styles
def test_a_frame_looks_the_same_whatever_was_shown_before(style: str) -> None:
    layer, base = made(style), noise(300, 216)
    canvas, planes = RgbCanvas(base, [layer]), YuvCanvas(base, [layer])
    for number in random.Random(4).choices(range(60), k=25):
        fresh = RgbCanvas(base, [made(style)]).show(number)
        assert np.array_equal(canvas.show(number), fresh), number
        assert planes.show(number) == YuvCanvas(base, [layer]).show(number)


@styles
def test_what_it_calls_unchanged_is_unchanged(style: str) -> None:
    layer, base = made(style), np.zeros((216, 300, 3), np.uint8)
    for before, after in pairwise(random.Random(8).choices(range(60), k=40)):
        first, second = RgbCanvas(base, [layer]).show(before), RgbCanvas(base, [layer]).show(after)
        differs = (first != second).any(axis=2)
        for box in layer.dirty(before, after):
            assert box == box.common(layer.box)
            differs[box.rows, box.columns] = False
        assert not differs.any(), (before, after)


@styles
def test_a_part_of_it_is_a_part_of_the_whole(style: str) -> None:
    layer = made(style)
    chance = random.Random(3)
    for _ in range(30):
        left, right = sorted(chance.sample(range(layer.box.left, layer.box.right + 1, 2), 2))
        top, bottom = sorted(chance.sample(range(layer.box.top, layer.box.bottom + 1, 2), 2))
        box, frame = Box(left, top, right, bottom), chance.randrange(60)
        whole = alpha(layer, frame)
        assert np.array_equal(layer.patch(frame, box).alpha, whole[box.seen_from(layer.box)])


@styles
def test_silence_is_a_line_that_stands_still(style: str) -> None:
    layer = made(style, flat(0.0))
    assert all(layer.dirty(n, n + 1) == [] for n in range(39))
    ink = alpha(layer, 20)
    assert ink.max() > 100
    if style == "radial":
        assert 0 < (ink > 0).mean() < 0.12
        return
    rows = np.flatnonzero((ink > 0).any(axis=1))
    assert np.ptp(rows) <= 0.16 * layer.box.height
    columns = np.flatnonzero((ink > 40).any(axis=0))
    assert np.ptp(columns) > 0.8 * layer.box.width
    middle = layer.box.height - np.ptp(rows) / 2 if style == "bars" else layer.box.height / 2
    assert abs(rows.mean() - middle) < 3


@styles
def test_the_loudest_fills_its_box_and_never_leaves_it(style: str) -> None:
    quiet, loud = alpha(made(style, flat(0.0)), 30), alpha(made(style, flat(1.0)), 30)
    low, high = ((ink > 100).any(axis=1).sum() for ink in (quiet, loud))
    if style == "radial":
        assert loud.astype(int).sum() > 2.5 * quiet.astype(int).sum()
    else:
        assert low < 0.2 * loud.shape[0]
        assert high > (0.4 if style == "line" else 0.8) * loud.shape[0]
    for row in (loud[0], loud[-1] if style != "bars" else loud[0]):
        assert row.max() < 255  # there is a margin to the box's edge, so nothing was cut off


@styles
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -3.0, 7.0])
def test_a_level_that_is_none_does_no_harm(style: str, value: float) -> None:
    heights = levels(20)
    heights[5:9, 3:] = value
    layer, base = made(style, heights), noise(300, 216)
    canvas = RgbCanvas(base, [layer])
    outside = np.ones(base.shape[:2], dtype=bool)
    outside[layer.box.rows, layer.box.columns] = False
    for number in range(20):
        assert np.array_equal(canvas.show(number)[outside], base[outside])


@styles
@pytest.mark.parametrize("frames", [0, 1, 2])
@pytest.mark.parametrize("bands", [1, 3, 64])
def test_the_shortest_clips_are_drawn(style: str, frames: int, bands: int) -> None:
    layer = made(style, levels(frames + 3)[:frames, :bands])
    assert alpha(layer, 0).any()
    assert layer.dirty(None, 0)
    assert alpha(layer, 5).any()  # a sound that is a frame shorter than the picture


@styles
@pytest.mark.parametrize("box", [Box(0, 0, 2, 2), Box(0, 0, 40, 4), Box(4, 4, 8, 90), Box(0, 0, 24, 24)])
@pytest.mark.parametrize("bars", [4, 200])
def test_a_box_that_is_too_small_for_it_is_no_error(style: Any, box: Box, bars: int) -> None:
    layer = waveform(style, box, levels(10), AMBER, options=Options(bars=bars))
    for number in range(10):
        assert alpha(layer, number).shape == (box.height, box.width)
        assert all(b == b.common(box) for b in layer.dirty(None, number))


@styles
def test_it_looks_the_same_at_360p_as_at_4k(style: str) -> None:
    small, large = made(style, scale=1.0), made(style, scale=6.0)
    for number in (7, 21, 40):
        few, many = alpha(small, number), alpha(large, number)
        scaled = Image.fromarray(many).resize((few.shape[1], few.shape[0]), Image.Resampling.BOX)
        # bars stand on whole pixels, which at 360p is up to half a pixel away: compared a little blurred
        apart = np.abs(soft(np.asarray(scaled)) - soft(few))
        assert apart.mean() < 7, number
        assert abs(float(few.mean()) / float(many.mean()) - 1) < 0.15


def soft(mask: NDArray[np.uint8]) -> NDArray[np.float64]:
    small = Image.fromarray(mask).resize((mask.shape[1] // 4, mask.shape[0] // 4), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float64)


@styles
def test_it_has_the_colour_of_who_speaks(style: str) -> None:
    whose = np.repeat([0, 1, 0], 20)
    layer = made(style, flat(0.5, 60), colours=[AMBER, BLUE], turns=whose, options=Options(calm=True))
    assert [layer.patch(n, layer.box).colour for n in (0, 19, 25, 39, 45)] == [AMBER, AMBER, BLUE, BLUE, AMBER]
    between = layer.patch(20, layer.box).colour
    assert AMBER[2] < between[2] < BLUE[2]
    assert layer.dirty(19, 20)
    assert layer.dirty(30, 31) == []
    assert made(style, colours=[AMBER, BLUE]).patch(9, BOX).colour == AMBER


def test_turns_are_those_of_the_captions() -> None:
    groups = [
        group_of("hello there", 0.0, 1.0, "Ben"),
        group_of("well", 1.0, 2.0, None),
        group_of("oh yes", 2.0, 3.0, "Aoife"),
        group_of("quite so", 3.0, 4.0, "Ben"),
    ]
    names = voices(groups)
    assert names == ("Ben", "Aoife")
    assert turns(groups, names, 8, 2.0).tolist() == [0, 0, 0, 0, 1, 1, 0, 0]
    assert turns(groups[2:], names, 4, 1.0).tolist() == [1, 1, 1, 0]
    assert turns([], names, 3, 30.0).tolist() == [0, 0, 0]


@styles
def test_it_follows_a_real_burst_at_once_and_lets_it_fade(style: str) -> None:
    sound = np.zeros((RATE * 3, 2), np.float32)
    rng = np.random.default_rng(1)
    sound[RATE : RATE * 3 // 2] = rng.normal(0, 0.2, (RATE // 2, 1)).astype(np.float32)
    layer = made(style, envelope(sound, 30.0, 90, 64))
    inks = [alpha(layer, n) > 100 for n in range(90)]
    tall = [int(ink.any(axis=1).sum() if style == "line" else ink.sum()) for ink in inks]
    silent, most = tall[10], max(tall[34:45])
    if style == "scroll":
        assert tall[60] > silent + 0.5 * (max(tall) - silent)  # it has not run out of the box yet
        return
    at = [n for n in range(90) if tall[n] > silent + 0.5 * (most - silent)]
    assert 29 <= at[0] <= 32
    assert 45 <= at[-1] <= 52
    assert max(tall[58:]) < silent + 0.15 * (most - silent)


@pytest.mark.parametrize("style", ["bars", "mirrored", "line", "filled", "dots"])
def test_a_quiet_passage_costs_little(style: str) -> None:
    heights = np.repeat(np.linspace(0.02, 0.08, 40, dtype=np.float32)[:, None], 64, axis=1)
    heights[0] = 1.0  # somewhere it is loud, so that this is quiet
    layer = made(style, heights)
    whole = layer.box.width * layer.box.height
    for number in range(20, 39):
        assert sum(b.width * b.height for b in layer.dirty(number, number + 1)) < 0.5 * whole


def test_rays_leave_the_middle_to_the_cover() -> None:
    layer = made("radial", flat(1.0), options=Options(inner=0.7))
    painted = sum(b.width * b.height for b in merged(layer.dirty(None, 3)))
    assert painted < 0.75 * layer.box.width * layer.box.height
    y, x = np.mgrid[: layer.box.height, : layer.box.width] + 0.5 - 100
    inside = np.hypot(x, y) < 0.7 * 98
    assert not alpha(layer, 3)[inside].any()


def test_calm_is_calm() -> None:
    steady = flat(0.6)
    line = made("line", steady, options=Options(calm=True))
    assert line.dirty(3, 9) == []
    assert made("line", steady).dirty(3, 9)
    assert np.array_equal(
        alpha(made("scroll", options=Options(calm=True)), 9), alpha(made("mirrored", options=Options(calm=True)), 9)
    )


def test_a_misspelt_style_is_told_the_right_one() -> None:
    with pytest.raises(UsageError) as caught:
        made("mirored")
    assert "mirrored" in str(caught.value.mend)
