"""Speakers, sound, more of one kind, cancelling, the API for people: each by a click, as it stands on disk then."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clipper.media import run_ffmpeg
from clipper.plan import store
from tests.conftest import ROOT
from tests.studio.conftest import Running, Start, Tab


def lines(out: Path) -> str:
    return store.plan_path(out).read_text(encoding="utf-8")


@pytest.fixture
def it(start: Start, out: Path, tab: Callable[..., Tab]) -> Iterator[Tab]:
    made = tab(start(out))
    made.page.wait_for_selector(".clip-card")
    yield made
    assert not made.faults


def test_a_speaker_gets_a_name_everywhere(it: Tab, out: Path):
    it.go("#/names")
    field = it.page.locator("input[data-key^='s-']").first
    field.wait_for()
    was = field.input_value()
    field.fill("Nell Ashdown")
    field.press("Tab")
    it.saved()
    assert "Nell Ashdown" in lines(out)
    it.page.locator("#undo").click()
    it.until("!document.querySelector(\"input[data-key^='s-']\").value.includes('Nell')")
    assert it.page.locator("input[data-key^='s-']").first.input_value() == was


def test_the_sound_is_measured_and_its_switches_are_saved(it: Tab, out: Path):
    it.go("#/clip/c1")
    sound = it.page.locator("#sound")
    sound.wait_for()
    it.until("/^Loudness -1[345]\\.\\d LUFS, wanted -14\\.0/.test(document.getElementById('loudness').textContent)", 60)
    box = sound.locator("input[data-key=tighten]")
    on = box.is_checked()
    box.click()
    it.saved()
    assert f"tighten: {str(not on).lower()}" in lines(out)
    sound.locator("input[data-key=high-pass]").check()
    it.saved()
    assert "high-pass" in lines(out)
    sound.get_by_role("button", name="4×").click()
    assert sound.get_by_role("button", name="4×").get_attribute("aria-pressed") == "true"
    for _ in range(2):
        it.page.locator("#undo").click()
        it.saved()
    assert "high-pass" not in lines(out)
    assert sound.locator("input[data-key=tighten]").is_checked() is on


def test_a_file_of_the_producers_becomes_the_clips_music_under_a_name_of_ours(it: Tab, out: Path, tmp_path: Path):
    bed = tmp_path / "..<b>bed.mp3"
    shutil.copy(ROOT / "assets" / "fonts" / "README.md", tmp_path / "not.mp3")
    assert run_ffmpeg(["-v", "error", "-f", "lavfi", "-i", "sine=220:d=6", bed]).returncode == 0
    it.go("#/clip/c1")
    field = it.page.locator("#sound input[type=file]").first
    field.set_input_files(str(bed))
    it.until("/^media\\/music-[0-9a-f]{10}\\.mp3$/.test(document.getElementById('music').value)")
    it.saved()
    kept = list((out / "media").iterdir())
    assert [p.read_bytes() for p in kept] == [bed.read_bytes()]
    assert f"music: media/{kept[0].name}" in lines(out)
    it.page.locator("#sound input[type=file]").first.set_input_files(str(tmp_path / "not.mp3"))
    it.page.locator(".toast", has_text="no sound file").wait_for()
    assert list((out / "media").iterdir()) == kept
    it.faults[:] = [f for f in it.faults if "422" not in f]
    it.page.get_by_role("button", name="Take out: Music").click()
    it.saved()
    assert "music:" not in lines(out)


def test_more_of_one_kind_are_looked_for(it: Tab, out: Path):
    count = lines(out).count("  - id: ")
    it.page.get_by_role("button", name="More like", exact=False).first.click()
    it.page.locator(".toast").wait_for(timeout=60_000)
    found = lines(out).count("  - id: ") - count
    assert it.page.locator(".clip-card").count() == count + found
    assert ("Nothing else" in it.page.locator(".toast").inner_text()) is (found == 0)


def test_rendering_is_cancelled_and_nothing_half_made_is_left(it: Tab, out: Path):
    it.go("#/clip/c1")
    it.page.locator("#render").click()
    stop = it.page.get_by_role("button", name="Cancel", exact=False).first
    stop.wait_for(timeout=30_000)
    stop.click()
    it.page.locator(".toast", has_text="Stopped").wait_for(timeout=30_000)
    assert not list((out / "clips").glob("*/*.mp4"))


def test_the_api_has_a_page_for_people(it: Tab, served: Running):
    page = it.page
    page.goto(page.evaluate("location.origin") + "/api")
    page.get_by_text("POST /api/edits").wait_for()
    assert page.get_by_role("heading", name="POST /api/look").count() == 1
    assert page.locator("#PlanAnswer").count() == 1
    with served.client(let_in=False) as stranger:
        assert stranger.get("/api").status_code == 401
