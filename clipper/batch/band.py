"""How long clips are to be. In: --min, --max, --for and the lengths of the show; out: shortest, longest in seconds."""

from __future__ import annotations

from collections.abc import Sequence

from clipper import platforms
from clipper.errors import UsageError

SHORTEST, LONGEST = 20.0, 60.0  # where nobody says anything


def parse_platforms(text: str | None) -> tuple[str, ...]:
    """Platforms' names from "shorts,reels", each once, in that order.

    Raises:
        UsageError: an unknown one, or nothing between the commas.
    """
    if text is None:
        return ()
    names = [platforms.platform(part).name for part in text.split(",") if part.strip()]
    if not names:
        raise UsageError(f"--for {text!r} names no platform", f"known are: {', '.join(platforms.names())}")
    return tuple(dict.fromkeys(names))


def lengths(
    shortest: float | None,
    longest: float | None,
    wanted: Sequence[str],
    ours: tuple[float | None, float | None] = (None, None),
) -> tuple[float, float]:
    """Shortest and longest clip.

    Args:
        shortest, longest: --min and --max, which go before everything; null where not given.
        wanted: platforms of --for, whose lengths go before the show's own.
        ours: the show's own lengths.

    Raises:
        UsageError: the platforms have no length in common, or --min and --max ask for what they do not take.
    """
    if not wanted:
        return (
            next(v for v in (shortest, ours[0], SHORTEST) if v is not None),
            next(v for v in (longest, ours[1], LONGEST) if v is not None),
        )
    # with both given there is nothing left to choose by the platforms, only their limits to keep
    least, most = (0.0, 0.0) if shortest is not None and longest is not None else platforms.band(wanted)
    least, most = least if shortest is None else shortest, most if longest is None else longest
    named = " and ".join(platforms.platform(name).label for name in wanted)
    limit, floor = platforms.most_seconds(wanted), max(platforms.platform(name).length.least for name in wanted)
    if limit is not None and longest is not None and longest > limit:
        raise UsageError(f"--max {longest:g} is longer than the {limit:g} s that {named} takes", f"--max {limit:g}")
    if shortest is not None and shortest < floor:
        raise UsageError(f"--min {shortest:g} is shorter than the {floor:g} s that {named} takes", f"--min {floor:g}")
    if least > most:
        given = f"--min {shortest:g}" if shortest is not None else f"--max {longest:g}"
        raise UsageError(
            f"{given} does not meet the {least if shortest is None else most:g} s that suit {named}",
            "say both --min and --max, or leave --for out",
        )
    return least, most
