"""An episode out of a feed: the common fields and the podcast namespace, and feeds that are broken or hostile."""

# ruff: noqa: E501 - pages and feeds as they are written

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clipper.episode.load import load, load_episode
from clipper.errors import InputError, UsageError
from tests.episode.media import wav
from tests.episode.web import Web, running

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Harbour Hour</title><link>https://harbour.example.org</link>
<language>en</language><itunes:image href="https://img.example.org/show.jpg"/><podcast:person role="host">Rosa Klein</podcast:person>
"""
RICH = """<item><title>#31 What the tide leaves behind</title><itunes:episode>31</itunes:episode><guid>31</guid>
<pubDate>Wed, 09 Mar 2022 23:30:00 -0500</pubDate><link>https://harbour.example.org/31</link>
<enclosure url="{web}/31.wav" length="1" type="audio/wav"/>
<content:encoded><![CDATA[<p>Rosa talks with Thandi Mokoena. We talk about:</p><ul><li>Sea glass</li><li>Rope &amp; tar</li></ul>
<p>Links:</p><ul><li><a href="https://finds.example.org">Finds</a></li></ul><script>alert(1)</script>]]></content:encoded>
<itunes:image href="https://img.example.org/31-itunes.jpg"/>
<podcast:image href="https://img.example.org/31-wide.jpg" aspect-ratio="16/9" purpose="banner"/>
<podcast:image href="https://img.example.org/31.jpg" alt="A bottle on a beach" aspect-ratio="1/1" purpose="artwork"/>
<podcast:transcript url="{web}/31.html" type="text/html"/>
<podcast:transcript url="{web}/31.vtt" type="text/vtt" language="en"/>
<podcast:chapters url="{web}/31.json" type="application/json+chapters"/>
<podcast:soundbite startTime="73.0" duration="60.0">Why glass turns white</podcast:soundbite>
<podcast:soundbite startTime="300" duration="20"></podcast:soundbite>
<podcast:person role="guest" href="https://t.example.org">Thandi Mokoena</podcast:person>
<podcast:person role="Sound Engineer">Dag Moen</podcast:person></item>
"""
PLAIN = """<item><title>Episode 30: Fog</title><pubDate>Wed, 02 Mar 2022 06:00:00 GMT</pubDate>
<description>Fog, and what to do in it.

