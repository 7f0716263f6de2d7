"""Words on the picture: inside their boxes, clear of the apps' buttons, with contrast, and really there.

In: `Facts` (ink as the scene lays it, moments as they were decoded); out: `Verdict`s.
"""

from __future__ import annotations

from clipper.export.checks.limits import limit
from clipper.export.checks.model import Facts, Verdict
from clipper.picture.geometry import Box
from clipper.picture.safe_overlay import safe_box

SAFE = "platforms.toml, safe: what the app covers"


def boxes(facts: Facts) -> list[Verdict]:
    """Ink stays inside its layer's box; the box of a lit word may stand out by a hair."""
    if not facts.inks:
        return []
    hair = round(min(facts.wanted.width, facts.wanted.height) * 0.01)
    out = [(one.layer, sides) for one in facts.inks if (sides := _over(one.ink, one.box.grown(hair)))]
    told = ", ".join(f"{layer} ({sides})" for layer, sides in out)
    return [
        Verdict("text in its box", told or "yes", "yes", not out, "the template",
                "shorten the title or hook in clips.yaml, or take another template")
    ]  # fmt: skip


def buttons(facts: Facts) -> list[Verdict]:
    """Ink stays clear of what the platforms' apps cover."""
    if not facts.inks:
        return []
    size = facts.wanted.width, facts.wanted.height
    free = safe_box(size, [p.name for p in facts.platforms]).grown(2)
    out = [(one.layer, sides) for one in facts.inks if (sides := _over(one.ink, free))]
    told = ", ".join(f"{layer} ({sides})" for layer, sides in out)
    for_whom = ", ".join(p.label for p in facts.platforms) or "all platforms"
    return [
        Verdict("clear of the buttons", told or "yes", f"yes, of {for_whom}", not out, SAFE,
                "look with clipper render OUT --preview --show-safe, and move it in the template")
    ]  # fmt: skip


def contrast(facts: Facts) -> list[Verdict]:
    """Captions can be read, measured on the decoded pixels."""
    values = [(m.contrast, m.at) for m in facts.seen.moments if m.contrast is not None] if facts.seen else []
    if not values:
        return []
    least, (worst, at) = limit("contrast"), min(values)
    return [
        Verdict("contrast", f"{worst:.1f}:1" + (f" at {at:.1f} s" if worst < least.value else ""),
                f"at least {least.value:g}:1", worst >= least.value, least.source,
                "choose other colours under [look] in clipper.toml")
    ]  # fmt: skip


def as_drawn(facts: Facts) -> list[Verdict]:
    """Where words stand, the decoded picture is the one that the plan asks for."""
    moments = facts.seen.moments if facts.seen else ()
    if not moments:
        return []
    least, worst = limit("likeness"), min(moments, key=lambda m: m.likeness)
    good = worst.likeness >= least.value
    return [
        Verdict("words as planned", f"{min(worst.likeness, 99):.0f} dB" + ("" if good else f" at {worst.at:.1f} s"),
                f"at least {least.value:g} dB", good, least.source, "render it again: clipper render OUT")
    ]  # fmt: skip


def _over(ink: Box, box: Box) -> str:
    """By how much, and where, ink lies outside a box; "" where it does not."""
    sides = (
        ("left", box.left - ink.left),
        ("top", box.top - ink.top),
        ("right", ink.right - box.right),
        ("bottom", ink.bottom - box.bottom),
    )
    return ", ".join(f"{edge} {over} px" for edge, over in sides if over > 0)
