"""Every template in every shape: nothing to read lies under an app's buttons, everything can be read, on any cover."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from clipper.picture import compose, survey, template, yuv
from clipper.picture.canvas import RgbCanvas
from clipper.picture.content import ChapterArt, Content
from clipper.picture.geometry import Box, place
from clipper.picture.progress import RingLayer
from clipper.picture.safe_overlay import safe_box
from clipper.picture.scene import Scene
from clipper.picture.specimen import FPS, SECONDS, specimen, without_words
from clipper.picture.stage import ONE_VOICE
from clipper.picture.survey import ink_of, trying_covers
from clipper.picture.template import EndCard

from .looks import contrast, luminance
from .scenes import cover as loud_cover

SHAPES = template.FORMATS
NAMES = template.names()
COVERS = dict(zip(("dark", "light", "garish"), trying_covers(), strict=True))
FRAMES = round(SECONDS * FPS)


def scene_of(name: str, shape: str, content: Content, scale: float = 0.5) -> Scene:
    return compose.scene(template.load(name), shape, content, frames=FRAMES, fps=FPS, scale=scale)


def changed(one: NDArray[np.uint8], other: NDArray[np.uint8], least: int = 40) -> Box | None:
    differs = np.abs(one.astype(int) - other.astype(int)).max(axis=2) > least
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return None
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_with_the_shipped_ones(name: str) -> None:
    assert [str(fault) for fault in survey.survey(template.load(name))] == []


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", NAMES)
def test_words_on_the_frames_themselves_are_in_the_safe_zone(name: str, shape: str) -> None:
    """The difference that words make to finished frames, measured without knowing how they were laid out."""
    look = template.load(name)
    for text in ("plain", "long", "arabic"):
        # nobody known and no sound, so that words are all that differs
        content = replace(specimen(look, shape, COVERS["dark"], text, speakers=False), levels=None)
        full, empty = scene_of(name, shape, content), scene_of(name, shape, without_words(content))
        safe = safe_box(full.size).grown(2)
        for number in (0, 20, 70, 130, 200):
            ink = changed(full.frame(number).copy(), empty.frame(number), 90)
            assert ink is not None
            assert ink.common(safe) == ink, (text, number, ink, safe)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", COVERS)
def test_the_headline_reaches_its_contrast_on_the_frame(kind: str, name: str, shape: str) -> None:
    """Measured on the finished frame: the headline's own pixels against those right around its letters."""
    look = template.load(name)
    content = specimen(look, shape, COVERS[kind])
    inks = ink_of(look, shape, content)
    ink = inks.get("headline") or inks["quotation"]
    full = scene_of(name, shape, content).frame(40)[ink.rows, ink.columns].copy()
    bare = scene_of(name, shape, replace(content, headline="", quotation="")).frame(40)[ink.rows, ink.columns]
    moved = np.abs(full.astype(int) - bare.astype(int)).max(axis=2)
    letters = moved > 0.85 * moved.max()
    assert letters.mean() > 0.02
    assert contrast(np.quantile(luminance(full[letters]), 0.5), luminance(bare[letters])).min() >= 3.0


@pytest.mark.parametrize("name", NAMES)
def test_the_first_frame_shows_a_headline_that_can_be_read_as_a_thumbnail(name: str) -> None:
    look = template.load(name)
    content = specimen(look, "vertical", COVERS["light"])
    frame = scene_of(name, "vertical", content).frame(0)
    bare = scene_of(name, "vertical", replace(content, headline="", quotation="")).frame(0)
    ink = changed(frame, bare)
    assert ink is not None
    small = [Image.fromarray(p[ink.rows, ink.columns]).convert("L") for p in (frame, bare)]
    factor = 180 / 540  # a grid's picture is about 180 pixels wide
    size = max(1, round(ink.width * factor)), max(1, round(ink.height * factor))
    one, other = (np.asarray(p.resize(size, Image.Resampling.BOX), dtype=float) for p in small)
    assert size[1] >= 8, "two lines of letters of four pixels at least"
    assert np.abs(one - other).max() > 90


