"""What a clip is told as to those who do not see it, which frame stands for it, and colours for every kind of eyes."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from clipper.errors import UsageError
from clipper.picture import template
from clipper.picture.alt import alt_text
from clipper.picture.calls import call_to_listen
from clipper.picture.captions import Group
from clipper.picture.colour_vision import apart, told_apart
from clipper.picture.content import Content
from clipper.picture.roles import lighter, palette, readable, reads
from clipper.picture.thumbnail import cover_frame, grid_crop

from .test_colours import random_cover

PLAIN = Image.new("RGB", (64, 64), (40, 90, 120))


def said(text: str, speaker: str | None = None, start: float = 0.0) -> Group:
    words = tuple(text.split())
    starts = tuple(start + 0.3 * i for i in range(len(words)))
    ends = tuple(t + 0.25 for t in starts)
    return Group(words, starts, ends, start, start + 0.3 * len(words), speaker)


def test_alt_text_says_what_is_shown_and_said() -> None:
    content = Content(
        PLAIN, "Why nobody sets the clock?", show="Kitchen Talk", number="No. 7", groups=[said("It runs fast.", "Ada")]
    )
    text = alt_text(content, "en", cover="a clock over a stove.")
    assert text == (
        "Audiogram of the podcast Kitchen Talk · No. 7. Cover: a clock over a stove. "
        "Headline: “Why nobody sets the clock?” Ada says, captioned on screen: “It runs fast.”"
    )


def test_alt_text_tells_the_quotation_where_the_template_shows_one() -> None:
    content = Content(PLAIN, headline="A title", quotation="It rang for a week.", quoted="Ada")
    card, spotlight = (template.load(name).shape("vertical") for name in ("card", "spotlight"))
    assert "It rang for a week." in alt_text(content, "en", shape=card)
    assert "A title" not in alt_text(content, "en", shape=card)
    assert "A title" in alt_text(content, "en", shape=spotlight)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "xx", None])
def test_alt_text_leaves_nothing_open_whatever_is_known(language: str | None) -> None:
    groups = [said("One two.", "Ada"), said("Three " * 60, "Bo", 1.0)]
    for content in (
        Content(PLAIN),
        Content(PLAIN, "A"),
        Content(PLAIN, "A", groups=groups),
        Content(PLAIN, groups=[said("x")]),
    ):
        text = alt_text(content, language)
        assert "{" not in text
        assert "  " not in text
    assert alt_text(Content(PLAIN), language) == ""
    assert "Ada" in alt_text(Content(PLAIN, groups=groups), language)
    assert len(alt_text(Content(PLAIN, "é" * 3000, groups=groups), language)) <= 1000


def test_the_call_to_listen_is_in_the_clips_language_or_not_there() -> None:
    assert call_to_listen("de-AT") == "Die ganze Folge hören"
    assert call_to_listen(None) == call_to_listen("en") != ""
    assert call_to_listen("xx") == ""


def test_the_cover_is_the_first_frame_the_loudest_with_words_or_a_time() -> None:
    levels = np.full((300, 8), 0.1, dtype=np.float32)
    levels[100:112] = 0.8  # while words stand
    levels[250:290] = 1.0  # louder, but nobody says a word
    groups = [said("a b c d", start=2.9)]
    assert cover_frame("first", groups, levels, 300, 30) == 0
    assert 98 <= cover_frame("peak", groups, levels, 300, 30) <= 114
    assert 250 <= cover_frame("peak", [], levels, 300, 30) <= 290
    assert cover_frame("peak", groups, None, 300, 30) == 0
    assert cover_frame("7.5", groups, levels, 300, 30) == 225
    assert cover_frame("0:07", groups, levels, 300, 30) == 210
    for wish in ("last", "", "-1", "1:2:3", "12"):
        with pytest.raises(UsageError):
            cover_frame(wish, groups, levels, 300, 30)


@pytest.mark.parametrize("size", [(1080, 1920), (1080, 1080), (1920, 1080), (360, 640)])
def test_the_grids_picture_is_three_to_four_about_the_middle(size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size)
    picture.putpixel((size[0] // 2, size[1] // 2), (255, 0, 0))
    crop = grid_crop(picture)
    assert abs(crop.width / crop.height - 0.75) < 0.005
    assert crop.width == size[0] or crop.height == size[1]
    assert (np.asarray(crop)[..., 0] == 255).any()
    if size == (1080, 1920):
        assert crop.size == (1080, 1440)


def test_colours_that_a_colour_blind_viewer_mixes_up_are_found() -> None:
    red, green = (196, 60, 50), (120, 110, 30)
    assert apart(red, green)["all colours"] > 20
    assert not told_apart(red, (150, 95, 40)) or min(apart(red, green).values()) < apart(red, green)["all colours"]
    assert not told_apart((200, 200, 200), (196, 200, 204))
    assert told_apart((255, 196, 61), (40, 90, 200))


@pytest.mark.parametrize("seed", range(16))
def test_the_two_accents_of_a_cover_can_be_told_apart(seed: int) -> None:
    found = palette({}, frozenset(), random_cover(seed))
    assert told_apart(found.rgb("cover"), found.rgb("cover-second")), (found.rgb("cover"), found.rgb("cover-second"))


@pytest.mark.parametrize("least", [3.0, 4.5])
def test_a_colour_is_moved_until_it_reads_and_no_further(least: float) -> None:
    rng = np.random.default_rng(3)
    for _ in range(60):
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        low = float(rng.uniform(0, 1))
        high = min(1.0, low * float(rng.uniform(1, 1.3)) + 0.01)
        found = readable(colour, low, high, least)
        if found is None:
            assert not reads((255, 255, 255), low, high, least)
            assert not reads((0, 0, 0), low, high, least)
        else:
            assert reads(found, low, high, least)
            if reads(colour, low, high, least):
                assert found == colour
    assert lighter((100, 60, 40), 0.2) > (100, 60, 40)
