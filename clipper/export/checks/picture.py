"""No black, frozen or empty picture, and nothing that cannot be decoded. In: `Facts`; out: `Verdict`s.

A background may stand still all the time, and so may everything in a pause. Frozen is a picture in which not one pixel
moves although the next caption was due: of clips with captions that can be told exactly, of others by length.
"""

from __future__ import annotations

from clipper.export.checks.limits import limit
from clipper.export.checks.model import Facts, Verdict

AGAIN = "render it again: clipper render OUT"


def light(facts: Facts) -> list[Verdict]:
    """No black picture, none of one colour."""
    if facts.seen is None:
        return []
    seen, most = facts.seen, limit("black")
    unit = "s" if seen.complete else "key pictures"
    return [
        Verdict("black", f"{seen.black:.3g} {unit}", "none", seen.black <= most.value, most.source, AGAIN),
        Verdict("empty", f"{seen.flat:.3g} {unit}", "none", seen.flat <= most.value, most.source, AGAIN),
    ]


def movement(facts: Facts) -> list[Verdict]:
    """Nothing is frozen."""
    seen = facts.seen
    if seen is None or not seen.complete:
        return []
    worst, at = 0.0, 0.0
    due = [g.start for g in facts.groups or ()]
    most = limit("still" if due else "still_alone")
    for start, end in seen.still:
        # with captions: the picture stands still from the moment at which the first missed one was due
        missed = [t for t in due if start + 0.1 < t < end - 0.1]
        frozen = (end - missed[0] if missed else 0.0) if due else end - start
        if frozen > worst:
            worst, at = frozen, missed[0] if missed else start
    where = f" from {at:.1f} s" if worst > most.value else ""
    return [
        Verdict("frozen", f"{worst:.2f} s{where}", f"at most {most.value:g} s", worst <= most.value, most.source, AGAIN)
    ]


def whole(facts: Facts) -> list[Verdict]:
    """Everything can be decoded."""
    if facts.seen is None and facts.sound is None:
        return []
    broken = (facts.seen.broken if facts.seen else 0) + (facts.sound.broken if facts.sound else 0)
    short = facts.container.frames - facts.seen.looked if facts.seen is not None and facts.seen.whole else 0
    measured = f"{broken} broken packets, {max(0, short)} pictures missing"
    return [Verdict("decodes", measured, "whole", not broken and short <= 0, "any player", AGAIN)]
