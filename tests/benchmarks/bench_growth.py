"""A catalogue as it grows: 1, 10 and 50 episodes with `clipper batch`; time, memory, two processes, a second run.

    make bench BENCH_ARGS="growth"
    CLIPPER_BENCH_EPISODES=1,4 make bench BENCH_ARGS="growth --look"     smaller, for a look

Each episode is about half a minute of the sample's own sentences in an order and at a pace of its own, so no cache can
help; its words are heard with Whisper base and one clip is drawn in three shapes. Hearing and encoding use all cores in
one process already; so two processes are held against one process as it is, and against one on a single core.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.bench_way import long_episode
from tests.benchmarks.figures import Figure
from tests.benchmarks.watched import Watched, watched

MINUTES = 0.5
WORDS = ("--count", "1", "--min", "8", "--max", "25", "--quality", "draft", "--language", "en", "--offline", "--json")


def catalogue(folder: Path, first: int, count: int) -> Path:
    """A folder with one folder for each episode."""
    for number in range(first, first + count):
        place = long_episode(folder / f"e{number:03d}", MINUTES / 60, seed=number)
        (place / "page.md").write_text(f"# Episode {number}\n\nA talk about bells.\n", encoding="utf-8")
    return folder


def batch(source: Path, out: Path, cache: Path, jobs: int, *before: str) -> Watched:
    done = watched(["batch", str(source), "-o", str(out), "--jobs", str(jobs), *WORDS], cache, before)
    if done.code not in (0, 5):  # 5: a check fell short, the clips are there
        sys.exit(f"clipper batch ended with {done.code}")
    return done


def main() -> list[Figure]:
    sizes = [int(n) for n in os.environ.get("CLIPPER_BENCH_EPISODES", "1,10,50").split(",")]
    figures: list[Figure] = []
    print(f"{'':<44}{'seconds':>9}{'an episode':>12}{'processor s':>13}{'peak MB':>9}", flush=True)

    def told(what: str, one: Watched, count: int) -> Watched:
        each = one.seconds / count
        print(f"{what:<44}{one.seconds:>9.1f}{each:>12.2f}{one.processor:>13.1f}{one.peak:>9.0f}", flush=True)
        return one

    with tempfile.TemporaryDirectory() as name:
        folder, rows = Path(name), dict[int, Watched]()
        for size in sizes:
            source = catalogue(folder / f"show{size}", 1000 * size, size)
            rows[size] = told(f"{size} episodes", batch(source, folder / f"out{size}", folder / f"c{size}", 1), size)
        small, large = min(sizes[1:] or sizes), max(sizes)
        for size, one in rows.items():
            figures.append(
                Figure(
                    f"{size} episodes of {MINUTES:g} min, one process",
                    f"{one.seconds / size:.1f} s an episode, {one.processor / size:.1f} of the processor, "
                    f"{one.peak:.0f} MB at most",
                    "linear: as long an episode; memory flat" if size == large else "",
                )
            )
        again = told(f"{large} episodes, nothing changed", batch(
            folder / f"show{large}", folder / f"out{large}", folder / f"c{large}", 1
        ), large)  # fmt: skip
        figures.append(
            Figure(f"{large} episodes again, nothing changed", f"{again.seconds:.1f} s, {again.processor:.1f} of the "
                   "processor", "under 5 s")
        )  # fmt: skip
        source = folder / f"show{small}"
        two = told(f"{small} episodes, two processes", batch(source, folder / "two", folder / "c-two", 2), small)
        one_core = told(
            f"{small} episodes, one process on one core",
            batch(source, folder / "core", folder / "c-core", 1, "taskset", "-c", _core()), small,
        )  # fmt: skip
        figures += [
            Figure("two processes against one on one core", f"{one_core.seconds / two.seconds:.2f} times", "1.6"),
            Figure("two processes against one that uses all cores", f"{rows[small].seconds / two.seconds:.2f} times"),
        ]
        for one in figures[-2:]:
            print(f"{one.what:<44}{one.figure:>9}", flush=True)
    return figures


def _core() -> str:
    return str(min(os.sched_getaffinity(0)))


if __name__ == "__main__":
    main()
