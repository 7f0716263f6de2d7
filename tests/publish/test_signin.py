"""Logging in through the browser, at a door as strict as the networks' own; tokens that run out are renewed."""

from __future__ import annotations

import datetime
import logging
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from clipper.errors import ClipperError, MissingError
from clipper.publish import facts, networks, oauth
from clipper.publish.bearer import Bearer
from clipper.publish.credentials import Credentials
from clipper.publish.errors import PublishError, Refused, Unauthorised
from clipper.publish.patience import Patience
from clipper.publish.web import Web
from tests.publish import worlds
from tests.publish.packs import make_pack
from tests.publish.suite import send
from tests.publish.written.base import Answer
from tests.publish.written.doorman import CLIENT, HUSH, Doorman

NAMES = facts.names()


@pytest.fixture
def door() -> Iterator[Doorman]:
    with Doorman() as doorman:
        yield doorman


class Person:
    """Somebody with a browser, who says yes."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.ended: list[str] = []
        self._threads: list[threading.Thread] = []

    def sees(self, page: str) -> None:
        self.pages.append(page)
        self._threads.append(threading.Thread(target=self._browse, args=(page,), daemon=True))
        self._threads[-1].start()

    def _browse(self, page: str) -> None:
        answer = httpx.get(page, trust_env=False)
        place = answer.headers.get("location", "")
        self.ended.append(place or answer.text)
        if place.startswith("http://"):
            # nobody listens at localhost's IPv6 address; a browser then takes the other
            httpx.get(place.replace("http://localhost:", "http://127.0.0.1:"), trust_env=False)

    def pastes(self, question: str) -> str:
        for thread in self._threads:
            thread.join(10)
        return f"  {self.ended[-1]}#_ \n"


def log_in(name: str, door: Doorman, person: Person | None = None, **said: str) -> dict[str, str]:
    """What `clipper login` does after its questions."""
    kind = networks.kind(name)
    door.rules = facts.facts(name).signin
    person = person or Person()
    typed = {"client": CLIENT, "client_secret": HUSH, "api": door.url, "signin": door.url}
    wish = (
        {"page": "Oddly Good Work"} if name == "facebook" else {"user": "@oddlygoodwork"} if name == "instagram" else {}
    )
    return networks.login(kind, {**typed, **wish, **said}, person.sees, ask=person.pastes)


@pytest.mark.parametrize("name", NAMES)
class TestEveryNetwork:
    def test_a_login_ends_with_a_token_that_is_in_force(self, name: str, door: Doorman) -> None:
        values = log_in(name, door)
        if name in ("facebook", "instagram"):
            assert values["token"] == "page-token-1-which-never-ends"
            assert values["until"] == ""
        else:
            assert values["token"] in door.valid
            left = datetime.datetime.fromisoformat(values["until"]) - datetime.datetime.now(datetime.UTC)
            assert 0 < left.total_seconds() <= door.lasts
        assert not Credentials(networks.kind(name), values).lacking

    def test_the_page_has_no_secret_in_its_address(self, name: str, door: Doorman) -> None:
        person = Person()
        log_in(name, door, person)
        (page,) = person.pages
        assert HUSH not in page
        assert "token" not in parse_qs(urlsplit(page).query)

    def test_an_answer_to_another_login_is_not_taken(self, name: str, door: Doorman) -> None:
        door.spoils_state = True
        with pytest.raises(PublishError, match="its state differs"):
            log_in(name, door)
        assert door.count("POST", "/token") == 0, "no code was sent on"

    def test_a_person_who_says_no_is_understood(self, name: str, door: Doorman) -> None:
        door.denies = True
        with pytest.raises(Refused, match="The person said no"):
            log_in(name, door)

    def test_a_wrong_secret_is_told_and_not_shown(self, name: str, door: Doorman) -> None:
        if not facts.facts(name).signin.secret:
            with pytest.raises(MissingError, match="its id is missing"):
                log_in(name, door, client="")
            return
        wrong = HUSH[::-1]
        with pytest.raises(ClipperError, match="not who it says") as caught:
            log_in(name, door, client_secret=wrong)
        assert wrong not in "".join(traceback.format_exception(caught.value)) + caught.value.mend


class TestTheWayBack:
    def test_an_address_that_was_never_registered_gets_no_code(
        self, door: Doorman, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The browser stays at the network's own page of error; nobody comes back."""
        monkeypatch.setattr(oauth, "PATIENCE", 0.5)
        door.rules = facts.facts("x").signin.model_copy(update={"host": "elsewhere.example"})
        person = Person()
        flow = oauth.Flow(f"{door.url}/authorise", f"{door.url}/token", door.rules.scopes)
        with pytest.raises(PublishError, match="nobody said yes"):
            oauth.sign_in(flow, Web("x", "X"), CLIENT, "", person.sees, patience=0.5)
        assert "redirect_uri_mismatch" in person.ended[0]

    def test_only_its_own_address_listens_and_only_for_this_login(self, door: Doorman) -> None:
        """A page that calls other addresses of the listener, or the right one with a guessed state, gets nothing."""
        door.rules = facts.facts("x").signin
        seen: list[int] = []

        def show(page: str) -> None:
            back = parse_qs(urlsplit(page).query)["redirect_uri"][0]

            def attack() -> None:
                seen.append(httpx.get(f"{back}elsewhere?code=x", trust_env=False).status_code)
                guess = urlencode({"code": "stolen", "state": "guessed"})
                seen.append(httpx.get(f"{back}?{guess}", trust_env=False).status_code)

            threading.Thread(target=attack, daemon=True).start()

        flow = oauth.Flow(f"{door.url}/authorise", f"{door.url}/token", door.rules.scopes)
        with pytest.raises(PublishError, match="its state differs"):
            oauth.sign_in(flow, Web("x", "X"), CLIENT, "", show, patience=10)
        assert seen[0] == 404
        assert door.count("POST", "/token") == 0

    def test_a_pasted_address_of_another_login_is_not_taken(self, door: Doorman) -> None:
        door.rules = facts.facts("threads").signin
        with pytest.raises(PublishError, match="its state differs"):
            networks.login(
                networks.kind("threads"),
                {"client": CLIENT, "client_secret": HUSH, "api": door.url, "signin": door.url},
                lambda page: None,
                ask=lambda question: "https://localhost/?code=stolen&state=guessed",
            )

    @pytest.mark.parametrize("pasted", ["", "https://localhost/", "hello"])
    def test_a_pasted_text_that_is_no_address_is_told(self, pasted: str, door: Doorman) -> None:
        door.rules = facts.facts("threads").signin
        with pytest.raises(PublishError):
            networks.login(
                networks.kind("threads"),
                {"client": CLIENT, "client_secret": HUSH, "api": door.url, "signin": door.url},
                lambda page: None,
                ask=lambda question: pasted,
            )

    def test_tiktoks_challenge_is_in_hex(self) -> None:
        assert len(oauth.challenge("v" * 60, in_hex=True)) == 64
        # the example of RFC 7636, appendix B
        verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        assert oauth.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


