"""500 damaged inputs of every kind: no traceback, no hang, no memory over 2 GB, nothing written elsewhere."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import pytest
import ruamel.yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clipper.episode.feed import read_feed
from clipper.episode.feed_items import split_feed
from clipper.episode.load import load_episode
from clipper.errors import ClipperError, InputError
from tests.security.fuzzing import case
from tests.security.kinds import Kinds

REST = "<rss><channel><item><title>{}</title></item></channel></rss>"
BOMB = '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + REST.format("&b;")
FILE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + REST.format("&x;")
OUTSIDE = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">' + REST.format("fine")


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Kinds:
    return Kinds(tmp_path_factory.mktemp("kinds"))


@pytest.mark.slow
def test_damaged_input_is_refused_in_two_lines(kinds: Kinds):
    wrong = [said for seed in range(20261130, 20261130 + 500) if (said := case(kinds, seed))]
    assert not wrong, f"{len(wrong)} findings\n\n" + "\n".join(wrong[:6])


KEYS = st.sampled_from(["title", "guests", "host", "date", "number", "tags", "audio", "chapters", "show", "links"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
SCALARS = st.one_of(TEXTS, st.integers(), st.floats(), st.booleans(), st.none(), st.dates(), st.datetimes())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=9,
)
LINES = st.one_of(
    TEXTS,
    st.builds(
        "{} {}".format, st.sampled_from(["#", "##", "*", "-", "1.", ">", "    *", "\t-", "|", "```", "<li>"]), TEXTS
    ),
    st.builds(
        "{}: {}".format, st.sampled_from(["Guest", "Host", "In this episode", "00:00", "99:99:99", "(1:02)"]), TEXTS
    ),
    st.builds("[{}]({})".format, TEXTS, TEXTS),
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.one_of(KEYS, TEXTS), VALUES, max_size=6), st.lists(LINES, max_size=14), st.booleans())
def test_any_yaml_above_any_markdown_is_a_page_or_refused(front: dict[str, object], lines: list[str], html: bool):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.html" if html else "page.md")
        with path.open("w", encoding="utf-8", newline="") as f:
            f.write("---\n")
            ruamel.yaml.YAML(typ="safe", pure=True).dump(front, f)
            f.write("---\n" + "\n".join(lines))
        with contextlib.suppress(ClipperError):
            title = load_episode(str(path)).title or ""
            assert not [c for c in title if ord(c) < 32 or 127 <= ord(c) < 160], "a terminal would obey it"


@pytest.mark.parametrize("text", [BOMB, FILE, BOMB.replace("ENTITY", "eNtItY")])
def test_xml_tricks_are_refused(text: str):
    for read in (lambda t: read_feed(t, None), split_feed):
        with pytest.raises(InputError, match="entities of its own"):
            read(text)


def test_a_description_elsewhere_is_not_asked_for():
    assert split_feed(OUTSIDE).entries[0].title == "fine"


def test_a_feed_of_fifty_thousand_episodes_is_read_in_time():
    items = "".join(f"<item><title>E{n}</title><guid>{n}</guid></item>" for n in range(50_000))
    assert len(split_feed(f"<rss><channel><title>x</title>{items}</channel></rss>").entries) == 20_000
