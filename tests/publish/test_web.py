"""The way to a network: what it never does, how it waits, what it says; the login that comes back to this machine."""

from __future__ import annotations

import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from clipper.errors import InputError, MissingError
from clipper.publish import oauth
from clipper.publish.base import Field, Kind
from clipper.publish.credentials import Credentials, load, split, variable
from clipper.publish.errors import Later, PublishError, Refused, Unauthorised, Unsure
from clipper.publish.files import whole
from clipper.publish.guard import checked_address
from clipper.publish.patience import Patience, asked_to_wait
from clipper.publish.secrets import Secret, hide
from clipper.publish.web import Web
from clipper.publish.words import words_of
from tests.publish.proxy import Line, Proxy, cut_after, endless, says

TOKEN = "a-token-of-the-tests-0815"
HEAD = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def server() -> Iterator[Proxy]:
    """A server that does what a rule says."""
    made = Proxy("http://127.0.0.1:9")
    yield made
    made.close()


def web(budget: float = 1000.0, waited: list[float] | None = None, **more: bool) -> Web:
    sleep = waited.append if waited is not None else lambda seconds: None
    return Web("bluesky", "Bluesky", patience=Patience(tries=3, budget=budget, sleep=sleep), **more)


@pytest.mark.parametrize("address", ["http://example.org", "http://192.168.1.7/x", "http://localhost.example.org"])
def test_plain_http_goes_only_to_this_machine(address: str):
    with pytest.raises(InputError, match="unencrypted"):
        web().call("GET", address, headers=HEAD)
    assert checked_address(address, allow_http=True) == address


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080", "http://[::1]:80", "http://localhost/x", "https://example.org"]
)
def test_https_and_this_machine_are_fine(address: str):
    assert checked_address(address) == address


@pytest.mark.parametrize(
    "address", ["ftp://example.org", "file:///etc/passwd", "https://", "https://ada:pw@example.org"]
)
def test_what_is_no_address_of_a_server_is_refused(address: str):
    with pytest.raises(InputError):
        checked_address(address)


def test_a_redirect_elsewhere_carries_no_token_and_no_body(server: Proxy):
    other = Proxy("http://127.0.0.1:9")
    other.rule("", says(200, b"{}"), None)
    server.rule("", says(302, Location=other.address.replace("127.0.0.1", "localhost") + "/there"), None)
    try:
        answer = web().call("GET", server.address + "/here", headers={**HEAD, "X-Api-Key": TOKEN})
        assert answer.status == 200
        (seen,) = other.seen
        assert TOKEN not in str(seen.headers)
        with pytest.raises(Refused, match="does not follow"):
            web().call("POST", server.address + "/here", headers=HEAD, json={"password": TOKEN})
        assert len(other.seen) == 1
    finally:
        other.close()


def test_redirects_end(server: Proxy):
    server.rule("", lambda line: line.answer(302, {"Location": line.seen.path + "x"}), None)
    with pytest.raises(Refused, match="without an end"):
        web().call("GET", server.address + "/a")


def test_ten_gigabytes_are_not_read(server: Proxy):
    server.rule("", endless, None)
    with pytest.raises(PublishError, match="8 MB"):
        web().call("GET", server.address)


