"""The best places to break words into lines. In: widths and prices, no text and no fonts; out: where each line ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

UNEVEN = 4.0  # what one line being empty costs against prices of breaks, which are 0 to about 5


@dataclass(frozen=True, slots=True)
class Broken:
    """`ends`: the number of words up to each line's end; `cost`: 0 for even lines broken where it does not hurt."""

    ends: tuple[int, ...]
    cost: float


def break_lines(
    widths: Sequence[float], space: float, room: float, rows: int, prices: Sequence[float]
) -> Broken | None:
    """Breaks into the fewest lines that fit; of all ways to do so, the most even one that breaks at good places.

    Args:
        widths: of each word, in any unit.
        space: between two words.
        room: that a line may take.
        rows: how many lines there may be.
        prices: of a break after each word.

    Returns:
        None where the words do not fit.
    """
    count = len(widths)
    if not count or max(widths) > room:
        return None if count else Broken((), 0.0)
    sums = [0.0]
    for width in widths:
        sums.append(sums[-1] + width + space)
    needed = _greedy(sums, space, room, rows)
    if needed is None:
        return None
    if needed == 1:
        return Broken((count,), 0.0)
    even = (sums[-1] - space * needed) / needed
    # cost[n][i]: the cheapest way to put the first i words into n lines
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, -1)}]
    for line in range(1, needed + 1):
        here: dict[int, tuple[float, int]] = {}
        for first, (cost, _) in best[-1].items():
            for end in range(first + 1, count + 1):
                wide = sums[end] - sums[first] - space
                if wide > room:
                    break
                if (line == needed) != (end == count):
                    continue
                price = cost + UNEVEN * ((wide - even) / room) ** 2 + (prices[end - 1] if end < count else 0.0)
                if end not in here or price < here[end][0]:
                    here[end] = (price, first)
        best.append(here)
    ends, at = [], count
    for line in range(needed, 0, -1):
        ends.append(at)
        at = best[line][at][1]
    return Broken(tuple(reversed(ends)), best[needed][count][0])


def _greedy(sums: Sequence[float], space: float, room: float, rows: int) -> int | None:
    """The fewest lines, or None where they are more than `rows`."""
    lines, first, count = 1, 0, len(sums) - 1
    for end in range(1, count + 1):
        if sums[end] - sums[first] - space > room:
            lines, first = lines + 1, end - 1
            if lines > rows:
                return None
    return lines
