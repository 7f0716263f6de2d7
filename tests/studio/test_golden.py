"""The page looks as it was looked at: pictures of its views, with tolerance. After a change that is meant:

CLIPPER_WRITE_GOLDEN=1 make test PYTEST_ARGS="-q tests/studio/test_golden.py"   # then look at tests/studio/golden
"""

import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.studio.conftest import Running, Tab

FOLDER = Path(__file__).parent / "golden"
APART = 24  # of 255: from here on a softened pixel is another one
PATIENCE = 20.0  # seconds; what comes later (a waveform, a look in three shapes) moves what is below it
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
    path = FOLDER / f"{name}.png"
    if os.environ.get("CLIPPER_WRITE_GOLDEN"):
        FOLDER.mkdir(exist_ok=True)
        it.page.wait_for_timeout(3000)
        seen(it).quantize(128).save(path, optimize=True)
    kept, share, late = Image.open(path).convert("RGB"), 1.0, time.monotonic() + PATIENCE
    while share >= SHARE and time.monotonic() < late:
        it.page.wait_for_timeout(400)
        share = apart(kept, seen(it))
    assert share < SHARE, f"{share:.3f} of the pixels are others"


def seen(it: Tab) -> Image.Image:
    it.page.evaluate(STILL)
    return Image.open(io.BytesIO(it.page.screenshot())).convert("RGB")


def apart(kept: Image.Image, picture: Image.Image) -> float:
    """The share of pixels that are others."""
    assert kept.size == picture.size
    a, b = (np.asarray(p.filter(ImageFilter.GaussianBlur(2)), dtype=np.int16) for p in (kept, picture))
    return float((np.abs(a - b).max(axis=2) > APART).mean())
