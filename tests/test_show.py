"""The show's own settings: found beside the episode, over the defaults, under the command line; refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from clipper.batch.wishes import Wishes, wished
from clipper.errors import ClipperError, InputError
from clipper.highlights.weights import of_show, shipped
from clipper.plan.model import FORMATS
from clipper.show import Clips, find_show
from tests.conftest import ROOT

EVERY_KEY = """
[clips]
count = 3
min = 15
max = 45.5
formats = ["wide", "vertical"]
template = "spotlight"
quality = "draft"
cover = "0:07.5"
drop_hesitations = true
targets = ["shorts"]

[show]
handle = "@oddlygoodwork"
where = "oddlygood.example"

[signals]
story = 0.4
late = { weight = -0.2, why = "we end with the best" }

[names]
"eva burn" = "Aoife Byrne"

[look]
extends = "card"
colours.accent = "#FF8800"
"""


def written(folder: Path, text: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "clipper.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_key_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, EVERY_KEY)
    show = find_show(tmp_path / "page.md")
    assert show.path == path
    assert show.signals == {"story": 0.4, "late": -0.2}
    assert show.names == {"eva burn": "Aoife Byrne"}
    assert show.look == {"extends": "card", "colours": {"accent": "#FF8800"}}
    assert show.settings.model_dump() == {
        "count": 3, "min": 15.0, "max": 45.5, "formats": ("wide", "vertical"), "template": "spotlight",
        "quality": "draft", "targets": ("shorts",), "cover": "0:07.5", "drop_hesitations": True,
    }  # fmt: skip
    assert show.about.model_dump() == {"handle": "@oddlygoodwork", "where": "oddlygood.example"}


def test_names_may_be_a_list_of_right_spellings(tmp_path: Path) -> None:
    written(tmp_path, 'names = ["Aoife Byrne"]')
    assert find_show(tmp_path).names == {"Aoife Byrne": "Aoife Byrne"}


def test_one_file_above_the_episodes_holds_for_all_of_them(tmp_path: Path) -> None:
    path = written(tmp_path / "show", EVERY_KEY)
    deep = tmp_path / "show" / "2026" / "episode 12"
    deep.mkdir(parents=True)
    (deep / "page.md").touch()
    assert find_show(deep / "page.md").path == path
    assert find_show(deep).path == path
    assert find_show(deep / "not there yet.md").path == path
    nearer = written(deep, "[clips]\ncount = 1\n")
    assert find_show(deep / "page.md").path == nearer


def test_a_repository_ends_the_way_up(tmp_path: Path) -> None:
    written(tmp_path, EVERY_KEY)
    inner = tmp_path / "checkout" / "content"
    inner.mkdir(parents=True)
    assert find_show(inner).path is not None
    (tmp_path / "checkout" / ".git").mkdir()
    assert find_show(inner).path is None
    here = written(tmp_path / "checkout", "")
    assert find_show(inner).path == here


def test_the_home_folder_ends_the_way_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, EVERY_KEY)
    home = tmp_path / "home"
    (home / "show").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert find_show(home / "show").path is None
    assert find_show(tmp_path / "elsewhere").path is not None


def test_a_file_that_a_stranger_put_into_a_shared_folder_is_not_the_shows(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    written(shared, EVERY_KEY)
    (shared / "mine").mkdir()
    assert find_show(shared / "mine").path is not None
    shared.chmod(0o1777)
    assert find_show(shared / "mine").path is None


@pytest.mark.parametrize(
    ("text", "named", "mend"),
    [
        ("[clips]\nformat = ['wide']\n", "clips.format:", "formats"),
        ("[signal]\nstory = 1\n", "signal:", "signals"),
        ("[clips]\ncount = true\n", "clips.count:", "show-file"),
        ("[clips]\ncount = 2.5\n", "clips.count:", "show-file"),
        ("[clips]\ncount = -1\n", "clips.count:", "show-file"),
        ("[clips]\nmin = 0\n", "clips.min:", "show-file"),
        ("[clips]\nmin = 60\nmax = 20\n", "min 60 is above max 20", "show-file"),
        ("[clips]\nformats = 'wide'\n", "clips.formats: expected a list", "show-file"),
        ("[clips]\nformats = []\n", "clips.formats", "show-file"),
        ("[clips]\nformats = ['tall']\n", "tall", "show-file"),
        ("[clips]\nquality = 'bset'\n", "bset", "show-file"),
        ("clips = 3\n", "clips: expected a table", "show-file"),
        ("[signals]\nstory = 'much'\n", "signals.story: expected a number", "show-file"),
        ("[signals]\nstory = nan\n", "signals.story", "show-file"),
        ("[signals]\nstory = true\n", "signals.story", "show-file"),
        ("[signals]\nstory = { wieght = 1 }\n", "signals.story", "show-file"),
        ("[names]\na = 1\n", "names.a", "show-file"),
        ("names = [1]\n", "names", "show-file"),
        ("look = 3\n", "look: expected a table", "show-file"),
        ("a = 1\na = 2\n", "not TOML", "line"),
        ("[clips\n", "not TOML", "line"),
        ("a = " + "[" * 5000, "not TOML", "line"),
        ("a = " + "9" * 5000, "not TOML", "line"),
        ("#" + "x" * 300_000, "larger than", "settings"),
        (b"\xff\xfe\x00\x01", "not text", "UTF-8"),
        (b"\x00" * 100, "not TOML", "line"),
    ],
)
def test_a_bad_file_is_one_line_with_file_key_and_mend(
    tmp_path: Path, text: str | bytes, named: str, mend: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as error:
        find_show(tmp_path)
    assert str(path) in error.value.message
    assert named in error.value.message
    assert "\n" not in error.value.message
    assert mend in error.value.mend


def test_the_page_about_the_file_has_every_key_and_an_example_that_is_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "show-file.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    written(tmp_path, example)
    show = find_show(tmp_path)
    of_show(show)
    assert all(value is not None for value in show.settings.model_dump().values())
    assert show.names
    assert show.look
    for key in (*(f"clips.{name}" for name in Clips.model_fields), "signals.", "names.", "look"):
        assert f"`{key}" in page, key


def test_a_folder_of_that_name_is_no_settings(tmp_path: Path) -> None:
    (tmp_path / "clipper.toml").mkdir()
    assert find_show(tmp_path).path is None


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    written(tmp_path, b"\xef\xbb\xbf[clips]\r\ncount = 2\r\n")
    assert find_show(tmp_path).settings.count == 2


def wishes(folder: Path, *, to_make: bool = True, **said: object) -> Wishes:
    return wished(str(folder / "page.md"), to_make=to_make, **said)


def test_the_command_line_goes_before_the_show_and_the_show_before_the_defaults(tmp_path: Path) -> None:
    plain = wishes(tmp_path)
    assert (plain.count, plain.shortest, plain.longest, plain.quality, plain.template) == (5, 20, 60, "good", None)
    assert plain.formats == FORMATS
    assert wishes(tmp_path, to_make=False).count == 8
    written(tmp_path, EVERY_KEY)
    shows = wishes(tmp_path)
    assert (shows.count, shows.shortest, shows.longest, shows.quality) == (3, 15, 45.5, "draft")
    assert shows.formats == ("vertical", "wide")
    assert shows.template == "spotlight"
    said = wishes(tmp_path, count=0, shortest=10.0, longest=30.0, formats="square", quality="best", template="t")
    assert (said.count, said.shortest, said.longest, said.quality, said.template) == (0, 10, 30, "best", "t")
    assert said.formats == ("square",)


def test_a_show_of_few_clips_is_still_offered_something_to_choose_from(tmp_path: Path) -> None:
    written(tmp_path, "[clips]\ncount = 3\n")
    assert wishes(tmp_path, to_make=False).count == 8
    written(tmp_path, "[clips]\ncount = 12\n")
    assert wishes(tmp_path, to_make=False).count == 12


def test_lengths_that_do_not_go_together_name_the_shows_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[clips]\nmax = 30\n")
    with pytest.raises(ClipperError) as error:
        wishes(tmp_path, shortest=40.0)
    assert str(path) in error.value.message


def test_a_template_beside_the_file_is_found_from_anywhere(tmp_path: Path) -> None:
    written(tmp_path, '[clips]\ntemplate = "our look"\n')
    (tmp_path / "our look").mkdir()
    assert wishes(tmp_path).template == str(tmp_path / "our look")


def test_weights_of_the_show_change_the_shipped_ones_by_name(tmp_path: Path) -> None:
    assert of_show(find_show(tmp_path)) == shipped()
    written(tmp_path, EVERY_KEY)
    signals = of_show(find_show(tmp_path)).signals
    assert signals == {**shipped().signals, "story": 0.4, "late": -0.2}


def test_what_was_learnt_goes_before_the_shipped_and_after_the_shows_own(tmp_path: Path) -> None:
    written(tmp_path, "[signals]\nstory = 0.4\n")
    learnt = "schema = 1\ndate = 2026-11-24\nchoices = 41\nepisodes = 6\n[signals]\nstory = 0.9\nfuture = -0.5\n"
    (tmp_path / "clipper.learnt.toml").write_text(learnt + "gone_by_now = 2.0\n")
    signals = of_show(find_show(tmp_path)).signals
    assert signals == {**shipped().signals, "story": 0.4, "future": -0.5}


@pytest.mark.parametrize("text", ["schema = 2\n", "\x00", "schema = 1\n", "x" * 300_000, "[signals]\nstory = 'x'\n"])
def test_a_spoilt_learnt_file_says_how_to_be_rid_of_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clipper.learnt.toml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        find_show(tmp_path)
    assert str(path) in error.value.message
    assert "--undo" in error.value.mend


def test_an_unknown_signal_is_named_with_file_key_and_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, "[signals]\nstroy = 0.4\n")
    with pytest.raises(InputError) as error:
        of_show(find_show(tmp_path))
    assert str(path) in error.value.message
    assert "signals.stroy" in error.value.message
    assert "story" in error.value.mend
    with pytest.raises(InputError):  # before anything is listened to
        wishes(tmp_path)