00:00 Hello
01:30 Fog horns
10:00 Goodbye</description></item>
<item><title>A bonus about gulls</title><description>Gulls.</description></item>"""
CHAPTERS = {
    "version": "1.2.0",
    "chapters": [
        {"startTime": 0, "title": "Hello"},
        {"startTime": 62.5, "title": "Glass", "img": "https://i.example.org/g.jpg"},
        {"startTime": 70, "toc": False},
    ],
}


@pytest.fixture
def web() -> Iterator[Web]:
    with running() as web:
        yield web


def feed(folder: Path, *items: str, name: str = "feed.xml", web: str = "https://media.example.org") -> Path:
    path = folder / name
    path.write_text(HEAD + "".join(items).replace("{web}", web) + "</channel></rss>", encoding="utf-8")
    return path


def test_an_item_of_a_feed_file(tmp_path: Path) -> None:
    episode = load_episode("", offline=True, feed=str(feed(tmp_path, RICH, PLAIN)), episode="31")
    assert (episode.show, episode.number, episode.title) == ("Harbour Hour", 31, "What the tide leaves behind")
    assert (episode.date, episode.audio) == ("2022-03-09", "https://media.example.org/31.wav")
    assert (episode.cover, episode.cover_alt) == ("https://img.example.org/31.jpg", "A bottle on a beach")
    assert (episode.guests, episode.hosts) == (("Thandi Mokoena",), ("Rosa Klein",))
    assert episode.topics == ("Sea glass", "Rope & tar")
    assert [(link.label, link.url) for link in episode.links] == [("Finds", "https://finds.example.org")]
    assert [t.rpartition("/")[2] for t in episode.transcripts] == ["31.vtt", "31.html"], "what has times first"
    assert [(s.start, s.duration, s.title) for s in episode.soundbites] == [
        (73.0, 60.0, "Why glass turns white"),
        (300.0, 20.0, ""),
    ]


def test_a_feed_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    path = feed(tmp_path, RICH, PLAIN, name="podcast.txt")
    assert load_episode(str(path), offline=True).number == 31, "the newest when none is named"
    assert load_episode(str(path), offline=True, episode="gulls").title == "A bonus about gulls"


def test_a_number_that_stands_only_in_the_title_and_chapters_in_the_text(tmp_path: Path) -> None:
    episode = load_episode(str(feed(tmp_path, RICH, PLAIN)), offline=True, episode="#30")
    assert (episode.number, episode.title, episode.cover) == (30, "Fog", "https://img.example.org/show.jpg")
    assert [(c.start, c.title) for c in episode.chapters] == [(0, "Hello"), (90, "Fog horns"), (600, "Goodbye")]


@pytest.mark.parametrize(("wanted", "nearest"), [("32", "What the tide"), ("fog horn special", "Fog"), ("e", "")])
def test_an_episode_that_is_not_there_names_the_nearest(tmp_path: Path, wanted: str, nearest: str) -> None:
    with pytest.raises(InputError) as caught:
        load_episode(str(feed(tmp_path, RICH, PLAIN)), offline=True, episode=wanted)
    assert nearest in caught.value.message
    assert "--episode" in caught.value.mend


def test_outside_chapters_sound_and_transcript_are_fetched(tmp_path: Path, web: Web) -> None:
    sound = wav(tmp_path / "x.wav").read_bytes()
    web.serve("/31.wav", sound, "audio/wav")
    web.serve("/31.json", json.dumps(CHAPTERS), "application/json")
    web.serve("/31.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", "text/vtt")
    address = web.serve("/feed", feed(tmp_path, RICH, web=web.url).read_bytes(), "application/rss+xml")
    loaded = load("", feed=address, episode="31")
    assert [(c.start, c.title) for c in loaded.episode.chapters] == [(0, "Hello"), (62.5, "Glass")]
    assert loaded.audio is not None
    assert loaded.audio.read_bytes() == sound
    assert loaded.transcript is not None
    assert loaded.transcript.read_text().startswith("WEBVTT")


def test_broken_chapters_cost_only_the_chapters(tmp_path: Path, web: Web) -> None:
    web.serve("/31.json", '{"chapters": "none"}', "application/json")
    path = feed(tmp_path, RICH, web=web.url)
    assert load_episode(str(path), episode="31").chapters == ()


def test_an_entity_bomb_is_refused_at_once(tmp_path: Path) -> None:
    entities = '<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)
    )
    text = f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]><rss version="2.0"><channel><title>&j;</title><item><title>&j;</title></item></channel></rss>'
    for encoding in ("utf-8", "utf-16"):
        path = tmp_path / "bomb.xml"
        path.write_bytes(text.encode(encoding))
        started = time.monotonic()
        with pytest.raises(InputError, match="entities"):
            load_episode(str(path), offline=True)
        assert time.monotonic() - started < 2


def test_an_outside_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    path = tmp_path / "feed.xml"
    path.write_text(
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]><rss version="2.0"><channel><title>a</title><item><title>&x;</title></item></channel></rss>'
    )
    with pytest.raises(InputError):
        load_episode(str(path), offline=True)


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>Not here</body></html>",
        '{"version": "https://jsonfeed.org/version/1"}',
        "hello",
        "<rss></rss>",
        '<rss version="2.0"><channel><title>x</title></channel></rss>',
    ],
)
def test_what_is_no_feed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load_episode("", offline=True, feed=str(path), episode="1")
    assert caught.value.mend


def test_a_broken_feed_still_gives_what_can_be_read(tmp_path: Path) -> None:
    path = feed(tmp_path, RICH.replace("</itunes:episode>", "</itunes:episode> & <b>"))
    assert load_episode(str(path), offline=True).title == "What the tide leaves behind"


def test_a_very_deep_feed_ends(tmp_path: Path) -> None:
    path = feed(
        tmp_path, "<item><title>x</title><description>" + "<b>" * 20_000 + "</b>" * 20_000 + "</description></item>"
    )
    assert load_episode(str(path), offline=True).title == "x"


def test_choosing_an_episode_of_a_page_is_wrong_usage(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Hello\n")
    with pytest.raises(UsageError):
        load_episode(str(page), episode="3")
