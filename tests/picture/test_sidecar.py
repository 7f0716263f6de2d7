"""Caption files that every player reads: the same words and times as in the picture, nothing taken for a tag."""

from __future__ import annotations

import re

import pysubs2
import pytest

from clipper.picture import compose, template
from clipper.picture.captions import Group
from clipper.picture.sidecar import srt, vtt
from clipper.speech.model import Word

STAMP = r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})"


def one(text: str, start: float, end: float, speaker: str | None = None) -> Group:
    words = tuple(text.split(" "))
    return Group(words, (start,) * len(words), (end,) * len(words), start, end, speaker)


def read_vtt(text: str) -> list[tuple[int, int, str]]:
    """WebVTT by its rules: signature, blank line, cues of a timing line and lines of text, times rising."""
    head, _, body = text.partition("\n\n")
    assert head == "WEBVTT"
    assert text.endswith("\n")
    cues = []
    latest = 0
    for block in body.strip("\n").split("\n\n"):
        timing, *lines = block.split("\n")
        match = re.fullmatch(rf"{STAMP} --> {STAMP}", timing)
        assert match, timing
        h1, m1, s1, f1, h2, m2, s2, f2 = map(int, match.groups())
        start, end = ((h1 * 60 + m1) * 60 + s1) * 1000 + f1, ((h2 * 60 + m2) * 60 + s2) * 1000 + f2
        assert latest <= start < end
        latest = start
        assert lines
        assert all(lines)
        payload = "\n".join(lines)
        assert "-->" not in payload
        bare = re.sub(r"^<v [^<>&\n]*(?:&[a-z]+;[^<>&\n]*)*>", "", payload)
        assert "<" not in bare
        assert re.fullmatch(r"(?:[^&]|&(?:amp|lt|gt);)*", bare), bare
        cues.append((start, end, bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")))
    return cues


@pytest.fixture(scope="module")
def groups() -> list[Group]:
    text = "Before you fix anything old, record it first. I mean it. Take out your phone, and get two minutes of it."
    words = [
        Word(text=w, start=0.3 * i + 0.1, end=0.3 * i + 0.35, speaker="Aoife" if i > 7 else None)
        for i, w in enumerate(text.split())
    ]
    return compose.captions(template.load("spotlight"), "vertical", words, 9.0)


def test_both_say_what_the_picture_says_when_it_says_it(groups: list[Group]) -> None:
    cues = read_vtt(vtt(groups))
    subtitles = pysubs2.SSAFile.from_string(srt(groups), format_="srt")
    assert [text for _, _, text in cues] == [g.text for g in groups] == [line.plaintext for line in subtitles]
    for g, (start, end, _), line in zip(groups, cues, subtitles, strict=True):
        assert start == line.start == round(g.start * 1000)
        assert end == line.end
        assert abs(end - g.end * 1000) <= 1
    assert "<v Aoife>" in vtt(groups)


def test_a_long_cue_has_two_lines_broken_where_the_picture_breaks_it() -> None:
    text = "Before you fix anything old, record it first, and then take out your phone."
    words = tuple(text.split())
    long = Group(words, (0.0,) * len(words), (0.2,) * len(words), 0.0, 5.0, rows=(3, 5, 4, 3))
    (cue,) = read_vtt(vtt([long]))
    assert cue[2] == "Before you fix anything old, record it first,\nand then take out your phone."
    assert [line.plaintext for line in pysubs2.SSAFile.from_string(srt([long]), format_="srt")] == [cue[2]]
    assert read_vtt(vtt([one(text, 0, 5)]))[0][2] == text  # a group that was never laid out


def test_words_without_spaces_have_none_in_the_files() -> None:
    group = Group(("鐘", "の", "音"), (0, 1, 2), (1, 2, 3), 0, 3, spaces=(True, False, False))
    assert read_vtt(vtt([group]))[0][2] == "鐘の音"
    assert "\n鐘の音\n" in srt([group])


def test_numbers_count_from_one_and_commas_stand_before_milliseconds(groups: list[Group]) -> None:
    blocks = srt(groups).strip().split("\n\n")
    for number, block in enumerate(blocks, 1):
        first, timing, text = block.split("\n")
        assert first == str(number)
        assert re.fullmatch(r"\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}", timing)
        assert text


@pytest.mark.parametrize(
    "text",
    ["<i>not a tag</i>", "{\\an8} up", "a --> b", "Q&A <3 R&amp;D", "5 < 6 > 4", "new\nline\n\nand 7", "-->", "&lt;"],
)
def test_nothing_in_the_words_is_taken_for_markup(text: str) -> None:
    groups = [one(text, 0.0, 1.0), one("next.", 1.0, 2.0)]
    plain = " ".join(text.split())
    cues = read_vtt(vtt(groups))
    assert [c[2] for c in cues] == [plain, "next."]
    assert len(list(pysubs2.SSAFile.from_string(srt(groups), format_="srt"))) == 2
    lines = [block.split("\n")[2:] for block in srt(groups).strip().split("\n\n")]
    assert [line.replace("\u2060", "") for (line,) in lines] == [plain, "next."]
    assert not re.search(r"<[A-Za-z/]|\{\\|-->", "".join(line for (line,) in lines))


@pytest.mark.parametrize("speaker", ["A>B", "Q&A", "<script>", "two\nlines", "José"])
def test_any_name_may_speak(speaker: str) -> None:
    assert read_vtt(vtt([one("Hello.", 0, 1, speaker)]))[0][2] == "Hello."


def test_times_rise_even_where_the_groups_do_not() -> None:
    wild = [one("a", 1.0, 1.0), one("b", 0.5, 0.2), one("c", 1.0004, 1.0006), one("d", 1.0, 5.0), one("e", 2.0, 3.0)]
    assert [c[2] for c in read_vtt(vtt(wild))] == ["a", "b", "c", "d", "e"]
    assert len(list(pysubs2.SSAFile.from_string(srt(wild), format_="srt"))) == 5


def test_over_an_hour_and_over_ten() -> None:
    late = [one("late", 3723.5, 3724.25), one("later", 12 * 3600 - 0.0004, 12 * 3600 + 1)]
    assert "01:02:03,500 --> 01:02:04,250" in srt(late)
    assert "12:00:00.000 --> 12:00:01.000" in vtt(late)


def test_nobody_speaks() -> None:
    assert srt([]) == ""
    assert vtt([]).startswith("WEBVTT\n")
    assert vtt([one("  ", 0, 1)]).strip() == "WEBVTT"
