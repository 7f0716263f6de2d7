"""What a page or a feed may have asked: the open internet, nothing inside, whatever name or redirect leads there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from clipper.episode import fetch as fetching
from clipper.episode import guard
from clipper.episode.guard import address_for, named_by_user, nobody_named, public
from clipper.episode.load import load
from clipper.errors import InputError
from tests.episode.web import Web, running


@pytest.fixture
def inside() -> Iterator[Web]:
    """A server inside the network, which the user did not name."""
    with nobody_named(), running() as web:
        guard._named.clear()
        web.serve("/secret", "secret", "audio/mpeg")
        yield web


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
     "2002:7f00:1::", "255.255.255.255", "nonsense"],
)  # fmt: skip
def test_what_lies_inside_is_known_in_every_dress(address: str):
    assert not public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_what_is_public_is_known(address: str):
    assert public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"])
def test_no_name_of_this_machine_is_asked_for_a_page(host: str, inside: Web, tmp_path: Path):
    port = inside.url.rpartition(":")[2]
    page = tmp_path / "page.md"
    page.write_text(f"---\naudio: http://{host}:{port}/secret\n---\n# Bells\n")
    with pytest.raises(InputError):
        load(str(page))
    assert inside.asked == []


def test_what_the_user_names_is_asked_and_what_it_names_on_the_same_server(inside: Web, tmp_path: Path):
    item = f'<item><title>x</title><enclosure url="{inside.url}/secret" type="audio/mpeg"/></item>'
    url = inside.serve("/feed", f"<rss><channel>{item}</channel></rss>", "application/rss+xml")
    found = load(url)
    assert found.audio is not None
    assert found.audio.read_text() == "secret"
    assert inside.asked == ["/feed", "/secret"]


def test_another_server_inside_is_not_asked(inside: Web, tmp_path: Path):
    with running() as other:
        guard._named.clear()
        item = f'<item><title>x</title><enclosure url="{other.url}/secret" type="audio/mpeg"/></item>'
        url = inside.serve("/feed", f"<rss><channel>{item}</channel></rss>", "application/rss+xml")
        with pytest.raises(InputError, match="inside a private network"):
            load(url)
        assert other.asked == []


def test_a_redirect_does_not_lead_inside(inside: Web):
    with running() as named:
        guard._named.clear()
        named_by_user(named.url)
        with pytest.raises(InputError, match="inside a private network"):
            fetching.fetch(named.redirect("/away", inside.url + "/secret"), "page", offline=False)
    assert inside.asked == []


def test_the_environment_may_allow_a_host(inside: Web, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(guard.ALLOW, "nas.local, " + inside.url.removeprefix("http://"))
    assert fetching.fetch(inside.url + "/secret", "audio", offline=False)[0] == b"secret"


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(inside: Web, monkeypatch: pytest.MonkeyPatch):
    """A name that leads outside when it is looked at and inside when it is asked (DNS rebinding)."""
    port = int(inside.url.rpartition(":")[2])
    real, asked = socket.getaddrinfo, list[str]()

    def lookup(host: Any, *rest: Any, **named: Any) -> Any:
        if host == "rebinding.example":
            asked.append(host)
            address = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"  # nobody is there: RFC 5737
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]
        return real(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(guard, "public", lambda address: address == "192.0.2.1")
    assert address_for("rebinding.example", port) == "192.0.2.1"
    with pytest.raises(InputError, match="inside a private network"):
        fetching.fetch(f"http://rebinding.example:{port}/secret", "page", offline=False)
    assert inside.asked == []


def test_https_does_not_lead_back_to_http(monkeypatch: pytest.MonkeyPatch):
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "http://example.org/x"}, request=request)

    monkeypatch.setattr(guard, "transport", lambda: httpx.MockTransport(answer))
    with pytest.raises(InputError, match="from https to http"):
        fetching.fetch("https://example.org/feed", "feed", offline=False)
