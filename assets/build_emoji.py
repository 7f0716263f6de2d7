"""Noto Emoji's pictures as SVG files in flat colours, from which nanoemoji makes a font of layered outlines.

In: the folder of the npm package @iconify-json/noto; out: a folder of SVG files named as nanoemoji wants them. Not part
of clipper: run by hand when the emoji are renewed (see fonts/README.md).

    python assets/build_emoji.py PACKAGE OUT
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

from PIL import ImageColor

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
LEFT_OUT = re.compile("1f1[ef][0-9a-f]|f[0-9a-f]{4}$|1f3f[b-f].*1f3f[b-f]")  # flags' letters, private use, two tones
STEPS = 100  # at which a gradient is read
Stop = tuple[float, tuple[float, ...], float]


def main(package: Path, out: Path) -> None:
    icons = json.loads((package / "icons.json").read_text(encoding="utf-8"))
    ElementTree.register_namespace("", SVG[1:-1])
    ElementTree.register_namespace("xlink", LINK[1:-5])
    out.mkdir(parents=True, exist_ok=True)
    for codes, name in json.loads((package / "chars.json").read_text(encoding="utf-8")).items():
        icon = icons["icons"].get(name)
        if icon is not None and not LEFT_OUT.search(codes):
            side = icon.get("width", icons["width"])
            root = ElementTree.fromstring(
                f'<svg xmlns="{SVG[1:-1]}" xmlns:xlink="{LINK[1:-5]}" viewBox="0 0 {side} {side}">{icon["body"]}</svg>'
            )
            flatten(root)
            path = out / f"emoji_u{codes.replace('-', '_')}.svg"
            ElementTree.ElementTree(root).write(path, encoding="utf-8")


def flatten(root: ElementTree.Element) -> None:
    """Gives each shape that is filled with a gradient the gradient's mean colour."""
    named = {e.get("id", ""): e for e in root.iter()}
    for element in root.iter():
        if element.tag == f"{SVG}use" and element.get("href"):
            element.set(LINK, element.attrib.pop("href"))
        for key in ("fill", "stroke"):
            link = re.match(r"url\(#(.+?)\)", element.get(key, ""))
            if link is None:
                continue
            gradient = named.get(link.group(1))
            colour, opacity = mean(gradient, named) if gradient is not None else ("none", 0.0)
            element.set(key, colour if opacity >= 0.02 else "none")
            if 0.02 <= opacity < 0.98:
                element.set(f"{key}-opacity", f"{opacity * float(element.get(f'{key}-opacity', 1)):.2f}")
    for parent in list(root.iter()):
        for child in [c for c in parent if "Gradient" in c.tag]:
            parent.remove(child)


def mean(gradient: ElementTree.Element, named: dict[str, ElementTree.Element]) -> tuple[str, float]:
    """Colour and opacity over the whole of a gradient, in linear light; a radial one's rim weighs more."""
    stops = sorted(stops_of(gradient, named))
    if not stops:
        return "none", 0.0
    total, covered, light = 0.0, 0.0, [0.0, 0.0, 0.0]
    for step in range(STEPS):
        at = (step + 0.5) / STEPS
        weight = 2 * at if "radial" in gradient.tag else 1.0
        colour, opacity = read(stops, at)
        total, covered = total + weight, covered + opacity * weight
        light = [sum_ + linear(c) * opacity * weight for sum_, c in zip(light, colour, strict=True)]
    if not covered:
        return "none", 0.0
    return "#" + "".join(f"{encoded(v / covered):02x}" for v in light), covered / total


def read(stops: list[Stop], at: float) -> tuple[tuple[float, ...], float]:
    before = max((s for s in stops if s[0] <= at), default=stops[0])
    after = min((s for s in stops if s[0] > at), default=stops[-1])
    part = (at - before[0]) / (after[0] - before[0]) if after[0] > before[0] and at > before[0] else 0.0
    colour = tuple(a + (b - a) * part for a, b in zip(before[1], after[1], strict=True))
    return colour, before[2] + (after[2] - before[2]) * part


def stops_of(gradient: ElementTree.Element, named: dict[str, ElementTree.Element]) -> list[Stop]:
    found = [e for e in gradient if e.tag == f"{SVG}stop"]
    other = (gradient.get(LINK) or gradient.get("href") or "").removeprefix("#")
    if not found and other in named:
        return stops_of(named[other], named)
    out = []
    for stop in found:
        style = dict(part.split(":", 1) for part in stop.get("style", "").split(";") if ":" in part)
        offset = stop.get("offset", "0")
        at = float(offset.rstrip("%")) / (100 if offset.endswith("%") else 1)
        colour = stop.get("stop-color") or style.get("stop-color") or "#000"
        opacity = float(stop.get("stop-opacity") or style.get("stop-opacity") or 1)
        out.append((min(1.0, max(0.0, at)), rgb(colour), opacity))
    return out


def rgb(colour: str) -> tuple[float, ...]:
    mixed = re.match(r"rgba\(([^)]*)\)", colour)
    if mixed:
        return tuple(float(v) for v in mixed.group(1).split(",")[:3])
    return tuple(float(v) for v in ImageColor.getrgb(colour)[:3])


def linear(value: float) -> float:
    value /= 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def encoded(value: float) -> int:
    return round(255 * (value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
