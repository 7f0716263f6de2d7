"""Previews are the same drawing as the file."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from clipper.export.checks.look import container as facts
from clipper.export.preview import DRAFT_SCALE, contact_sheet, draft, frame_png
from tests.picture.scenes import spotlight, tone


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    return image


def test_a_frame_as_png_is_the_frame():
    scene = spotlight(1.0)
    assert np.array_equal(np.asarray(opened(frame_png(scene, 17))), scene.get_frame(17 / 30))
    assert np.array_equal(np.asarray(opened(frame_png(scene, 999))), scene.frame(29))
    assert opened(frame_png(scene, 3, width=90)).size == (90, 160)


def test_a_contact_sheet_shows_frames_from_first_to_last():
    scene = spotlight(2.0)
    sheet = np.asarray(opened(contact_sheet(scene, 5, columns=3, width=90)))
    assert sheet.shape == (2 * 168 + 8, 3 * 98 + 8, 3)
    first, last = sheet[8:168, 8:98], sheet[176:336, 106:196]
    for shown, number in ((first, 0), (last, scene.frames - 1)):
        small = Image.fromarray(scene.frame(number)).resize((90, 160), Image.Resampling.BOX)
        assert np.array_equal(shown, np.asarray(small))
    assert opened(contact_sheet(spotlight(0.05), 12)).size[0] > 0  # fewer frames than wanted


def test_a_draft_clip_is_half_as_large_and_whole(tmp_path: Path):
    scene = spotlight(2.0, scale=DRAFT_SCALE)
    draft(scene, tone(2.0), tmp_path / "draft.mp4")
    found = facts(tmp_path / "draft.mp4")
    assert (found.width, found.height, found.frames) == (540, 960, 60)
