"""Loudness and true peak. In: `Facts`; out: `Verdict`s. Limits: sound/targets.toml."""

from __future__ import annotations

from clipper.export.checks.model import Facts, Verdict
from clipper.sound.loudness import targets

PRACTICE = "practice: no platform publishes a number, YouTube plays at about -14; EBU R 128 s2, ITU-R BS.1770-4"


def loudness(facts: Facts) -> list[Verdict]:
    """As loud as a platform plays, and without peaks that its encoder would clip."""
    if facts.loudness is None:
        return []
    goal, loud, said = targets(), facts.loudness, facts.wanted.loudness_note
    wanted = goal.integrated if facts.wanted.loudness is None else facts.wanted.loudness
    level = abs(loud.integrated - wanted) <= goal.tolerance
    return [
        Verdict(
            "loudness",
            f"{loud.integrated:.1f} LUFS" + (f" ({said})" if said else ""),
            f"{wanted:g} within {goal.tolerance:g}",
            level or bool(said),
            PRACTICE,
            "render it again; if it stays, listen to the episode's own sound there",
        ),
        Verdict(
            "true peak",
            f"{loud.true_peak:.1f} dBTP",
            f"at most {goal.true_peak:g}",
            loud.true_peak <= goal.true_peak or not loud.true_peak > -120 or "peaks reach" in said,
            PRACTICE,
            "render it again: clipper render OUT",
        ),
    ]
