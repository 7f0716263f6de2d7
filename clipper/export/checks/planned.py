"""The file is what the plan says now. In: `Facts`; out: `Verdict`s."""

from __future__ import annotations

from clipper.export.checks.model import Facts, Verdict


def current(facts: Facts) -> list[Verdict]:
    """Nothing was changed in the plan, the show's file or the template since it was rendered."""
    if facts.current is None:
        return []
    told = "yes" if facts.current else "changed since"
    mend = "render it again: clipper render OUT"
    return [Verdict("made from the plan", told, "yes", facts.current, "clips.yaml, clipper.toml, the template", mend)]