class TestPages:
    def test_with_several_pages_one_has_to_be_named(self, door: Doorman) -> None:
        with pytest.raises(PublishError, match="1001 Oddly Good Work; 1002 Another Show"):
            log_in("facebook", door, page="")

    def test_a_page_is_named_by_its_number_or_name(self, door: Doorman) -> None:
        assert log_in("facebook", door, page="1002")["token"] == "page-token-2-which-never-ends"

    def test_instagrams_account_is_named_as_people_write_it(self, door: Doorman) -> None:
        values = log_in("instagram", door, user="@anothershow")
        assert values["user"] == "17841400000000002"


def hours(number: float) -> str:
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=number)).isoformat()


class TestTokensThatRunOut:
    @pytest.mark.parametrize("name", [n for n in NAMES if facts.facts(n).signin.renews == "refresh"])
    def test_one_that_is_over_is_renewed_once_and_the_new_refresh_token_is_kept(self, name: str, door: Doorman) -> None:
        values = log_in(name, door)
        made = Credentials(networks.kind(name), values | {"until": hours(-1)})
        bearer = Bearer(made, Web(name, name))
        given = door.given
        assert bearer.token in door.valid
        assert door.given == given + 1
        assert made.secret("refresh") in door.refreshes
        assert bearer.token in door.valid
        assert door.given == given + 1, "renewed once"

    @pytest.mark.parametrize("kind", worlds.NETWORKS, ids=lambda kind: kind.network)
    def test_a_token_that_the_network_does_not_take_any_more_is_renewed_in_the_middle_of_a_run(
        self, kind: type[worlds.WrittenWorld], door: Doorman, tmp_path: Path
    ) -> None:
        """This machine's clock may be wrong: what counts is what the network says."""
        with worlds.standing(kind) as world:
            pack = make_pack(tmp_path / "out", world.platform)
            name = world.network
            refresh = facts.facts(name).signin.renews == "refresh"
            values = log_in(name, door) if refresh else {}
            stale = {"token": "a-token-that-has-run-out", "until": hours(2), "refresh": values.get("refresh", "")}
            login = {"client": CLIENT, "client_secret": HUSH, "signin": door.url}
            publisher = world.publisher(Patience(tries=2, sleep=lambda s: None), **stale, **login)
            if not refresh:
                with pytest.raises(Unauthorised) as caught:
                    send(world, pack, tmp_path / "ledger.sqlite", publisher)
                assert caught.value.mend == f"clipper login {name}"
                return
            # the network takes what the door gives
            number = door.given + 1
            world.server.token = "to be given"
            follow(world, door)
            assert send(world, pack, tmp_path / "ledger.sqlite", publisher).stands
            assert door.given == number
            assert len(world.posts()) == 1

    @pytest.mark.parametrize("name", ["threads", "instagram"])
    def test_one_that_renews_itself_is_renewed_long_before_its_end(
        self, name: str, door: Doorman, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        door.valid = {"the-long-lived-token"}
        login = {"login": "instagram"} if name == "instagram" else {}
        fields = {"token": "the-long-lived-token", "until": hours(24 * 5), "api": door.url, **login}
        made = Credentials(networks.kind(name), fields)
        assert Bearer(made, Web(name, name)).token in door.valid
        left = datetime.datetime.fromisoformat(made.get("until")) - datetime.datetime.now(datetime.UTC)
        assert left.days >= 58
        assert "the-long-lived-token" not in caplog.text, "the address that has it is not logged"

    def test_a_renewal_that_fails_leaves_the_old_token_its_chance(self, door: Doorman) -> None:
        """A clock that is two hours off must not end a login that holds."""
        door.rules = facts.facts("x").signin
        door.fail("POST", "/token", answer=Answer(400, {"error": "invalid_grant"}), times=9)
        fields = {"token": "still-in-force-says-x", "refresh": "r" * 20, "until": hours(-2), "client": CLIENT}
        made = Credentials(networks.kind("x"), fields | {"signin": door.url})
        assert Bearer(made, Web("x", "X")).token == "still-in-force-says-x"


def follow(world: worlds.WrittenWorld, door: Doorman) -> None:
    """The network's server takes the tokens that the door gives."""
    kind = type(world.server)

    def bearer(self: object, ask: object) -> bool:
        said = getattr(ask, "headers").get("authorization", "")  # noqa: B009
        return said.removeprefix("Bearer ") in door.valid

    world.server.__class__ = type(kind.__name__, (kind,), {"bearer": bearer})
