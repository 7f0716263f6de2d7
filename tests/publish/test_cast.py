"""A podcast's site against django-cast itself, under Django's server, with SQLite."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import httpx
import pytest

from clipper.publish.errors import Unauthorised
from tests.publish.packs import make_pack
from tests.publish.proxy import Proxy
from tests.publish.real import HERE, ended, missing, until
from tests.publish.suite import PublisherSuite, send
from tests.publish.world import SECRET, Standing, World

ENVIRONMENT = HERE.parents[1] / ".venv" / "cast"


@cache
def site() -> tuple[str, Path]:
    """A running site: its address and its project. The one that make has laid out is copied."""
    if not (ENVIRONMENT / "site" / "show" / "manage.py").is_file():
        missing("django-cast's site")
    folder = Path(tempfile.mkdtemp(prefix="cast-")) / "show"
    atexit.register(lambda: shutil.rmtree(folder.parent, ignore_errors=True))
    shutil.copytree(ENVIRONMENT / "site" / "show", folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    python = str(ENVIRONMENT / "bin" / "python")
    process = subprocess.Popen(
        [python, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"], cwd=folder, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ},
    )  # fmt: skip
    atexit.register(ended, process)
    address = f"http://127.0.0.1:{port}"
    until(lambda: httpx.get(address + "/cast/api/editor/parents/").status_code in (401, 403), 90)
    return address, folder


class CastWorld(World):
    """One blog; the count is of the public posts in the site's own database."""

    network = "cast"
    platform = "youtube-shorts"
    thin = 3
    refusal = ({"title": " "}, "may not be blank")

    def start(self) -> None:
        self.server, self.folder = site()
        self.proxies = [Proxy(self.server)]

    def query(self, text: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.folder / "db.sqlite3", timeout=20) as db:
            return db.execute(text).fetchall()

    def reset(self) -> None:
        # posts are hidden, since the site takes a slug only once
        gone = "SET live = 0, slug = 'gone-' || id, latest_revision_id = NULL"
        for statement in (
            "DELETE FROM cast_post_videos",
            "DELETE FROM cast_video",
            f"UPDATE wagtailcore_page {gone} WHERE id IN (SELECT page_ptr_id FROM cast_post)",
            "DELETE FROM wagtailcore_revision",
        ):
            self.query(statement)

    def values(self) -> dict[str, str]:
        return {"server": self.proxy.address, "user": "ada", "password": SECRET}

    def posts(self) -> list[Standing]:
        rows = self.query(
            "SELECT p.id, v.original FROM wagtailcore_page p JOIN cast_post c ON c.page_ptr_id = p.id "
            "LEFT JOIN cast_post_videos l ON l.post_id = c.page_ptr_id LEFT JOIN cast_video v ON v.id = l.video_id "
            "WHERE p.live = 1"
        )
        return [Standing(str(number), video=(self.folder / "media" / str(name)).read_bytes()) for number, name in rows]


class TestCast(PublisherSuite):
    World = CastWorld

    def test_the_post_can_be_read_by_everybody(self, world: CastWorld, tmp_path: Path) -> None:
        done = send(world, make_pack(tmp_path, "youtube-shorts"), tmp_path / "book")
        page = httpx.get(world.server + httpx.URL(done.row.url).path, follow_redirects=True)
        assert page.status_code == 200
        assert "The strangest thing I ever found was a bell" in page.text
        assert 'href="https://oddlygood.example/42"' in page.text
        assert "<video" in page.text

    def test_a_wrong_password_names_the_command(self, world: CastWorld) -> None:
        with pytest.raises(Unauthorised) as caught:
            world.publisher(password="wrong").account()
        assert caught.value.mend == "clipper login cast"
