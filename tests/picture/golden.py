"""Small pictures of every template, kept to see what a change does to them.

    python -m tests.picture.golden --write    draws tests/picture/golden/*.png anew; look at them before you commit
    python -m tests.picture.golden --sheet F  all of them on one sheet

Which: every template in every shape, with plain words, and with short and long ones in Latin, Arabic, Japanese and
emoji.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clipper.picture import template
from clipper.picture.cover import open_cover
from clipper.picture.fonts import find
from clipper.picture.preview_sheet import frame, side_by_side
from clipper.picture.specimen import specimen

FOLDER = Path(__file__).parent / "golden"
COVER = Path(__file__).parents[2] / "assets" / "sample" / "cover.jpg"
WIDTHS = {"vertical": 162, "square": 216, "wide": 288}
COLOURS = 64  # of a kept picture's palette
SCRIPTS = ("arabic", "japanese", "emoji")


@dataclass(frozen=True, slots=True)
class Case:
    """One kept picture."""

    name: str
    shape: str
    text: str

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}-{self.shape}-{self.text}.png"

    def drawn(self) -> Image.Image:
        """As it looks now."""
        look = template.load(self.name)
        content = specimen(look, self.shape, open_cover(COVER), self.text)
        width = WIDTHS[self.shape]
        second = 0.25 if self.text.endswith("short") else 4.3
        picture, _ = frame(look, self.shape, content, second, scale=0.4)
        return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.BOX)


def cases() -> list[Case]:
    """All of them."""
    texts = ["plain", "short", "long", *(f"{script}-{length}" for script in SCRIPTS for length in ("short", "long"))]
    return [Case(name, shape, text) for name in template.names() for shape in template.FORMATS for text in texts]


def needs_a_font(case: Case) -> bool:
    """Whether the fonts that ship, or come with a package that is named, lack the words: the system's own differ."""
    found = find("町", 700, "ja") if case.text.startswith("japanese") else None
    return case.text.startswith("japanese") and (found is None or found.origin == "system")


def kept(picture: Image.Image) -> Image.Image:
    """With few colours, as it is stored."""
    return picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """Structural similarity of two pictures, 1 for alike; the worst of 3 x 3 fields, so that a lost word shows.

    Source: Z. Wang et al. 2004, by scikit-image.
    """
    from skimage.metrics import structural_similarity

    def grey(image: Image.Image) -> NDArray[np.float64]:
        return np.asarray(image.convert("L"), dtype=np.float64)

    _, whole = structural_similarity(grey(one), grey(other), data_range=255, full=True, gaussian_weights=True)
    rows = np.array_split(whole, 3, axis=0)
    return min(float(field.mean()) for row in rows for field in np.array_split(row, 3, axis=1))


def main() -> None:
    if "--write" in sys.argv:
        FOLDER.mkdir(exist_ok=True)
        wanted = {case.path for case in cases()}
        for old in set(FOLDER.glob("*.png")) - wanted:
            old.unlink()
        for case in cases():
            kept(case.drawn()).save(case.path, optimize=True)
    if "--sheet" in sys.argv:
        pictures = [Image.open(case.path).convert("RGB") for case in cases()]
        side_by_side([pictures[i : i + 9] for i in range(0, len(pictures), 9)]).save(sys.argv[-1])


if __name__ == "__main__":
    main()
