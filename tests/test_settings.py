"""Which setting holds: command line, environment, show, user, usual; and `clipper config`, which says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from clipper.batch.wishes import wished
from clipper.errors import InputError, UsageError
from clipper.settings import origins, unknown
from clipper.show import find_show, own_show
from tests.conftest import Clipper


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A show's folder; the user's file lies in another."""
    folder, user = tmp_path / "show", tmp_path / "user"
    folder.mkdir()
    user.mkdir()
    (folder / ".git").mkdir()
    (folder / "clipper.toml").write_text('[clips]\ncount = 4\nmin = 25\n[names]\n"eva burn" = "Aoife Byrne"\n')
    (user / "clipper.toml").write_text(
        '[clips]\ncount = 9\nmax = 50\nquality = "draft"\n[hear]\nmodel = "small"\n[names]\n"pod" = "Pod"\n'
    )
    monkeypatch.setenv("CLIPPER_CONFIG", str(user / "clipper.toml"))
    return folder


def test_the_show_goes_before_the_user_and_the_user_before_the_usual(show: Path):
    found = find_show(show)
    assert (found.settings.count, found.settings.min, found.settings.max) == (4, 25, 50)
    assert found.hear.model == "small"
    assert found.names == {"eva burn": "Aoife Byrne", "pod": "Pod"}
    wishes = wished(str(show), to_make=True)
    assert (wishes.count, wishes.shortest, wishes.longest) == (4, 25, 50)
    assert (wishes.quality, wishes.model) == ("draft", "small")


def test_the_environment_goes_before_the_show_and_the_command_line_before_all(
    show: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CLIPPER_COUNT", "2")
    monkeypatch.setenv("CLIPPER_FORMATS", "square, wide")
    monkeypatch.setenv("CLIPPER_DROP_HESITATIONS", "yes")
    monkeypatch.setenv("CLIPPER_HANDLE", "@us")
    found = find_show(show)
    assert found.settings.formats == ("square", "wide")
    assert found.settings.drop_hesitations is True
    assert found.about.handle == "@us"
    assert wished(str(show), to_make=True).count == 2
    assert wished(str(show), to_make=True, count=7).count == 7


def test_the_shows_platforms_give_the_lengths_unless_lengths_are_asked_for(show: Path):
    (show / "clipper.toml").write_text('[clips]\ntargets = ["x"]\n')
    (show.parent / "user" / "clipper.toml").write_text("")
    assert wished(str(show), to_make=True).platforms == ("x",)
    assert wished(str(show), to_make=True, shortest=30.0).platforms == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [("COUNT", "many"), ("COUNT", "-3"), ("QUALITY", "superb"), ("MIN", "nan"), ("DROP_HESITATIONS", "perhaps")],
)
def test_what_cannot_be_in_the_environment_is_told_in_one_line(
    name: str, value: str, show: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(f"CLIPPER_{name}", value)
    with pytest.raises(UsageError, match=f"CLIPPER_{name} is '{value}'"):
        find_show(show)


def test_a_user_file_that_cannot_be_is_named(show: Path, monkeypatch: pytest.MonkeyPatch):
    user = show.parent / "user" / "clipper.toml"
    user.write_text("[clips]\ncuont = 3\n")
    with pytest.raises(InputError, match="cuont") as caught:
        find_show(show)
    assert str(user) in caught.value.message
    assert "count" in caught.value.mend


def test_a_template_beside_the_users_file_is_found_from_any_show(show: Path):
    look = show.parent / "user" / "mine"
    look.mkdir()
    (look / "template.toml").write_text('schema = 1\nextends = "spotlight"\n')
    (show.parent / "user" / "clipper.toml").write_text('[clips]\ntemplate = "mine"\n')
    assert wished(str(show), to_make=True).template == str(look)


def test_every_setting_has_a_row_with_its_source(show: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CLIPPER_MIN", "30")
    rows = {row.key: row for row in origins(own_show(show))}
    assert (rows["clips.min"].value, rows["clips.min"].source) == (30.0, "CLIPPER_MIN")
    assert rows["clips.count"].source == str(show / "clipper.toml")
    assert rows["clips.max"].source == str(show.parent / "user" / "clipper.toml")
    assert (rows["clips.template"].value, rows["clips.template"].source) == ("spotlight", "usual")
    assert rows["names.eva burn"].source == str(show / "clipper.toml")


def test_a_variable_that_means_nothing_is_noticed():
    assert unknown({"CLIPPER_TEMPLATES": "x", "CLIPPER_TEMPLATE": "x", "CLIPPER_CACHE": "", "PATH": ""}) == [
        "CLIPPER_TEMPLATES"
    ]


def test_the_command_says_where_each_value_comes_from(show: Path, clipper: Clipper):
    done = clipper("config", show, "--json", CLIPPER_TEMPLATES="card", CLIPPER_OFFLINE="1")
    assert done.code == 0, done.err
    assert done.json["settings"]["clips.count"] == {"value": 4, "from": str(show / "clipper.toml")}
    assert "CLIPPER_TEMPLATES is set, but there is no such setting" in done.err
    assert str(show / "clipper.toml") in clipper("config", show).out


def test_offline_in_the_environment_holds(show: Path, clipper: Clipper):
    done = clipper("episode", "http://127.0.0.1:9/page", CLIPPER_OFFLINE="1")
    assert done.code == 4
    assert "offline" in done.err
