"""What many workers would do with an archive: a simulated queue with measured seconds a stage (simulation.py).

    make bench BENCH_ARGS=scheduling

The seconds stand in planning.toml; `python -m tests.benchmarks.stage_costs` measures them anew.
"""

from __future__ import annotations

from tests.benchmarks.figures import Figure
from tests.benchmarks.simulation import bend, costs, lengths, simulate

WORKERS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
ARCHIVES = (300.0, 10_000.0, 100_000.0)  # hours


def main() -> list[Figure]:
    figures: list[Figure] = []
    for hours in ARCHIVES:
        episodes = lengths(hours)
        print(f"\n{hours:,.0f} hours, {len(episodes):,} episodes; {WORKERS[0]} to {WORKERS[-1]} workers of one core")
        print(f"{'workers':>8}{'hours':>10}{'at work':>9}{'disk':>7}{'handing':>9}{'tail':>7}   bound by")
        for count in WORKERS:
            run = simulate(episodes, count, costs())
            print(
                f"{count:>8}{run.seconds / 3600:>10,.1f}{run.efficiency:>9.0%}{run.disk:>7.0%}{run.hand_out:>9.0%}"
                f"{run.tail:>7.0%}   {run.bound}",
                flush=True,
            )
        at = bend(episodes, costs())
        print(f"below 90 % from {at:,} workers on")
        figures.append(
            Figure(
                f"{hours:,.0f} hours: simulated workers of which 90 % are at work", f"{at:,}", "one line of 1 Gbit/s"
            )
        )
    return figures


if __name__ == "__main__":
    main()
