"""Draw the sample episode's cover: a tilted bell, five rings for its five notes, one of them off.

    python make_cover.py FONT_FOLDER [--out FOLDER]

In: a folder with LeagueSpartan-ExtraBold.otf and LeagueSpartan-SemiBold.otf (League Spartan, SIL Open
Font License; not part of this project).  Out: cover.jpg, 1400 x 1400, in FOLDER (the folder above by default).
Needs Pillow and numpy.
Everything is drawn at SCALE times the size and brought down once, so that every edge is smooth.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont

SIDE, SCALE = 1400, 3
TEAL, DEEP, TINT = "#0f4a52", "#0b3a41", "#155a62"
ORANGE, RUST, CREAM, YELLOW, CORAL = "#f28c38", "#d96a26", "#fbf1dc", "#f9c34a", "#ef6351"
Point = tuple[float, float]
CENTRE, TILT, SIZE = (996.0, 938.0), 16.0, 1.06  # the bell's place, degrees, and size
RINGS = (340, 435, 530, 625, 720)  # radii
OFF = 3  # the ring that is off, and by how much
SHIFT = (-26, 20)
# half a bell from crown to lip, as cubic curves from (0, -330): control, control, end
HALF = (
    ((60, -330), (118, -300), (132, -215)),
    ((150, -95), (160, 20), (232, 118)),
    ((262, 158), (284, 178), (290, 214)),
)


def curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    """Forty points of a cubic Bezier curve."""
    t = np.linspace(0, 1, 40)[:, None]
    p = (1 - t) ** 3 * np.array(a) + 3 * (1 - t) ** 2 * t * np.array(b)
    p = p + 3 * (1 - t) * t**2 * np.array(c) + t**3 * np.array(d)
    return [(float(x), float(y)) for x, y in p]


def turned(points: list[Point]) -> list[Point]:
    """Points about the bell's own centre, tilted and put where the bell is, in drawing pixels."""
    c, s = np.cos(np.radians(TILT)), np.sin(np.radians(TILT))
    return [
        (SCALE * (CENTRE[0] + SIZE * (c * x - s * y)), SCALE * (CENTRE[1] + SIZE * (s * x + c * y))) for x, y in points
    ]


def oval(x: float, y: float, rx: float, ry: float) -> list[Point]:
    return [(x + rx * float(np.cos(t)), y + ry * float(np.sin(t))) for t in np.linspace(0, 2 * np.pi, 120)]


def rings(draw: ImageDraw.ImageDraw) -> None:
    for i, radius in reversed(list(enumerate(RINGS))):
        off = i == OFF
        x, y = (CENTRE[0] + (SHIFT[0] if off else 0), CENTRE[1] + (SHIFT[1] if off else 0))
        box = [SCALE * v for v in (x - radius, y - radius, x + radius, y + radius)]
        draw.ellipse(box, outline=CORAL if off else TINT, width=SCALE * (16 if off else 22))
    sun = [SCALE * v for v in (CENTRE[0] - 262, CENTRE[1] - 262, CENTRE[0] + 262, CENTRE[1] + 262)]
    draw.ellipse(sun, fill=YELLOW)


def bell(image: Image.Image) -> None:
    """The bell, flat, its right side in shade, two cream bands, mouth and clapper below."""
    half: list[Point] = []
    start: Point = (0.0, -330.0)
    for b, c, d in HALF:
        half += curve(start, b, c, d)
        start = d
    body = half + [(-x, y) for x, y in reversed(half)]
    draw = ImageDraw.Draw(image)
    yoke = [
        (-150, -392),
        (150, -392),
        (150, -352),
        (46, -352),
        (40, -318),
        (-40, -318),
        (-46, -352),
        (-150, -352),
    ]
    draw.polygon(turned([(float(x), float(y)) for x, y in yoke]), fill=CREAM)
    draw.polygon(turned(oval(34, 268, 62, 62)), fill=CORAL)  # the clapper hangs to the low side
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).polygon(turned(body), fill=255)
    ImageDraw.Draw(mask).polygon(turned(oval(0, 214, 290, 46)), fill=255)
    flat = Image.new("RGB", image.size, ORANGE)
    paint = ImageDraw.Draw(flat)
    shade = [*curve((36, -340), (62, -120), (40, 60), (110, 290)), (420, 290), (420, -340)]
    paint.polygon(turned(shade), fill=RUST)
    for y, thick in ((-196, 12), (60, 10), (92, 10)):
        bow = curve((-300, y - 16), (-100, y + 26), (100, y + 26), (300, y - 16))
        paint.polygon(turned(bow + [(x, v + thick) for x, v in reversed(bow)]), fill=CREAM)
    image.paste(flat, mask=mask)
    mouth = Image.new("L", image.size)
    ImageDraw.Draw(mouth).polygon(turned(oval(0, 218, 262, 31)), fill=255)
    image.paste(Image.new("RGB", image.size, DEEP), mask=mouth)
    low = Image.new("L", image.size)
    ImageDraw.Draw(low).polygon(turned(oval(34, 268, 62, 62)), fill=255)
    below = Image.new("L", image.size)
    ImageDraw.Draw(below).polygon(turned([*oval(0, 218, 262, 31)[:60], (-262, 480), (262, 480)]), fill=255)
    image.paste(Image.new("RGB", image.size, CORAL), mask=ImageChops.multiply(low, ImageChops.lighter(mouth, below)))


def text(draw: ImageDraw.ImageDraw, fonts: Path) -> None:
    big = ImageFont.truetype(fonts / "LeagueSpartan-ExtraBold.otf", 258 * SCALE)
    for line, word in enumerate(("ODDLY", "GOOD", "WORK")):
        draw.text((80 * SCALE, (262 + 216 * line) * SCALE), word, CREAM, big, anchor="ls")
    small = ImageFont.truetype(fonts / "LeagueSpartan-SemiBold.otf", 50 * SCALE)
    draw.text((84 * SCALE, 1270 * SCALE), "No. 42", YELLOW, small, anchor="ls")
    draw.text((84 * SCALE, 1332 * SCALE), "The bell tuner", CREAM, small, anchor="ls")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("fonts", type=Path)
    ask.add_argument("--out", type=Path, default=Path(__file__).parent.parent)
    a = ask.parse_args()
    image = Image.new("RGB", (SIDE * SCALE, SIDE * SCALE), TEAL)
    rings(ImageDraw.Draw(image))
    bell(image)
    text(ImageDraw.Draw(image), a.fonts)
    image = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    image.save(a.out / "cover.jpg", quality=90, optimize=True, progressive=True, subsampling=0)


if __name__ == "__main__":
    main()
