"""Mastodon against mastodon_mock, with a layer before it that does what Mastodon does and the mock does not."""

from __future__ import annotations

import dataclasses
import datetime
import json
import socket
import subprocess
import sys
import tempfile
import urllib.parse
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from clipper.publish.base import Job, Limits, Missing, Posted, Unknown
from clipper.publish.errors import Later, Refused
from clipper.publish.ledger import Ledger, now
from tests.publish.packs import TEXT, make_pack
from tests.publish.proxy import Line, Proxy, cut_after, says
from tests.publish.real import ended, until
from tests.publish.suite import PublisherSuite, hurried, send, until_settled
from tests.publish.world import SECRET, Standing, World

DESCRIPTION = 1500  # characters of an alt text, in Mastodon's own default


@cache
def mock() -> str:
    """A running mastodon_mock."""
    import atexit

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="masto-"))
    (folder / "mock.toml").write_text(
        f'media_storage_path = "{folder}/media"\n[[seed.accounts]]\nusername = "ada"\naccess_token = "{SECRET}"\n'
    )
    command = [sys.executable, "-m", "mastodon_mock", "serve", "--config", "mock.toml", "--in-memory"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"],
        cwd=folder,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    atexit.register(ended, process)
    address = f"http://127.0.0.1:{port}"
    until(lambda: httpx.get(f"{address}/api/v2/instance").status_code == 200)
    return address


class Strict(Proxy):
    """What Mastodon does: videos are taken with 202 and are 206 for a while; a status with one of them is refused;
    garbage is found out late; a description has a limit; an address counts as 23 characters."""

    looks = 2  # at a video, until it is finished

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.pending: dict[str, int] = {}
        self.garbage: set[str] = set()
        self.rule("^POST /api/v2/media", self.upload, None)
        self.rule("^GET /api/v1/media/", self.look, None)
        self.rule("^POST /api/v1/statuses$", self.status, None)

    def upload(self, line: Line) -> None:
        body = line.read()
        said = body.partition(b'name="description"')[2].partition(b"\r\n\r\n")[2].partition(b"\r\n--")[0].decode()
        if len(said) > DESCRIPTION:
            line.answer(
                422, JSON, b'{"error":"Validation failed: Description is too long (maximum is 1500 characters)"}'
            )
            return
        status, headers, got = line.ask()
        if status == 200:
            made = json.loads(got)
            self.pending[made["id"]] = self.looks
            if b"ftyp" not in body:
                self.garbage.add(made["id"])
            status, got = 202, json.dumps({**made, "url": None}).encode()
        line.answer(status, headers, got)

    def look(self, line: Line) -> None:
        status, headers, got = line.ask()
        number = line.seen.path.rpartition("/")[2]
        left = self.pending.get(number, 0)
        if left and status == 200:
            self.pending[number] = left - 1
            status, got = 206, json.dumps({**json.loads(got), "url": None}).encode()
        elif number in self.garbage:
            line.answer(422, JSON, b'{"error":"Error processing thumbnail for uploaded media"}')
            return
        line.answer(status, headers, got)

    def status(self, line: Line) -> None:
        form = urllib.parse.parse_qs(line.read().decode())
        if any(self.pending.get(number) for number in form.get("media_ids[]", [])):
            line.answer(
                422, JSON, b'{"error":"Cannot attach files that have not finished processing. Try again in a moment!"}'
            )
            return
        line.forward()


JSON = {"Content-Type": "application/json"}


class MastodonWorld(World):
    """One account; the count is what the mock lists of it."""

    network = "mastodon"
    platform = "mastodon"
    refusal = ({"text": "a" * 501}, "500|too long|character")

    def start(self) -> None:
        self.server = mock()
        self.strict = Strict(self.server)
        self.proxies = [Proxy(self.strict.address)]

    def stop(self) -> None:
        super().stop()
        self.strict.close()

    def reset(self) -> None:
        # not one by one: for the Idempotency-Key of a status that was deleted the mock answers 500
        self.ask("POST", "/api/v1/_mock/reset")
        self.strict.pending.clear()
        self.strict.garbage.clear()

    def values(self) -> dict[str, str]:
        return {"server": self.proxy.address, "token": SECRET}

    def ask(self, method: str, path: str, **more: Any) -> Any:
        answer = httpx.request(
            method, self.server + path, headers={"Authorization": f"Bearer {SECRET}"}, timeout=30, **more
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def statuses(self) -> list[dict[str, Any]]:
        me = self.ask("GET", "/api/v1/accounts/verify_credentials")["id"]
        return list(self.ask("GET", f"/api/v1/accounts/{me}/statuses", params={"limit": 40}))

    def texts(self) -> list[str]:
        """Of all statuses, however many."""
        me, found, newest = self.ask("GET", "/api/v1/accounts/verify_credentials")["id"], [], None
        while True:
            asked = {"limit": 40, **({"max_id": newest} if newest else {})}
            page = self.ask("GET", f"/api/v1/accounts/{me}/statuses", params=asked)
            if not page:
                return found
            newest = page[-1]["id"]
            found += [self.ask("GET", f"/api/v1/statuses/{s['id']}/source")["text"] for s in page]

    def posts(self) -> list[Standing]:
        found = []
        for status in self.statuses():
            media = status["media_attachments"][0]
            path = urllib.parse.urlsplit(media["url"]).path
            text = self.ask("GET", f"/api/v1/statuses/{status['id']}/source")["text"]
            video = httpx.get(self.server + path).content
            found.append(Standing(status["id"], text=text, alt=media["description"] or "", video=video))
        return found


class TestMastodon(PublisherSuite):
    World = MastodonWorld

    def test_past_the_hour_of_the_key_the_post_is_looked_for(self, world: MastodonWorld, tmp_path: Path) -> None:
        """The server has forgotten the Idempotency-Key: the same POST would make a second status."""
        pack, book = make_pack(tmp_path, "mastodon"), tmp_path / "book"
        world.proxy.rule("POST /api/v1/statuses", cut_after, None)
        with Ledger(book) as ledger:
            publisher = world.publisher()
            ledger.begin(ledger.intend(pack, "mastodon", publisher.account()).key, pack)
            (row,) = ledger.rows()
            job = Job(row.key, pack, publisher.account(), ledger.steps(row.key))
            with pytest.raises(Later):
                publisher.publish(job)
            long_ago = now() - datetime.timedelta(hours=3)
            with ledger._writing() as db:
                db.execute("UPDATE posts SET began = ? WHERE key = ?", (long_ago.isoformat(), row.key))
        assert len(world.posts()) == 1
        world.clear()
        # as after the hour: a key that comes again is a new one to the server
        world.proxy.rule("POST /api/v1/statuses", lambda line: line.answer(500), None)
        done = until_settled(world, pack, book, hurried())
        assert done.stands, [(x.method, x.path, x.status) for x in world.proxy.seen]
        assert done.row.remote_id == world.posts()[0].id
        assert not [s for s in world.proxy.changes if "statuses" in s.path]

    def test_another_clip_with_the_same_words_is_not_taken_for_this_one(
        self, world: MastodonWorld, tmp_path: Path
    ) -> None:
        book = tmp_path / "book"
        one, two = (make_pack(tmp_path, "mastodon", n, text=TEXT) for n in (1, 2))
        assert send(world, one, book).stands
        with Ledger(book) as ledger:
            row = ledger.intend(two, "mastodon", world.publisher().account())
            ledger.begin(row.key, two)  # as if a try had been broken off
        assert send(world, two, book).stands
        assert len(world.posts()) == 2

    def test_a_video_that_cannot_be_processed_is_refused(self, world: MastodonWorld, tmp_path: Path) -> None:
        pack = make_pack(tmp_path, "mastodon")
        pack.video.write_bytes(b"x" * pack.packed.video.bytes)
        import hashlib

        video = pack.packed.video.model_copy(update={"sha256": hashlib.sha256(pack.video.read_bytes()).hexdigest()})
        from clipper.export.packed import write_packed
        from clipper.publish.base import Pack

        packed = pack.packed.model_copy(update={"video": video})
        write_packed(pack.folder, packed)
        done = send(world, Pack(pack.folder, packed), tmp_path / "book")
        assert done.row.state == "refused"
        assert "Error processing" in done.said
        assert world.posts() == []

    def test_limits_are_the_servers_own(self, world: MastodonWorld, tmp_path: Path) -> None:
        """One with short posts and cheap links: read from it before anything is sent."""
        said = httpx.get(world.server + "/api/v2/instance").json()
        said["configuration"]["statuses"] |= {"max_characters": 60, "characters_reserved_per_url": 10}
        said["configuration"]["media_attachments"] |= {"description_limit": 80, "video_size_limit": 1_000_000}
        world.proxy.rule(
            "^GET /api/v2/instance", says(200, json.dumps(said).encode(), Content_Type="application/json"), None
        )
        limits = world.publisher().limits()
        assert (limits.video_bytes, limits.text and limits.text.limit, limits.alt and limits.alt.limit) == (
            1_000_000,
            60,
            80,
        )
        link = "https://oddlygood.com/" + "long" * 20
        fits = make_pack(tmp_path, "mastodon", text="a" * 49 + " " + link, alt="short")
        assert send(world, fits, tmp_path / "book").stands
        done = send(
            world, make_pack(tmp_path, "mastodon", 2, text="a" * 50 + " " + link, alt="short"), tmp_path / "book"
        )
        assert "Mastodon takes a text of at most 60 characters as it counts them, this one has 61" in done.said

    def test_a_server_with_small_pages_is_looked_through_all_the_same(
        self, world: MastodonWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It gives two statuses where forty were asked for: the post may stand on any page."""
        book, packs = tmp_path / "book", [make_pack(tmp_path, "mastodon", n) for n in range(1, 6)]
        assert all(send(world, pack, book).stands for pack in packs)

        def two(line: Line) -> None:
            status, headers, got = line.ask()
            line.answer(status, headers, json.dumps(json.loads(got)[:2]).encode())

        world.proxy.rule("^GET /api/v1/accounts/.*/statuses", two, None)
        publisher = world.publisher()
        account = publisher.account()
        job = Job("0" * 64, packs[0], account, None, since=now() - datetime.timedelta(minutes=5))  # type: ignore[arg-type]
        found = publisher.find(job)
        assert isinstance(found, Posted)
        other = make_pack(tmp_path, "mastodon", 9)
        assert isinstance(publisher.find(dataclasses.replace(job, pack=other)), Missing)
        monkeypatch.setattr("clipper.publish.networks.mastodon.PAGES", 2)
        unknown = publisher.find(dataclasses.replace(job, pack=other))
        assert isinstance(unknown, Unknown)
        assert "more than 4 newer posts" in unknown.why

    def test_a_description_that_is_too_long_is_refused_in_its_words(self, world: MastodonWorld, tmp_path: Path) -> None:
        publisher = world.publisher()
        publisher.limits = Limits
        done = send(world, make_pack(tmp_path, "mastodon", alt="a" * 1501), tmp_path / "book", publisher)
        assert "maximum is 1500 characters" in done.said

    def test_who_sees_it_is_as_the_account_says(self, world: MastodonWorld, tmp_path: Path) -> None:
        publisher = world.publisher(visibility="unlisted")
        assert publisher.account().audience == "unlisted"
        send(world, make_pack(tmp_path, "mastodon"), tmp_path / "book", publisher)
        assert [s["visibility"] for s in world.statuses()] == ["unlisted"]

    def test_a_login_in_the_browser(self, world: MastodonWorld, tmp_path: Path) -> None:
        from clipper.publish import networks

        def person(page: str) -> None:
            """Says yes, as the server's page would send them back."""
            import threading

            asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page).query))
            assert asked["code_challenge_method"] == "S256"
            back = httpx.post(page.split("?")[0], data={**asked, "username": "ada"}, follow_redirects=False)
            if back.status_code not in (302, 303):
                back = httpx.get(page, follow_redirects=False)
            place = back.headers["location"]
            threading.Thread(target=httpx.get, args=(place,)).start()

        values = networks.login(networks.kind("mastodon"), {"server": world.proxy.address}, person)
        assert values["token"]
        assert values["token"] != SECRET
        publisher = world.publisher(token=values["token"])
        assert publisher.account().name.startswith("@")


def test_what_is_not_there_any_more_counts_as_taken_back():
    from clipper.publish.networks.mastodon import Gone

    assert issubclass(Gone, Refused)
    assert Posted("1").url == ""


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a &amp; b<br>c</p><p>d</p>", "a & b\nc\nd\n"),
        (
            '<p>see <a href="https://x.example/a"><span class="invisible">https://</span><span>x.example/a</span></a></p>',
            "see https://x.example/a\n",
        ),
    ],
)
def test_a_status_is_read_as_its_page_shows_it(markup: str, text: str):
    from clipper.publish.networks.mastodon import _plain

    assert _plain(markup) == text
