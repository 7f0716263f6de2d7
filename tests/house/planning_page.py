"""Writes docs/planning.md from tests/benchmarks/planning.toml and the simulation: `python -m
tests.house.planning_page
--write`, part of make format.
"""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.simulation import Costs, bend, costs, data, lengths, simulate
from tests.house.generated import write_or_show

PAGE = Path(__file__).parents[2] / "docs" / "planning.md"
HOURS = 100_000.0
DISKS = ((110e6, "1 Gbit/s"), (1.1e9, "10 Gbit/s"), (2.75e9, "25 Gbit/s"))


def page() -> str:
    c = costs()
    whole = lengths(HOURS)
    core_hours = sum(c.work(s) for s in whole) / 3600
    parts = (_head(), _stages(c, whole, core_hours), _workers(c, whole), _bounds(c, whole), _small(c), _settings(),
             _sources())  # fmt: skip
    return "\n\n".join(_flowed(block) for part in parts for block in part.strip().split("\n\n")) + "\n"


def _flowed(block: str) -> str:
    """A paragraph, or a list, with lines of up to 120 letters; tables, headings and commands as they are."""
    if block.startswith(("|", "#", "    ")):
        return block
    items = block.split("\n- ")
    lead = block.startswith("- ")
    return "\n".join(
        textwrap.fill(" ".join((item if i == 0 else f"- {item}").split()), 120,
                      subsequent_indent="  " if lead else "", break_long_words=False, break_on_hyphens=False)
        for i, item in enumerate(items)
    )  # fmt: skip


def _head() -> str:
    return f"""# Planning for an archive

What {HOURS:,.0f} hours of episodes cost, how many machines help, and what holds them up from where on. Every
figure here
comes from `tests/benchmarks/planning.toml`, which says how each was measured, and from the simulation beside it:

    make bench BENCH_ARGS=scheduling             # the tables, also for other sizes
    python -m tests.benchmarks.stage_costs       # measures the seconds anew, on your machine
    make format                                  # writes this page from them
"""


def _stages(c: Costs, whole: list[float], core_hours: float) -> str:
    d = data()
    stages, every = d["stages"], len(whole)
    what = {
        "hear": "the words (Whisper base)",
        "listen": "who speaks, what the sound is like",
        "find": "the passages worth posting",
        "clips": "five clips in three shapes: sound, drawing, encoding, checks",
    }
    rows = []
    for name, text in what.items():
        hours = (stages[name]["fixed"] * every + stages[name]["per_second"] * sum(whole)) / 3600
        rows.append(
            f"| {text} | {stages[name]['fixed']:.1f} | {3600 * stages[name]['per_second']:,.0f} | {hours:,.0f} "
            f"| {hours / core_hours:.0%} |"
        )
    table = "\n".join(rows)
    disk = sum(c.moved(s) for s in whole)
    return f"""## What it costs

Seconds of one core ({stages["machine"]}, measured {stages["date"]} on the sample of
{stages["short_seconds"]:.0f} s and an
episode of {stages["long_seconds"]:.0f} s made of it, a straight line through both):

| stage | an episode | and an hour of sound | {HOURS:,.0f} hours, in core-hours | share |
| --- | ---: | ---: | ---: | ---: |
{table}

{HOURS:,.0f} hours are {every:,} episodes of the usual lengths and need **{core_hours:,.0f} core-hours**:
multiply by what
an hour of a core costs you. They read {c.sound_bytes * sum(whole) / 1e12:.1f} TB of sound (MP3 of 128 kbit/s)
and write
{c.result_bytes * every / 1e12:.1f} TB of clips, {disk / every / 1e6:,.0f} MB an episode in all. Memory is 1.5
GB a worker
and does not grow with length. Fewer clips, one shape or `--quality draft` lower the second half of the table, not the
first; a larger `--model` raises the first. A GPU does the hearing only; what that takes was not measured, for
want of one.
"""


def _workers(c: Costs, whole: list[float]) -> str:
    rows = []
    for count in (1, 10, 50, 100, 200, 400, 600, 1000):
        run = simulate(whole, count, c)
        rows.append(
            f"| {count:,} | {_time(run.seconds)} | {run.efficiency:.0%} | {run.disk:.0%} | {run.hand_out:.0%} "
            f"| {run.bound} |"
        )
    return f"""## How many workers

A worker is one core with 1.5 GB. The shared disk has a line of 1 Gbit/s here, the first thing that gives way:

| workers | by the clock | at work | disk busy | handing out | held up by |
| ---: | ---: | ---: | ---: | ---: | --- |
{chr(10).join(rows)}

"At work" is the share of all cores' time that is work. The next table says from where on it falls below 90 %.
"""


