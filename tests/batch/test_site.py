"""The page with all clips: whatever a title holds is text on it; it is searched and played in a real browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from clipper.batch.site import write_site
from clipper.errors import InputError
from tests.conftest import Clipper

NASTY = '"><script>document.title="owned"</script><img src=x onerror=alert(1)> \u202e\u0007'


def clip(folder: Path, number: int, title: str, words: str = "What a bell says") -> Path:
    place = folder / "clips" / f"{number:02d}-x"
    place.mkdir(parents=True)
    (place / "clip.json").write_text(json.dumps({"id": f"c{number}", "title": title, "start": 1.0, "end": 31.5}))
    (place / "square.mp4").write_bytes(b"video")
    (place / "cover.jpg").write_bytes(b"picture")
    (place / "captions.vtt").write_text(f"WEBVTT\n\n00:00.000 --> 00:02.000\n<v Aoife>{words}\n")
    (place / "alt.txt").write_text(title)
    (place / "post.txt").write_text(title)
    return place


def episode(root: Path, name: str, title: str, **facts: object) -> Path:
    folder = root / name
    folder.mkdir()
    (folder / "episode.json").write_text(json.dumps({"title": title, "show": "Bells", **facts}))
    return folder


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")], attrs
        self.links += [v for name, v in attrs if name in ("src", "href", "data-src") and v]


def test_every_clip_is_there_and_every_file_it_names(tmp_path: Path):
    clip(episode(tmp_path, "a", "First", date="2026-11-01", guests=["Aoife"]), 1, "One")
    clip(episode(tmp_path, "b", "Second", date="2026-11-30"), 1, "Two")
    path, count = write_site(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert count == 2
    assert text.index("Two") < text.index("One"), "the newest first"
    assert "<title>Bells</title>" in text
    assert "2 clips from 2 episodes" in text
    seen = Seen()
    seen.feed(text)
    local = [link for link in seen.links if link]
    assert local
    for link in local:
        assert (tmp_path / link).is_file(), link


def test_nothing_from_a_title_is_more_than_text(tmp_path: Path):
    clip(episode(tmp_path, "a", NASTY, guests=[NASTY], date=NASTY), 1, NASTY, NASTY)
    path, _ = write_site(tmp_path, NASTY)
    seen = Seen()
    text = path.read_text(encoding="utf-8")
    seen.feed(text)
    assert seen.tags.count("script") == 1
    assert seen.tags.count("img") == 1
    assert "default-src 'none'" in text
    assert not re.findall(r"(?:src|href)=\"(?:https?:|//|javascript:)", text), "nothing outside is named"


def test_a_damaged_manifest_or_caption_is_left_out(tmp_path: Path):
    folder = episode(tmp_path, "a", "First")
    clip(folder, 1, "One")
    (clip(folder, 2, "Two") / "clip.json").write_text("{")
    (clip(folder, 3, "Three") / "captions.vtt").write_bytes(b"\xff\xfe\x00")
    (folder / "episode.json").write_text("[]")
    assert write_site(tmp_path)[1] == 2


def test_a_folder_without_clips_is_told(tmp_path: Path, clipper: Clipper):
    with pytest.raises(InputError, match="no finished clips"):
        write_site(tmp_path)
    assert clipper("site", tmp_path / "none").code == 3


def test_searched_in_a_real_browser(tmp_path: Path):
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert browser is not None, "the browser is installed by .ci/run"
    folder = episode(tmp_path, "a", "First")
    clip(folder, 1, "About towers", "stairs and ropes")
    clip(folder, 2, "About clocks", "wheels and weights")
    path, _ = write_site(tmp_path)
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--dump-dom",
         f"--user-data-dir={tmp_path / 'profile'}", f"{path.as_uri()}#ropes"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    shown = re.findall(r"<article([^>]*)>", done.stdout)
    assert len(shown) == 2
    assert ["hidden" in one.replace("data-words", "") for one in shown].count(True) == 1
    assert "1 of 2 clips" in done.stdout
