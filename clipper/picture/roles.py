"""A template's colours by role, for one cover.

In: a template's roles, a cover; out: a `Palette`. The cover's tones are found by k-means in OKLab; what is taken from
them keeps their hue and gets the lightness that its use needs.
Sources: OKLab, B. Ottosson 2020; k-means++ seeding, Arthur and Vassilvitskii 2007.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import cos, degrees, hypot, radians, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipper.picture.kept import Kept
from clipper.picture.palette import FALLBACK_ACCENT, RGB, contrast, from_oklab, luminance, oklab, on, parse
from clipper.picture.template.names import DEFAULT_COLOURS, DERIVED

_SIDE = 64  # pixels of the reduced cover
_TONES = 7
_GREY = 0.035  # chroma below which a tone counts as grey
_LIVELY = 0.082  # least chroma of the second accent
_APART = 55.0  # degrees of hue between the two accents
# lightness and the range of chroma of what is taken from the cover's main tone
_FIELDS = {
    "cover-dark": (0.255, 0.0, 0.055),
    "cover-mid": (0.43, 0.05, 0.125),
    "cover-light": (0.905, 0.0, 0.045),
    "cover-ink": (0.19, 0.0, 0.02),
    "cover-paper": (0.962, 0.0, 0.018),
}


_taken: Kept[Mapping[str, RGB]] = Kept(4)  # by cover: k-means takes longer than the rest of a frame


@dataclass(frozen=True, slots=True)
class Tones:
    """The tones of a cover: OKLab, shape (n, 3), and the share of the picture that each has; the largest first."""

    lab: NDArray[np.float64]
    share: NDArray[np.float64]

    @property
    def chroma(self) -> NDArray[np.float64]:
        return np.hypot(self.lab[:, 1], self.lab[:, 2])


def tones(cover: Image.Image) -> Tones:
    """Up to seven tones by k-means; the same picture gives the same tones."""
    small = cover.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    points = oklab(np.asarray(small, dtype=np.float64).reshape(-1, 3) / 255)
    rng = np.random.default_rng(11)
    centres = points[rng.integers(len(points))][None]
    for _ in range(_TONES - 1):
        away = ((points[:, None] - centres) ** 2).sum(-1).min(1)
        if away.max() < 1e-5:
            break
        centres = np.vstack([centres, points[rng.choice(len(points), p=away / away.sum())]])
    for _ in range(12):
        nearest = ((points[:, None] - centres) ** 2).sum(-1).argmin(1)
        centres = np.array([points[nearest == i].mean(0) if (nearest == i).any() else c for i, c in enumerate(centres)])
    share = np.bincount(nearest, minlength=len(centres)) / len(points)
    order = np.argsort(-share, kind="stable")
    return Tones(centres[order], share[order])


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours for a template's roles on one cover.

    Attributes:
        roles: as the template gives them.
        brand: the roles that are the show's own.
        taken: what was taken from the cover, by its name.
        settled: colours that were changed so that they can be read where they stand, by role.
    """

    roles: Mapping[str, str]
    brand: frozenset[str]
    taken: Mapping[str, RGB]
    settled: dict[str, RGB] = field(default_factory=dict)

    def rgba(self, role: str) -> tuple[int, int, int, int]:
        """Red, green, blue, alpha of a role, of "on-ROLE" or of "#RRGGBB"."""
        if role in self.settled:
            return (*self.settled[role], self.rgba_as_given(role)[3])
        return self.rgba_as_given(role)

    def rgb(self, role: str) -> RGB:
        return self.rgba(role)[:3]

    def rgba_as_given(self, role: str) -> tuple[int, int, int, int]:
        if role.startswith("#"):
            return parse(role)
        if role in self.taken:
            return (*self.taken[role], 255)
        value = self.roles.get(role) or DEFAULT_COLOURS.get(role, "")
        if not value and role.startswith("on-"):
            return (*on(self.rgb(role.removeprefix("on-"))), 255)
        below = self.rgba(value)
        return below

    def source(self, role: str) -> str:
        """What a role comes from in the end: "#RRGGBB", one of the cover's names, or "on-..."."""
        while not role.startswith("#") and role not in DERIVED:
            value = self.roles.get(role) or DEFAULT_COLOURS.get(role, "")
            if not value:
                return role
            role = value
        return role

    def is_brand(self, role: str) -> bool:
        """Whether a role's colour is the show's own."""
        while role not in self.brand:
            value = self.roles.get(role) or DEFAULT_COLOURS.get(role, "")
            if not value or value.startswith("#"):
                return False
            role = value
        return True


def palette(colours: Mapping[str, str], brand: frozenset[str], cover: Image.Image) -> Palette:
    """The colours of a template on a cover."""
    return Palette(colours, brand, _taken.get("taken", (cover,), lambda: taken(tones(cover))))


def taken(found: Tones) -> dict[str, RGB]:
    """What `clipper.picture.template.names.DERIVED` names, from the tones of a cover."""
    first = _liveliest(found)
    second = _second(found, first)
    main = _main(found)
    out: dict[str, RGB] = {"cover": _rgb(first), "cover-second": _rgb(second)}
    for name, (light, least, most) in {**_FIELDS, "cover-second-deep": (0.40, 0.04, 0.085)}.items():
        tone = main
        if name == "cover-second-deep":  # whichever accent is further from the first field
            tone = max(first, second, key=lambda lab: _between(_hue(lab), _hue(main)))
        elif name == "cover-paper":
            tone = _paper(found)
        chroma = hypot(tone[1], tone[2])
        grey = chroma < _GREY and name != "cover-paper"
        wanted = min(chroma, least) if grey else min(most, max(least, chroma))
        scale = wanted / chroma if chroma > 1e-6 else 0.0
        out[name] = _rgb((light, tone[1] * scale, tone[2] * scale))
    return out


