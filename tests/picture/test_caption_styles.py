"""Every caption style: what is said when it is said, all ink in its box, the same at every size, and calm."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from clipper.errors import InputError, UsageError
from clipper.picture.canvas import RgbCanvas, YuvCanvas
from clipper.picture.caption_styles import STYLES, CaptionColours, Captions, caption_layer, room_for_words
from clipper.picture.caption_styles.one_word import LEAST, split, units
from clipper.picture.captions import Emphasis, active
from clipper.picture.geometry import Box
from clipper.picture.layers import Patch
from clipper.speech.model import Word
from tests.picture.captioned import ACCENT, BARE, OTHER, SAID, TEXT, Type, captioned, evenly, group_of
from tests.picture.looks import BOLD
from tests.picture.scenes import noise

styles = pytest.mark.parametrize("style", STYLES)
FULL = CaptionColours(TEXT, ACCENT, outline=(30, 30, 60), speakers={"Ben": ACCENT, "Aoife": OTHER})
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft ÅÉÎÕÜ gjpqy W" * 2


def ground(layer: Captions, light: bool = False) -> NDArray[np.uint8]:
    pixels = noise(layer.box.right + 30, layer.box.bottom + 31, 2) // 2
    pixels = np.asarray(pixels + (110 if light else 0), dtype=np.uint8)
    return pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2]


def frames_of(layer: Captions) -> int:
    return round(layer.set.groups[-1].end * layer.set.fps) + 4


def whole(layer: Captions, frame: int) -> Patch:
    patch = layer.patch(frame, layer.box)
    if patch is None:
        shape = (layer.box.height, layer.box.width)
        return Patch(np.zeros(shape, np.uint8), np.zeros((*shape, 3), np.uint8))
    return patch


def inside(layer: Captions, box: Box) -> tuple[slice, slice]:
    return box.seen_from(layer.box)


@styles
@pytest.mark.parametrize("colours", [BARE, FULL])
def test_a_frame_looks_the_same_whatever_was_shown_before(style: str, colours: CaptionColours) -> None:
    layer = captioned(style, colours=colours, names=True, words=evenly(SAID, speaker="Ben"))
    base, count = ground(layer), frames_of(layer)
    canvas, planes = RgbCanvas(base, [layer]), YuvCanvas(base, [layer])
    for number in [*range(60), *random.Random(4).choices(range(count), k=40)]:
        canvas.show(number)
        fresh = RgbCanvas(base, [captioned(style, colours=colours, names=True, words=evenly(SAID, speaker="Ben"))])
        assert np.array_equal(canvas.pixels, fresh.show(number)), number
        if number % 5 == 0:
            assert bytes(planes.show(number)) == bytes(YuvCanvas(base, [layer]).show(number)), number


@styles
def test_what_it_calls_unchanged_is_unchanged(style: str) -> None:
    layer = captioned(style, colours=FULL, emphasis=Emphasis.of([3, 7]))
    count = frames_of(layer)
    order = [*range(count), *random.Random(8).choices(range(count), k=80)]
    shown = {n: whole(layer, n) for n in range(count)}
    for before, after in pairwise(order):
        one, other = shown[before], shown[after]
        visible = (one.alpha > 0) | (other.alpha > 0)
        differs = (one.alpha != other.alpha) | ((one.colour != other.colour).any(axis=2) & visible)
        for box in layer.dirty(before, after):
            assert box == box.common(layer.box)
            differs[inside(layer, box)] = False
        assert not differs.any(), (before, after)


@styles
@pytest.mark.parametrize("scale", [1 / 3, 1.0])
@pytest.mark.parametrize("align", ["left", "centre", "right"])
def test_no_ink_of_any_word_leaves_the_box_even_while_it_pops(style: str, scale: float, align: str) -> None:
    kind = Type(align=align, anchor={"left": "top", "centre": "middle", "right": "bottom"}[align])
    layer = captioned(style, evenly(f"{LONG} {SAID}", 0.25), scale=scale, kind=kind)
    box = layer.set.box
    seen = 0
    for number in range(0, frames_of(layer), 1 if scale < 1 else 3):
        ink = whole(layer, number).alpha.copy()
        seen += int((ink > 128).sum())
        ink[inside(layer, box)] = 0
        if style == "word-boxed":  # its box is no ink, and has its own room
            assert (ink > 0).mean() < 0.02
        else:
            assert ink.max(initial=0) <= 32, number  # under an eighth of full ink is the last smoothing of an edge
    assert seen > 0


@styles
def test_it_looks_the_same_at_360p_as_at_4k(style: str) -> None:
    small, large = captioned(style, scale=1 / 3, colours=FULL), captioned(style, scale=2.0, colours=FULL)
    for number in (4, 11, 30, 47, 70, 100):
        few, many = over_grey(small, number), over_grey(large, number)
        scaled = np.asarray(Image.fromarray(many).resize((few.shape[1], few.shape[0]), Image.Resampling.BOX))
        # hinting moves letters by up to a pixel at 360p
        moved = [np.roll(scaled, (x, y), (1, 0)) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        assert max(alike(few, one) for one in moved) > 0.93, number


def alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """The correlation of two pictures, a little blurred."""
    size = one.shape[1] // 2, one.shape[0] // 2
    small = [Image.fromarray(p).resize(size, Image.Resampling.BOX) for p in (one, other)]
    return float(np.corrcoef(*(np.asarray(p, np.float64).ravel() for p in small))[0, 1])


def over_grey(layer: Captions, number: int) -> NDArray[np.uint8]:
    """The layer's words on a grey ground, cut to their box."""
    box = layer.set.box
    base = np.full((layer.box.bottom // 2 * 2 + 2, layer.box.right // 2 * 2 + 2, 3), 100, np.uint8)
    return RgbCanvas(base, [layer]).show(number)[box.rows, box.columns]


@styles
@pytest.mark.parametrize("count", [0, 1])
def test_the_shortest_clips_are_drawn(style: Any, count: int) -> None:
    groups = [group_of("Bells.", 0.0, 1 / 30)][:count]
    layer = caption_layer(style, Box(60, 60, 300, 160), groups, BOLD, Type(), 3.6, BARE, 30.0)
    assert (layer.dirty(None, 0) != []) == bool(count)
    assert whole(layer, 0).alpha.any() == bool(count)
    assert not whole(layer, 1).alpha.any()
    assert layer.dirty(1, 2) == []


@styles
def test_half_a_million_pixels_of_text_are_drawn(style: Any) -> None:
    groups = [group_of(" ".join([SAID] * 4), 0.0, 8.0)]
    box = Box(60, 60, 1060, 580)
    layer = caption_layer(style, box, groups, BOLD, Type(6.0, 1.0, 12), 10.8, FULL, 30.0)
    assert whole(layer, 30).alpha.any()
    assert whole(layer, 31).alpha.shape == (layer.box.height, layer.box.width)


@styles
def test_every_word_is_shown_while_it_is_spoken(style: str) -> None:
    words = evenly(SAID, 0.4)
    layer = captioned(style, words)
    blank = captioned(style, [])
    assert not whole(blank, 0).alpha.any()
    for word in words:
        number = round((word.start + 0.2) * 30)
        assert (whole(layer, number).alpha > 200).sum() > 60, word.text
        index = active(layer.set.groups, number / 30)[0]
        assert word.text in layer.set.groups[index].words


@pytest.mark.parametrize("style", ["word-lit", "pop", "sweep"])
def test_the_spoken_word_has_the_accents_colour_and_the_next_one_not(style: str) -> None:
    layer = captioned(style, evenly("Bells sound sad.", 0.6))
    words = layer._page(0).words
    for number, lit in ((0, -1), (19, 0), (37, 1), (54, 2)):
        colours = {w.number: pixels_in(layer, number, w.box) for w in words}
        for word, found in colours.items():
            lit_before = style == "sweep" and word < lit
            assert (ACCENT in found) == (word == lit or lit_before), (number, word)
            assert (TEXT in found) == (word != lit and not lit_before), (number, word)


def pixels_in(layer: Captions, number: int, box: Box) -> set[tuple[int, int, int]]:
    """The colours of full ink in a box of the layer."""
    patch = whole(layer, number)
    part = patch.alpha[box.rows, box.columns] == 255
    return {(int(r), int(g), int(b)) for r, g, b in np.asarray(patch.colour)[box.rows, box.columns][part]}


def test_the_boxed_word_is_written_in_what_reads_on_its_box() -> None:
    layer = captioned("word-boxed", evenly("Bells sound sad.", 0.6))
    word = layer._page(0).words[1]
    found = pixels_in(layer, 37, word.box)
    assert ACCENT in found
    assert BARE.ink_on(ACCENT) in found
    assert TEXT not in found
    assert pixels_in(layer, 54, word.box) == {TEXT}


def test_the_sweep_runs_from_a_words_beginning_to_its_end() -> None:
    layer = captioned("sweep", [Word(text="Supercalifragilistic", start=0.0, end=2.0)])
    shares = []
    for number in range(0, 62, 6):
        patch = whole(layer, number)
        ink = patch.alpha == 255
        blue = np.asarray(patch.colour)[..., 2][ink]
        shares.append(float((blue < 120).mean()))
        columns = [
            np.flatnonzero((ink & m).any(axis=0)) for m in (patch.colour[..., 2] < 100, patch.colour[..., 2] > 240)
        ]
        if all(len(c) for c in columns):
            assert columns[0].max() <= columns[1].min()
    assert shares[0] < 0.05
    assert shares[-1] == 1.0
    assert all(a <= b for a, b in pairwise(shares))
    assert 0.3 < shares[5] < 0.7


def test_a_popping_word_grows_and_settles() -> None:
    layer = captioned("pop", evenly("Bells do hum.", 0.6), scale=1.0)
    word = layer._page(0).words[1]
    start = next(n for n in range(100) if layer.state(n)[1] == 1)
    heights = []
    for number in range(start, start + 10):
        patch = whole(layer, number)
        lit = (patch.alpha > 128) & (np.asarray(patch.colour)[..., 2] < 120)
        heights.append(int(np.ptp(np.flatnonzero(lit.any(axis=1)))))
    assert max(heights) > 1.05 * (word.box.height - 4)
    assert heights[-1] < max(heights)
    assert heights[-1] == heights[-2]


@pytest.mark.parametrize("style", ["word-lit", "word-boxed", "pop", "sweep", "one-word", "roll-up"])
def test_with_reduced_motion_nothing_moves(style: str) -> None:
    layer = captioned(style, reduced_motion=True)
    for before, after in pairwise(range(frames_of(layer))):
        if layer.dirty(before, after):
            assert active(layer.set.groups, before / 30)[0] != active(layer.set.groups, after / 30)[0]


@styles
def test_names_stand_above_the_words_in_their_speakers_colour(style: str) -> None:
    words = [*evenly("We tuned the bell.", 0.4, "Ben"), *evenly("And then it rang.", 0.4, "Aoife", 1.9)]
    for kind in (Type(anchor="top"), Type(anchor="middle"), Type(anchor="bottom")):
        with_names = captioned(style, words, names=True, kind=kind, scale=1.0)
        box, room = with_names.set.box, room_for_words(with_names.set.box, kind, 10.8, names=True)
        assert room.top > box.top
        for number, colour, other in ((20, ACCENT, OTHER), (75, OTHER, ACCENT)):
            patch = whole(with_names, number)
            ink = patch.alpha.copy()
            ink[inside(with_names, box)] = 0
            assert style in ("word-boxed", "classic") or ink.max() <= 32
            assert (np.asarray(patch.colour)[patch.alpha == 255] == colour).all(axis=1).any()
            assert not (np.asarray(patch.colour)[patch.alpha == 255] == other).all(axis=1).any()


@styles
def test_words_that_stand_out_have_the_accents_colour(style: str) -> None:
    words = evenly("Bells sound so very sad.", 0.5)
    plain, loud = (captioned(style, words, emphasis=e) for e in (None, Emphasis.of([4])))
    number = round((words[4].start + 0.6) * 30)  # after it was lit
    if style in ("one-word", "word-lit", "pop", "word-boxed"):
        number = round((words[4].start - 0.1) * 30) if style != "one-word" else number
    if style == "sweep":
        number = 2
    counts = [int((np.asarray(whole(one, number).colour)[whole(one, number).alpha == 255] == ACCENT).all(axis=1).sum())
              for one in (plain, loud)]  # fmt: skip
    assert counts[1] > counts[0] + 10


def test_a_laugh_is_shown_but_never_lit() -> None:
    words = evenly("He said [laughs] and went.", 0.5)
    for style in ("word-lit", "word-boxed", "pop"):
        layer = captioned(style, words)
        for number in range(frames_of(layer)):
            index, lit, *_ = layer.state(number)
            assert lit < 0 or layer.set.groups[index].words[lit] != "[laughs]"
        assert any("[laughs]" in g.words for g in layer.set.groups)


def test_one_word_at_a_time_and_none_too_short_to_read() -> None:
    groups = captioned("quiet", evenly(SAID, 0.18)).set.groups
    parts = split(groups)
    assert [w for p in parts for w in p.words] == SAID.split()
    short = [p for p in parts if p.end - p.start < LEAST - 1e-6]
    assert len(short) <= 1
    assert all(len(p.words) <= 3 for p in parts)
    slow = group_of("The clock runs fast", 0.0, 4.0)
    assert units(slow) == [(0, 2), (2, 3), (3, 4)]  # an article never stands alone


def test_lines_roll_up_and_stay_in_their_order() -> None:
    layer = captioned("roll-up", evenly(SAID, 0.3), scale=1.0)
    heights: list[float] = []
    before = -1
    for number in range(frames_of(layer)):
        state = layer.state(number)
        if state[0] < 0:
            continue
        assert state[0] >= before
        if state[0] == before + 1 and before >= 1:
            heights = []
        before = state[0]
        patch = whole(layer, number)
        rows = (patch.alpha > 100).any(axis=1)
        heights.append(float(np.flatnonzero(rows).mean()))
        assert rows.any()
    assert before >= 4


@styles
def test_quick_speech_does_not_flash(style: str) -> None:
    """WCAG 2.2, 2.3.1: a flash is a pair of opposing changes of luminance by a tenth, more than three in a second, over
    a quarter of 10 degrees of sight; that is some 2.8 % of the picture (341 x 256 of 1024 x 768, a quarter of it)."""
    layer = captioned(style, evenly(f"{SAID} {SAID}", 0.2), scale=1 / 3)
    picture = 360 * 640
    count = frames_of(layer)
    light = np.zeros((count, layer.box.height, layer.box.width), np.float32)
    for number in range(count):
        patch = whole(layer, number)
        grey = np.asarray(patch.colour) @ np.array([0.2126, 0.7152, 0.0722]) / 255
        light[number] = (grey**2.2) * (patch.alpha / 255)
    # turning points by at least a tenth, of every pixel
    extreme, direction = light[0].copy(), np.zeros(light.shape[1:], np.int8)
    turned = np.zeros(light.shape, dtype=bool)
    for number in range(1, count):
        now = light[number]
        rise, fall = now - extreme >= 0.1, extreme - now >= 0.1
        turned[number] = (rise & (direction <= 0)) | (fall & (direction >= 0))
        direction = np.where(rise, 1, np.where(fall, -1, direction)).astype(np.int8)
        extreme = np.where(
            rise | fall | ((now > extreme) & (direction > 0)) | ((now < extreme) & (direction < 0)), now, extreme
        )
    sums = np.cumsum(turned, axis=0, dtype=np.int16)
    most = (sums[30:] - sums[:-30]).max(axis=0) if count > 30 else sums[-1]
    assert (most > 6).sum() / picture < 0.028 / 2


SCRIPTS = {
    "Hebrew": "השעון במטבח שלנו ממהר בארבע דקות",
    "Arabic": "الساعة في مطبخنا تسبق الوقت بأربع دقائق",
    "Devanagari": "हमारी रसोई की घड़ी चार मिनट तेज़ चलती है",
    "Greek": "Το ρολόι της κουζίνας πάει τέσσερα λεπτά μπροστά",
    "Cyrillic": "Часы на нашей кухне спешат на четыре минуты",
}


@styles
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_lit_where_it_stands(style: str, script: str) -> None:
    words = evenly(SCRIPTS[script], 0.5)
    try:
        layer = captioned(style, words, scale=1.0)
    except InputError:
        pytest.skip(f"no font here has {script}")
    box = layer.set.box
    rtl = script in ("Hebrew", "Arabic")
    for number in (10, 25):
        patch = whole(layer, number)
        ink = patch.alpha.copy()
        ink[inside(layer, box)] = 0
        assert style == "word-boxed" or ink.max() <= 32
        lit = (np.asarray(patch.colour) == ACCENT).all(axis=2) & (patch.alpha > 200)
        if style in ("word-lit", "pop", "word-boxed"):
            index, word, *_ = layer.state(number)
            place = layer._page(index).words[word].box
            assert lit[place.rows, place.columns].sum() > (0.5 if style == "word-boxed" else 0.8) * lit.sum() > 0
            if number == 10:  # the first word stands at the line's beginning
                middle = np.flatnonzero(lit.any(axis=0)).mean()
                assert (middle > layer.box.width / 2) == rtl


@styles
def test_emoji_keep_their_colours(style: str) -> None:
    try:
        layer = captioned(style, evenly("Bells 🎉 tonight.", 0.6), colours=FULL)
    except InputError:
        pytest.skip("no emoji font here")
    patch = whole(layer, 25)
    solid = np.asarray(patch.colour)[patch.alpha > 240].astype(int)
    vivid = solid[np.ptp(solid, axis=1) > 90]
    assert len({tuple(c // 48) for c in vivid}) > 4


def test_a_misspelt_style_is_told_the_right_one() -> None:
    with pytest.raises(UsageError) as caught:
        captioned("word-litt")
    assert "word-lit" in str(caught.value.mend)
