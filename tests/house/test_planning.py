"""The plan for an archive: its page says what the figures say, and the simulation does what arithmetic demands."""

from __future__ import annotations

import itertools

import pytest

from tests.benchmarks.simulation import bend, costs, data, lengths, simulate
from tests.house.planning_page import PAGE, page


def test_the_page_says_what_the_figures_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run make format"


def test_every_measured_figure_has_its_date_and_its_command():
    rows = [data()["stages"], data()["shared"]["hand_out"], data()["shared"]["batch_json"]]
    assert all(row["date"] and row["command"].startswith("python -m tests.benchmarks.") for row in rows)
    assert data()["stages"]["machine"]
    assert data()["stages"]["long_seconds"] > 3 * data()["stages"]["short_seconds"]
    assert all(row["source"] and row["date"] for row in data()["lengths"].values())


@pytest.mark.parametrize("name", ["all", "top"])
def test_lengths_have_the_published_median_and_mean(name: str):
    found = sorted(lengths(10_000, name))
    row = data()["lengths"][name]
    assert sum(found) == pytest.approx(10_000 * 3600)
    assert found[len(found) // 2] / 60 == pytest.approx(row["median_minutes"], rel=0.02)
    assert sum(found) / len(found) / 60 == pytest.approx(row["mean_minutes"], rel=0.02)


def test_one_worker_takes_as_long_as_the_work_and_many_no_longer_than_the_longest_episode():
    free = costs(start=0.0, hand_out=0.0, row_seconds=0.0, disk=1e30)
    episodes = lengths(300)
    work = sum(free.work(s) for s in episodes)
    assert simulate(episodes, 1, free).seconds == pytest.approx(work)
    assert simulate(episodes, 10_000, free).seconds == pytest.approx(free.work(max(episodes)))
    for count in (2, 7, 50, 200):
        for longest_first in (True, False):
            run = simulate(episodes, count, free, longest_first=longest_first)
            longest = free.work(max(episodes))
            # Graham 1966: any order is within the mean share of the work and the longest, (1 - 1/m) of it
            assert max(work / count, longest) <= run.seconds + 1e-6
            assert run.seconds <= work / count + (1 - 1 / count) * longest + 1e-6
            assert run.efficiency == pytest.approx(work / count / run.seconds)


def test_more_workers_are_never_slower_and_a_slow_disk_or_dear_handing_out_sets_the_pace():
    episodes = lengths(2_000)
    hours = [simulate(episodes, count, costs()).seconds for count in (1, 10, 100, 1000)]
    assert all(later <= earlier for earlier, later in itertools.pairwise(hours))
    slow = costs(disk=1e6)
    moved = sum(slow.moved(s) for s in episodes)
    run = simulate(episodes, 1000, slow)
    assert run.seconds == pytest.approx(moved / 1e6, rel=0.05)
    assert run.bound == "the shared disk"
    dear = simulate(episodes, 1000, costs(hand_out=10.0))
    assert dear.seconds == pytest.approx(10 * len(episodes), rel=0.15)
    assert dear.bound == "handing out"


def test_the_bend_is_where_the_work_falls_below_nine_tenths():
    episodes = lengths(300)
    at = bend(episodes, costs())
    assert simulate(episodes, at, costs()).efficiency < 0.9
    assert all(simulate(episodes, count, costs()).efficiency >= 0.9 for count in range(1, at, 7))
