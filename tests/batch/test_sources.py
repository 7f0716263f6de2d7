"""What may be named for a batch, and which episodes that is."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from clipper.batch.since import parse_since
from clipper.batch.sources import Item, expand
from clipper.errors import InputError, UsageError
from tests.episode.web import running

FEED = """<?xml version="1.0"?><rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Bells &amp; Co</title><ttl>45</ttl>{items}
 </channel></rss>"""
ITEM = """<item><title>{title}</title><guid>{guid}</guid><pubDate>{date}</pubDate>
 <enclosure url="{url}" type="audio/mpeg" length="1"/>
 <podcast:person role="guest">Aoife Kinsella</podcast:person></item>"""


def feed(*rows: tuple[str, str, str]) -> str:
    items = "".join(ITEM.format(title=t, guid=g, date=d, url=f"https://x.example/{g}.mp3") for t, g, d in rows)
    return FEED.format(items=items)


ROWS = (
    ("Bell three", "g3", "Mon, 30 Nov 2026 08:00:00 GMT"),
    ("Bell two", "g2", "Mon, 02 Nov 2026 08:00:00 GMT"),
    ("Bell one", "g1", ""),
)


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# x\n\ny", encoding="utf-8")
    return folder


def names(items: list[Item]) -> list[str]:
    return [item.name for item in items]


def test_a_folder_of_pages_sounds_and_episodes_folders(tmp_path: Path):
    touched(
        tmp_path, "a.md", "a.mp3", "b.md", "README.md", ".hidden.md", "c/index.md", "c/c.mp3", "d/talk.mp3", "e/x.txt"
    )
    assert names(expand([str(tmp_path)])[0]) == ["a", "b", "c", "talk"]


def test_a_folder_of_sounds_alone(tmp_path: Path):
    touched(tmp_path, "one.mp3", "two.wav", "cover.jpg")
    assert names(expand([str(tmp_path)])[0]) == ["one", "two"]


def test_a_pattern_and_an_episode_named_twice(tmp_path: Path):
    touched(tmp_path, "one.md", "two.md", "notes.txt")
    items, _ = expand([str(tmp_path / "*"), str(tmp_path / "one.md"), str(tmp_path)])
    assert names(items) == ["one", "two"]


def test_the_same_name_in_two_folders_gives_two_folders_and_keeps_them(tmp_path: Path):
    touched(tmp_path, "a/Talk.md", "b/talk.md")
    items, _ = expand([str(tmp_path / "a"), str(tmp_path / "b")])
    assert names(items) == ["talk", "talk-2"]
    later, _ = expand([str(tmp_path / "b"), str(tmp_path / "a")], names={i.key: i.name for i in items})
    assert {i.source: i.name for i in later} == {i.source: i.name for i in items}


def test_a_table_names_files_beside_it(tmp_path: Path):
    touched(tmp_path, "a.md", "sound/a.mp3", "b.mp3")
    table = tmp_path / "list.csv"
    table.write_text(
        "\ufeffEpisode;Audio;Name;Date\na.md;sound/a.mp3;Bells!;2026-11-01\n;b.mp3;;\n;;;\n", encoding="utf-8"
    )
    items, _ = expand([str(table)])
    assert [(i.name, i.source, i.audio, i.date) for i in items] == [
        ("bells", str(tmp_path / "a.md"), tmp_path / "sound" / "a.mp3", "2026-11-01"),
        ("b", str(tmp_path / "b.mp3"), None, None),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [("a,b\n1,2\n", "no column called episode"), ("episode\nnot-there.md\n", "line 2: there is no not-there")],
)
def test_a_table_that_cannot_be_used_is_told(text: str, said: str, tmp_path: Path):
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(InputError, match=said):
        expand([str(tmp_path / "list.csv")])


def test_a_feed_gives_its_episodes_each_as_a_feed_of_its_own(tmp_path: Path):
    path = tmp_path / "feed.xml"
    path.write_text(feed(*ROWS), encoding="utf-8")
    items, _ = expand([str(path)])
    assert names(items) == ["2026-11-30-bell-three", "2026-11-02-bell-two", "bell-one"]
    from clipper.episode.feed import read_feed

    one = read_feed(items[1].feed or "", None).episode
    assert (one.show, one.title, one.audio) == ("Bells & Co", "Bell two", "https://x.example/g2.mp3")
    assert one.guests == ("Aoife Kinsella",)
    assert "Bell three" not in (items[1].feed or "")


def test_only_the_newest_and_only_since_a_day(tmp_path: Path):
    path = tmp_path / "feed.xml"
    path.write_text(feed(*reversed(ROWS)), encoding="utf-8")
    assert names(expand([str(path)], most=1)[0]) == ["2026-11-30-bell-three"]
    items, notes = expand([str(path)], since=datetime.date(2026, 11, 15))
    assert names(items) == ["2026-11-30-bell-three"]
    assert notes == ["1 episodes have no date, so --since leaves them out"]


def test_a_feed_at_an_address_and_its_titles_may_be_nasty(tmp_path: Path):
    rows = (
        ("../../etc/passwd", "a", ""),
        ("-rf /", "b", ""),
        ("x" * 500, "c", ""),
        ("CON", "d", ""),
        ("\u202e\u200b", "e", ""),
    )
    with running() as web:
        url = web.serve("/feed", feed(*rows), "application/rss+xml")
        items, _ = expand([url])
    for item in items:
        assert item.name
        assert "/" not in item.name
        assert not item.name.startswith(("-", "."))
        assert len(item.name.encode()) < 250
    assert len(set(names(items))) == 5


@pytest.mark.parametrize(("text", "day"), [("2026-11-01", "2026-11-01"), ("30d", "2026-10-31"), ("2w", "2026-11-16")])
def test_days_as_people_write_them(text: str, day: str):
    assert parse_since(text, datetime.date(2026, 11, 30)) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "9999y", ""])
def test_what_is_no_day_is_told(text: str):
    with pytest.raises(UsageError, match="is no day"):
        parse_since(text, datetime.date(2026, 11, 30))


@pytest.mark.parametrize("name", ["missing", "*.nothing", "notes.txt"])
def test_what_is_no_source_is_told(name: str, tmp_path: Path):
    touched(tmp_path, "notes.txt")
    with pytest.raises(InputError):
        expand([str(tmp_path / name)])
