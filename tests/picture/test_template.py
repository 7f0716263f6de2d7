"""A template is data: every slip is told with its file and key, and nothing outside its folder is reached."""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from clipper.errors import ClipperError, InputError, UsageError
from clipper.picture import template
from clipper.resources import fonts_dir, templates_dir

Edit = Callable[[str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The shipped template with one text replaced by another, in a folder of its own."""

    def edit(old: str, new: str) -> Path:
        folder = tmp_path / "mine"
        folder.mkdir(exist_ok=True)
        text = (templates_dir() / "spotlight" / "template.toml").read_text(encoding="utf-8")
        assert old in text
        (folder / "template.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit


def refusal(path: Path) -> ClipperError:
    with pytest.raises(InputError) as caught:
        template.load(str(path))
    assert str(path / "template.toml") in caught.value.message
    assert caught.value.mend
    return caught.value


def written(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "template.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_ones_load_by_name_by_folder_and_by_file() -> None:
    assert len(template.names()) >= 6
    for name in template.names():
        loaded = template.load(name)
        assert loaded.name == name
        assert loaded.description
        for shape in template.FORMATS:
            assert min(loaded.shape(shape).size) >= 1080
            assert loaded.shape(shape).captions is not None
    folder = templates_dir() / "spotlight"
    assert template.load(str(folder)) == template.load(str(folder / "template.toml"))


@pytest.mark.parametrize(
    ("old", "new", "key", "mend"),
    [
        ("brightness = 0.075", "brightnes = 0.075", "layers.ground.brightnes", "did you mean brightness?"),
        ("[colours]", "[colors]", "colors", "did you mean colours?"),
        ('style = "word-boxed"', 'stlye = "word-boxed"', "layers.captions.stlye", "did you mean style?"),
        ("bars = 44", "bar = 44", "vertical.waveform.bar", "did you mean bars?"),
        ('anchor = "top"', 'ancor = "top"', "square.show.ancor", "did you mean anchor?"),
        ("size = [1080, 1920]", "size = [1080, 1920]\nheadlin = 3", "vertical.headlin", "did you mean headline?"),
        ("schema = 2", "schema = 2\nzzz = 3", "zzz", "keys there are: schema, name"),
        ("schema = 2", "schema = 2\nfolder = '/etc'", "folder", ""),
        ("bars = 44 }", "bars = 44, name = 'x' }", "vertical.waveform.name", ""),
        ("bars = 44 }", "bars = 44, kind = 'text' }", "vertical.waveform.kind", ""),
        ('style = "word-boxed"', 'style = "word-box"', "layers.captions.style", "did you mean word-boxed?"),
        ('style = "mirrored"', 'style = "mirored"', "layers.waveform.style", "did you mean mirrored?"),
        ('kind = "waveform"', 'kind = "wavform"', "layers.waveform.kind", "did you mean waveform?"),
        ('colour = "muted"', 'colour = "mutd"', "layers.show.colour", "did you mean muted?"),
        ('text = "{headline}"', 'text = "{headline}"\nfont = "hedline"', "headline.font", "did you mean headline?"),
    ],
)  # fmt: skip
def test_an_unknown_word_is_refused_with_the_nearest_right_one(
    old: str, new: str, key: str, mend: str, edited: Edit
) -> None:
    error = refusal(edited(old, new))
    assert f"{key}" in error.message
    assert mend in error.mend


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("blur = 9.0", 'blur = "much"', "layers.ground.blur"),
        ("blur = 9.0", "blur = -1", "layers.ground.blur"),
        ("blur = 9.0", "blur = nan", "layers.ground.blur"),
        ("brightness = 0.075", "brightness = 2", "layers.ground.brightness"),
        ("bars = 44", 'bars = "many"', "vertical.waveform.bars"),
        ('text = "#FFFFFF"', 'text = "White"', "colours.text"),
        ('text = "#FFFFFF"', 'text = "text"', "colours.text"),
        ('accent = "cover"', 'accent = "url(http://example.com)"', "colours.accent"),
        ("schema = 2", "schema = 1", "schema"),
        ("size = [1080, 1920]", "size = [1080]", "vertical.size"),
        ("size = [1080, 1920]", "size = [1080, 100000]", "vertical.size"),
        ("size = [1080, 1920]", "size = [1, 1]", "vertical.size"),
        ("size = [1080, 1920]\n", "", "vertical.size"),
        ("bars = 44", "bars = 1000000", "vertical.waveform.bars"),
        ("box = [17.8, 55.2, 64.4, 9.7]", "box = [17.8, 55.2, 64.4]", "vertical.captions.box"),
        ("box = [17.8, 55.2, 64.4, 9.7]", "box = [17.8, 55.2, 94.4, 9.7]", "vertical.captions.box"),
        ("box = [17.8, 55.2, 64.4, 9.7]", "box = [17.8, 55.2, 0, 9.7]", "vertical.captions.box"),
        ("box = [17.8, 55.2, 64.4, 9.7]", "box = [-1, 55.2, 64.4, 9.7]", "vertical.captions.box"),
        ("box = [17.8, 55.2, 64.4, 9.7], ", "", "vertical.captions"),
        ("size = 8.2, smallest = 4.6", "size = 0, smallest = 0", "vertical.captions.size"),
        ("size = 8.2, smallest = 4.6", "size = 1e9, smallest = 4", "vertical.captions.size"),
        ("size = 8.2, smallest = 4.6", "size = 3, smallest = 4", "vertical.captions"),
        ('name = "spotlight"', "name = 7", "name"),
        ("[wide]", "[nowhere]", "nowhere"),
        ("progress = { box = [17.8, 76.2, 64.4, 0.4] }", "progress = 4", "vertical.progress"),
        ('fill = "blurred-cover"', 'fill = "picture"', "ground.file"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_file_and_key(old: str, new: str, key: str, edited: Edit) -> None:
    assert key in refusal(edited(old, new)).message


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"schema = ", b"= 1", b"a = [" * 20_000, b"# \n" * 100_000, b""])
def test_what_is_no_template_is_told_in_one_line(content: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "template.toml").write_bytes(content)
    assert "\n" not in refusal(folder).message


BAD_NAMES = [
    "../../../../../../etc/hostname", "/etc/hostname", "../font.otf", "inter/../../../README.md", ".", "a\\u0000b",
    "x" * 190, "https://example.com/font.otf", "file:///etc/hostname", "..\\\\font.otf", "nowhere.otf", "${HOME}/f.otf",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_font_outside_the_folder_is_not_read(name: str, edited: Edit) -> None:
    shutil.copy(next(fonts_dir().rglob("*.otf")), edited("schema = 2", "schema = 2").parent / "font.otf")
    assert "fonts.show" in refusal(edited('show = "inter/Inter-SemiBold.otf"', f'show = "{name}"')).message


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_picture_outside_the_folder_is_not_read(name: str, edited: Edit) -> None:
    error = refusal(edited('kind = "logo"', f'kind = "logo"\nfile = "{name}"'))
    assert "layers.logo.file" in error.message


def test_an_absolute_font_and_a_link_that_leads_outside_are_not_read(edited: Edit, tmp_path: Path) -> None:
    font = next(fonts_dir().rglob("*.otf"))
    outside = tmp_path / "outside.otf"
    shutil.copy(font, outside)
    folder = edited('show = "inter/Inter-SemiBold.otf"', 'show = "link.otf"')
    (folder / "link.otf").symlink_to(outside)
    assert "fonts.show" in refusal(folder).message
    (folder / "link.otf").unlink()
    (folder / "link.otf").symlink_to("link.otf")  # a ring
    assert "fonts.show" in refusal(folder).message
    assert "fonts.show" in refusal(edited('show = "inter/Inter-SemiBold.otf"', f'show = "{outside}"')).message
    os.mkfifo(folder / "pipe.otf")
    assert "fonts.show" in refusal(edited('show = "inter/Inter-SemiBold.otf"', 'show = "pipe.otf"')).message


def test_a_logo_behind_a_link_is_not_read(edited: Edit, tmp_path: Path) -> None:
    Image.new("RGB", (80, 40)).save(tmp_path / "outside.png")
    folder = edited('kind = "logo"', 'kind = "logo"\nfile = "logo.png"')
    (folder / "logo.png").symlink_to(tmp_path / "outside.png")
    assert "layers.logo.file" in refusal(folder).message


def test_a_font_in_its_own_folder_is_used(edited: Edit) -> None:
    folder = edited('show = "inter/Inter-SemiBold.otf"', 'show = "own.otf"')
    shutil.copy(next(fonts_dir().rglob("*.otf")), folder / "own.otf")
    assert template.load(str(folder)).font("show") == (folder / "own.otf").resolve()


@pytest.mark.parametrize("content", [b"", b"not a font", b"\x00\x01\x00\x00" + b"\xff" * 400, b"OTTO" + bytes(900)])
def test_what_is_no_font_is_told(content: bytes, edited: Edit) -> None:
    folder = edited('show = "inter/Inter-SemiBold.otf"', 'show = "own.otf"')
    (folder / "own.otf").write_bytes(content)
    assert "fonts.show" in refusal(folder).message


def test_a_font_cut_off_in_the_middle_is_told(edited: Edit) -> None:
    folder = edited('show = "inter/Inter-SemiBold.otf"', 'show = "own.otf"')
    whole = next(fonts_dir().rglob("*.otf")).read_bytes()
    (folder / "own.otf").write_bytes(whole[: len(whole) // 3])
    assert "fonts.show" in refusal(folder).message


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/><image href="http://example.com/a"/></svg>'


@pytest.mark.parametrize("name", ["logo.svg", "logo.png", "LOGO.SVG"])
def test_an_svg_is_refused_whatever_it_is_called(name: str, edited: Edit) -> None:
    folder = edited('kind = "logo"', f'kind = "logo"\nfile = "{name}"')
    (folder / name).write_bytes(SVG)
    error = refusal(folder)
    assert "layers.logo.file" in error.message
    assert "PNG" in error.mend


def test_a_huge_picture_is_refused_before_it_is_decoded(edited: Edit) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    folder = edited('kind = "logo"', 'kind = "logo"\nfile = "logo.png"')
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    (folder / "logo.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    assert "60000 x 60000" in refusal(folder).message
    with (folder / "logo.png").open("wb") as f:
        f.truncate(21_000_000)
    assert "20 MB" in refusal(folder).message


@pytest.mark.parametrize("name", ["spotlihgt", "/nowhere/at/all", "", "a\0b", "x" * 5000, "../templates"])
def test_a_template_that_is_not_there_is_told_with_those_that_are(name: str) -> None:
    with pytest.raises(UsageError, match="there is no template") as caught:
        template.load(name)
    assert "spotlight" in caught.value.mend
    if name == "spotlihgt":
        assert "did you mean spotlight?" in caught.value.mend


def test_a_template_that_extends_another_is_that_one_with_its_changes(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "ours",
        'schema = 2\nextends = "card"\n[colours]\npaper = "#FFF8E7"\n[layers.mark]\nshown = false\n'
        "[vertical]\nquotation = { size = 7.5 }\n",
    )
    ours, card = template.load(str(folder)), template.load("card")
    assert ours.name == "ours"
    assert ours.colours == {**card.colours, "paper": "#FFF8E7"}
    assert ours.vertical.named("quotation").size == 7.5
    assert ours.vertical.named("quotation").box == card.vertical.named("quotation").box
    assert ours.vertical.named("mark") is None
    assert ours.square.named("captions") == card.square.named("captions")
    assert ours.fingerprint() != card.fingerprint()


def test_an_error_in_what_extends_names_the_file_that_says_it(tmp_path: Path) -> None:
    folder = written(tmp_path / "ours", 'schema = 2\nextends = "card"\n[layers.quotation]\nsize = "big"\n')
    assert "layers.quotation.size" in refusal(folder).message
    below = written(tmp_path / "below", 'schema = 2\nextends = "card"\n[layers.quotation]\nanchr = "top"\n')
    above = written(tmp_path / "above", 'schema = 2\nextends = "below"\n')
    with pytest.raises(InputError) as caught:
        template.load(str(above))
    assert f"{below / 'template.toml'}: layers.quotation.anchr" in caught.value.message.replace("above/../", "")


def test_templates_that_extend_one_another_in_a_ring_are_refused(tmp_path: Path) -> None:
    for name, other in (("one", "two"), ("two", "three"), ("three", "one")):
        written(tmp_path / name, f'schema = 2\nextends = "{other}"\n')
    with pytest.raises(InputError, match="extends this template in turn"):
        template.load(str(tmp_path / "one"))
    with pytest.raises(InputError, match="in turn"):
        template.load(str(written(tmp_path / "self", 'schema = 2\nextends = "self"\n')))


def test_a_chain_without_end_is_refused(tmp_path: Path) -> None:
    for i in range(12):
        written(tmp_path / f"t{i}", f'schema = 2\nextends = "t{i + 1}"\n')
    with pytest.raises(InputError, match="extend one another"):
        template.load(str(tmp_path / "t0"))


@pytest.mark.parametrize("other", ["../card", "/etc", ".", "..", "crad", "a/b", "x" * 250])
def test_only_a_template_by_name_can_be_extended(other: str, tmp_path: Path) -> None:
    error = refusal(written(tmp_path / "ours", f'schema = 2\nextends = "{other}"\n'))
    assert "extends" in error.message
    if other == "crad":
        assert "did you mean card?" in error.mend


def test_a_show_lays_its_look_over_a_template(tmp_path: Path) -> None:
    Image.new("RGBA", (200, 60), (255, 0, 0, 255)).save(tmp_path / "logo.png")
    table = {"extends": "card", "brand": {"accent": "#C8102E"}, "layers": {"logo": {"file": "logo.png"}}}
    look = template.load_look(table, tmp_path)
    assert look.name == "card"
    assert look.colours["accent"] == "#C8102E"
    assert look.brand == {"accent"}
    assert look.file("logo.png") == (tmp_path / "logo.png").resolve()
    assert template.load_look({}, tmp_path).name == template.DEFAULT
    assert template.load_look(table, tmp_path, "duo").name == "duo"
    assert template.load_look({"brand": {"accent": "#C8102E"}}, tmp_path, "poster").name == "poster"


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"brnd": {}}, "look.brnd"),
        ({"brand": {"accent": "red"}}, "look.brand.accent"),
        ({"schema": 2}, "look.schema"),
        ({"layers": {"logo": {"file": "nowhere.png"}}}, "look.layers.logo.file"),
        ({"layers": {"headline": {"sise": 4}}}, "look.layers.headline.sise"),
        ({"layers": 3}, "look.layers"),
        ({"vertical": {"headline": 3}}, "look.vertical.headline"),
    ],
)
def test_a_slip_in_a_shows_look_is_told_with_its_key(table: dict[str, object], key: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        template.load_look(table, tmp_path)
    assert f"{tmp_path / 'clipper.toml'}: {key}" in caught.value.message
    assert caught.value.mend
