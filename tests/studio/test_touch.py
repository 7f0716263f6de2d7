"""A phone: words are marked and borders pulled with a finger, and the page still scrolls."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clipper.plan import store
from tests.studio.conftest import Start, Tab
from tests.studio.test_plan import lines

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


class Finger:
    """One finger, as the browser's own touch emulation sends it."""

    def __init__(self, page: Any) -> None:
        self.page, self.devtools = page, page.context.new_cdp_session(page)
        self.at = (0.0, 0.0)

    def down(self, x: float, y: float) -> None:
        self._send("touchStart", x, y)

    def move(self, x: float, y: float, steps: int = 8) -> None:
        (a, b) = self.at
        for k in range(1, steps + 1):
            self._send("touchMove", a + (x - a) * k / steps, b + (y - b) * k / steps)
            time.sleep(0.02)

    def up(self) -> None:
        self.devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _send(self, kind: str, x: float, y: float) -> None:
        self.at = (x, y)
        self.devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})


@pytest.fixture
def phone(start: Start, out: Path, tab: Callable[..., Tab]) -> Iterator[Tab]:
    it = tab(start(out), **PHONE)
    it.page.wait_for_selector(".clip-card")
    it.go("#/clip/c1")
    it.page.wait_for_selector(".script .w.in")
    it.page.locator(".script").scroll_into_view_if_needed()
    yield it
    assert not it.faults


def middle(it: Tab, word: int) -> tuple[float, float]:
    box = it.page.locator(f".script [data-i='{word}']").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def rested(it: Tab) -> None:
    """Waits until a swipe has run out: a put scroll position would be carried on by what is left of it."""
    seen = [-1.0]
    end = time.monotonic() + 30
    while len(seen) < 8 or len(set(seen[-8:])) > 1:
        assert time.monotonic() < end, f"scrolls on and on: {seen[-8:]}"
        time.sleep(0.04)
        seen.append(it.page.evaluate("document.querySelector('.script').scrollTop"))


def test_words_are_marked_by_resting_on_one_and_borders_pulled_with_a_finger(phone: Tab, out: Path):
    page, finger = phone.page, Finger(phone.page)
    first = int(page.locator(".script .w.in").first.get_attribute("data-i"))
    # a tap goes there, a swipe scrolls and marks nothing
    finger.down(*middle(phone, first + 2))
    finger.up()
    phone.until(f"document.querySelector('.script .caret')?.dataset.i === '{first + 2}'")
    assert page.locator(".script .sel").count() == 0
    top = page.evaluate("document.querySelector('.script').scrollTop")
    x, y = middle(phone, first + 9)
    finger.down(x, y)
    finger.move(x, y - 120)
    finger.up()
    phone.until(f"document.querySelector('.script').scrollTop > {top} + 60")
    assert page.locator(".script .sel").count() == 0
    rested(phone)
    page.evaluate(f"document.querySelector('.script').scrollTop = {top}")
    phone.until(f"document.querySelector('.script').scrollTop === {top}")
    # a finger that rests marks, and drags on
    finger.down(*middle(phone, first + 4))
    phone.until("document.querySelector('.script').classList.contains('dragging')")
    finger.move(*middle(phone, first + 7))
    finger.up()
    assert page.locator(".script .sel").count() == 4
    assert page.evaluate("document.querySelector('.script').scrollTop") == top
    page.locator(".tools").get_by_role("button", name="Strike out").tap()
    phone.saved()
    assert "    drop:\n" in lines(out)
    page.locator("#undo").tap()
    phone.saved()
    assert "    drop:\n" not in lines(out)
    # a handle is pulled with the finger
    was = store.load(out).clips[0].span
    box = page.locator(".edge.start").bounding_box()
    finger.down(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    finger.move(*middle(phone, first + 12))
    finger.up()
    phone.saved()
    phone.until(f"document.querySelector('.script .w.in')?.dataset.i !== '{first}'")
    assert store.load(out).clips[0].span.start > was.start
    assert page.evaluate("document.querySelector('.script').scrollTop") == top
    page.locator("#undo").tap()
    phone.saved()
    assert store.load(out).clips[0].span == was
