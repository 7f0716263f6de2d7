"""Precision and recall of the boundary rules on openings and endings that were marked by hand, good and bad.

    make bench BENCH_ARGS=boundaries

The rows, in tests/highlights/boundaries_marked.toml, were written with the rules in view: they guard against steps
back, they do not foretell what other talk will bring (docs/choosing.md has what reading did).
"""

from __future__ import annotations

from tests.benchmarks.figures import Figure
from tests.highlights.marked import judged, scores


def main() -> list[Figure]:
    figures: list[Figure] = []
    print(f"{'':<12}{'rows':>6}{'good':>6}{'precision':>11}{'recall':>8}")
    for kind in ("openings", "endings"):
        rows = judged(kind)
        precision, recall, wrong = scores(kind)
        print(f"{kind:<12}{len(rows):>6}{sum(good for _, good, _ in rows):>6}{precision:>11.3f}{recall:>8.3f}")
        for line in wrong:
            print(f"    judged otherwise than marked: {line}")
        figures.append(Figure(f"{kind} marked by hand, {len(rows)}", f"precision {precision:.3f}, recall {recall:.3f}"))
    return figures


if __name__ == "__main__":
    main()
