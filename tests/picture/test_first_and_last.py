"""What a passer-by sees first, and what they are left with: a first frame at rest, an end card that a phone shows
large enough, air around the lit word."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from clipper.picture import motion, survey, template
from clipper.picture.caption_styles import face_for
from clipper.picture.content import Content
from clipper.picture.geometry import even_size
from clipper.picture.layers import Placed
from clipper.picture.paint import words
from clipper.picture.specimen import specimen
from clipper.picture.stage import Staging
from clipper.picture.survey import ink_of, trying_covers
from clipper.picture.template import EndCard
from tests.picture.looks import BOLD

from .test_template_looks import scene_of

COVER = trying_covers(200)[0]
NAMES = template.names()
ON_A_PHONE = 0.36  # points of a phone's 390 that a pixel of 1080 takes


def test_what_nods_stands_in_its_place_first_and_at_last() -> None:
    at = motion.nods(100, 200, 0.0, -12.0, 30.0)
    places = [at(n) for n in range(40)]
    assert places[0] == places[-1] == Placed(100, 200)
    tops = [one.top for one in places if one is not None]
    assert min(tops) in (188, 189)
    assert tops.index(min(tops)) < 8, "up quickly, back softly"


@pytest.mark.parametrize("name", NAMES)
def test_the_first_frame_is_not_caught_in_motion(name: str) -> None:
    content = specimen(template.load(name), "vertical", COVER)
    bare = content.__class__(
        **{field: getattr(content, field) for field in ("cover", "headline", "show", "quotation", "quoted", "call")}
    )
    scene = scene_of(name, "vertical", bare)
    inks = ink_of(template.load(name), "vertical", bare)
    ink = inks.get("headline") or inks["quotation"]
    first, later = (scene.frame(n)[ink.rows, ink.columns].copy() for n in (0, 90))
    assert np.array_equal(first, later)


@pytest.mark.parametrize("shape", template.FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_an_end_card_can_be_read_on_a_phone(name: str, shape: str) -> None:
    """Its letters, in lower case and with what hangs below, are as high as those of ten point type."""
    look = template.load(name)
    one = look.shape(shape)
    content = specimen(look, shape, COVER)
    staging = Staging(look, shape, content, even_size(*one.size), 30, 30.0, False)
    show = content.placeholders()["show-line"]
    for card in one.all(EndCard):
        piece = words.end_card(card, staging.sheet, content.call, show, content.where, panel=False)
        ink = (np.asarray(piece.image.getchannel("A")) > 128).any(axis=1)
        rows = [len(list(run)) for filled, run in itertools.groupby(ink.tolist()) if filled]
        points = min(rows) * ON_A_PHONE * 1080 / min(one.size)
        assert points >= 8.8, f"{points:.1f} points high"


@pytest.mark.parametrize("text", ["We melted it", "ذهبنا إلى البيت", "mixed نص here"])
def test_wider_spaces_are_between_words_and_nowhere_else(text: str) -> None:
    wide = face_for("word-boxed", BOLD.path)
    usual = face_for("quiet", BOLD.path)
    line = text.split()
    assert wide.width(text, 100.0) == pytest.approx(usual.width(text, 100.0) + 12.0 * (len(line) - 1), abs=3.0)
    spans = sorted(wide.at(100.0).word_span(line, n) for n in range(len(line)))
    for (_, right), (left, _) in itertools.pairwise(spans):
        assert left - right >= 30.0, "the lit word's box reaches 10 into it, on each side"
    for n, word in enumerate(line):
        left, right = wide.at(100.0).word_span(line, n)
        assert right - left == pytest.approx(usual.width(word, 100.0), abs=2.0)


def test_a_clip_without_a_quotation_still_has_its_title_on_a_card() -> None:
    content = Content(COVER, headline="Every bell lies a little", show="Oddly Good Work")
    inks = survey.ink_of(template.load("card"), "vertical", content)
    assert "mark" not in inks
    assert "name" not in inks
    assert inks["quotation"].height > 20
