"""What a cluster would do with an archive: episodes of real lengths, measured seconds a stage, a simulated queue.

In: planning.toml and a number of workers; out: hours, how much of them was work, what held it up. Workers are cores;
each takes the next episode when it is free, as the executor does it. Three things are shared and wait in line: the one
that hands episodes out and keeps batch.json, the disk that all read from and write to, and the last episodes, which
nobody can help with. Chance is seeded: the same figures come out every time.
"""

from __future__ import annotations

import heapq
import math
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("planning.toml")


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of one core, and bytes.

    Attributes:
        hear, make: of one second of sound; `fixed` of an episode whatever its length (its clips).
        start: of a worker, once.
        hand_out: of the one that started the batch, for an episode's stages.
        row_bytes, row_seconds: of batch.json, a row's share; it is written whole, at most `kept_share` of the time.
        sound_bytes: a second of sound; `result_bytes` of an episode's finished files.
        disk: bytes a second that the shared disk gives to all together.
    """

    hear: float
    make: float
    fixed: float
    start: float
    hand_out: float
    row_seconds: float
    row_bytes: float
    kept_share: float
    sound_bytes: float
    result_bytes: float
    disk: float

    def work(self, length: float) -> float:
        """Seconds of one core for an episode of `length` seconds."""
        return self.fixed + (self.hear + self.make) * length

    def moved(self, length: float) -> float:
        """Bytes that an episode reads and writes on the shared disk."""
        return self.sound_bytes * length + self.result_bytes


@dataclass(frozen=True, slots=True)
class Run:
    """What became of an archive: `seconds` by the clock, `work` in seconds of one core, how busy what is shared was.

    `tail` is the share of the time in which at least one worker had nothing left to do.
    """

    workers: int
    episodes: int
    seconds: float
    work: float
    hand_out: float
    disk: float
    tail: float

    @property
    def efficiency(self) -> float:
        return self.work / (self.seconds * self.workers)

    @property
    def bound(self) -> str:
        """What most of the lost time goes to."""
        if self.efficiency >= 0.9:
            return "the cores"
        if self.hand_out > 0.9:
            return "handing out"
        if self.disk > 0.9:
            return "the shared disk"
        return "the last episodes" if self.tail > 0.05 else "starting"


@cache
def data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def costs(**other: float) -> Costs:
    """The measured ones; what is named in `other` is taken instead."""
    stages, shared = data()["stages"], data()["shared"]
    measured = Costs(
        hear=stages["hear"]["per_second"],
        make=sum(stages[n]["per_second"] for n in ("listen", "find", "clips")),
        fixed=sum(stages[n]["fixed"] for n in ("hear", "listen", "find", "clips")),
        start=stages["start"]["fixed"],
        hand_out=shared["hand_out"]["seconds"],
        row_seconds=shared["batch_json"]["row_seconds"],
        row_bytes=shared["batch_json"]["row_bytes"],
        kept_share=shared["batch_json"]["share"],
        sound_bytes=shared["disk"]["sound_bytes"],
        result_bytes=shared["disk"]["result_bytes"],
        disk=shared["disk"]["bytes_per_second"],
    )
    return replace(measured, **other)


def lengths(hours: float, name: str = "all", seed: int = 1) -> list[float]:
    """Episodes of `hours` in all, in seconds each, in no order: log-normal with the published median and mean."""
    row = data()["lengths"][name]
    middle, mean = row["median_minutes"] * 60, row["mean_minutes"] * 60
    spread = math.sqrt(2 * math.log(mean / middle))
    chance, found, left = random.Random(seed), list[float](), hours * 3600
    while left > 0:
        length = min(chance.lognormvariate(math.log(middle), spread), row["longest_minutes"] * 60)
        found.append(min(length, left))
        left -= found[-1]
    return found


def simulate(episodes: Sequence[float], workers: int, costs: Costs, *, longest_first: bool = True) -> Run:
    """Runs the queue to its end."""
    waiting = sorted(episodes, reverse=True) if longest_first else list(episodes)
    free = [(costs.start, number) for number in range(workers)]
    heapq.heapify(free)
    handed = disk = busy_hands = busy_disk = work = 0.0
    ends = [costs.start] * workers
    for done, length in enumerate(waiting):
        at, worker = heapq.heappop(free)
        # batch.json is written whole, but never more than a share of the time goes into it
        row = min(costs.row_seconds * done, costs.kept_share * costs.work(length) / workers)
        hand = costs.hand_out + row
        handed = max(handed, at) + hand
        busy_hands += hand
        moving = costs.moved(length) / costs.disk
        disk = max(disk, handed) + moving
        busy_disk += moving
        mine = costs.work(length)
        ends[worker] = max(handed + mine, disk + mine - moving) if moving < mine else disk
        work += mine
        heapq.heappush(free, (ends[worker], worker))
    seconds = max(ends)
    return Run(
        workers, len(waiting), seconds, work, busy_hands / seconds, busy_disk / seconds,
        (seconds - min(ends)) / seconds,
    )  # fmt: skip


def bend(episodes: Sequence[float], costs: Costs, least: float = 0.9, most: int = 100_000) -> int:
    """The first number of workers with which less than `least` of the time is work; of many episodes within a 20th."""
    few = len(episodes) < 5000  # then it does not fall evenly, so nothing is passed over
    count = 1
    while count < most and simulate(episodes, count, costs).efficiency >= least:
        count += max(1, count // 50) if few else count
    low, high = count // 2, count
    while not few and high - low > max(1, low // 20):
        middle = (low + high) // 2
        low, high = (middle, high) if simulate(episodes, middle, costs).efficiency >= least else (low, middle)
    return high
