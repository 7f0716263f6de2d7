"""A stranger's feed: endless, huge, in the wrong charset, a bomb; refused or read within time and memory."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clipper.cli.app import run
from clipper.episode.feed_items import split_feed
from clipper.episode.load import load_episode
from clipper.errors import ClipperError, InputError
from tests.conftest import ROOT
from tests.episode.web import running

HEAD = "<?xml version='1.0' encoding='{}'?><rss><channel><title>Cafébar</title>"
ITEM = "<item><title>Ünder the bridge {n}</title><guid>{n}</guid><enclosure url='{n}.mp3' type='audio/mpeg'/></item>"
END = "</channel></rss>"
FOUR_MB = 4_000_000


def two_lines(capsys: pytest.CaptureFixture[str]) -> str:
    """The error, which must be one line and its mend."""
    said = capsys.readouterr().err
    lines = [line for line in said.splitlines() if line.startswith(("error: ", "  try: ", "Traceback"))]
    assert [line[:7] for line in lines] == ["error: ", "  try: "], said
    return lines[0]


def commands(source: str, out: Path) -> list[list[str]]:
    return [["episode", source], ["batch", source, "-o", str(out)], ["watch", source, "-o", str(out), "--once"]]


def test_a_feed_file_of_500_megabytes_is_refused_unread(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "feed.xml"
    with path.open("wb") as f:
        f.write(HEAD.format("utf-8").encode())
        f.truncate(500_000_000)
    began = time.process_time()
    for command in commands(str(path), tmp_path / "out")[:2]:
        assert run(command) == 3
        assert "too long" in two_lines(capsys)
    assert time.process_time() - began < 5, "it was not even read"


def test_an_endless_feed_and_one_of_500_megabytes_are_dropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with running() as web:
        endless = web.serve("/endless", 1 << 34, "application/rss+xml")
        huge = web.serve("/huge", 500_000_000, "application/rss+xml")
        web.pages["/huge"][1]["Content-Length"] = "500000000"
        for url in (endless, huge):
            for command in commands(url, tmp_path / "out"):
                assert run(command) == 3
                assert "larger than the 50 MB" in two_lines(capsys)
        assert web.asked == ["/endless"] * 3 + ["/huge"] * 3, "asked once each"


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("utf-8", "iso-8859-1"), ("utf-16", "utf-8"), ("iso-8859-1", "utf-8"), ("utf-8", "utf-16"),
        ("windows-1252", "cp1252"), ("us-ascii", "utf-8-sig"), ("x-nothing", "iso-8859-1"), ("idna", "iso-8859-1"),
        ("undefined", "iso-8859-1"), ("rot13", "iso-8859-1"), ("zlib_codec", "iso-8859-1"), ("utf-8", "utf-32"),
    ],
)  # fmt: skip
def test_a_feed_whose_charset_is_another_one_is_read_as_it_is(declared: str, written: str, tmp_path: Path):
    path = tmp_path / "feed.xml"
    path.write_bytes((HEAD.format(declared) + ITEM.format(n=1) + END).encode(written))
    episode = load_episode(str(path))
    assert (episode.show, episode.title) == ("Cafébar", "Ünder the bridge 1")


@pytest.mark.parametrize("declared", ["punycode", "utf-7", "unicode_escape", "idna", "undefined", "hex", "uu"])
def test_a_charset_that_is_none_spoils_nothing_but_letters(declared: str, tmp_path: Path):
    for name, head in (("feed.xml", HEAD), ("page.html", "<html><meta charset='{}'><h1>Café</h1>")):
        (tmp_path / name).write_bytes((head.format(declared) + ITEM.format(n=1) + END).encode("latin-1"))
        with contextlib.suppress(InputError):
            assert load_episode(str(tmp_path / name)).title


MEASURED = """
import json, resource, sys
from clipper.episode.feed_items import split_feed
from clipper.episode.load import load_episode
from clipper.errors import ClipperError
said = []
for read in (lambda: load_episode(sys.argv[1]).title, lambda: len(split_feed(open(sys.argv[1]).read()).entries)):
    try:
        said.append(read())
    except ClipperError as error:
        said.append(error.message)
spent = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([said, spent.ru_utime + spent.ru_stime, spent.ru_maxrss * 1024]))
"""


def measured(path: Path) -> tuple[list[object], float, int]:
    """What reading a feed both ways gave, processor seconds, and bytes of memory, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True, timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    said, seconds, memory = json.loads(done.stdout)
    return said, seconds, memory


def test_fifty_thousand_episodes_take_neither_a_minute_nor_two_gigabytes(tmp_path: Path):
    path = tmp_path / "feed.xml"
    path.write_text(HEAD.format("utf-8") + "".join(ITEM.format(n=n) for n in range(50_000)) + END, encoding="utf-8")
    said, seconds, memory = measured(path)
    assert said == ["Ünder the bridge 0", 20_000], "the newest of them"
    assert seconds < 60
    assert memory < 2e9


def test_a_long_head_that_goes_with_every_episode_is_refused(tmp_path: Path):
    """20,000 episodes with a head of 4 MB each would be 80 GB."""
    path = tmp_path / "feed.xml"
    head = HEAD.format("utf-8") + f"<description>{'x' * FOUR_MB}</description>"
    path.write_text(head + "".join(ITEM.format(n=n) for n in range(20_000)) + END, encoding="utf-8")
    said, seconds, memory = measured(path)
    assert said[0] == "Ünder the bridge 0"
    assert "the feed's head is 4.0 MB long" in str(said[1])
    assert seconds < 60
    assert memory < 2e9


ENTITY = "<!DOCTYPE r [{}]>" + HEAD.format("utf-8").partition("?>")[2] + "<item><title>{}</title></item>" + END
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10))


@pytest.mark.parametrize(
    ("entities", "title"),
    [
        (LAUGHS, "&l9;"),
        (f'<!ENTITY a "{"x" * 100_000}">', "&a;" * 10_000),
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        ('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">', "&x;"),
        ('<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;', "fine"),
        ('<!entity a "x">', "&a;"),
    ],
    ids=["a billion laughs", "quadratic", "a file", "a server", "a parameter", "in small letters"],
)
def test_entities_of_a_feeds_own_are_refused_in_every_form(entities: str, title: str, tmp_path: Path):
    path = tmp_path / "feed.xml"
    path.write_text(ENTITY.format(entities, title), encoding="utf-8")
    for read in (lambda: load_episode(str(path)), lambda: split_feed(path.read_text(encoding="utf-8"))):
        with pytest.raises(ClipperError, match=r"entities of its own|XML is broken"):
            read()
