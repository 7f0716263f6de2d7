"""Writes the README's sheets of all templates: `make pictures`. Look at them at phone size before you commit.

templates.jpg: every template in every shape on the sample's cover; templates-covers.jpg: all of them on a dark, a
light and a garish one.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from clipper.picture import template
from clipper.picture.cover import open_cover
from clipper.picture.preview_sheet import MOMENT, frame, side_by_side
from clipper.picture.specimen import specimen
from clipper.picture.survey import trying_covers

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
HEIGHTS = {"vertical": 400, "square": 256, "wide": 190}  # pixels


def small(name: str, shape: str, cover: Image.Image) -> Image.Image:
    """One template in one shape."""
    look = template.load(name)
    picture, _ = frame(look, shape, specimen(look, shape, cover), MOMENT)
    height = HEIGHTS[shape]
    return picture.resize((round(picture.width * height / picture.height), height), Image.Resampling.LANCZOS)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    sample = open_cover(ROOT / "assets" / "sample" / "cover.jpg")
    rows = [[small(name, shape, sample) for shape in template.FORMATS] for name in template.names()]
    pairs = [rows[i] + (rows[i + 1] if i + 1 < len(rows) else []) for i in range(0, len(rows), 2)]
    side_by_side(pairs).save(FOLDER / "templates.jpg", quality=86)
    covers = trying_covers(900)
    rows = [[small(name, shape, cover) for name in template.names()] for shape in template.FORMATS for cover in covers]
    side_by_side(rows).save(FOLDER / "templates-covers.jpg", quality=84)


if __name__ == "__main__":
    main()
