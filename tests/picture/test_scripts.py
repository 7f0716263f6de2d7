"""Every script reads as its readers write it: joined, in its own direction, broken where it may be, in its box."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from clipper.picture.bidi import levels, visual
from clipper.picture.segments import GLUE, glued, graphemes, words_of
from clipper.picture.text import ELLIPSIS, Block, balanced, check_glyphs, clean, draw_block, fit, joined

from .looks import BOLD, PLAIN, ink_around
from .scripts import SENTENCES

LETTERS = {
    "Latin": "AÅbçdéfĞhİjłñőřşŢŷ.,!?()-'0123456789 ",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآؤئپچژگیک،؟٠١٢٣\u064b\u064e\u0651",
    "Hebrew": "אבגדהוזחטיכךלמםנןסעפףצץקרשת״׳־\u05b8\u05bc\u05c1",
    "Devanagari": "अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसहािीुूेैोौंँ़्।०१२",
    "Bengali": "অআইঈউঊএঐওঔকখগঘচছজঝটঠডঢণতথদধনপফবভমযরলশষসহািীুূেৈোৌংঁ়্০১২",
    "Tamil": "அஆஇஈஉஊஎஏஐஒஓகஙசஞடணதநபமயரலவழளறனாிீுூெேைொோௌ்",
    "Thai": "กขคฆงจฉชซญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะาิีึืุูเแโใไ็่้๊๋์ๆฯ๑๒",
    "Chinese": "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生，。？！「」（）：、",
    "Japanese": "あいうえおかきくけこさしすせそたちつてとんァアイウエオカキクケコッャュョー鐘音結婚式秘密、。「」…",
    "Korean": "가나다라마바사아자차카타파하종소리는왜슬프게들릴까요결혼식에서물었습니다한글",
}
EMOJI = ["😂", "🔔", "❤️", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "👨🏿‍💻", "1️⃣", "🏳️‍🌈", "🎉"]
piece = st.one_of(
    *[st.text(st.sampled_from(letters), min_size=1, max_size=12) for letters in LETTERS.values()],
    st.sampled_from(EMOJI),
)
text = st.lists(piece, min_size=1, max_size=12).map(" ".join)
ANY = st.sampled_from(["left", "centre", "right"]), st.sampled_from(["top", "middle", "bottom"])


@settings(max_examples=80, deadline=None)
@given(text, *ANY)
@example(SENTENCES["Thai"], "left", "top")
@example("ที่ปี่ ญู่ปั้น ฎุ๊ กี้", "left", "bottom")
@example("מ\u05b8\u05bc 🇩🇪🏳️‍🌈 ؟ لَّا", "right", "top")
@example("😂" * 40, "centre", "middle")
def test_no_ink_of_any_script_leaves_its_box_at_any_size(words: str, align: str, anchor: str) -> None:
    own = fit(words, BOLD, 692, 124, 58.3, 36.7, 2)
    assert own.fits()
    for name, height in {"360p": 640, "1080p": 1920, "4K": 3840}.items():
        factor = height / 1920
        block = own.scaled(factor, round(696 * factor), round(127 * factor))
        assert block.lines == own.lines
        ink = ink_around(block, align, anchor)
        if ink is not None:
            assert ink[0] >= 0, (name, ink)
            assert ink[1] >= 0, (name, ink)
            assert ink[2] <= block.width, (name, ink)
            assert ink[3] <= block.height, (name, ink)


@settings(max_examples=60, deadline=None)
@given(text)
def test_what_is_shown_is_what_was_written_or_ends_in_an_ellipsis_at_a_letter(words: str) -> None:
    block = fit(words, BOLD, 692, 124, 58.3, 36.7, 2)
    shown, whole = joined([w for line in block.lines for w in line]), joined(words_of(words))
    if shown == whole:
        return
    assert ELLIPSIS in shown
    head = shown[: shown.rindex(ELLIPSIS)].rstrip()
    if ELLIPSIS not in head:
        letters, cut = graphemes(whole), graphemes(head)
        assert letters[: len(cut)] == cut or whole.startswith(head)


@settings(max_examples=60, deadline=None)
@given(text)
def test_words_put_together_again_are_the_text(words: str) -> None:
    assert joined(words_of(words)).replace("\u00a0", " ") == joined(words_of(words, fine=True)).replace("\u00a0", " ")
    assert joined(words_of(words)).split() == clean(words).split()


@pytest.mark.parametrize("name", SENTENCES)
def test_every_sentence_can_be_set(name: str) -> None:
    block = fit(SENTENCES[name], BOLD, 560, 190, 46, 23, 3)
    assert joined([w for line in block.lines for w in line]) == joined(words_of(SENTENCES[name]))
    assert np.asarray(draw_block(block, (255, 255, 255, 255), "left", "middle"))[..., 3].any()


def test_arabic_letters_join() -> None:
    assert BOLD.width("سلام", 100) < 0.95 * sum(BOLD.width(c, 100) for c in "سلام")


def test_conjuncts_and_marks_take_the_place_of_their_letters() -> None:
    assert BOLD.width("क्ष", 100) < 0.8 * (BOLD.width("क", 100) + BOLD.width("ष", 100))
    assert BOLD.width("ที่", 100) == pytest.approx(BOLD.width("ท", 100), abs=1)


@pytest.mark.parametrize("name", ["Arabic", "Hebrew"])
def test_right_to_left_begins_on_the_right(name: str) -> None:
    block = fit(SENTENCES[name], BOLD, 1600, 80, 40, 40, 1)
    assert block.rtl
    edges = [block.word_edges(0, i) for i in range(len(block.lines[0]))]
    assert edges[0][0] > edges[1][0] > edges[2][0]
    ink = ink_around(block, "left", "middle")
    assert ink is not None
    assert ink[2] >= block.width - 8  # "left" means where lines begin
    assert edges[0][1] == pytest.approx(block.face.at(block.size).getlength(block.text(0)), abs=2)


def test_latin_words_inside_arabic_keep_their_own_order() -> None:
    block = fit("قالت Anna Smith في 12 مايو", BOLD, 1600, 80, 40, 40, 1)
    anna, smith, number = (block.word_edges(0, i)[0] for i in (1, 2, 4))
    assert number < anna < smith < block.word_edges(0, 0)[0]


def test_a_line_of_latin_in_a_hebrew_paragraph_is_still_of_the_paragraph() -> None:
    block = Block((("שלום", "עולם"), ("Anna", "Smith.")), BOLD, 40.0, 600, 120)
    assert block.rtl
    edges = BOLD.at(40).span(block.text(1), len(block.text(1)) - 1, len(block.text(1)))
    assert edges[0] < 5  # the full stop stands at the end, which is on the left


def test_levels_are_those_of_the_standard() -> None:
    assert levels("abc") == [0, 0, 0]
    assert levels("אב 12") == [1, 1, 1, 2, 2]
    assert levels("a אב (c) ג") == [0, 0, 1, 1, 0, 0, 0, 0, 0, 1]
    assert visual([0, 1, 2, 1, 0]) == [0, 3, 2, 1, 4]


@pytest.mark.parametrize("name", ["Chinese", "Traditional", "Japanese"])
def test_no_line_begins_with_a_mark_that_closes(name: str) -> None:
    seen = 0
    for fine in (False, True):
        words = words_of(SENTENCES[name], fine)
        for width in range(120, 900, 17):
            for line in balanced(words, PLAIN, 40, width, 12) or ():
                seen += 1
                assert line[0][0] not in "、。，．！？：；）」』】〕〉》ーぁぃぅぇぉっゃゅょ…,.!?)", line
                assert line[-1].removesuffix(GLUE)[-1] not in "（「『【〔〈《(", line
    assert seen > 100


def test_thai_breaks_between_words_and_never_inside_a_letter() -> None:
    words = words_of(SENTENCES["Thai"])
    assert len(words) > 8
    assert any("กรุงเทพ" in w for w in words)
    assert graphemes(SENTENCES["Thai"]) == [g for w in words for g in graphemes(w.removesuffix(GLUE))]


def test_japanese_breaks_at_phrases_and_chinese_between_words() -> None:
    assert [w.removesuffix(GLUE) for w in words_of("今日は天気がいいので、散歩に行きました。")] == [
        "今日は", "天気が", "いいので、", "散歩に", "行きました。",
    ]  # fmt: skip
    assert "天气" in [w.removesuffix(GLUE) for w in words_of("今天天气很好，我们去公园散步吧。")]


def test_korean_keeps_its_words() -> None:
    assert words_of("결혼식 종소리는 왜 슬프게 들릴까요?") == ["결혼식", "종소리는", "왜", "슬프게", "들릴까요?"]


def test_pieces_without_a_space_between_them_are_set_without_one() -> None:
    words = [glued("東京"), glued("タワー"), "に"]
    assert joined(words) == "東京タワーに"
    block = Block((tuple(words),), BOLD, 40.0, 600, 60)
    edges = [block.word_edges(0, i) for i in range(3)]
    assert edges[0][1] == pytest.approx(edges[1][0], abs=1.5)
    assert edges[1][1] == pytest.approx(edges[2][0], abs=1.5)


def test_the_forms_of_han_characters_are_those_of_the_text() -> None:
    def drawn(text: str, language: str | None = None) -> bytes:
        image = Image.new("L", (80, 80), 0)
        BOLD.reading(text, language).at(60).draw(image, (5, 65), "直", 255)
        return image.tobytes()

    assert drawn("直す鐘は") == drawn("直", "ja")
    assert drawn("直接") == drawn("直", "zh")
    assert drawn("直", "ja") != drawn("直", "zh") != drawn("直", "ko")


@pytest.mark.parametrize("cluster", EMOJI)
def test_an_emoji_is_one_picture_in_colour(cluster: str) -> None:
    block = fit(cluster, BOLD, 200, 120, 80, 40, 1)
    assert graphemes(cluster) == [cluster]
    pixels = np.asarray(draw_block(block, (255, 255, 255, 255), "left", "middle")).astype(int)
    seen = pixels[pixels[..., 3] > 200][:, :3]
    assert len(seen) > 500
    assert (
        seen.max(axis=1) - seen.min(axis=1)
    ).max() > 60 or cluster == "👩‍👩‍👧‍👦"  # families are grey in Unicode 15.1
    assert (seen != 255).any()
    assert BOLD.width(cluster, 100) == pytest.approx(BOLD.width("😂", 100), rel=0.1)


def test_skin_tones_families_and_flags_differ() -> None:
    def drawn(text: str) -> bytes:
        return draw_block(fit(text, BOLD, 200, 120, 80, 40, 1), (255, 255, 255, 255), "left", "middle").tobytes()

    pictures = [drawn(e) for e in ("👍", "👍🏽", "👍🏿", "👩‍👩‍👧", "👩", "🇩🇪", "🇫🇷", "🏴󠁧󠁢󠁳󠁣󠁴󠁿")]
    assert len(set(pictures)) == len(pictures)


def test_emoji_are_sharp_at_4k() -> None:
    def edges(size: int) -> float:
        block = fit("😂", BOLD, size * 2, size * 2, size, size, 1)
        alpha = np.asarray(draw_block(block, (0, 0, 0, 255), "left", "middle"))[..., 3]
        return float(((alpha > 16) & (alpha < 240)).sum()) / size

    assert edges(400) < 2 * edges(100)  # a picture made larger would have edges that grow with it


def test_letters_of_several_fonts_stand_on_one_baseline() -> None:
    for other in ("東", "ש", "ก", "क"):
        line = f"H {other} H"
        image = Image.new("L", (400, 160), 0)
        font = BOLD.at(80)
        font.draw(image, (10, 100), line, 255)
        for start in (0, 4):
            left, right = font.span(line, start, start + 1)
            ink = np.asarray(image)[:, round(10 + left) : round(10 + right)]
            assert np.nonzero((ink > 128).any(axis=1))[0].max() in (98, 99, 100)


def test_one_word_can_be_drawn_where_it_stands_in_its_line() -> None:
    for text in ("Why bells sound", "قالت Anna Smith في", "今日は天気がいい", "ทำไมเสียงระฆัง", "a 😂 b"):
        block = fit(text, BOLD, 900, 100, 50, 50, 1)
        whole, parts = Image.new("L", (900, 100), 0), Image.new("L", (900, 100), 0)
        block.face.at(block.size).draw(whole, (20, 70), block.text(0), 255)
        for i in range(len(block.lines[0])):
            block.draw_word(parts, (20, 70), 0, i, 255)
        difference = np.abs(np.asarray(whole).astype(int) - np.asarray(parts))
        assert (difference > 128).mean() < 0.003, text


def test_pillow_itself_can_draw_with_a_face() -> None:
    font: Any = BOLD.at(60)
    image = Image.new("RGBA", (500, 120), (0, 0, 0, 255))
    ImageDraw.Draw(image).text((10.5, 80.25), "Bells 鐘 🔔", font=font, fill="white", anchor="ls", embedded_color=True)
    own = Image.new("RGBA", (500, 120), (0, 0, 0, 255))
    BOLD.at(60).draw(own, (10.5, 80.25), "Bells 鐘 🔔", (255, 255, 255, 255))
    assert np.abs(np.asarray(image).astype(int) - np.asarray(own)).mean() < 2


def test_marks_of_direction_and_joiners_leave_no_ink() -> None:
    check_glyphs("a\u200eb \u2067ש\u2069 می\u200cخواهم", BOLD)
    assert BOLD.width("a\u200e", 100) == BOLD.width("a", 100)


def test_pieces_from_a_recogniser_are_not_torn_where_no_line_may_end() -> None:
    words = [*map(glued, ["今日", "は", "天", "気", "が", "いい", "ので", "、", "散歩", "に"]), "行きました。"]
    for width in range(160, 600, 20):
        for line in balanced(words, PLAIN, 40, width, 9) or ():
            assert line[0] != glued("、")
    lines = balanced(words, PLAIN, 40, 330, 3)
    assert lines is not None
    assert [joined(line) for line in lines] == ["今日は天気が", "いいので、散歩に", "行きました。"]
