"""One drawing: the planes that are encoded, the RGB of previews and moviepy's own composition are the same picture."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from moviepy import ColorClip, CompositeVideoClip, ImageClip, VideoClip
from numpy.typing import NDArray
from PIL import Image

from clipper.picture import yuv
from clipper.picture.canvas import RgbCanvas, YuvCanvas
from clipper.picture.foreign import ForeignLayer
from clipper.picture.geometry import Box, merged
from clipper.picture.layers import Layer, PictureLayer, Placed
from clipper.picture.scene import Scene
from clipper.picture.waveforms import Options, waveform
from tests.picture.scenes import cover, levels, noise, spotlight


def planes_of(rgb: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    return [yuv.luma(rgb), *yuv.chroma(rgb)]


def apart(canvas: YuvCanvas, rgb: NDArray[np.uint8]) -> int:
    pairs = zip(canvas.planes, planes_of(rgb), strict=True)
    return max(int(np.abs(a.astype(np.int16) - b).max()) for a, b in pairs)


def as_moviepy(layer: Layer, duration: float, fps: float) -> VideoClip:
    """A layer as a moviepy clip with a mask, at its place."""

    def pixels(t: float) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
        patch = layer.patch(int(t * fps + 1e-6), layer.box)
        if patch is None:
            size = (layer.box.height, layer.box.width)
            return np.zeros((*size, 3), np.uint8), np.zeros(size)
        colour = np.broadcast_to(np.array(patch.colour, np.uint8), (*patch.alpha.shape, 3))
        return colour, patch.alpha / 255

    mask = VideoClip(lambda t: pixels(t)[1], is_mask=True, duration=duration)
    clip = VideoClip(lambda t: pixels(t)[0], duration=duration).with_mask(mask)
    return clip.with_position((layer.box.left, layer.box.top))


def composition(scene: Scene) -> CompositeVideoClip:
    layers = [as_moviepy(layer, scene.duration, scene.fps) for layer in scene.layers]
    return CompositeVideoClip([ImageClip(scene.base, duration=scene.duration), *layers], size=scene.size)


def slide(frame: int) -> Placed | None:
    """In from the left during 12 frames, then a fade out."""
    if frame < 3:
        return None
    return Placed(min(20, 8 * (frame - 13)), 31, 1.0 if frame < 20 else max(0.0, 1 - (frame - 20) / 6))


def crossing() -> Scene:
    """A waveform on a busy base, a picture that slides over it, and a moviepy clip above both, at odd places."""
    base = noise(160, 120)
    art = cover(9).resize((57, 41)).convert("RGBA")
    art.putalpha(Image.linear_gradient("L").resize(art.size))
    colour = VideoClip(lambda t: np.full((21, 33, 3), int(t * 60) % 256, np.uint8), duration=0.8)
    colour = colour.with_mask(ColorClip((33, 21), color=0.6, is_mask=True, duration=0.8))
    layers: list[Layer] = [
        waveform("mirrored", Box(10, 20, 130, 60), levels(40), (250, 180, 20), options=Options(bars=12)),
        PictureLayer(art, Box(-4, 24, 90, 84), slide),
        ForeignLayer(colour, 61, 45, 30.0, start=0.2),
    ]
    return Scene(base, layers, 40, 30.0)


@pytest.mark.parametrize("shape", ["vertical", "square", "wide"])
def test_every_frame_is_what_moviepy_would_compose(shape: str):
    scene = spotlight(1.5, shape=shape)
    theirs, canvas = composition(scene), scene.planes()
    for number in range(scene.frames):
        canvas.show(number)
        assert apart(canvas, theirs.get_frame(number / scene.fps)) <= 1, number


def test_layers_over_each_other_are_what_moviepy_would_compose():
    scene = crossing()
    theirs, canvas = composition(scene), scene.planes()
    for number in range(scene.frames):
        canvas.show(number)
        # moviepy rounds once for each of three layers where we do
        assert apart(canvas, theirs.get_frame(number / scene.fps)) <= 2, number
        assert apart(canvas, scene.get_frame(number / scene.fps)) <= 1, number


@pytest.mark.parametrize("make", [spotlight, crossing])
def test_a_frame_looks_the_same_whatever_was_shown_before(make):
    scene = make()
    order = random.Random(4).choices(range(scene.frames), k=60)
    rgb, planes = RgbCanvas(scene.base, scene.layers), YuvCanvas(scene.base, scene.layers)
    for number in order:
        fresh = RgbCanvas(scene.base, scene.layers).show(number)
        assert np.array_equal(rgb.show(number), fresh), number
        planes.show(number)
        assert apart(planes, fresh) <= 1, number


@pytest.mark.parametrize("make", [spotlight, crossing])
def test_what_a_layer_calls_unchanged_is_unchanged(make):
    scene = make()
    chosen = random.Random(8).choices(range(scene.frames), k=60)
    for layer in scene.layers:
        alone = RgbCanvas(scene.base, [layer])
        for before, after in pairwise(chosen):
            first, second = alone.show(before).copy(), RgbCanvas(scene.base, [layer]).show(after)
            differs = (first != second).any(axis=2)
            for box in layer.dirty(before, after):
                differs[max(0, box.top) : box.bottom, max(0, box.left) : box.right] = False
            assert not differs.any(), (layer, before, after)


def test_a_sliding_picture_costs_its_rectangle_and_not_its_way():
    picture = Image.new("RGBA", (60, 40), (255, 0, 0, 255))
    layer = PictureLayer(picture, Box(0, 0, 1000, 40), lambda frame: Placed(30 * frame, 0))
    for frame in range(1, 30):
        painted = sum(b.width * b.height for b in merged(layer.dirty(frame - 1, frame)))
        assert painted <= 1.6 * 60 * 40


def test_the_next_lit_word_costs_two_words():
    scene = spotlight(3.0, scale=1.0)
    captions = next(layer for layer in scene.layers if hasattr(layer, "state"))
    whole = captions.box.width * captions.box.height
    steps = 0
    for frame in range(1, scene.frames):
        (group_a, lit_a), (group_b, lit_b) = captions.state(frame - 1), captions.state(frame)
        if group_a == group_b and lit_a != lit_b and min(lit_a, lit_b) >= 0:
            boxes = captions.dirty(frame - 1, frame)
            assert sum(b.width * b.height for b in boxes) < 0.5 * whole
            steps += 1
    assert steps > 3


def test_frame_n_shows_the_time_n_over_fps():
    asked = []
    clip = VideoClip(lambda t: asked.append(t) or np.zeros((8, 8, 3), np.uint8), duration=3.0)
    scene = Scene(np.zeros((16, 16, 3), np.uint8), [ForeignLayer(clip, 2, 2, 24000 / 1001)], 48, 23.976)
    canvas = scene.planes()
    for number in range(48):
        canvas.show(number)
    assert np.allclose(asked[-48:], np.arange(48) * 1001 / 24000, atol=1e-5)
    assert scene.duration == pytest.approx(48 * 1001 / 24000, abs=1e-9)


def test_get_frame_gives_rgb_and_moviepy_can_use_the_scene():
    scene = spotlight(0.5)
    frame = scene.get_frame(0.2)
    assert frame.shape == (scene.h, scene.w, 3)
    assert frame.dtype == np.uint8
    frame[:] = 0  # a caller's own copy
    assert scene.get_frame(0.2).any()
    assert scene.with_effects([]).subclipped(0.1, 0.3).get_frame(0.0).shape == frame.shape


def test_odd_sizes_are_rounded_to_even():
    scene = spotlight(0.2, scale=1.0, size=(271, 481))
    assert scene.size == (270, 480) or scene.size == (272, 480)
    assert all(v % 2 == 0 for v in scene.size)
    with pytest.raises(ValueError, match="even"):
        Scene(np.zeros((15, 16, 3), np.uint8), [], 1, 30)