@pytest.mark.parametrize("name", NAMES)
def test_a_chapters_art_takes_the_covers_place_where_the_chapter_begins(name: str) -> None:
    look = template.load(name)
    plain = specimen(look, "square", COVERS["dark"])
    art = specimen(look, "square", COVERS["dark"], chapters=[ChapterArt(2.0, loud_cover())])
    shown = [part for part in look.square.layers if part.kind == "cover" and part.chapters]
    before, after = scene_of(name, "square", plain, 0.25), scene_of(name, "square", art, 0.25)
    for part in shown:
        box = place(part.box, before.size)
        early, late, half = (after.frame(n)[box.rows, box.columns].copy() for n in (55, 90, 66))
        was = before.frame(55)[box.rows, box.columns]
        assert np.abs(early.astype(int) - was).mean() < 2  # the accent may be another one: it has to suit both
        assert np.abs(late.astype(int) - was).mean() > 20
        assert not np.array_equal(half, early), "it fades"
        assert not np.array_equal(half, late), "it fades"
    assert shown or name in ("editorial", "duo")
    for number in (10, 60, 64, 68, 90, 200):  # the same picture whatever was shown before
        assert np.array_equal(after.frame(number), RgbCanvas(after.base, after.layers).show(number)), number


@pytest.mark.parametrize("name", NAMES)
def test_the_end_card_comes_in_the_last_seconds_and_not_over_words(name: str) -> None:
    look = template.load(name)
    for shape in SHAPES:
        end = look.shape(shape).all(EndCard)[0]
        content = specimen(look, shape, COVERS["dark"])
        with_card, without = (
            scene_of(name, shape, content, 0.25),
            scene_of(name, shape, replace(content, call=""), 0.25),
        )
        start = FRAMES - round(end.seconds * FPS)
        assert np.array_equal(with_card.frame(start - 1), without.frame(start - 1))
        assert changed(with_card.frame(FRAMES - 1).copy(), without.frame(FRAMES - 1)) is not None


def test_a_short_clip_has_no_end_card() -> None:
    look = template.load("spotlight")
    content = replace(specimen(look, "square", COVERS["dark"]), groups=(), levels=None)
    scenes = [compose.scene(look, "square", c, frames=150, scale=0.25) for c in (content, replace(content, call=""))]
    assert np.array_equal(scenes[0].frame(149), scenes[1].frame(149))


def test_reduced_motion_moves_nothing_but_bars_and_words() -> None:
    look = template.load("poster")
    content = replace(specimen(look, "square", COVERS["dark"]), groups=(), levels=None, call="")
    still = compose.scene(look, "square", content, frames=60, scale=0.25, reduced_motion=True)
    assert not [layer for layer in still.layers if layer.dirty(0, 12) and layer.box.height > 20]
    moving = compose.scene(look, "square", content, frames=60, scale=0.25)
    assert [layer for layer in moving.layers if layer.dirty(0, 12) and layer.box.height > 20]


def test_a_brand_colour_stays_as_it_is_and_is_warned_about(tmp_path) -> None:
    brand = {"brand": {"background": "#FFE800", "text": "#FFFFFF"}}
    look = template.load_look(brand, tmp_path, "poster")
    content = specimen(look, "wide", COVERS["dark"])
    scene = compose.scene(look, "wide", content, frames=FRAMES, scale=0.5)
    assert any("text" in note and "headline" in note for note in scene.notes), scene.notes
    assert (scene.base.reshape(-1, 3) == (255, 232, 0)).all(axis=1).mean() > 0.2
    fine = template.load_look({"brand": {"background": "#101828", "accent": "#FFE800"}}, tmp_path, "poster")
    assert compose.scene(fine, "wide", content, frames=FRAMES, scale=0.5).notes == ()


def test_words_turn_dark_on_a_light_brand_ground(tmp_path) -> None:
    look = template.load_look({"brand": {"background": "#FFFFFF"}}, tmp_path, "poster")
    content = specimen(look, "wide", COVERS["dark"])
    assert all(reading.good for reading in survey.readings(look, "wide", content))


