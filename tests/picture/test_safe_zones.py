"""What is to be read in the vertical shape stays clear of every app's buttons, measured on the frames themselves."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from clipper.picture import compose, template
from clipper.picture.captions import Group
from clipper.picture.content import Content
from clipper.picture.geometry import place
from clipper.speech.model import Word

LOOK = template.load("spotlight")
# x 120 to 888, y 288 to 1248 of 1080 x 1920: the union of the platforms' zones, as of November 2026
LEFT, TOP, RIGHT, BOTTOM = 120, 288, 888, 1248
COVER = Image.new("RGB", (400, 400), (120, 40, 160))
SAID = {
    "short": "Oh.",
    "long": "Incomprehensibilities notwithstanding, Wagnerian WWWWWWWWWWWWWWWWWWWWWWWWW overwhelm us.",
    "accents": "ẾẾẾẾ ǺǺǺǺ ŶŶŶ ģģģ jĵjĵ ŷŷŷ Çççç ЙйЩщ ΰΪΐ ЇїЂђ",
    "plain": "We melted them down, and we made one small bell, and I tuned it exactly as badly as the old one.",
}  # fmt: skip
TITLES = {
    "short": "Oh",
    "long": "The town that paid forty-one thousand dollars to put the wrong note back into its only bell, and why " * 3,
    "accents": "ẾẾẾẾ ǺǺǺǺ ŶŶŶ ģģģ jĵjĵ Çççç ЙйЩщ",
    "plain": "Put the wrong note back",
}


def groups_of(text: str, shape: str) -> list[Group]:
    words = [Word(text=w, start=0.4 * i, end=0.4 * i + 0.38) for i, w in enumerate(text.split())]
    return compose.captions(LOOK, shape, words, 0.4 * len(words) + 0.5)


def frames_of(title: str, groups: list[Group], shape: str, scale: float, numbers: list[int]) -> list[np.ndarray]:
    scene = compose.scene(
        LOOK,
        shape,
        Content(COVER, title, show_line=title and "Oddly Good Work · No. 42", groups=groups, call=""),
        frames=900,
        scale=scale,
    )
    return [scene.frame(n).copy() for n in numbers]


def ink(frame: np.ndarray, empty: np.ndarray) -> tuple[int, int, int, int]:
    """Bounds of what text made clearly lighter, its soft shadow left out."""
    lighter = (frame.astype(int) - empty.astype(int)).max(axis=2) > 40
    rows, columns = np.flatnonzero(lighter.any(axis=1)), np.flatnonzero(lighter.any(axis=0))
    assert len(rows)
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize("kind", SAID)
def test_text_of_the_vertical_shape_is_in_the_safe_zone(kind: str) -> None:
    groups = groups_of(SAID[kind], "vertical")
    numbers = [0] + [round((g.start + g.end) / 2 * 30) for g in groups] + [round(g.starts[-1] * 30) + 2 for g in groups]
    empty = frames_of("", [], "vertical", 1.0, numbers)
    for frame, bare in zip(frames_of(TITLES[kind], groups, "vertical", 1.0, numbers), empty, strict=True):
        left, top, right, bottom = ink(frame, bare)
        assert left >= LEFT
        assert top >= TOP
        assert right <= RIGHT
        assert bottom <= BOTTOM


@pytest.mark.parametrize("shape", ["vertical", "square", "wide"])
@pytest.mark.parametrize("kind", ["long", "accents"])
def test_headline_and_show_line_stay_in_their_boxes(shape: str, kind: str) -> None:
    layout = LOOK.shape(shape)
    for scale in (1 / 3, 1.0):
        frame, empty = (frames_of(t, [], shape, scale, [30])[0] for t in (TITLES[kind], ""))
        changed = np.abs(frame.astype(int) - empty.astype(int)).max(axis=2) > 8
        size = (frame.shape[1], frame.shape[0])
        for part in (layout.named("headline"), layout.named("show")):
            box = place(part.box, size)
            assert changed[box.rows, box.columns].any()
            changed[box.rows, box.columns] = False
        assert not changed.any()


@pytest.mark.parametrize("shape", ["vertical", "square", "wide"])
def test_a_preview_looks_like_the_export(shape: str) -> None:
    """At a third of the size every block of text has the same extent: the same lines in the same type."""
    groups = groups_of(SAID["plain"], shape)
    layout = LOOK.shape(shape)
    extents = []
    for scale in (1 / 3, 1.0):
        frame = frames_of(TITLES["long"], groups, shape, scale, [0])[0]
        empty = frames_of("", [], shape, scale, [0])[0]
        size = (frame.shape[1], frame.shape[0])
        boxes = [
            place(part.box, size)
            for part in (layout.named("show"), layout.named("headline"), layout.captions)
            if part is not None
        ]
        extents.append(
            [[edge / scale for edge in ink(frame[b.rows, b.columns], empty[b.rows, b.columns])] for b in boxes]
        )
    assert np.abs(np.subtract(*extents)).max() <= 9  # three pixels of the small one


def test_the_first_frame_shows_the_headline_and_the_first_words() -> None:
    groups = groups_of(SAID["plain"], "vertical")
    frame, empty = (
        frames_of(TITLES["plain"], groups, "vertical", 0.5, [0])[0],
        frames_of("", [], "vertical", 0.5, [0])[0],
    )
    layout = LOOK.shape("vertical")
    for part in (layout.named("headline"), layout.named("show"), layout.captions):
        assert part is not None
        box = place(part.box, (540, 960))
        assert np.abs(frame[box.rows, box.columns].astype(int) - empty[box.rows, box.columns]).max() > 100
