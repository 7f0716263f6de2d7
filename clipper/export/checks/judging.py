"""All checks, one after the other. In: `Facts`; out: `Verdict`s.

A check of your own: write it, add it to CHECKS, and let tests/export/test_checks.py show that it catches its fault.
"""

from __future__ import annotations

from collections.abc import Callable

from clipper.export.checks import captions, container, edges, fit, level, likeness, picture, planned, text, together
from clipper.export.checks.model import Facts, Verdict

Check = Callable[[Facts], list[Verdict]]

CHECKS: tuple[Check, ...] = (
    planned.current,
    edges.opening, edges.ending,
    likeness.sound, level.loudness,
    together.starts, together.ends, together.frames,
    picture.whole, picture.light, picture.movement,
    text.boxes, text.buttons, text.contrast, text.as_drawn,
    captions.valid, captions.in_step, captions.on_time, captions.reading,
    container.size, container.codecs, container.groups, container.index,
    fit.platforms,
)  # fmt: skip


def verdicts(facts: Facts) -> list[Verdict]:
    """What every check says of these facts."""
    return [verdict for one in CHECKS for verdict in one(facts)]