def _liveliest(found: Tones) -> tuple[float, float, float]:
    weight = found.chroma * np.sqrt(found.share) * (0.4 + found.lab[:, 0])
    best = int(np.argmax(weight))
    if found.chroma[best] < 0.04:
        red, green, blue = oklab(np.array([FALLBACK_ACCENT]) / 255.0)[0]
        return float(red), float(green), float(blue)
    light, a, b = (float(v) for v in found.lab[best])
    return light, a, b


def _second(found: Tones, first: tuple[float, float, float]) -> tuple[float, float, float]:
    """Another lively tone of the cover; where it has none, one a third of the colour circle away."""
    hue = _hue(first)
    apart = np.array([_between(_hue(tuple(lab)), hue) for lab in found.lab])
    weight = found.chroma**1.5 * found.share**0.25 * (apart >= _APART) * (found.chroma > _GREY)
    if weight.max() > 0:
        light, a, b = (float(v) for v in found.lab[int(np.argmax(weight))])
        # a dull tone is a ground, not an accent
        lively = max(1.0, _LIVELY / hypot(a, b))
        a, b, light = a * lively, b * lively, max(light, 0.62)
        # lighter or darker than the first as well: hue alone is lost to some eyes
        if abs(light - first[0]) < 0.12:
            light = first[0] + 0.16 if first[0] < 0.72 else first[0] - 0.16
        return light, a, b
    across = radians(hue + 120)
    chroma = min(_LIVELY, max(0.06, 0.8 * hypot(first[1], first[2])))
    return (0.86 if first[0] < 0.76 else 0.66), chroma * cos(across), chroma * sin(across)


def _main(found: Tones) -> tuple[float, float, float]:
    """The tone that the cover is remembered by: large, and of a hue if any large one has one."""
    weight = found.share**0.6 * (0.015 + found.chroma)
    best = int(np.argmax(weight))
    if found.chroma[best] < _GREY:  # a grey cover: its fields take a trace of its one colour
        lively = int(np.argmax(found.chroma * np.sqrt(found.share)))
        if found.chroma[lively] >= _GREY:
            tint = 1.3 * _GREY / found.chroma[lively]
            return float(found.lab[best, 0]), float(found.lab[lively, 1] * tint), float(found.lab[lively, 2] * tint)
    light, a, b = (float(v) for v in found.lab[best])
    return light, a, b


def _paper(found: Tones) -> tuple[float, float, float]:
    """The tone of the cover's own white, if it has one; else a warm one."""
    white = (found.lab[:, 0] > 0.86) & (found.share > 0.01) & (found.chroma < 0.09)
    if white.any():
        light, a, b = (float(v) for v in found.lab[int(np.argmax(white * found.share))])
        return light, a, b
    return 0.97, 0.002, 0.012


def _hue(lab: tuple[float, ...]) -> float:
    return degrees(float(np.arctan2(lab[2], lab[1])))


def _between(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


def _rgb(lab: tuple[float, float, float]) -> RGB:
    """The nearest colour that a screen can show: chroma gives way, hue and lightness stay."""
    light, a, b = lab
    for share in np.linspace(1, 0, 21):
        candidate = np.array([[light, a * share, b * share]])
        rgb = from_oklab(candidate)
        if np.abs(oklab(rgb) - candidate).max() < 0.006:
            break
    red, green, blue = (round(float(v) * 255) for v in rgb[0])
    return red, green, blue


def readable(colour: RGB, low: float, high: float, least: float) -> RGB | None:
    """`colour`, lighter or darker by as little as it takes to stand out from luminances between `low` and `high`.

    Returns:
        None where neither white nor black would reach the contrast ratio `least`.
    """
    if reads(colour, low, high, least):
        return colour
    light, a, b = (float(v) for v in oklab(np.array([colour]) / 255.0)[0])
    for step in range(1, 51):
        for moved in (light + step * 0.02, light - step * 0.02):
            if 0 <= moved <= 1.02:
                # a colour near white or black has little room for chroma
                candidate = _rgb((min(1.0, moved), a, b))
                if reads(candidate, low, high, least):
                    return candidate
    return next((c for c in ((255, 255, 255), (0, 0, 0)) if reads(c, low, high, least)), None)


def lighter(colour: RGB, by: float) -> RGB:
    """A colour of the same hue, its OKLab lightness moved by `by`."""
    light, a, b = (float(v) for v in oklab(np.array([colour]) / 255.0)[0])
    return _rgb((min(1.0, max(0.0, light + by)), a, b))


def reads(colour: RGB, low: float, high: float, least: float) -> bool:
    """Whether a colour stands out from everything between two luminances."""
    own = luminance(colour)
    return (own + 0.05) / (high + 0.05) >= least or (low + 0.05) / (own + 0.05) >= least


__all__ = ["Palette", "Tones", "contrast", "palette", "readable", "reads", "taken", "tones"]