def _bounds(c: Costs, whole: list[float]) -> str:
    rows = []
    for disk, name in DISKS:
        other = replace(c, disk=disk)
        at = bend(whole, other)
        rows.append(f"| {name} | {at:,} | {_time(simulate(whole, at, other).seconds)} | {_held_up(whole, at, other)} |")
    per_hour = 3600 / c.hand_out
    each = sum(c.work(s) for s in whole) / len(whole)
    return f"""## Where the bound moves

| the shared disk's line | below 90 % from | then {HOURS:,.0f} hours take | held up by |
| --- | ---: | ---: | --- |
{chr(10).join(rows)}

- **The disk** first: an episode moves {sum(c.moved(s) for s in whole) / len(whole) / 1e6:,.0f} MB and takes
  {each:,.0f} s of a core, so each Gbit/s feeds
  {each / (sum(c.moved(s) for s in whole) / len(whole) / 110e6):,.0f} workers.
- **Handing out** next: with a real Ray cluster an episode costs the one that started the batch
  {1000 * c.hand_out:.0f} ms
  of its core, {per_hour:,.0f} episodes an hour, which feeds {each / c.hand_out:,.0f} workers. batch.json is
  written whole,
  but never for more than {c.kept_share:.0%} of the time; of {len(whole):,} episodes it would have
  {c.row_bytes * len(whole) / 1e6:,.0f} MB, and 100 MB are read: divide an archive into a DIR for each show.
- **The last episodes** where there are few for many workers: see below.
- **One machine's memory** where it has less than 1.5 GB a core: it then gets fewer workers with more cores each.
"""


def _held_up(whole: list[float], at: int, c: Costs) -> str:
    """What the time goes to well behind the bend."""
    return simulate(whole, 2 * at, c).bound


def _small(c: Costs) -> str:
    few = lengths(300)
    rows = []
    longest = max(few)
    for count in (2, 10, 50, 100, 200):
        sorted_, given = simulate(few, count, c), simulate(few, count, c, longest_first=False)
        rows.append(
            f"| {count} | {_time(sorted_.seconds)} | {sorted_.efficiency:.0%} | {_time(given.seconds)} "
            f"| {given.efficiency:.0%} |"
        )
    clips = data()["stages"]["clips"]
    return f"""## A small archive on many workers

300 hours are {len(few)} episodes. The executor `ray` begins with the longest (by the size of their files), so
that no long
one is begun last and waited for by all:

| workers | longest first | at work | as they come | at work |
| ---: | ---: | ---: | ---: | ---: |
{chr(10).join(rows)}

It falls below 90 % from about {bend(few, c)} workers on. What remains is the longest episode,
{longest / 3600:.1f} hours of
sound: {c.work(longest) / 60:.0f} minutes of one core, of which its clips take {clips["fixed"] / 60:.1f}. To
give each clip to
a worker of its own would save no more than those, and only at the very end: an episode's clips stay together.
"""


def _settings() -> str:
    return """## Which settings

- One machine: `--executor local`, nothing to set. Several: `--executor ray --address HOST:PORT`, with the
  archive, DIR
  and the cache (`CLIPPER_CACHE`) on one disk that all see under the same path.
- `CLIPPER_CACHE_LIMIT`: what is known of an hour of sound takes some megabytes; sounds fetched from addresses
  or stores
  take what they take. Give it the size of what is worked on at once, or a run fetches again what it gave up for room.
- `--jobs` only to leave cores to others. Workers that are not needed are not started.
- `--formats vertical`, `--count 3`, `--quality draft` where all that is wanted is a first look at an archive;
  the words
  are kept, and a later run with other wishes makes only the clips.
- A DIR for each show, one batch after the other: the tail of one is no loss, as the next begins with `--limit` and
  `--since` as you like.
"""


def _sources() -> str:
    d = data()
    a, t = d["lengths"]["all"], d["lengths"]["top"]
    disk = d["shared"]["disk"]
    top = lengths(10_000, "top")
    c = costs()
    return f"""## What it rests on

- Lengths: log-normal with a median of {a["median_minutes"]:.1f} and a mean of {a["mean_minutes"]:.1f} minutes
  ({a["episodes"]:,} episodes; {a["source"]}, {a["date"]}), none above {a["longest_minutes"] / 60:.0f} hours.
  Popular shows
  are longer: median {t["median_minutes"]}, mean {t["mean_minutes"]} ({t["source"]}, {t["date"]}); an hour of
  theirs costs
  {_an_hour(c, top):.0f} s of a core instead of {_an_hour(c, lengths(10_000)):.0f}, because clips cost the same
  whatever the
  length.
- The disk: {disk["bytes_per_second"] / 1e6:.0f} MB/s for all together, assumed; a sound is read once (each
  machine keeps it
  in memory while it works on it) and finished files are written once.
- Handing out: two workers of a real cluster on one machine, with episodes that fail at once. batch.json: rows of the
  usual size, 10,000 of them.
- Not in it: other work on the same machines, fetching over the internet, machines that go away. A worker that is lost
  loses less than one stage: words are kept every few minutes, finished clips at once.
- The simulation: `tests/benchmarks/simulation.py`. It knows no network but the one line of the disk, in which
  all wait
  for one another, and takes every core for as fast as the one that was measured.
"""


def _an_hour(c: Costs, episodes: list[float]) -> float:
    return 3600 * sum(c.work(s) for s in episodes) / sum(episodes)


def _time(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours / 24:,.0f} days" if hours >= 100 else f"{hours:,.1f} h"


if __name__ == "__main__":
    write_or_show(PAGE, page())
