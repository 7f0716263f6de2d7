"""The page looks as it was looked at: pictures of its views, with tolerance. After a change that is meant:

CLIPPER_WRITE_GOLDEN=1 make test PYTEST_ARGS="-q tests/studio/test_golden.py"   # then look at tests/studio/golden
"""

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.studio.conftest import Running, Tab

FOLDER = Path(__file__).parent / "golden"
APART = 24  # of 255: from here on a softened pixel is another one
SHARE = 0.02  # of all pixels; a view with another font or without its strip has more than 0.06
# clips are drawn by the templates, which have goldens of their own
STILL = """() => { for (const el of document.querySelectorAll('.face img, .screen canvas, .looks img, .three img'))
    el.style.visibility = 'hidden'; }"""


@pytest.mark.parametrize(
    ("name", "view", "wishes"),
    [
        ("clips", "#/", {}),
        ("clips-dark", "#/", {"color_scheme": "dark"}),
        ("clips-narrow", "#/", {"viewport": {"width": 390, "height": 844}}),
        ("clip", "#/clip/c1", {}),
        ("clip-dark", "#/clip/c1", {"color_scheme": "dark"}),
        ("names", "#/names", {}),
    ],
)
def test_a_view_looks_as_it_was_looked_at(served: Running, tab: Callable[..., Tab], name: str, view: str, wishes: dict):
    it = tab(served, **{"viewport": {"width": 1280, "height": 860}, "reduced_motion": "reduce", **wishes})
    it.page.wait_for_selector(".clip-card")
    it.until("document.querySelector('.lane.voices') !== null")
    it.go(view)
    if "clip/" in view:
        it.page.wait_for_selector(".script .w.in")
        it.until("document.querySelector('.screen canvas').dataset.frame !== undefined")
    it.until("document.fonts.status === 'loaded'")
    it.page.wait_for_timeout(400)
    it.page.evaluate(STILL)
    picture = Image.open(io.BytesIO(it.page.screenshot())).convert("RGB")
    path = FOLDER / f"{name}.png"
    if os.environ.get("CLIPPER_WRITE_GOLDEN"):
        FOLDER.mkdir(exist_ok=True)
        picture.quantize(128).save(path, optimize=True)
    kept = Image.open(path).convert("RGB")
    assert kept.size == picture.size
    a, b = (np.asarray(p.filter(ImageFilter.GaussianBlur(2)), dtype=np.int16) for p in (kept, picture))
    share = float((np.abs(a - b).max(axis=2) > APART).mean())
    assert share < SHARE, f"{share:.3f} of the pixels are others"
