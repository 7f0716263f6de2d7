"""Bluesky against its own PDS with its own PLC directory.

The video service, which nobody can have, is a fake that hands the bytes to that PDS.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from clipper.publish.ledger import Ledger
from clipper.publish.networks.bluesky import ALPHABET, tid
from tests.publish.packs import make_pack
from tests.publish.proxy import Line, Proxy
from tests.publish.real import pds
from tests.publish.suite import PublisherSuite, send
from tests.publish.world import SECRET, Standing, World

POST = "app.bsky.feed.post"


class BlueskyWorld(World):
    """An account on the real PDS; the count is what the PDS lists, asked of it directly."""

    network = "bluesky"
    platform = "bluesky"
    refusal = ({"text": "a" * 301}, "maximum 300, got 301")
    handle = "ada.test"
    largest = 5_242_880  # bytes of a file

    def start(self) -> None:
        proxy, self.server = pds(self.largest)
        self.proxies = [proxy]
        made = self.ask(
            "POST",
            "com.atproto.server.createAccount",
            json={"handle": self.handle, "email": f"{self.handle}@example.org", "password": SECRET},
        )
        self.did, self.token = made["did"], made["accessJwt"]

    def stop(self) -> None:
        """It serves other tests too."""

    def reset(self) -> None:
        for record in self.records():
            data = {"repo": self.did, "collection": POST, "rkey": record["uri"].rpartition("/")[2]}
            self.ask("POST", "com.atproto.repo.deleteRecord", json=data)

    def values(self) -> dict[str, str]:
        return {"handle": self.handle, "password": SECRET, "server": self.proxy.address}

    def ask(self, method: str, name: str, **more: Any) -> Any:
        token = {"Authorization": f"Bearer {self.token}"} if hasattr(self, "token") else {}
        answer = httpx.request(method, f"{self.server}/xrpc/{name}", headers=token, timeout=30, **more)
        assert answer.status_code == 200, answer.text
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.content

    def records(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            asked = {"repo": self.did, "collection": POST, "limit": 100, "cursor": cursor}
            page = self.ask("GET", "com.atproto.repo.listRecords", params={k: v for k, v in asked.items() if v})
            found += page["records"]
            cursor = page.get("cursor") if page["records"] else None
        return found

    def blob(self, ref: dict[str, Any]) -> bytes:
        return bytes(self.ask("GET", "com.atproto.sync.getBlob", params={"did": self.did, "cid": ref["ref"]["$link"]}))

    def posts(self) -> list[Standing]:
        return [
            Standing(
                r["uri"],
                text=r["value"]["text"],
                alt=r["value"]["embed"].get("alt", ""),
                video=self.blob(r["value"]["embed"]["video"]),
                captions=self.blob(r["value"]["embed"]["captions"][0]["file"]),
            )
            for r in self.records()
        ]


class TestBluesky(PublisherSuite):
    World = BlueskyWorld

    def test_links_hashtags_language_and_shape_go_along(self, world: BlueskyWorld, tmp_path: Path) -> None:
        text = "Glocken läuten 🔔: https://oddlygood.example/42?a=1 #Glocken"
        pack = make_pack(tmp_path, "bluesky", text=text, language="de")
        assert send(world, pack, tmp_path / "book").stands
        (record,) = world.records()
        value = record["value"]
        raw = value["text"].encode()
        marked = {
            raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(): f["features"][0] for f in value["facets"]
        }
        assert marked["https://oddlygood.example/42?a=1"]["uri"] == "https://oddlygood.example/42?a=1"
        assert marked["#Glocken"]["tag"] == "Glocken"
        assert value["langs"] == ["de"]
        assert [value["embed"]["aspectRatio"][side] for side in ("width", "height")] == [72, 128]
        assert value["embed"]["captions"][0]["lang"] == "de"
        assert value["embed"]["captions"][0]["file"]["mimeType"] == "text/vtt"

    def test_a_video_over_the_servers_limit_is_not_sent(self, world: BlueskyWorld, tmp_path: Path) -> None:
        pack = make_pack(tmp_path, "bluesky", size=5_300_000)
        done = send(world, pack, tmp_path / "book")
        assert done.row.state == "refused"
        assert "up to 5.2 MB here, this one has 5.3 MB" in done.said
        assert not [s for s in world.proxy.changes if "uploadBlob" in s.path]

    def test_a_session_that_is_over_is_begun_anew(self, world: BlueskyWorld, tmp_path: Path) -> None:
        publisher = world.publisher()
        publisher.account()
        session = publisher._client._session  # type: ignore[attr-defined]
        session.access_jwt = expired(session.access_jwt)
        session.refresh_jwt = expired(session.refresh_jwt)
        assert send(world, make_pack(tmp_path, "bluesky"), tmp_path / "book", publisher).stands
        assert len(world.posts()) == 1

    def test_an_app_password_is_enough(self, world: BlueskyWorld, tmp_path: Path) -> None:
        made = world.ask("POST", "com.atproto.server.createAppPassword", json={"name": f"clipper {time.time()}"})
        publisher = world.publisher(password=made["password"])
        assert send(world, make_pack(tmp_path, "bluesky"), tmp_path / "book", publisher).stands

    def test_a_wrong_password_is_told_at_once(self, world: BlueskyWorld) -> None:
        from clipper.publish.errors import Unauthorised

        with pytest.raises(Unauthorised, match="Invalid identifier or password"):
            world.publisher(password="wrong-" + SECRET).account()

    @pytest.mark.parametrize("hours", [-2, 2])
    def test_a_clock_that_is_wrong_neither_posts_twice_nor_in_the_future(
        self, world: BlueskyWorld, tmp_path: Path, hours: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        true = time.time()
        shift_clock(monkeypatch, hours)
        assert send(world, make_pack(tmp_path, "bluesky"), tmp_path / "book").stands
        (record,) = world.records()
        import datetime

        said = datetime.datetime.fromisoformat(record["value"]["createdAt"]).timestamp()
        assert abs(said - true) < 60

    def test_uploads_thrown_away_by_the_server_are_made_again(self, world: BlueskyWorld, tmp_path: Path) -> None:
        pack = make_pack(tmp_path, "bluesky")
        with Ledger(tmp_path / "book") as ledger:
            publisher = world.publisher()
            row = ledger.intend(pack, "bluesky", publisher.account())
            ledger.begin(row.key, pack)
            gone = {"$type": "blob", "mimeType": "video/mp4", "size": 9, "ref": {"$link": "bafkrei" + "a" * 52}}
            ledger.steps(row.key).put("video", gone)
        assert send(world, pack, tmp_path / "book").stands
        assert world.posts()[0].video == pack.video.read_bytes()


class VideoService(Proxy):
    """uploadVideo and getJobStatus: hands the bytes to the PDS with the token that it was given, as the real one."""

    def __init__(self, pds: str) -> None:
        super().__init__(pds)
        self.pds, self.jobs, self.looks = pds, {}, 1
        self.refusing = ""
        self.rule("^POST /xrpc/app.bsky.video.uploadVideo", self.upload, None)
        self.rule("^GET /xrpc/app.bsky.video.getJobStatus", self.look, None)

    def upload(self, line: Line) -> None:
        name = line.seen.path.partition("name=")[2]
        if name in self.jobs:
            line.answer(409, JSON, json.dumps({"error": "already_exists", "jobId": name}).encode())
            return
        headers = {"Authorization": line.seen.headers["authorization"], "Content-Type": "video/mp4"}
        got = httpx.post(f"{self.pds}/xrpc/com.atproto.repo.uploadBlob", headers=headers, content=line.read())
        assert got.status_code == 200, got.text
        self.jobs[name] = [self.looks, got.json()["blob"]]
        line.answer(200, JSON, json.dumps({"jobStatus": {"jobId": name, "state": "JOB_STATE_CREATED"}}).encode())

    def look(self, line: Line) -> None:
        name = line.seen.path.partition("jobId=")[2]
        job = self.jobs[name]
        said: dict[str, Any] = {"jobId": name, "state": "JOB_STATE_ENCODING", "progress": 50}
        if self.refusing:
            said = {"jobId": name, "state": "JOB_STATE_FAILED", "error": self.refusing}
        elif job[0] == 0:
            said = {"jobId": name, "state": "JOB_STATE_COMPLETED", "blob": job[1]}
        job[0] = max(0, job[0] - 1)
        line.answer(200, JSON, json.dumps({"jobStatus": said}).encode())


JSON = {"Content-Type": "application/json"}


class ServedWorld(BlueskyWorld):
    """The same PDS, with a video service before it."""

    handle = "served.test"
    thin = 3  # most of its requests are those of the other suite
    refusal = None

    def start(self) -> None:
        super().start()
        self.service = VideoService(self.server)
        self.proxies = [*self.proxies, Proxy(self.service.address)]

    def stop(self) -> None:
        self.proxies[1].close()
        self.service.close()

    def reset(self) -> None:
        super().reset()
        self.service.jobs.clear()
        self.service.refusing = ""

    def values(self) -> dict[str, str]:
        return {**super().values(), "video": self.proxies[1].address}


class TestBlueskyWithItsVideoService(PublisherSuite):
    World = ServedWorld

    def test_the_service_gets_a_token_for_its_one_purpose(self, world: ServedWorld, tmp_path: Path) -> None:
        assert send(world, make_pack(tmp_path, "bluesky"), tmp_path / "book").stands
        (upload,) = [s for s in world.proxies[1].seen if "uploadVideo" in s.path]
        body = upload.headers["authorization"].split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(body + "=="))
        assert said["lxm"] == "com.atproto.repo.uploadBlob"
        assert said["aud"] == "did:web:localhost"
        assert said["exp"] - time.time() < 1900

    def test_a_video_that_the_service_refuses_is_told_in_its_words(self, world: ServedWorld, tmp_path: Path) -> None:
        world.service.refusing = "Video too long"
        done = send(world, make_pack(tmp_path, "bluesky"), tmp_path / "book")
        assert done.row.state == "refused"
        assert "Video too long" in done.said
        assert world.posts() == []


def test_the_record_key_follows_from_the_job_alone():
    keys = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(2000)]
    made = [tid(k) for k in keys]
    assert made == [tid(k) for k in keys]
    assert len(set(made)) == len(made)
    for one in made:
        assert len(one) == 13
        assert set(one) <= set(ALPHABET)
        number = 0
        for sign in one:
            number = number * 32 + ALPHABET.index(sign)
        assert 1_672_531_200 <= (number >> 10) / 1e6 < time.time()


def expired(token: str) -> str:
    """The same token, signed by the server's own secret, of yesterday."""
    head, body, _ = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    said.update(iat=int(time.time()) - 100_000, exp=int(time.time()) - 50_000)
    body = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    signed = hmac.new(b"a secret of the tests", f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(signed).rstrip(b'=').decode()}"


def shift_clock(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """This process's clock is wrong, as its modules see it."""
    import datetime as real
    import types

    import clipper.publish.ledger
    import clipper.publish.patience
    import clipper.publish.web

    away = hours * 3600

    class Wrong(real.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return real.datetime.now(tz) + real.timedelta(seconds=away)

    clock = types.SimpleNamespace(time=lambda: time.time() + away, sleep=time.sleep, monotonic=time.monotonic)
    dates = types.SimpleNamespace(datetime=Wrong, timedelta=real.timedelta, UTC=real.UTC)
    monkeypatch.setattr(clipper.publish.web, "time", clock)
    monkeypatch.setattr(clipper.publish.patience, "time", clock)
    for module in (clipper.publish.web, clipper.publish.ledger):
        monkeypatch.setattr(module, "datetime", dates)