def test_the_veil_over_what_apps_cover_leaves_the_safe_zone_alone() -> None:
    look = template.load("card")
    content = specimen(look, "vertical", COVERS["dark"])
    plain = compose.scene(look, "vertical", content, frames=30, scale=0.5)
    veiled = compose.scene(look, "vertical", content, frames=30, scale=0.5, safe=())
    safe = safe_box(plain.size)
    one, other = plain.frame(0), veiled.frame(0)
    assert np.array_equal(one[safe.rows, safe.columns], other[safe.rows, safe.columns])
    assert not np.array_equal(one[: safe.top - 4], other[: safe.top - 4])
    assert safe_box(plain.size, ("x",)) != safe


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_with_nobody_known_and_no_words_is_drawn(name: str) -> None:
    look = template.load(name)
    for shape in SHAPES:
        content = specimen(look, shape, COVERS["garish"], speakers=False)
        scene = compose.scene(look, shape, content, frames=FRAMES, scale=0.25)
        assert changed(scene.frame(100).copy(), scene.base, 30) is not None
        nothing = compose.scene(look, shape, Content(COVERS["garish"]), frames=3, scale=0.25)
        assert nothing.frame(2).std() > 1


@pytest.mark.parametrize("name", NAMES)
def test_what_is_encoded_is_what_is_shown(name: str) -> None:
    scene = scene_of(name, "vertical", specimen(template.load(name), "vertical", loud_cover()), 0.25)
    canvas = scene.planes()
    for number in (0, 1, 2, 40, 41, 99, 100, 130, 340, 359):
        canvas.show(number)
        rgb = scene.frame(number)
        for plane, wanted in zip(canvas.planes, (yuv.luma(rgb), *yuv.chroma(rgb)), strict=True):
            assert int(np.abs(plane.astype(np.int16) - wanted).max()) <= 1, number


def test_a_ring_closes_over_the_clip(tmp_path) -> None:
    text = (
        'schema = 2\nextends = "radial"\n[layers.progress]\nstyle = "ring"\ntrack_opacity = 0.2\n'
        "[square]\nprogress = { box = [10, 10, 33, 33], thickness = 1.5 }\n"
    )
    (tmp_path / "ringed").mkdir()
    (tmp_path / "ringed" / "template.toml").write_text(text, encoding="utf-8")
    look = template.load(str(tmp_path / "ringed"))
    content = replace(specimen(look, "square", COVERS["dark"]), levels=None, groups=(), call="")
    scene = compose.scene(look, "square", content, frames=101, scale=0.5)
    ring = next(layer for layer in scene.layers if isinstance(layer, RingLayer))
    shares = [float(ring.patch(n, ring.box).alpha.astype(float).sum()) for n in range(101)]
    assert shares[0] < 0.01 * shares[100]
    assert all(a <= b for a, b in itertools.pairwise(shares))
    assert shares[50] == pytest.approx(shares[100] / 2, rel=0.02)
    for before, after in ((3, 4), (49, 50), (99, 100), (10, 90)):
        was, now = ring.patch(before, ring.box).alpha, ring.patch(after, ring.box).alpha
        differs = was != now
        for box in ring.dirty(before, after):
            differs[box.seen_from(ring.box)] = False
        assert not differs.any()


def test_a_font_that_stands_in_for_a_word_is_told_once() -> None:
    look = template.load("spotlight")
    for text, changed in (("arabic", True), ("plain", False)):
        content = specimen(look, "vertical", COVERS["dark"], text)
        notes = compose.scene(look, "vertical", content, frames=30, scale=0.25).notes
        told = [note.split(" is set in ")[1] for note in notes if " is set in " in note]
        assert bool(told) == changed
        assert len(told) == len(set(told))


def test_a_line_of_kanji_alone_keeps_the_forms_of_its_clips_language() -> None:
    from clipper.picture.stage import Staging

    look = template.load("spotlight")
    content = Content(COVERS["dark"], headline="鐘", language="ja")
    staging = Staging(look, "vertical", content, (270, 480), 30, 30.0, False)
    assert staging.sheet.face("headline").language == "ja"
    kana = replace(content, language=None, show="かねの話")
    assert Staging(look, "vertical", kana, (270, 480), 30, 30.0, False).sheet.face("headline").language == "ja"


def test_a_look_for_two_says_that_only_one_voice_is_known() -> None:
    two = specimen(template.load("duo"), "square", COVERS["dark"])
    one = replace(two, speakers=(), groups=[replace(group, speaker=None) for group in two.groups])
    assert ONE_VOICE in scene_of("duo", "square", one, 0.25).notes
    assert ONE_VOICE not in scene_of("duo", "square", two, 0.25).notes
    assert ONE_VOICE not in scene_of("card", "square", one, 0.25).notes