def test_a_small_answer_that_unpacks_to_a_large_one_is_not_read(server: Proxy):
    import gzip

    server.rule("", says(200, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"), None)
    with pytest.raises(PublishError, match="MB"):
        web().call("GET", server.address)


def test_the_waits_grow_and_stay_within_the_budget(server: Proxy):
    server.rule("", says(503), None)
    waited: list[float] = []
    with pytest.raises(Later):
        web(waited=waited).call("GET", server.address)
    assert len(waited) == 2
    assert 1 <= waited[0] <= 1.25
    assert 2 <= waited[1] <= 2.5
    server.rules.clear()
    server.rule("", says(429, Retry_After="90"), None)
    with pytest.raises(Later, match="asks to wait 90 s"):
        web(budget=10).call("GET", server.address)


def test_what_may_not_be_sent_twice_is_not(server: Proxy):
    server.rule("", lambda line: (line.read(), line.cut()), None)
    with pytest.raises(Unsure):
        web().call("POST", server.address, json={})
    assert len(server.seen) == 1
    server.clear()
    server.rule("", says(500), None)
    with pytest.raises(Unsure):
        web().call("POST", server.address, json={})
    assert len(server.seen) == 1
    server.clear()
    server.rule("", says(429), 0)  # the server says itself that it did nothing
    server.rule("", says(200), None)
    assert web().call("POST", server.address, json={}).status == 200


def test_nobody_there_is_later_not_unsure():
    with pytest.raises(Later, match="cannot be reached"):
        web().call("POST", "http://127.0.0.1:9/", json={})


def test_a_slow_server_is_waited_for(server: Proxy):
    import time

    def slowly(line: Line) -> None:
        time.sleep(0.5)
        line.answer(200, {}, b"{}")

    server.rule("", slowly, None)
    assert web().call("GET", server.address).status == 200


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "17"}, 17),
        ({"retry-after": "Mon, 30 Nov 2026 10:01:00 GMT", "date": "Mon, 30 Nov 2026 10:00:00 GMT"}, 60),
        ({"ratelimit-reset": "1796032860", "date": "Mon, 30 Nov 2026 10:00:00 GMT"}, 60),
        ({"x-ratelimit-reset": "2026-11-30T10:01:00.000Z", "date": "Mon, 30 Nov 2026 10:00:00 GMT"}, 60),
        ({"ratelimit-reset": "30", "date": "Mon, 30 Nov 2026 10:00:00 GMT"}, 30),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_a_server_asks_to_wait_goes_by_its_own_clock(headers: dict[str, str], seconds: float | None):
    assert asked_to_wait(headers) == seconds


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error":"InvalidRequest","message":"Input is too long"}', "InvalidRequest: Input is too long"),
        (b'{"error":{"message":"(#100) bad","code":100}}', "(#100) bad"),
        (b"<html><head><title>x</title></head><body><h1>Bad  Gateway</h1></body></html>", "Bad Gateway"),
        (
            b'{"code":"validation_error","errors":{"tags":[{"code":"invalid","message":"Too long."}]}}',
            "tags: Too long.",
        ),
        (b"", "status 502, without a word"),
        (b"\x1b[31mred\x07", "[31mred"),
    ],
)
def test_a_networks_own_words_are_one_plain_line(body: bytes, said: str):
    assert words_of(body, 502) == said


def test_a_secret_shows_itself_to_nobody():
    secret = Secret("correct/horse battery")
    held = Credentials(KIND, {"user": "a", "password": "correct/horse battery"})
    assert "horse" not in f"{secret} {secret!r} {[secret]} {vars(held)}"
    assert hide("x correct/horse battery y correct%2Fhorse%20battery z") == "x ••• y ••• z"
    with pytest.raises(TypeError):
        __import__("pickle").dumps(secret)


def test_an_error_that_quotes_a_secret_does_not_show_it(server: Proxy):
    Secret(TOKEN)
    server.rule("", says(400, f'{{"message":"bad token {TOKEN}"}}'.encode()), None)
    with pytest.raises(Refused) as caught:
        web().call("GET", server.address, headers=HEAD)
    assert TOKEN not in str(caught.value)


KIND = Kind(
    "tests",
    "Tests",
    (),
    (Field("user", "User"), Field("password", "Password", secret=True), Field("way", "Way", default="slow")),
)


