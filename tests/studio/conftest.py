"""The studio as a producer starts it: the real command, the real sample, a real browser."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.conftest import ROOT, Clipper

if TYPE_CHECKING:
    from tests.publish.test_bluesky import BlueskyWorld
    from tests.publish.test_webdav import WebDavWorld

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip


@dataclass
class Running:
    """A studio that runs, and what its terminal said."""

    process: subprocess.Popen[str]
    out: Path
    address: str
    said: list[str] = field(default_factory=list)
    lines: Queue[str] = field(default_factory=Queue)

    @property
    def base(self) -> str:
        return self.address.split("/?")[0]

    @property
    def host(self) -> str:
        return self.base.removeprefix("http://")

    def __post_init__(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def line(self, seconds: float = 60) -> str:
        """The next line of the terminal."""
        self.said.append(self.lines.get(timeout=seconds))
        return self.said[-1]

    def client(self, *, let_in: bool = True) -> "Client":
        """Somebody who speaks HTTP, let in by the address unless told otherwise."""
        client = Client(base_url=self.base, timeout=60)
        if let_in:
            assert client.get(self.address.removeprefix(self.base)).status_code == 303
            self.address = newest(self)
            client.headers["x-clipper"] = client.get("/api/session").json()["csrf"]
        return client

    def stop(self, how: int = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(20)


class Client(httpx.Client):
    """A page's calls."""

    def plan(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.get("/api/plan").json()
        return answer

    def edit(self, do: str, clip: str = "", *, version: str | None = None, force: bool = False, **more: Any) -> Any:
        body = {"version": self.plan()["version"] if version is None else version, "force": force}
        return self.post("/api/edits", json={**body, "edit": {"do": do, "clip": clip, **more}})


def newest(one: Running) -> str:
    """The address for another browser, which is printed once the last one was used."""
    found = re.search(r"http://\S+", one.line())
    assert found, one.said
    return found[0]


Start = Callable[..., Running]


@pytest.fixture(scope="session")
def found(clipper: Clipper, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """OUT of the sample as `clipper find` leaves it; not to be changed."""
    out = tmp_path_factory.mktemp("studio") / "out"
    done = clipper("find", ROOT / "assets" / "sample", "-o", out, "--offline")
    assert done.code == 0, done.err
    return out


@pytest.fixture
def out(found: Path, tmp_path: Path) -> Path:
    """A copy of it to work in."""
    return Path(shutil.copytree(found, tmp_path / "out"))


def started(out: Path | str, *more: str) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-m", "clipper", "studio", str(out), "--no-open", "--port", str(free_port()), *more],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    one = Running(process, Path(out), "")
    while not (told := re.search(r"http://\S+token=\S+", one.line(60))):
        assert process.poll() is None, one.said
    one.address = told[0]
    one.line()
    return one


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts studios, and stops them at the end."""
    running: list[Running] = []

    def begin(out: Path | str, *more: str) -> Running:
        running.append(started(out, *more))
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()


@pytest.fixture
def dav(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["WebDavWorld"]:
    """A WebDAV server that takes clips, and this machine's login to it; a ledger of its own."""
    from tests.publish.real import missing
    from tests.publish.test_webdav import WebDavWorld

    if find_spec("wsgidav") is None:
        missing("wsgidav")
    world = WebDavWorld()
    world.start()
    world.reset()
    for name, value in world.values().items():
        monkeypatch.setenv(f"CLIPPER_WEBDAV_{name.upper()}", value)
    monkeypatch.setenv("CLIPPER_LEDGER", str(tmp_path / "ledger.sqlite"))
    yield world
    world.stop()


@pytest.fixture
def sky(monkeypatch: pytest.MonkeyPatch) -> "BlueskyWorld":
    """Bluesky's own server, which takes a whole clip, and this machine's login to an account there."""
    from tests.publish.test_bluesky import BlueskyWorld

    class Roomy(BlueskyWorld):
        largest = 40_000_000
        handle = "studio.test"

    world = Roomy()
    world.start()
    for name, value in world.values().items():
        monkeypatch.setenv(f"CLIPPER_BLUESKY_{name.upper()}", value)
    return world


@pytest.fixture(scope="module")
def served(found: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One studio for the tests of a file, on a copy of the sample's plan."""
    one = started(shutil.copytree(found, tmp_path_factory.mktemp("served") / "out"))
    yield one
    one.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's browser, headless."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    assert path, "the tests of the studio need Debian's chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Tab:
    """A page of the studio in the browser, and what went wrong in it."""

    page: Any
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def until(self, script: str, seconds: float = 30) -> None:
        """Waits until a script says true; the page's own policy forbids the browser's way of waiting for one."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(script):
            assert time.monotonic() < end, f"never: {script}\n{self.faults}"
            time.sleep(0.03)

    def go(self, where: str) -> None:
        self.page.evaluate("where => { location.hash = where }", where)

    def saved(self) -> None:
        self.until("document.querySelector('.saved').textContent.startsWith('Saved')")


@pytest.fixture
def tab(chromium: Any) -> Iterator[Callable[..., Tab]]:
    """Opens the studio's address in a browser of its own."""
    contexts: list[Any] = []

    def open_it(one: Running, **wishes: Any) -> Tab:
        wishes = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "color_scheme": "light", **wishes}
        context = chromium.new_context(**wishes)
        contexts.append(context)
        page = context.new_page()
        made = Tab(page)
        page.on("pageerror", lambda error: made.faults.append(str(error)))
        page.on("console", lambda told: made.faults.append(told.text) if told.type == "error" else None)
        page.on("request", lambda asked: made.asked.append(asked.url))
        page.goto(one.address)
        one.address = newest(one)
        return made

    yield open_it
    for context in contexts:
        context.close()
