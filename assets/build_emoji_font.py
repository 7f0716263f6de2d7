"""An emoji font of layered outlines (COLR 0, CPAL 0) from flat SVG files that picosvg has made plain.

In: a folder of files emoji_uCODE_CODE.svg that hold filled paths only; out: a TTF. Not part of clipper: run by hand
when the emoji are renewed (see fonts/README.md). Needs fonttools.

    python assets/build_emoji_font.py FOLDER OUT.ttf
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.transform import Transform
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib.tables._g_l_y_f import Glyph
from PIL import ImageColor

UNITS, WIDTH, ASCENT, DESCENT = 1024, 1275, 950, -250  # as Noto Color Emoji's own
SIDE = 128  # of the pictures
ERROR = 2.0  # units by which a curve may be off: a fifth of a pixel at 100 pixels a letter
FAMILY = "Noto Color Emoji Flat"


def main(folder: Path, out: Path) -> None:
    scale = (ASCENT - DESCENT) / SIDE
    place = Transform(scale, 0, 0, -scale, (WIDTH - scale * SIDE) / 2, ASCENT)
    glyphs: dict[str, Glyph] = {".notdef": Glyph()}
    shapes: dict[str, str] = {}
    palette: dict[tuple[float, ...], int] = {}
    layers: dict[str, list[tuple[str, int]]] = {}
    names: dict[tuple[int, ...], str] = {}
    for path in sorted(folder.glob("emoji_u*.svg")):
        codes = tuple(int(code, 16) for code in path.stem.removeprefix("emoji_u").split("_"))
        name = "e" + "_".join(f"{code:X}" for code in codes)
        names[codes], glyphs[name] = name, Glyph()
        for outline, colour in read(path):
            if outline not in shapes:
                shapes[outline] = f"s{len(shapes)}"
                glyphs[shapes[outline]] = drawn(outline, place)
            if glyphs[shapes[outline]].numberOfContours:
                index = palette.setdefault(colour, len(palette))
                layers.setdefault(name, []).append((shapes[outline], index))
        glyphs[name] = frame([glyphs[shape] for shape, _ in layers.get(name, [])])
    for code in {code for codes in names for code in codes} - {codes[0] for codes in names if len(codes) == 1}:
        names[(code,)] = f"e{code:X}"
        glyphs[f"e{code:X}"] = Glyph()
    build(glyphs, layers, palette, names, out)


def read(path: Path) -> list[tuple[str, tuple[float, ...]]]:
    """The paths of a picture with their colours, red, green, blue and opacity from 0 to 1."""
    found = []
    root = ElementTree.parse(path).getroot()
    faint = {e: float(g.get("opacity", 1)) for g in root.iter() if g.tag.endswith("}g") for e in g.iter()}
    for element in root.iter():
        if element.tag.endswith("}path"):
            opacity = float(element.get("opacity", 1)) * faint.get(element, 1.0)
            red, green, blue = ImageColor.getrgb(element.get("fill", "#000"))[:3]
            # 32 levels of each: few enough colours to share, too near for an eye to tell apart
            rgb = [round(v / 255 * 31) / 31 for v in (red, green, blue)]
            outline = element.get("d", "")
            # a path may begin with a line, as picosvg leaves it
            found.append(("M" + outline[1:] if outline[:1] == "L" else outline, (*rgb, round(opacity * 20) / 20)))
    return found


def drawn(outline: str, place: Transform) -> Glyph:
    pen = TTGlyphPen(None)
    parse_path(outline, TransformPen(Cu2QuPen(pen, ERROR), place))
    glyph = pen.glyph()
    if glyph.numberOfContours:
        glyph.recalcBounds(None)
    return glyph


def frame(parts: list[Glyph]) -> Glyph:
    """A line without area across all layers: it draws nothing, but renderers measure a picture by its own outline."""
    pen = TTGlyphPen(None)
    if parts:
        pen.moveTo((min(p.xMin for p in parts), min(p.yMin for p in parts)))
        pen.lineTo((max(p.xMax for p in parts), max(p.yMax for p in parts)))
        pen.closePath()
    return pen.glyph()


def build(
    glyphs: dict[str, Glyph],
    layers: dict[str, list[tuple[str, int]]],
    palette: dict[tuple[float, ...], int],
    names: dict[tuple[int, ...], str],
    out: Path,
) -> None:
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({codes[0]: name for codes, name in names.items() if len(codes) == 1})
    builder.setupGlyf(glyphs)
    shown = {name: WIDTH for codes, name in names.items() if name in layers}
    builder.setupHorizontalMetrics({n: (shown.get(n, 0), getattr(g, "xMin", 0)) for n, g in glyphs.items()})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable(
        {
            "familyName": FAMILY,
            "styleName": "Regular",
            "copyright": "Copyright Google LLC. Gradients made flat for clipper.",
            "licenseDescription": "Apache License, Version 2.0",
            "licenseInfoURL": "https://www.apache.org/licenses/LICENSE-2.0",
        }
    )
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT)
    builder.setupPost(keepGlyphNames=False)
    builder.setupCPAL([list(palette)])
    builder.setupCOLR(layers, version=0)
    rules = [
        f"sub {' '.join(names[(code,)] for code in codes)} by {name};"
        for codes, name in sorted(names.items(), key=lambda item: -len(item[0]))
        if len(codes) > 1
    ]
    addOpenTypeFeaturesFromString(builder.font, "feature ccmp {\n" + "\n".join(rules) + "\n} ccmp;")
    builder.save(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
