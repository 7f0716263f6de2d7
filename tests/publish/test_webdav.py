"""WebDAV against wsgidav under cheroot."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

from tests.publish.proxy import Proxy
from tests.publish.suite import PublisherSuite
from tests.publish.world import SECRET, Standing, World


class WebDavWorld(World):
    """A real server in this process; the count is of its folder on the disk."""

    network = "webdav"
    platform = "bluesky"
    thin = 2

    def start(self) -> None:
        from cheroot import wsgi
        from wsgidav.wsgidav_app import WsgiDAVApp

        self.root = Path(tempfile.mkdtemp(prefix="dav-"))
        app = WsgiDAVApp(
            {
                "provider_mapping": {"/": str(self.root)},
                "http_authenticator": {"domain_controller": None, "accept_basic": True, "accept_digest": False},
                "simple_dc": {"user_mapping": {"*": {"ada": {"password": SECRET}}}},
                "verbose": 0,
                "logging": {"enable": False},
            }
        )
        self.server = wsgi.Server(("127.0.0.1", 0), app)
        self.server.prepare()
        threading.Thread(target=self.server.serve, daemon=True).start()
        self.proxies = [Proxy(f"http://127.0.0.1:{self.server.bind_addr[1]}")]

    def stop(self) -> None:
        super().stop()
        self.server.stop()
        shutil.rmtree(self.root)

    def reset(self) -> None:
        shutil.rmtree(self.root / "clips", ignore_errors=True)
        (self.root / "clips").mkdir()

    def values(self) -> dict[str, str]:
        return {"url": self.proxy.address + "/clips", "user": "ada", "password": SECRET}

    def posts(self) -> list[Standing]:
        return [
            Standing(
                str(p), video=(p.parent / "clip.mp4").read_bytes(), captions=(p.parent / "captions.vtt").read_bytes()
            )
            for p in sorted(self.root.rglob("manifest.json"))
        ]


class TestWebDav(PublisherSuite):
    World = WebDavWorld
