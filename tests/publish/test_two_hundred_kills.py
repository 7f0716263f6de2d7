"""`clipper publish --to bluesky,mastodon`, killed with SIGKILL at 200 moments: each clip stands once on each server.

Runs of the real program, forked from one that has imported it, so that only the runs themselves take time.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from clipper.publish.ledger import Ledger
from tests.publish.nursery import Nursery
from tests.publish.packs import make_pack
from tests.publish.proxy import Line
from tests.publish.test_bluesky import BlueskyWorld
from tests.publish.test_mastodon import MastodonWorld
from tests.publish.world import SECRET

KILLS = 200
SIZE = 150_000  # bytes of a clip's video


class KilledBluesky(BlueskyWorld):
    handle = "killed.test"


class Killer:
    """Kills the run at its n-th request, before the server has it, within its body, or when it is done."""

    def __init__(self, number: int, how: str) -> None:
        self.number, self.how = number, how
        self.pid = 0
        self.began = threading.Event()
        self.lock = threading.Lock()

    def __call__(self, line: Line) -> None:
        with self.lock:
            mine = self.number == 0
            self.number -= 1
        if not mine:
            line.forward()
            return
        if self.how == "after":
            line.forward(answer=False)
        elif self.how == "within" and int(line.seen.headers.get("content-length", 0)) > 1000:
            line.forward_some(int(line.seen.headers["content-length"]) // 2)
        self.began.wait(10)
        os.kill(self.pid, signal.SIGKILL)
        line.cut()


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[tuple[BlueskyWorld, MastodonWorld]]:
    made = (KilledBluesky(), MastodonWorld())
    for world in made:
        world.start()
        world.reset()
        world.clear()
    made[1].strict.looks = 0  # `clipper` would wait a second after each look
    yield made
    for world in made:
        world.clear()
        world.stop()


@pytest.mark.slow
def test_killed_two_hundred_times_each_clip_stands_once(
    worlds: tuple[BlueskyWorld, MastodonWorld], tmp_path: Path
) -> None:
    bluesky, mastodon = worlds
    out, log, book = tmp_path / "out", tmp_path / "log.txt", tmp_path / "ledger.sqlite"
    nursery = Nursery(
        log,
        CLIPPER_LEDGER=str(book),
        CLIPPER_BLUESKY_HANDLE=bluesky.handle,
        CLIPPER_BLUESKY_PASSWORD=SECRET,
        CLIPPER_BLUESKY_SERVER=bluesky.proxy.address,
        CLIPPER_MASTODON_SERVER=mastodon.proxy.address,
        CLIPPER_MASTODON_TOKEN=SECRET,
    )
    chance = random.Random(2026)
    kills: Counter[str] = Counter()
    clips = 0

    def run(only: str) -> tuple[object, ...]:
        return ("publish", out, "--to", "bluesky,mastodon", "--only", only, "--yes")

    def new_clip() -> str:
        nonlocal clips
        clips += 1
        for platform in ("bluesky", "mastodon"):
            make_pack(out, platform, clips, size=SIZE)
        return f"c{clips}"

    def finish(only: str) -> None:
        for world in worlds:
            world.clear()
        nursery.start(*run(only))
        code = nursery.ended()
        assert code == 0, log.read_text()[-3000:]

    try:
        # how many requests a whole run has, and how long it takes
        first = new_clip()
        began = time.monotonic()
        finish(first)
        lasts = time.monotonic() - began
        many = sum(len(w.proxy.seen) for w in worlds)
        assert many >= 12

        # between any two requests and within each: a few in a row on the same clip, then it is left to finish
        moments = [(n, how) for how in ("before", "within", "after") for n in range(many)]
        at_once = 0
        clip = new_clip()
        for number, how in moments:
            for world in worlds:
                world.clear()
            killer = Killer(number, how)
            for world in worlds:
                world.proxy.rule("", killer, None)
            killer.pid = nursery.start(*run(clip))
            killer.began.set()
            code = nursery.ended()
            assert code in (0, -signal.SIGKILL), log.read_text()[-3000:]
            kills[how] += code == -signal.SIGKILL
            at_once += 1
            if code == 0 or at_once == 2:
                finish(clip)
                clip, at_once = new_clip(), 0

        # at any time at all
        while sum(kills.values()) < KILLS:
            for world in worlds:
                world.clear()
            pid = nursery.start(*run(clip))
            timer = threading.Timer(chance.uniform(0, lasts), os.kill, (pid, signal.SIGKILL))
            timer.start()
            code = nursery.ended()
            timer.cancel()
            kills["any time"] += code == -signal.SIGKILL
            at_once += 1
            if code == 0 or at_once >= 6:
                finish(clip)
                clip, at_once = new_clip(), 0
        finish(clip)
    finally:
        nursery.close()

    print(f"{dict(kills)} kills, {clips} clips, {many} requests in a whole run")
    assert sum(kills.values()) >= KILLS
    wanted = Counter(
        {make_pack(tmp_path / "again", "bluesky", n, size=SIZE).packed.text: 1 for n in range(1, clips + 1)}
    )
    assert Counter(r["value"]["text"] for r in bluesky.records()) == wanted
    assert Counter(mastodon.texts()) == wanted
    with Ledger(book) as ledger:
        assert {row.state for row in ledger.rows()} == {"posted"}
        assert len(ledger.rows()) == 2 * clips
    assert SECRET not in log.read_text()
