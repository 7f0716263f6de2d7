"""The look of the show: seen at once, written to clipper.toml with its comments, taken back."""

import io
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from clipper.picture.template import load_look
from clipper.plan import store
from clipper.show import read_show
from tests.conftest import ROOT
from tests.studio.conftest import Client, Running, Start, Tab

MOST_HELD = 230e6  # bytes

SHOW = """# ours since 2019
[clips]
count = 4   # never more

[look.brand]
accent2 = "#00FFC8"  # the second one, from the logo
"""


@pytest.fixture
def show(out: Path, tmp_path: Path) -> Path:
    """The folder of a show with an episode of its own."""
    folder = tmp_path / "show"
    folder.mkdir()
    for path in (ROOT / "assets" / "sample").glob("*.*"):
        shutil.copy(path, folder)
    plan = store.plan_path(out)
    plan.write_text(plan.read_text(encoding="utf-8").replace(str(ROOT / "assets" / "sample"), str(folder)))
    return folder


@pytest.fixture
def at(show: Path, start: Start, out: Path) -> Client:
    (show / "clipper.toml").write_text(SHOW)
    return start(out).client()


def frame(at: Client) -> np.ndarray:
    data = at.get("/api/clips/c1/frame", params={"at": 5, "size": "small", "png": True}).content
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int)


def near(picture: np.ndarray, colour: tuple[int, int, int]) -> int:
    """Pixels of about that colour."""
    return int((abs(picture - np.array(colour)).max(-1) < 40).sum())


def test_a_colour_is_seen_at_once_and_stands_in_the_file_with_its_comments(at: Client, show: Path):
    file = show / "clipper.toml"
    before = frame(at)
    assert at.post("/api/look", json={"key": "brand.accent2", "value": "#FF00AA", "was": "#00FFC8"}).status_code == 200
    after = frame(at)
    assert near(after, (255, 0, 170)) > near(before, (255, 0, 170)) + 50
    assert file.read_text() == SHOW.replace("#00FFC8", "#FF00AA")
    seen = {c["role"]: (c["own"], c["seen"]) for c in at.get("/api/clips/c1/look").json()["colours"]}
    assert (seen["accent2"], seen["text"]) == (("#FF00AA", "#FF00AA"), (None, "#FFFFFF"))
    assert at.plan()["undo"] == {"what": "show-look", "clip": ""}
    assert at.post("/api/undo", json={}).json()["redo"]["what"] == "show-look"
    assert file.read_text() == SHOW
    assert np.array_equal(frame(at), before)
    assert at.post("/api/redo", json={}).status_code == 200
    assert np.array_equal(frame(at), after)


def test_what_an_editor_changed_meanwhile_stays(at: Client, show: Path):
    file = show / "clipper.toml"
    at.post("/api/look", json={"key": "brand.accent", "value": "#FF00AA", "was": None})
    file.write_text(file.read_text().replace("#FF00AA", "#123456"))
    refused = at.post("/api/look", json={"key": "brand.accent", "value": "#FFFFFF", "was": "#FF00AA"})
    assert refused.status_code == 409
    assert at.post("/api/undo", json={}).status_code == 409
    assert read_show(file).look["brand"]["accent"] == "#123456"
    assert at.post("/api/undo", json={"force": True}).status_code == 200
    assert "accent" not in read_show(file).look["brand"]
    file.write_text("[look\n")
    broken = at.post("/api/look", json={"key": "captions", "value": "pop", "was": None})
    assert (broken.status_code, file.read_text()) == (422, "[look\n")


@pytest.mark.parametrize(
    ("key", "value"), [("brand.accent", "red"), ("captions", "loud"), ("brand.accent", '#000000"\n[x]'), ("x", "1")]
)
def test_what_is_no_colour_and_no_style_is_refused(at: Client, show: Path, key: str, value: str):
    assert at.post("/api/look", json={"key": key, "value": value, "was": None}).status_code in (404, 422)
    assert (show / "clipper.toml").read_text() == SHOW


def test_one_style_holds_for_the_captions_of_every_template(at: Client, show: Path):
    assert at.post("/api/look", json={"key": "captions", "value": "classic", "was": None}).status_code == 200
    told = at.get("/api/clips/c1/look").json()
    assert (told["captions"], told["style"]) == ("classic", "classic")
    for name in ("spotlight", "duo", "kinetic"):
        template = load_look(read_show(show / "clipper.toml").look, show, name)
        assert {c.style for c in template.vertical.layers if c.kind == "captions"} == {"classic"}


def test_a_colour_that_cannot_be_read_is_told_on_the_page(show: Path, start: Start, out: Path, tab: Callable[..., Tab]):
    one = start(out)
    it = tab(one)
    page = it.page
    it.go("#/look")
    page.get_by_role("radio", name="editorial").click()
    it.saved()
    field = page.get_by_label("Colour text #RRGGBB")
    field.wait_for()
    before = page.locator(".three img").first.get_attribute("src")
    field.fill("#F4F0E8")
    field.press("Enter")
    page.locator(".note.warn", has_text="text").first.wait_for()
    assert "4.5:1 can be read" in page.locator(".note.warn").first.inner_text()
    it.until("[...document.querySelectorAll('.three img')].every((i) => i.complete && i.naturalWidth)")
    assert page.locator(".three img").first.get_attribute("src") != before
    assert read_show(show / "clipper.toml").look == {"brand": {"text": "#F4F0E8"}}
    page.get_by_label("Style of captions").select_option("classic")
    it.saved()
    assert read_show(show / "clipper.toml").look["captions"] == "classic"
    page.locator("#look-hook").fill("Rung by nobody")
    page.locator("#look-hook").press("Tab")
    it.saved()
    assert "Rung by nobody" in store.plan_path(out).read_text()
    page.locator("#undo").click()
    page.locator("#undo").click()
    page.locator("#undo").click()
    page.locator(".note.warn").first.wait_for(state="detached")
    assert "brand" not in read_show(show / "clipper.toml").look or not read_show(show / "clipper.toml").look["brand"]
    assert not it.faults


def test_what_was_looked_at_does_not_stay_in_memory(served: Running):
    at = served.client()
    looks = [t["name"] for t in at.get("/api/session").json()["templates"]]
    server = psutil.Process(served.process.pid)
    for name in looks * 2:
        for shape in ("vertical", "square", "wide"):
            wishes = {"at": 5, "shape": shape, "template": name, "size": "preview"}
            assert at.get("/api/clips/c1/frame", params=wishes).status_code == 200
    most = held = server.memory_full_info().uss
    end = time.monotonic() + 10
    while held > MOST_HELD and time.monotonic() < end:
        time.sleep(0.2)
        held = server.memory_full_info().uss
    print(f"{most / 1e6:.0f} MB, then {held / 1e6:.0f} MB")
    assert held <= MOST_HELD
