"""Fetching from a real server: limits on size, time, redirects and schemes, and never when offline."""

# ruff: noqa: E501 - pages and feeds as they are written

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from clipper.episode import fetch as fetching
from clipper.episode import phrases
from clipper.episode.fetch import fetch, fetch_file
from clipper.episode.guard import named_by_user
from clipper.episode.load import load_episode
from clipper.errors import InputError, MissingError
from tests.episode.web import Web, running


@pytest.fixture
def web() -> Iterator[Web]:
    with running() as web:
        yield web


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits small enough for a test."""
    small = {"page_bytes": 100_000, "audio_bytes": 100_000, "page_seconds": 2, "silence_seconds": 1}
    monkeypatch.setattr(fetching, "limit", lambda group, name: small.get(name, phrases.limit(group, name)))


def test_a_page_by_its_address(web: Web) -> None:
    url = web.serve(
        "/12",
        "<html><head><title>Fog</title></head><body><h1>Fog</h1><p>We talk about:</p><ul><li>Horns</li></ul></body></html>",
    )
    episode = load_episode(web.redirect("/old", "/12"))
    assert (episode.title, episode.topics) == ("Fog", ("Horns",))
    assert load_episode(url).url == url


def test_offline_no_address_is_asked(web: Web) -> None:
    with pytest.raises(MissingError, match="offline"):
        load_episode(web.serve("/12", "hello"), offline=True)
    assert web.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://x/",
        "http://",
        "https://[broken",
        "data://text/plain,hello",
    ],
)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(InputError):
        load_episode(url)
    with pytest.raises(InputError):
        fetch(url, "page", offline=False)


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://example.org/x", "javascript:alert(1)"])
def test_a_redirect_cannot_leave_http(web: Web, to: str) -> None:
    with pytest.raises(InputError, match=r"no http|no address"):
        fetch(web.redirect("/away", to), "page", offline=False)


def test_a_redirect_loop_ends(web: Web) -> None:
    web.redirect("/b", "/a")
    with pytest.raises(InputError, match="redirected more than"):
        fetch(web.redirect("/a", "/b"), "page", offline=False)
    assert len(web.asked) <= 10


@pytest.mark.usefixtures("tight")
def test_bodies_larger_than_the_limit_are_dropped(web: Web, cache_of_its_own: Path) -> None:
    announced = web.serve("/announced", b"x" * 200_000)
    endless = web.serve("/endless", 1 << 30, "audio/mpeg")
    packed = web.serve("/packed", gzip.compress(bytes(50_000_000)))
    web.pages["/packed"][1]["Content-Encoding"] = "gzip"
    for url in (announced, endless, packed):
        with pytest.raises(InputError, match="larger than"):
            fetch(url, "page", offline=False)
    with pytest.raises(InputError, match="larger than"):
        fetch_file(endless, "audio", offline=False)
    assert not [p for p in cache_of_its_own.rglob("*") if p.is_file() and p.name.startswith(".")], (
        "nothing half-written"
    )


@pytest.mark.usefixtures("tight")
def test_a_server_that_does_not_answer(web: Web) -> None:
    url = web.serve("/slow", "late")
    web.delay = 1.5
    with pytest.raises(MissingError, match="in time"):
        fetch(url, "page", offline=False)


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, InputError), (403, InputError), (500, MissingError), (503, MissingError), (429, MissingError)],
)
def test_what_the_server_refuses(web: Web, status: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=str(status)):
        fetch(web.serve("/x", "no", status=status), "page", offline=False)


def test_a_port_that_is_none_is_told() -> None:
    for port in ("99999", "x", "0"):
        with pytest.raises(InputError):
            fetch(f"http://example.org:{port}/", "page", offline=False)


def test_no_server_at_all() -> None:
    with pytest.raises(MissingError, match="cannot be reached"):
        fetch(named_by_user("http://127.0.0.1:9/"), "page", offline=False)
    with pytest.raises(MissingError, match="there is no server"):
        fetch("http://no-such-host.invalid/", "page", offline=False)


def test_an_empty_answer_is_not_kept(web: Web) -> None:
    url = web.serve("/empty.mp3", b"", "audio/mpeg")
    with pytest.raises(InputError, match="nothing"):
        fetch_file(url, "audio", offline=False)
    with pytest.raises(MissingError):
        fetch_file(url, "audio", offline=True)


def test_a_picture_is_no_page(web: Web) -> None:
    with pytest.raises(InputError, match="no page"):
        load_episode(web.serve("/x", b"\x89PNG....", "image/png"))
