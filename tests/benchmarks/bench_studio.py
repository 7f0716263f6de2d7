"""What a producer waits for in the studio, with three hours of talk and 40,000 words; each against its aim.

Wall time, and what of it the server's processor worked. In a real chromium, headless. Medians unless said otherwise.

make bench BENCH_ARGS=studio
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from clipper.media import run_ffmpeg
from tests.benchmarks.figures import Figure
from tests.studio.conftest import ARGUMENTS, Client, Running, started
from tests.studio.test_page import ENGLISH, SCROLL
from tests.studio.words import long_out

SAMPLE = Path(__file__).parents[2] / "assets" / "sample"
WORDS = 40_000
CLIPS = 20
HOURS = 3.0
ROUNDS = 15


FIGURES: list[Figure] = []


def main() -> list[Figure]:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("the studio's bench needs Debian's chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as name:
        os.environ["CLIPPER_CACHE"] = str(Path(name, "cache"))
        audio = Path(name, "episode.mp3")
        loops = str(round(HOURS * 3600 / 342))
        run_ffmpeg(["-v", "error", "-stream_loop", loops, "-i", next(SAMPLE.glob("*.mp3")), "-c", "copy", audio])
        out = long_out(Path(name, "out"), WORDS, ENGLISH, audio, clips=CLIPS, seconds=HOURS * 3600 / WORDS)
        one = started(out)
        try:
            server = Watched(psutil.Process(one.process.pid))
            print(f"{'':<46}{'wall':>8}{'server':>9}   aim")
            by_http(one.client(), server)
            in_browser(chromium, one, server)
            memory = server.megabytes()
            print(f"{'memory of the server':<46}{memory:>8.0f} MB          under 500 MB")
            FIGURES.append(Figure("memory of the server, three hours of talk", f"{memory:.0f} MB", "under 500 MB"))
        finally:
            one.process.kill()
            one.process.wait()
    return FIGURES


class Watched:
    """The server: how long its processor worked, and how much it holds."""

    def __init__(self, process: psutil.Process) -> None:
        self.process = process

    def worked(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def megabytes(self) -> float:
        return float(self.process.memory_full_info().uss) / 1e6


def by_http(client: Client, server: Watched) -> None:
    first = next(c for c in client.plan()["clips"] if c["id"] == "c3")["first"]
    at = iter(range(10_000))

    def edit(do: str, **more: Any) -> None:
        assert client.edit(do, "c3", version="", force=True, **more).status_code == 200

    def frame(**more: Any) -> None:
        wishes = {"at": 3 + 0.37 * next(at) % 15, "size": "preview", **more}
        assert client.get("/api/clips/c3/frame", params=wishes).status_code == 200

    frame()
    row("an edit: title", "under 100 ms", server, lambda: edit("title", title=f"Title {next(at)}"))
    row("an edit: a border by a sentence", "under 100 ms", server, border(edit))
    row("an edit: a word struck, taken back", "under 100 ms", server, strike(edit, first + 5))
    row("a frame of the preview", "under 150 ms", server, frame)
    row("the first frame after a title", "under 300 ms", server, frame, lambda: edit("title", title=f"T {next(at)}"))
    row("the first frame after a border", "under 300 ms", server, frame, border(edit))
    row("the first frame after a strike", "under 300 ms", server, frame, strike(edit, first + 5))

    def shapes() -> None:
        for shape in ("vertical", "square", "wide"):
            frame(shape=shape)

    names = [t["name"] for t in client.get("/api/session").json()["templates"]]
    looks = iter(names * 20)
    row("another template, in all three shapes", "under 300 ms", server, shapes,
        lambda: edit("look", template=next(looks)))  # fmt: skip


def border(edit: Callable[..., None]) -> Callable[[], None]:
    steps = iter([-1, 1] * 500)
    return lambda: edit("step", edge="end", count=next(steps), unit="sentence")


def strike(edit: Callable[..., None], word: int) -> Callable[[], None]:
    on = iter([True, False] * 500)
    return lambda: edit("strike", first=word, last=word + 2, how="drop", on=next(on))


def row(
    what: str, aim: str, server: Watched, work: Callable[[], None], before: Callable[[], None] = lambda: None
) -> None:
    """Prints the median of some rounds; `before` is not counted."""
    walls, works = [], []
    for _ in range(ROUNDS):
        before()
        began, worked = time.perf_counter(), server.worked()
        work()
        walls.append(time.perf_counter() - began)
        works.append(server.worked() - worked)
    wall, own = statistics.median(walls) * 1000, statistics.mean(works) * 1000
    print(f"{what:<46}{wall:>8.0f}{own:>9.0f} ms   {aim}", flush=True)
    FIGURES.append(Figure(what, f"{wall:.0f} ms", aim))


def in_browser(chromium: str, one: Running, server: Watched) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(one.address)
        page.wait_for_selector(".clip-card")
        settled(page)

        def first_page() -> None:
            page.goto(one.base)
            page.wait_for_selector(".clip-card")

        row("the first page, warm", "under 500 ms", server, first_page)

        def opened() -> None:
            page.evaluate("location.hash = '#/clip/c10'")
            page.wait_for_selector(".script .w.in")

        def away() -> None:
            page.goto(one.base)  # the transcript is fetched anew then
            page.wait_for_selector(".clip-card")
            settled(page)

        row("a transcript of 40,000 words opens", "under 1500 ms", server, opened, away)
        rates = [page.evaluate(SCROLL)["rate"] for _ in range(3)]
        rate = statistics.median(rates)
        print(f"{'it scrolls':<46}{rate:>8.0f} frames/s    at least 50")
        FIGURES.append(Figure("scrolling through it", f"{rate:.0f} frames a second", "at least 50"))
        browser.close()


def settled(page: Any) -> None:
    """Waits until the pictures that are in sight are there."""
    seen = "i => i.getBoundingClientRect().top < innerHeight"
    while not page.evaluate(f"[...document.images].filter({seen}).every(i => i.complete && i.naturalWidth)"):
        time.sleep(0.05)


if __name__ == "__main__":
    main()
