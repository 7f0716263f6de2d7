"""A template is data: every slip is told with its file and key, and nothing outside its folder is reached."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

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


def test_the_shipped_ones_load_by_name_by_folder_and_by_file() -> None:
    assert "spotlight" in template.names()
    for name in template.names():
        loaded = template.load(name)
        assert loaded.name == name
        for shape in ("vertical", "square", "wide"):
            assert loaded.shape(shape).size[0] >= 1080
    folder = templates_dir() / "spotlight"
    assert template.load(str(folder)) == template.load(str(folder / "template.toml"))


@pytest.mark.parametrize(
    ("old", "new", "key", "mend"),
    [
        ("brightness = 0.10", "brightnes = 0.10", "background.brightnes", "did you mean brightness?"),
        ("[colours]", "[colors]", "colors", "did you mean colours?"),
        ("[captions]\nstyle", "[captions]\nstlye", "captions.stlye", "did you mean style?"),
        ("bars = 44", "bar = 44", "vertical.waveform.bars", ""),
        ('anchor = "top"', 'ancor = "top"', "square.show.ancor", "did you mean anchor?"),
        ("size = [1080, 1920]", "size = [1080, 1920]\nheadlin = 3", "vertical.headlin", "did you mean headline?"),
        ("schema = 1", "schema = 1\nzzz = 3", "zzz", "keys there are: schema, name"),
        ("schema = 1", "schema = 1\nfolder = '/etc'", "folder", ""),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_right_one(
    old: str, new: str, key: str, mend: str, edited: Edit
) -> None:
    error = refusal(edited(old, new))
    assert f": {key}" in error.message
    assert mend in error.mend


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("blur = 9.0", 'blur = "much"', "background.blur"),
        ("blur = 9.0", "blur = -1", "background.blur"),
        ("blur = 9.0", "blur = nan", "background.blur"),
        ("brightness = 0.10", "brightness = 2", "background.brightness"),
        ("lines = 2\n", 'lines = "two"\n', "captions.lines"),
        ('style = "word-boxed"', 'style = "comic"', "captions.style"),
        ('text = "#FFFFFF"', 'text = "white"', "colours.text"),
        ('accent = "cover"', 'accent = "url(http://example.com)"', "colours.accent"),
        ("schema = 1", "schema = 2", "schema"),
        ("size = [1080, 1920]", "size = [1080]", "vertical.size"),
        ("size = [1080, 1920]", "size = [1080, 100000]", "vertical.size"),
        ("size = [1080, 1920]", "size = [1, 1]", "vertical.size"),
        ("bars = 44", "bars = 1000000", "vertical.waveform.bars"),
        ("box = [17.8, 54.1, 64.4, 10.9]", "box = [17.8, 54.1, 64.4]", "vertical.captions.box"),
        ("box = [17.8, 54.1, 64.4, 10.9]", "box = [17.8, 54.1, 94.4, 10.9]", "vertical.captions.box"),
        ("box = [17.8, 54.1, 64.4, 10.9]", "box = [17.8, 54.1, 0, 10.9]", "vertical.captions.box"),
        ("box = [17.8, 54.1, 64.4, 10.9]", "box = [-1, 54.1, 64.4, 10.9]", "vertical.captions.box"),
        ("size = 8.2, smallest = 4.6", "size = 0, smallest = 0", "vertical.captions.size"),
        ("size = 8.2, smallest = 4.6", "size = 1e9, smallest = 4", "vertical.captions.size"),
        ("size = 8.2, smallest = 4.6", "size = 3, smallest = 4", "vertical.captions"),
        ('name = "spotlight"', "name = 7", "name"),
        ("[wide]", "[nowhere]", "wide"),
    ],
)
def test_a_wrong_value_is_told_with_its_file_and_key(old: str, new: str, key: str, edited: Edit) -> None:
    assert f": {key}" in refusal(edited(old, new)).message


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"schema = ", b"= 1", b"a = [" * 20_000, b"# \n" * 100_000, b""])
def test_what_is_no_template_is_told_in_one_line(content: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "template.toml").write_bytes(content)
    assert "\n" not in refusal(folder).message


@pytest.mark.parametrize(
    "name",
    [
        "../../../../../../etc/hostname",
        "/etc/hostname",
        "../font.otf",
        "inter/../../../README.md",
        "",
        ".",
        "a\\u0000b",
        "x" * 5000,
        "https://example.com/font.otf",
        "nowhere.otf",
    ],
)
def test_a_font_outside_the_folder_is_not_read(name: str, edited: Edit) -> None:
    shutil.copy(next(fonts_dir().rglob("*.otf")), edited("schema = 1", "schema = 1").parent / "font.otf")
    error = refusal(edited('show = "inter/Inter-SemiBold.otf"', f'show = "{name}"'))
    assert "fonts.show" in error.message


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


def test_a_font_in_its_own_folder_is_used(edited: Edit) -> None:
    folder = edited('show = "inter/Inter-SemiBold.otf"', 'show = "own.otf"')
    shutil.copy(next(fonts_dir().rglob("*.otf")), folder / "own.otf")
    assert template.load(str(folder)).font("show") == (folder / "own.otf").resolve()


@pytest.mark.parametrize("name", ["spotlihgt", "/nowhere/at/all", "", "a\0b", "x" * 5000, "../templates"])
def test_a_template_that_is_not_there_is_told_with_those_that_are(name: str) -> None:
    with pytest.raises(UsageError, match="there is no template") as caught:
        template.load(name)
    assert "spotlight" in caught.value.mend
    if name == "spotlihgt":
        assert "did you mean spotlight?" in caught.value.mend
