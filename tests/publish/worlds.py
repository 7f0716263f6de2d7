"""The worlds of networks whose servers were written from their documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest

from clipper.publish.base import Pack
from clipper.publish.networks import tiktok, x, youtube
from tests.publish.proxy import Proxy
from tests.publish.world import SECRET, Standing, World
from tests.publish.written.base import Written
from tests.publish.written.facebook import Facebook
from tests.publish.written.files import Files
from tests.publish.written.instagram import Instagram
from tests.publish.written.linkedin import LinkedIn
from tests.publish.written.running import own_document, prism, uploadx
from tests.publish.written.threads import Threads
from tests.publish.written.tiktok import TikTok
from tests.publish.written.uploadx import UploadxYouTube
from tests.publish.written.x import X
from tests.publish.written.youtube import YouTube


class WrittenWorld(World):
    """A server of ours behind one proxy. `server` is fresh for every test: its state is what a test counts."""

    Server: ClassVar[type[Written]]
    server: Any
    straight = False  # past the proxy, which sends on whole requests only

    def make(self) -> Written:
        """The server as the shared suite wants it: nothing is waited for."""
        server = self.Server()
        server.token = SECRET
        if hasattr(server, "polls"):
            server.polls = 0
        return server

    def start(self) -> None:
        self.server = self.make().__enter__()
        self.proxies = [Proxy(self.server.url)]

    def stop(self) -> None:
        self.server.__exit__()

    def reset(self) -> None:
        """The same port, nothing on it."""
        fresh = self.make()
        fresh.close()
        for name, value in vars(fresh).items():
            if not name.startswith("_") and name not in ("port", "url", "lock"):
                setattr(self.server, name, value)

    @property
    def front(self) -> str:
        """The address that the client is told."""
        return str(self.server.url) if self.straight else self.proxy.address

    def values(self) -> dict[str, str]:
        return {"api": self.front, "token": SECRET, "until": ""}


class YouTubeWorld(WrittenWorld):
    network, platform, Server = "youtube", "youtube-shorts", YouTube
    refusal = ({"title": "No <b>bell</b>"}, "invalid or empty video title")

    def posts(self) -> list[Standing]:
        return [
            Standing(
                v["id"],
                text=v["snippet"]["description"],
                video=v["media"],
                captions=next(iter(v["captions"].values()), b""),
            )
            for v in self.server.posts
        ]


class UploadxWorld(YouTubeWorld):
    """The same client against an independent server of resumable uploads."""

    Server = UploadxYouTube

    def make(self) -> Written:
        server = super().make()
        assert isinstance(server, UploadxYouTube)
        server.at, server.folder = uploadx()
        return server


class XWorld(WrittenWorld):
    """Every request goes through a referee first, who has our own description of X's interface."""

    network, platform, Server = "x", "x", X
    refusal = ({"text": "far too long " * 40}, "too long")

    def make(self) -> Written:
        server = super().make()
        assert isinstance(server, X)
        server.referee = prism(own_document())
        return server

    def posts(self) -> list[Standing]:
        return [
            Standing(
                p["id"],
                text=p["said"],
                alt=p["media"][0]["alt"],
                video=p["media"][0]["bytes"],
                captions=next((data for _, data in p["media"][0]["subtitles"]), b""),
            )
            for p in self.server.posts
        ]


class TikTokWorld(WrittenWorld):
    network, platform, Server = "tiktok", "tiktok", TikTok
    refusal = ({"text": "long " * 500}, "title is too long")

    def values(self) -> dict[str, str]:
        return {**super().values(), "audited": "yes"}

    def posts(self) -> list[Standing]:
        return [Standing(p["id"], text=p["info"]["title"], video=bytes(p["got"])) for p in self.server.posts]


class InstagramWorld(WrittenWorld):
    network, platform, Server = "instagram", "instagram-reels", Instagram
    refusal = ({"text": "long " * 500}, "more than 2200 characters")

    def values(self) -> dict[str, str]:
        return {**super().values(), "upload": self.front}

    def posts(self) -> list[Standing]:
        return [Standing(m["id"], text=m["caption"], video=m["bytes"]) for m in self.server.posts]


class FacebookWorld(WrittenWorld):
    network, platform, Server = "facebook", "facebook-reels", Facebook

    def values(self) -> dict[str, str]:
        return {**super().values(), "upload": self.front}

    def posts(self) -> list[Standing]:
        return [
            Standing(b["id"], text=b["description"], video=bytes(b["got"]), captions=b["captions"].get("en_US", b""))
            for b in self.server.posts
        ]


class LinkedInWorld(WrittenWorld):
    network, platform, Server = "linkedin", "linkedin", LinkedIn
    refusal = ({"text": "long " * 700}, "exceeds 3000 characters")

    def make(self) -> Written:
        server = super().make()
        assert isinstance(server, LinkedIn)
        server.least = 1000
        return server

    def posts(self) -> list[Standing]:
        return [
            Standing(s["urn"], text=s["shown"], video=s["bytes"], captions=self.server.videos[s["video"]]["captions"])
            for s in self.server.posts
        ]


class FetchedWorld(WrittenWorld):
    """The network fetches the video itself: it lies on a server of files, as a public place would have it."""

    files: Files

    def start(self) -> None:
        super().start()
        self.files = Files().__enter__()

    def stop(self) -> None:
        self.files.__exit__()
        super().stop()

    def public(self, pack: Pack) -> str:
        return self.files.lay(pack.video)

    def values(self) -> dict[str, str]:
        return {**super().values(), "loopback": "yes"}


class ThreadsWorld(FetchedWorld):
    network, platform, Server = "threads", "threads", Threads
    refusal = ({"text": "far too long " * 60}, "at most 500 characters")

    def posts(self) -> list[Standing]:
        return [Standing(m["id"], text=m["text"], alt=m["alt"], video=m["bytes"]) for m in self.server.posts]


class InstagramDirectWorld(FetchedWorld):
    """Instagram through its own login, which takes no files."""

    network, platform, Server = "instagram", "instagram-reels", Instagram
    refusal = InstagramWorld.refusal

    def make(self) -> Written:
        server = super().make()
        assert isinstance(server, Instagram)
        server.facebook = False
        return server

    def values(self) -> dict[str, str]:
        return {**super().values(), "login": "instagram"}

    def posts(self) -> list[Standing]:
        return [Standing(m["id"], text=m["caption"], video=m["bytes"]) for m in self.server.posts]


@contextmanager
def standing(kind: type[WrittenWorld], **server: Any) -> Iterator[Any]:
    """A world for one test, with attributes of its server set."""
    world = kind()
    world.start()
    try:
        world.reset()
        for name, value in server.items():
            assert hasattr(world.server, name), name
            setattr(world.server, name, value)
        yield world
    finally:
        for proxy in world.proxies:
            proxy.close()
        world.stop()


NETWORKS: tuple[type[WrittenWorld], ...] = (
    YouTubeWorld,
    XWorld,
    TikTokWorld,
    InstagramWorld,
    FacebookWorld,
    LinkedInWorld,
    ThreadsWorld,
)


def small_parts(patch: pytest.MonkeyPatch | None = None) -> None:
    """Parts so small that a video of some hundred thousand bytes has several; without `patch` for good."""
    parts = {youtube: {"CHUNK": 256 * 1024}, tiktok: {"WHOLE": 200_000, "PART": 200_000}, x: {"SEGMENT": 200_000}}
    for module, values in parts.items():
        for name, value in values.items():
            if patch is None:
                setattr(module, name, value)
            else:
                patch.setattr(module, name, value)
