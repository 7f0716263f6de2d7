"""No template changes its looks unnoticed: `python -m tests.picture.golden --write` after a change that is meant."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from tests.picture.golden import FOLDER, Case, cases, kept, likeness, needs_a_font

ALIKE = 0.93


@pytest.mark.parametrize("case", cases(), ids=lambda c: c.path.stem)
def test_it_looks_as_it_did(case: Case) -> None:
    if needs_a_font(case):
        pytest.skip("no package with Japanese type is installed (docs: fonts)")
    assert case.path.exists(), "run: python -m tests.picture.golden --write"
    was = Image.open(case.path).convert("RGB")
    now = case.drawn()
    assert now.size == was.size
    found = likeness(kept(now).convert("RGB"), was)
    assert found > ALIKE, f"{found:.3f}: look at it, then: python -m tests.picture.golden --write"


def test_a_lost_word_or_another_place_would_be_noticed() -> None:
    case = Case("spotlight", "vertical", "plain")
    was = Image.open(case.path).convert("RGB")
    now = was.copy()
    width, height = now.size
    ground = now.getpixel((width // 8, height * 3 // 5))
    ImageDraw.Draw(now).rectangle((width * 0.2, height * 0.47, width * 0.8, height * 0.54), fill=ground)
    assert likeness(now, was) < ALIKE
    moved = Image.new("RGB", was.size)
    moved.paste(was, (3, 0))
    assert likeness(moved, was) < ALIKE


def test_they_stay_small() -> None:
    sizes = [path.stat().st_size for path in FOLDER.glob("*.png")]
    assert max(sizes) <= 30_000
    assert sum(sizes) <= 1_500_000
