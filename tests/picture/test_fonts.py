"""A letter that the template's font lacks comes from another font, always the same one, or is named with its word."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from clipper.errors import InputError
from clipper.picture import face as faces
from clipper.picture import fonts, system_fonts
from clipper.picture.text import Face, fit
from clipper.resources import fonts_dir

from .looks import BOLD, PLAIN

CUNEIFORM = "𒀀"  # no font that ships has it, nor one of the packages


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that stands for the system's fonts, and a cache of its own."""
    monkeypatch.setenv("CLIPPER_FONTS", str(tmp_path / "fonts"))
    monkeypatch.setenv("CLIPPER_CACHE", str(tmp_path / "cache"))
    (tmp_path / "fonts").mkdir()
    _forget()
    yield tmp_path / "fonts"
    _forget()


def _forget() -> None:
    for known in (fonts._first, fonts.has, system_fonts.index, faces._runs, faces._plain, faces._advance):
        known.cache_clear()


def build(path: Path, family: str, weight: int, characters: str, square: int = 600) -> Path:
    """A font whose every character is a square."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    def box(side: int) -> object:
        pen = TTGlyphPen(None)
        pen.moveTo((50, 0))
        for corner in ((50, side), (50 + side, side), (50 + side, 0)):
            pen.lineTo(corner)
        pen.closePath()
        return pen.glyph()

    names = [".notdef", *(f"u{ord(c):X}" for c in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"u{ord(c):X}" for c in characters})
    builder.setupGlyf({name: box(100 if name == ".notdef" else square) for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (square + 100, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(usWeightClass=weight, sTypoAscender=800, sTypoDescender=-200)
    builder.setupPost()
    builder.save(path)
    return path


@pytest.mark.parametrize(
    ("words", "character", "named"),
    [
        ("So old 𒀀𒀁 today", "U+12000", "𒀀𒀁"),
        ("a hieroglyph 𓀀, drawn", "U+13000", "𓀀,"),
        ("undefined \u0378 here", "U+0378", "\u0378"),
        ("private \U0010fabc use", "U+10FABC", "\U0010fabc"),
    ],
)
def test_a_letter_that_no_font_has_is_named_with_its_word(folder: Path, words: str, character: str, named: str) -> None:
    with pytest.raises(InputError) as caught:
        fit(words, BOLD, 600, 200, 40, 20, 2)
    assert character in caught.value.message
    assert repr(named)[1:-1] in caught.value.message
    assert "InterDisplay-ExtraBold.otf" in caught.value.message
    assert "install" in caught.value.mend


def test_without_the_package_for_japanese_its_name_is_the_mend(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "manimgx_fonts_cjk", None)  # as if it were not installed
    fonts._known.cache_clear()
    try:
        with pytest.raises(InputError, match="山") as caught:
            fit("Gast: 山田太郎 aus Kyoto", BOLD, 600, 200, 40, 20, 2)
    finally:
        fonts._known.cache_clear()
    assert "山田太郎" in caught.value.message
    assert "clipper[cjk]" in caught.value.mend


def test_measuring_alone_never_passes_over_a_missing_letter(folder: Path) -> None:
    with pytest.raises(InputError):
        PLAIN.width(CUNEIFORM, 20)


def test_the_mend_names_the_package_that_helps() -> None:
    assert "clipper[cjk]" in fonts.mend_for("漢")
    assert "Chinese" in fonts.mend_for("漢")
    assert "clipper[scripts]" in fonts.mend_for("ა")
    assert "Georgian" in fonts.mend_for("ა")
    assert "emoji" in fonts.mend_for("😂")


def test_all_shipped_scripts_are_set_by_shipped_fonts(folder: Path) -> None:
    rows = {name: (font, origin) for name, font, origin in fonts.coverage()}
    for script in ("Latin", "Greek", "Cyrillic", "Arabic", "Hebrew", "Devanagari", "Bengali", "Tamil", "Thai", "Emoji"):
        assert rows[script][1] == "shipped", (script, rows[script])


def test_the_templates_own_font_comes_first(folder: Path) -> None:
    build(folder / "other.ttf", "Noto Sans Other", 800, "ABCabc")
    assert {run.source.path for run in BOLD.runs("ABC abc")} == {str(BOLD.path)}
    own = Face(build(folder.parent / "own.ttf", "Own", 400, CUNEIFORM + "أنا"))
    assert {run.source.path for run in own.runs(CUNEIFORM)} == {str(own.path)}
    assert {run.source.path for run in own.runs("أنا")} == {str(own.path)}


def test_digits_beside_arabic_come_from_a_font_of_text_and_not_from_anywhere(folder: Path) -> None:
    own = Face(build(folder.parent / "own.ttf", "Own", 400, "أنا"))
    assert [c.font for c in own.changes("أنا 2024")] == ["Inter"]


def test_a_change_of_font_is_told(folder: Path) -> None:
    assert BOLD.changes("Only Latin, Ελληνικά, русский 🎉") == []
    changes = BOLD.changes("Anna says שלום and कल")
    assert [(c.font, c.origin) for c in changes] == [
        ("Noto Sans Hebrew", "shipped"), ("Noto Sans Devanagari", "shipped"),
    ]  # fmt: skip
    assert str(changes[0]) == "“שלום” is set in Noto Sans Hebrew, which ships with clipper"


def test_stand_ins_are_as_heavy_as_the_type_around_them() -> None:
    black = next(run.source for run in BOLD.runs("שלום"))
    medium = next(run.source for run in PLAIN.runs("שלום"))
    assert (black.weight, medium.weight) == (800, 500)
    assert BOLD.width("שלום", 100) > PLAIN.width("שלום", 100)


def test_a_font_of_the_system_is_found_by_what_it_has(folder: Path) -> None:
    build(folder / "a.ttf", "Letters", 400, "abc")
    wanted = build(folder / "b.ttf", "Old Signs", 400, CUNEIFORM)
    (run,) = BOLD.runs(CUNEIFORM)
    assert run.source.path == str(wanted)
    assert [(c.font, c.origin) for c in BOLD.changes(CUNEIFORM)] == [("Old Signs", "system")]


def test_the_nearest_weight_is_taken_and_the_choice_does_not_depend_on_order(folder: Path) -> None:
    for number, weight in enumerate((300, 900, 400, 700)):
        build(folder / f"{number}.ttf", "Old Signs", weight, CUNEIFORM)
    build(folder / "0-mono.ttf", "Old Mono", 800, CUNEIFORM)
    assert Path(BOLD.runs(CUNEIFORM)[0].source.path).name == "1.ttf"  # ExtraBold is 800: 900 before 700 by name
    assert Path(PLAIN.runs(CUNEIFORM)[0].source.path).name == "2.ttf"


def test_damaged_fonts_are_left_out(folder: Path) -> None:
    good = build(folder / "good.ttf", "Old Signs", 400, CUNEIFORM)
    data = good.read_bytes()
    (folder / "cut.ttf").write_bytes(data[:300])
    (folder / "noise.otf").write_bytes(bytes(range(256)) * 40)
    (folder / "text.ttc").write_text("no font")
    (folder / "empty.ttf").write_bytes(b"")
    (folder / "gone.ttf").symlink_to(folder / "nowhere.ttf")
    assert BOLD.runs(CUNEIFORM)[0].source.path == str(good)


def test_the_index_is_kept_and_follows_the_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = build(folder / "a.ttf", "Old Signs", 400, CUNEIFORM)
    assert BOLD.width(CUNEIFORM, 100) == pytest.approx(70, abs=1)
    (index,) = (folder.parent / "cache" / "fonts").iterdir()
    before = index.stat().st_mtime_ns
    _forget()
    with monkeypatch.context() as patch:  # a second run reads no font
        patch.setattr(system_fonts, "_faces", lambda path: pytest.fail(f"{path} was read again"))
        assert BOLD.runs(CUNEIFORM)[0].source.path == str(path)
    assert index.stat().st_mtime_ns == before
    path.unlink()
    build(folder / "b.ttf", "Newer Signs", 400, CUNEIFORM)
    _forget()
    assert BOLD.changes(CUNEIFORM)[0].font == "Newer Signs"
    index.write_text('{"x": [1, 2')
    _forget()
    assert BOLD.changes(CUNEIFORM)[0].font == "Newer Signs"


def test_two_processes_choose_alike() -> None:
    script = (
        "from tests.picture.looks import BOLD\n"
        "for text in ('東京 と 서울', 'שלום कल 🎉', 'ა 𒀀ɸ'):\n"
        "    try:\n"
        "        print([(r.source.path, r.source.weight, r.source.index) for r in BOLD.runs(text)])\n"
        "    except Exception as error:\n"
        "        print(error)\n"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(seen) == 1
    assert "NotoSansHebrew" in seen.pop()


def test_no_letter_of_the_shipped_emoji_font_is_empty() -> None:
    from fontTools.ttLib import TTFont

    row = next(row for row in fonts.table()["shipped"] if "Flat" in row["file"])
    source = fonts.Source(str(fonts_dir() / row["file"]), emoji=True)
    with TTFont(source.path) as table:
        codes = [chr(c) for c in table.getBestCmap()]
    assert len(codes) > 1300
    font = ImageFont.truetype(source.path, 40)
    for c in (c for c in codes if fonts.has(source, c) and not fonts.ignorable(c) and c not in fonts._PARTS):
        image = Image.new("RGBA", (80, 80))
        ImageDraw.Draw(image).text((5, 60), c, font=font, anchor="ls", embedded_color=True)
        assert image.getbbox() is not None, f"U+{ord(c):X}"


def test_every_shipped_font_comes_with_its_licence() -> None:
    for path in fonts_dir().rglob("*.[ot]tf"):
        assert {"OFL.txt", "LICENSE.txt"} & {p.name for p in path.parent.iterdir()}, path
    for row in fonts.table()["shipped"]:
        assert (fonts_dir() / row["file"]).is_file(), row["file"]
