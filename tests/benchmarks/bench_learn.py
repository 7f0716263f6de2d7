"""Whether `clipper learn` finds what an invented producer goes by, and leaves alone one who goes by nothing.

    python -m tests.benchmarks.bench_learn

Forty choices among candidates that `find` made in five invented episodes; then the share of pairs (one picked, one
left) of nine other episodes in the producer's order, by the shipped weights and by the learnt ones.
"""

from __future__ import annotations

from statistics import mean

from clipper.highlights.weights import shipped
from tests.benchmarks.figures import Figure
from tests.highlights.producers import EPISODES, MOOD, SEEN, choices, in_order, taught

TASTES = ("story", "laughter", "advice", "future", "contrast")
TIMES = 10
RANDOM = 60


def main() -> list[Figure]:
    figures: list[Figure] = []
    print(f"{'goes by':12} mood  shipped  learnt  found it  learnt something")
    ours = shipped().signals
    for taste in TASTES:
        for noise in (0.3, 1.0):
            rows = []
            for seed in range(TIMES):
                learnt = taught(choices(taste, range(SEEN), noise=noise, seed=seed))
                new = choices(taste, range(SEEN, EPISODES), noise=noise, seed=seed + 1000)
                after = in_order(new, {**ours, **learnt.weights})
                rows.append((in_order(new, ours), after, taste in learnt.weights, bool(learnt.lessons)))
            before, after, it, any_ = (mean(column) for column in zip(*rows, strict=True))
            print(f"{taste:12} {noise:4.1f}  {before:7.2f}  {after:6.2f}  {it:8.0%}  {any_:.0%}")
            order = f"{before:.2f} of pairs in order before, {after:.2f} after; found in {it:.0%}"
            figures.append(Figure(f"goes by {taste}, mood {noise:.1f}", order))
    mistaken = sum(bool(taught(choices("story", range(SEEN), noise=MOOD, seed=s)).lessons) for s in range(RANDOM))
    print(f"goes by nothing: something was learnt from {mistaken} of {RANDOM}")
    return [*figures, Figure("goes by nothing: something was learnt", f"{mistaken} of {RANDOM}")]


if __name__ == "__main__":
    main()