def test_the_environment_goes_before_the_keyring(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("CLIPPER_TESTS_USER", "ada")
    monkeypatch.setenv("CLIPPER_TESTS_PASSWORD", "pw-of-ada")
    monkeypatch.setenv("CLIPPER_TESTS_OTHER_USER", "bob")
    known = load(KIND)
    assert (known["user"], known.secret("password"), known["way"]) == ("ada", "pw-of-ada", "slow")
    other = load(KIND, "other")
    assert other["user"] == "bob"
    assert [f.name for f in other.lacking] == ["password"]
    with pytest.raises(MissingError) as caught:
        other.secret("password")
    assert "CLIPPER_TESTS_OTHER_PASSWORD" in caught.value.mend
    assert variable(KIND, "password", "my-show") == "CLIPPER_TESTS_MY_SHOW_PASSWORD"
    assert split("Bluesky:MyShow") == ("bluesky", "myshow")


def test_a_file_is_read_anew_for_every_try(server: Proxy, tmp_path: Path):
    file = tmp_path / "video"
    file.write_bytes(bytes(range(256)) * 1000)
    server.rule("", says(503), 0)
    server.rule("", says(200), None)
    web().call("PUT", server.address, content=whole(file))
    assert [s.body == file.read_bytes() for s in server.seen] == [True, True]
    assert server.seen[0].headers["content-length"] == "256000"


# the login that comes back to this machine


def sign_in(
    server: Proxy, back: dict[str, str], flow: oauth.Flow | None = None, patience: float = 10.0
) -> oauth.Tokens:
    """A person who says yes (or whatever `back` makes of it) in a browser of theirs."""
    flow = flow or oauth.Flow(server.address + "/authorise", server.address + "/token", ("a", "b"))
    asked: dict[str, str] = {}

    def show(page: str) -> None:
        asked.update(urllib.parse.parse_qsl(urllib.parse.urlsplit(page).query))
        answer = {"code": "the-code-4711", "state": asked["state"], **back}
        place = asked["redirect_uri"] + "?" + urllib.parse.urlencode({k: v for k, v in answer.items() if v})
        threading.Thread(target=lambda: httpx.get(place)).start()

    tokens = oauth.sign_in(flow, web(), "app", "", show, patience=patience)
    sent = dict(urllib.parse.parse_qsl(server.seen[-1].body.decode()))
    assert oauth.challenge(sent["code_verifier"]) == asked["code_challenge"]
    assert urllib.parse.urlsplit(sent["redirect_uri"]).hostname == "127.0.0.1"
    return tokens


def test_a_login_in_the_browser_gives_tokens(server: Proxy):
    server.rule("/token", says(200, b'{"access_token":"access-1","refresh_token":"refresh-1","expires_in":60}'), None)
    tokens = sign_in(server, {})
    assert (tokens.access, tokens.refresh, tokens.expires) == ("access-1", "refresh-1", 60)
    assert "access-1" not in repr(tokens)


def test_an_answer_with_another_state_is_not_taken(server: Proxy):
    server.rule("/token", says(200, b'{"access_token":"of-somebody-else"}'), None)
    with pytest.raises(PublishError, match="state differs"):
        sign_in(server, {"state": "forged"})
    assert server.seen == [], "the code was never changed into a token"


def test_a_no_is_a_no(server: Proxy):
    with pytest.raises(Refused, match="access_denied"):
        sign_in(server, {"code": "", "error": "access_denied"})


def test_nobody_who_answers_is_not_waited_for_for_ever(server: Proxy):
    flow = oauth.Flow(server.address + "/authorise", server.address + "/token", ("a",))
    with pytest.raises(PublishError, match="nobody said yes"):
        oauth.sign_in(flow, web(), "app", "", lambda page: None, patience=0.5)


def test_a_code_is_changed_once_only(server: Proxy):
    server.rule("/token", cut_after, None)
    with pytest.raises(PublishError):
        sign_in(server, {})
    assert len(server.seen) == 1


def test_a_challenge_is_the_one_of_the_standard():
    """RFC 7636, appendix B."""
    assert (
        oauth.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_an_unauthorised_answer_names_the_login(server: Proxy):
    server.rule("", says(401, b'{"message":"expired"}'), None)
    with pytest.raises(Unauthorised) as caught:
        web().call("GET", server.address)
    assert caught.value.mend == "clipper login bluesky"
