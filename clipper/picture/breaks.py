"""The best places to break words into lines. In: widths and prices, no text and no fonts; out: where each line ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NEVER = 50.0  # a price from which on a break is made only where a line could not be filled otherwise
UNEVEN = 4.0  # what one line being empty costs against prices of breaks, which are 0 to about 5


@dataclass(frozen=True, slots=True)
class Broken:
    """`ends`: the number of words up to each line's end; `cost`: 0 for even lines broken where it does not hurt."""

    ends: tuple[int, ...]
    cost: float


def break_lines(
    widths: Sequence[float], space: float | Sequence[float], room: float, rows: int, prices: Sequence[float]
) -> Broken | None:
    """Breaks into the fewest lines that fit; of all ways to do so, the most even one that breaks at good places.

    Args:
        widths: of each word, in any unit.
        space: between two words; or after each one.
        room: that a line may take.
        rows: how many lines there may be.
        prices: of a break after each word; from `NEVER` on it holds the word and the next one together.

    Returns:
        None where the words do not fit.
    """
    count = len(widths)
    if not count or max(widths) > room:
        return None if count else Broken((), 0.0)
    spaces = [space] * count if isinstance(space, float | int) else space
    if max(prices) >= NEVER:
        held = _held(widths, spaces, room, rows, prices)
        if held is not None:
            return held
    sums = [0.0]
    for width, after in zip(widths, spaces, strict=True):
        sums.append(sums[-1] + width + after)
    needed = _greedy(sums, spaces, room, rows)
    if needed is None:
        return None
    if needed == 1:
        return Broken((count,), 0.0)
    even = (sums[-1] - sum(spaces) / count * needed) / needed
    # cost[n][i]: the cheapest way to put the first i words into n lines
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, -1)}]
    for line in range(1, needed + 1):
        here: dict[int, tuple[float, int]] = {}
        for first, (cost, _) in best[-1].items():
            for end in range(first + 1, count + 1):
                wide = sums[end] - sums[first] - spaces[end - 1]
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


def _held(
    widths: Sequence[float], spaces: Sequence[float], room: float, rows: int, prices: Sequence[float]
) -> Broken | None:
    """As `break_lines`, with words that must not be parted as one."""
    ends = [i + 1 for i in range(len(widths)) if i + 1 == len(widths) or prices[i] < NEVER]
    starts = [0, *ends[:-1]]
    wide = [sum(widths[a:b]) + sum(spaces[a : b - 1]) for a, b in zip(starts, ends, strict=True)]
    last = [b - 1 for b in ends]
    broken = break_lines(
        wide, [spaces[i] for i in last], room, rows, [prices[i] if prices[i] < NEVER else 0.0 for i in last]
    )
    return None if broken is None else Broken(tuple(ends[n - 1] for n in broken.ends), broken.cost)


def _greedy(sums: Sequence[float], spaces: Sequence[float], room: float, rows: int) -> int | None:
    """The fewest lines, or None where they are more than `rows`."""
    lines, first, count = 1, 0, len(sums) - 1
    for end in range(1, count + 1):
        if sums[end] - sums[first] - spaces[end - 1] > room:
            lines, first = lines + 1, end - 1
            if lines > rows:
                return None
    return lines
