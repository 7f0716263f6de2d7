"""What a post says on each network: in its limits, the link whole, nothing left hanging where a name is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipper.errors import InputError
from clipper.export.post import About, filled, hashtags, measured, tags_in, with_utm, write
from clipper.platforms import names, platform
from clipper.show import PostTable, PostWishes, read_show

LINK = "https://oddlygoodwork.example.com/episodes/why-a-small-town-asked-for-its-wrong-note-back-podcast-42"
BELLS = About(
    title="The town hall clock that played its tune backwards",
    hook="One man noticed",
    show="Oddly Good Work",
    number="42",
    episode="Why a Small Town Asked for its Wrong Note Back",
    guest="Aoife Kinsella",
    link=LINK,
    where="oddlygoodwork.example.com",
    call="Listen to the full episode",
    alt="Audiogram of the podcast Oddly Good Work.",
    tags=("podcast", "bells", "Craft", "music"),
    campaign="c1",
)  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_every_networks_post_fits_and_says_who_what_and_where(name: str):
    to = platform(name)
    made = write(BELLS, to)
    assert made.fits
    lines = made.text.split("\n")
    assert lines[0] == BELLS.title
    assert "Aoife Kinsella · Oddly Good Work #42" in made.text
    assert (LINK in made.text) == (made.link is not None)
    assert made.link or "Listen to the full episode: oddlygoodwork.example.com" in made.text
    assert made.hashtags[0] == "bells"
    assert tags_in(made.text) == made.hashtags
    assert len(made.hashtags) <= (to.hashtags.most or 4)
    assert made.alt == BELLS.alt != made.text


def test_a_post_on_bluesky_reads_like_this():
    assert write(BELLS, platform("bluesky")).text == (
        "The town hall clock that played its tune backwards\n\n"
        f"Aoife Kinsella · Oddly Good Work #42\n{LINK}\n\n#bells #craft #music"
    )


@pytest.mark.parametrize("name", names())
@settings(max_examples=20, deadline=None)
@given(title=st.text(min_size=1, max_size=400), guest=st.text(max_size=300), tags=st.lists(st.text(max_size=30)))
def test_whatever_the_words_the_post_fits_with_the_link_whole(name: str, title: str, guest: str, tags: list[str]):
    to = platform(name)
    about = About(title=title, guest=guest, show="Bells", link=LINK, where="b.example", call="Listen", tags=tuple(tags))
    made = write(about, to)
    assert made.counted.fits
    assert made.title_counted.fits
    if made.link:
        assert LINK in made.text
    for letter in to.text.refused:
        assert letter not in made.text


def test_what_is_too_long_is_shortened_at_a_word_and_told():
    long = About(title="bells " * 100, show="Bells", guest="Ann", link=LINK, tags=("a1", "bells"))
    made = write(long, platform("bluesky"))
    assert made.counted.fits
    assert made.text.split("\n")[0].endswith("bells…")
    assert made.link == LINK
    assert "title shortened to fit" in made.changes
    assert write(long, platform("shorts")).title.endswith("bells…")


def test_hashtags_go_before_words_do():
    about = About(
        title="x" * 150, show="Bells", link="https://b.example/" + "y" * 105, tags=("craft", "bells", "music")
    )
    made = write(about, platform("bluesky"))
    assert made.hashtags == ("craft", "bells")
    assert made.changes == ("1 of 3 hashtags left out to fit",)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"title": "A", "guest": "", "show": "Bells", "number": "", "link": ""}, "A\n\nBells"),
        ({"title": "A", "guest": "Ann", "show": "", "number": "", "link": ""}, "A\n\nAnn"),
        ({"title": "A", "guest": "", "show": "", "number": "", "link": "L"}, "A\n\nListen: L"),
        ({"title": "A", "guest": "Ann", "show": "Bells", "number": "3", "link": "L"}, "A\n\nAnn · Bells #3\nListen: L"),
    ],
)
def test_what_is_not_known_leaves_no_trace(values: dict[str, str], text: str):
    assert (
        filled("{title}\n\n{guest} · {show} #{number}\n{call}: {link}\n\n{hashtags}", {**values, "call": "Listen"})
        == text
    )


def test_a_placeholder_that_there_is_not_is_told_with_the_right_one():
    with pytest.raises(InputError, match="titel") as wrong:
        write(BELLS, platform("x"), PostWishes(text="{titel} {link}"))
    assert "{title}" in wrong.value.mend


def test_a_template_cannot_reach_into_python():
    with pytest.raises(InputError):
        write(BELLS, platform("x"), PostWishes(text="{title.__class__}"))


def test_the_shows_own_words_go_before_ours(tmp_path: Path):
    (tmp_path / "clipper.toml").write_text(
        '[post]\nutm = true\ntags = ["bells"]\ntext = "{title}\\n{link}\\n{hashtags}"\n'
        '[post.LinkedIn]\ntext = "We made this: {title}"\nformat = "square"\n'
    )
    wishes = read_show(tmp_path / "clipper.toml").post
    assert write(BELLS, platform("linkedin"), wishes).text == f"We made this: {BELLS.title}"
    made = write(BELLS, platform("mastodon"), wishes)
    assert made.text == f"{BELLS.title}\n{LINK}?utm_source=mastodon&utm_medium=social&utm_campaign=c1\n#bells"
    assert wishes.platforms["linkedin"] == PostTable(text="We made this: {title}", format="square")


@pytest.mark.parametrize(
    "text", ["[post.myspace]\nhashtags = 1", "[post]\nlink = 'javascript:x'", "[post]\nhashtgs = 3"]
)
def test_a_slip_in_the_shows_file_is_told(tmp_path: Path, text: str):
    (tmp_path / "clipper.toml").write_text(text)
    with pytest.raises(InputError, match="post"):
        read_show(tmp_path / "clipper.toml")


def test_links_keep_what_they_say_when_utm_is_added():
    assert with_utm("https://a.example/b?x=1#part", "x", "c2") == (
        "https://a.example/b?x=1&utm_source=x&utm_medium=social&utm_campaign=c2#part"
    )
    assert with_utm("https://a.example/?utm_source=own", "x", "c2").count("utm_source") == 1


def test_hashtags_are_read_aloud_as_words():
    assert hashtags(["podcast", "small towns", "Craft", "AI", "c++", "2024", "", "#bells", "bells"]) == (
        "SmallTowns", "craft", "AI", "bells", "podcast",
    )  # fmt: skip


def test_linkedin_counts_what_is_sent_with_its_backslashes():
    to = platform("linkedin")
    assert measured("(x)", to.text).count == 5
