"""Text always fits its box, looks the same at every size, and is never a box instead of a letter."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clipper.errors import InputError
from clipper.picture.text import ELLIPSIS, LINE_HEIGHT, Face, balanced, check_glyphs, draw_block, fit, joined, words_of
from clipper.resources import fonts_dir

from .looks import BOLD, PLAIN, ink_around

LETTERS = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?'\"()-–—…&%$"
    "ÄÖÜäöüßÅåÆæØøŁłŃńŇňČčŞşȘșŢţĞğİıŐőŰűÇçÑñÃãÊêÍíÓóÚúÝýŶŷǺǻẾếỘộĄąĘęŽžĝĵ"
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψωΆΈΐΰώϋ"
    "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяЄєІіЇїҐґЂђЈјЉљ"
)
MARKS = "\u0300\u0301\u0302\u0308\u030a\u0323\u0327"
word = st.text(st.sampled_from(LETTERS), min_size=1, max_size=14) | st.text(
    st.sampled_from(LETTERS + MARKS), min_size=1, max_size=30
)
text = st.lists(word, min_size=0, max_size=25).map(" ".join)
# the look of a headline: percent of a 1080 x 1920 picture
HEADLINE = (64.4, 6.6, 5.4, 3.4)
HEIGHTS = {"360p": 640, "1080p": 1920, "4K": 3840}


@settings(max_examples=60, deadline=None)
@given(text, st.sampled_from(["left", "centre", "right"]), st.sampled_from(["top", "middle", "bottom"]))
@example("jjj ĵĵĵ", "left", "top")
@example("ẾẾẾ ǺǺǺ", "right", "top")
@example("ŷçģ Ѱ,", "left", "bottom")
@example("A\u0300\u0301\u0302\u0308\u030a\u0300\u0301\u0302\u0308\u030aA", "left", "top")
@example("W" * 60 + " word", "centre", "middle")
def test_no_ink_leaves_its_box_at_any_size(words: str, align: str, anchor: str) -> None:
    own = fit(words, BOLD, 692, 124, 58.3, 36.7, 2)
    assert own.fits()
    for name, height in HEIGHTS.items():
        factor = height / 1920
        block = own.scaled(factor, round(696 * factor), round(127 * factor))
        ink = ink_around(block, align, anchor)
        if ink is not None:
            assert ink[0] >= 0, (name, ink)
            assert ink[1] >= 0, (name, ink)
            assert ink[2] <= block.width, (name, ink)
            assert ink[3] <= block.height, (name, ink)


@settings(max_examples=40, deadline=None)
@given(text)
def test_lines_break_alike_at_every_size(words: str) -> None:
    blocks = [fit(words, BOLD, 696 * f, 126 * f, 58.0 * f, 36.0 * f, 2) for f in (1, 2, 4)]
    assert blocks[0].lines == blocks[1].lines == blocks[2].lines
    assert blocks[2].size == pytest.approx(4 * blocks[0].size, rel=0.03)


@settings(max_examples=60, deadline=None)
@given(text)
def test_an_ellipsis_comes_only_where_the_text_does_not_fit_at_its_smallest(words: str) -> None:
    whole = words_of(words)
    block = fit(words, PLAIN, 500, 100, 40, 24, 2)
    shown = [w for line in block.lines for w in line]
    if joined(shown) == joined(whole):
        return
    assert shown[-1].endswith(ELLIPSIS) or any(w.endswith(ELLIPSIS) for w in shown)
    assert block.size <= 24
    assert balanced(whole, PLAIN, 24, 500, 2) is None or not block.fits() or joined(whole) != joined(shown)
    if shown == whole[: len(shown) - 1] + shown[-1:]:  # no word was broken over two lines
        given_word, word_shown = whole[len(shown) - 1], shown[-1]
        head = word_shown.removesuffix(ELLIPSIS)
        graphemes = regex.findall(r"\X", given_word)
        ends = {"".join(graphemes[:n]) for n in range(len(graphemes) + 1)}
        assert head in ends or head == given_word.rstrip(",;:.–—-"), (given_word, word_shown)
        assert not word_shown.endswith(ELLIPSIS * 2) or given_word.endswith(ELLIPSIS)


@settings(max_examples=60, deadline=None)
@given(text, st.integers(60, 1200), st.integers(1, 4))
def test_every_word_stands_once_and_in_order(words: str, width: int, rows: int) -> None:
    broken = balanced(words_of(words), PLAIN, 30, width, rows)
    if broken is None:
        return
    assert [w for line in broken for w in line] == words_of(words)
    assert len(broken) <= rows
    for line in broken:
        assert PLAIN.width(" ".join(line), 30) <= width * 1.01


def test_lines_are_even_and_few() -> None:
    lines = balanced(["one", "two", "three", "four", "five", "six", "seven", "eight"], PLAIN, 20, 260, 3)
    assert lines is not None
    assert len(lines) == 2
    widths = [PLAIN.width(" ".join(line), 20) for line in lines]
    assert max(widths) / min(widths) < 1.35


@pytest.mark.parametrize(
    ("headline", "articles"),
    [
        ("Why bells sound sad at the wedding of a friend", {"the", "a"}),
        ("Was die alte Glocke in der kleinen Stadt sagt", {"die", "der"}),
        ("Pourquoi les cloches sonnent tristes dans la ville", {"les", "la"}),
        ("Las campanas de la boda suenan siempre muy tristes", {"Las", "la"}),
    ],
)
def test_a_line_does_not_end_with_an_article_where_another_break_is_possible(headline: str, articles: set[str]) -> None:
    words = headline.split()
    for width in range(240, 900, 15):
        lines = balanced(words, BOLD, 40, width, 4)
        if lines is None:
            continue
        ends = {line[-1] for line in lines[:-1]}
        possible = []
        for cuts in itertools.combinations(range(1, len(words)), len(lines) - 1):
            edges = [0, *cuts, len(words)]
            pieces = [words[i:j] for i, j in itertools.pairwise(edges)]
            if all(BOLD.width(" ".join(piece), 40) < width * 0.99 for piece in pieces):
                possible.append({piece[-1] for piece in pieces[:-1]})
        if any(not other & articles for other in possible):
            assert not ends & articles, (width, lines)


@pytest.mark.parametrize(
    "long",
    ["abc " * 125_000, "a" * 500_000, "a\u0301" * 250_000, "\u200d" * 500_000, "e \u200d" * 150_000, "W, " * 170_000],
)
def test_half_a_million_characters_are_cut_and_not_waited_for(long: str) -> None:
    from clipper.picture import face as room

    measured = 0
    original = room._advance.__wrapped__

    def counted(face: Face, piece: str) -> float:
        nonlocal measured
        measured += len(piece)
        return original(face, piece)

    cached, room._advance = room._advance, counted  # type: ignore[assignment]
    try:
        block = fit(long, BOLD, 696, 126, 58, 36, 2)
    finally:
        room._advance = cached
    assert block.fits()
    assert sum(len(w) for line in block.lines for w in line) < 2_000
    assert measured < 2_000_000  # characters shaped, of which a second does millions


@pytest.mark.parametrize("nothing", ["", " ", "\n\t", "\x00\x07", "\u200d\u200d"])
def test_no_text_is_no_ink(nothing: str) -> None:
    block = fit(nothing, BOLD, 300, 100, 40, 20, 2)
    assert block.lines == ()
    assert not np.asarray(draw_block(block, (255, 255, 255, 255), "left", "top"))[..., 3].any()


def test_a_letter_that_can_be_composed_is_not_missing() -> None:
    check_glyphs("e\u0301 A\u030a n\u0303 ế \u1e9b\u0323"[:12], BOLD)
    check_glyphs("soft\u00adhyphen zero\u200bwidth no\u00a0break", BOLD)


def test_control_characters_and_half_characters_are_not_drawn_as_boxes() -> None:
    clean_block = fit("Why bells sound sad", BOLD, 600, 100, 40, 20, 2)
    dirty_block = fit("Why\x07 bells\x00 sound\ud800 sad\x1b", BOLD, 600, 100, 40, 20, 2)
    assert dirty_block == clean_block


def test_a_no_break_space_holds_words_together() -> None:
    lines = balanced(words_of("nineteen days and 9\u00a0dollars"), PLAIN, 20, 200, 4)
    assert lines is not None
    assert any("9\u00a0dollars" in line for line in lines)


@pytest.mark.parametrize(("width", "height"), [(300, 8), (6, 60), (2, 2), (40, 40)])
def test_a_box_that_is_too_small_gets_smaller_type_and_no_lost_ink(width: int, height: int) -> None:
    block = fit("Why bells sound sad", BOLD, width, height, 60, 30, 2)
    assert block.fits()
    ink = ink_around(block, "left", "top")
    assert ink is None or (ink[0] >= -1 and ink[1] >= -1 and ink[2] <= width + 1 and ink[3] <= height + 1)


def test_large_type_is_used_where_there_is_room() -> None:
    assert fit("Short", BOLD, 696, 126, 58, 36, 2).size == 58
    assert fit("Two words of some length that need the second line", BOLD, 696, 160, 58, 36, 2).size < 58


def test_capitals_stand_in_the_middle_of_their_line() -> None:
    block = fit("HHHH", BOLD, 600, round(50 * LINE_HEIGHT), 50, 50, 1)
    ink = ink_around(block, "left", "top")
    assert ink is not None
    assert abs(ink[1] - (block.height - ink[3])) <= 2


def test_a_file_that_is_no_font_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "pretty.ttf"
    path.write_text("not a font")
    with pytest.raises(InputError, match=r"pretty\.ttf"):
        fit("text", Face(path), 100, 100, 20, 10, 1)


def test_all_shipped_fonts_open() -> None:
    fonts = list(fonts_dir().rglob("*.otf"))
    assert len(fonts) >= 4
    for path in fonts:
        assert Face(path).width("Hello", 20) > 20
