"""Writes the README's pictures of the studio from out/: part of `make pictures`. Look at them before you commit."""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
# name, view, colours, width and height
WANTED = [
    ("studio-clips", "#/", "light", (1280, 900)),
    ("studio-clip", "#/clip/c1", "light", (1280, 900)),
    ("studio-dark", "#/clip/c2", "dark", (1280, 900)),
    ("studio-look", "#/look", "light", (1280, 900)),
    ("studio-phone", "#/clip/c1", "light", (390, 844)),
]


def main() -> None:
    path = shutil.which("chromium")
    if path is None:
        sys.exit("chromium is needed for the studio's pictures")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        out = Path(shutil.copytree(ROOT / "out", Path(name, "out"), ignore=shutil.ignore_patterns(".studio", "packs")))
        process = subprocess.Popen(
            [sys.executable, "-m", "clipper", "studio", str(out), "--no-open"], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            page = browser.new_page()
            page.goto(found[0])
            state = page.context.storage_state()
            for title, view, colours, size in WANTED:
                context = browser.new_context(
                    storage_state=state, color_scheme=colours, viewport={"width": size[0], "height": size[1]},
                    locale="en-GB", reduced_motion="reduce",
                )  # fmt: skip
                one = context.new_page()
                one.goto(found[0].split("?")[0] + view)
                drawn(one)
                if "clip/" in view:
                    talking(one)
                shot = Path(name, "shot.png")
                one.screenshot(path=shot)
                Image.open(shot).convert("RGB").save(FOLDER / f"{title}.jpg", quality=85)
                context.close()
        finally:
            browser.close()
            process.terminate()
            process.wait()


def talking(page: Page) -> None:
    """Goes on to where somebody talks: a clip's first frame has no sound yet."""
    page.evaluate("""() => { const at = document.querySelector('.transport input'); at.value = 6.4;
        at.dispatchEvent(new Event('input')); }""")
    end = time.monotonic() + 20
    while page.evaluate("document.querySelector('.screen canvas').dataset.frame") != "192" and time.monotonic() < end:
        time.sleep(0.1)


def drawn(page: Page) -> None:
    """Waits until all that is in sight is there."""
    end = time.monotonic() + 60
    ready = """() => [...document.images].filter((i) => i.getBoundingClientRect().top < innerHeight)
            .every((i) => i.complete && i.naturalWidth)
        && [...document.querySelectorAll('.screen canvas')].every((c) => c.dataset.frame)
        && !document.querySelector('[aria-busy]') && document.querySelector('main')?.children.length > 1"""
    while not page.evaluate(ready) and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(0.6)


if __name__ == "__main__":
    main()
