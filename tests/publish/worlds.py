"""The worlds of networks whose servers were written from their documents."""

from __future__ import annotations

from typing import Any, ClassVar

from clipper.publish.base import Pack
from tests.publish.proxy import Proxy
from tests.publish.world import SECRET, Standing, World
from tests.publish.written.base import Written
from tests.publish.written.facebook import Facebook
from tests.publish.written.files import Files
from tests.publish.written.instagram import Instagram
from tests.publish.written.linkedin import LinkedIn
from tests.publish.written.threads import Threads
from tests.publish.written.tiktok import TikTok
from tests.publish.written.x import X
from tests.publish.written.youtube import YouTube


class WrittenWorld(World):
    """A server of ours behind one proxy. `server` is fresh for every test: its state is what a test counts."""

    Server: ClassVar[type[Written]]
    server: Any

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
            if not name.startswith("_") and name not in ("port", "url", "lock", "referee"):
                setattr(self.server, name, value)

    def values(self) -> dict[str, str]:
        return {"api": self.proxy.address, "token": SECRET, "until": ""}


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


class XWorld(WrittenWorld):
    network, platform, Server = "x", "x", X
    refusal = ({"text": "far too long " * 40}, "too long")

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
        return {**super().values(), "upload": self.proxy.address}

    def posts(self) -> list[Standing]:
        return [Standing(m["id"], text=m["caption"], video=m["bytes"]) for m in self.server.posts]


class FacebookWorld(WrittenWorld):
    network, platform, Server = "facebook", "facebook-reels", Facebook

    def values(self) -> dict[str, str]:
        return {**super().values(), "upload": self.proxy.address}

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


class ThreadsWorld(WrittenWorld):
    """Threads fetches the video itself: it lies on a server of files, as a public place would have it."""

    network, platform, Server = "threads", "threads", Threads
    files: Files
    refusal = ({"text": "far too long " * 60}, "at most 500 characters")

    def start(self) -> None:
        super().start()
        self.files = Files().__enter__()

    def stop(self) -> None:
        self.files.__exit__()
        super().stop()

    def public(self, pack: Pack) -> str:
        return self.files.lay(pack.video)

    def posts(self) -> list[Standing]:
        return [Standing(m["id"], text=m["text"], alt=m["alt"], video=m["bytes"]) for m in self.server.posts]
