"""Whether two speakers' colours stay apart for every kind of colour vision, by simulation.

In: two colours; out: how far apart they are. Simulation and difference are coloraide's: Machado 2009 and Brettel 1997
for protan, deutan and tritan eyes, CIEDE2000 for the difference.
"""

from __future__ import annotations

from clipper.picture.palette import RGB

EYES = ("all colours", "protan", "deutan", "tritan")
ENOUGH = 10.0  # CIEDE2000; 2 to 3 can just be told apart side by side, 10 at a glance


def apart(one: RGB, other: RGB) -> dict[str, float]:
    """How far apart two colours are for each kind of eyes, in CIEDE2000."""
    from coloraide import Color

    def seen(colour: RGB, eyes: str) -> Color:
        color = Color("srgb", [v / 255 for v in colour])
        return color if eyes == EYES[0] else color.filter(eyes)

    return {eyes: float(seen(one, eyes).delta_e(seen(other, eyes), method="2000")) for eyes in EYES}


def told_apart(one: RGB, other: RGB) -> bool:
    """Whether everybody can tell two colours apart at a glance."""
    return min(apart(one, other).values()) >= ENOUGH
