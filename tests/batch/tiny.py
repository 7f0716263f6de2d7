"""Tiny episodes for tests of many: some seconds of the sample's real speech, with the words that are said in them.

The words come as plain text, so nothing is recognised; everything else is real.
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

from clipper.media import ffmpeg
from tests.conftest import SAMPLE

STARTS = (29.0, 120.0, 160.0, 200.0, 240.0)
SECONDS = 20.0
# one shape in draft quality and one short clip: a second of work
QUICK = ("--count", 1, "--min", 4, "--max", 12, "--quality", "draft", "--formats", "square", "--size", "360x360",
         "--language", "en", "--offline")  # fmt: skip


@cache
def words(start: float) -> str:
    """What is said from `start` on."""
    rows = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["words"]
    return " ".join(row[0] for row in rows if start <= row[1] and row[2] <= start + SECONDS)


def episode(folder: Path, number: int, title: str | None = None) -> Path:
    """A page with its sound and words beside it: NAME.md, NAME.mp3, NAME.txt; gives the page."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"ep{number}"
    start = STARTS[number % len(STARTS)]
    source = next(SAMPLE.glob("*.mp3"))
    cut = ["-ss", str(start), "-t", str(SECONDS), "-i", str(source), "-ac", "1", "-c:a", "libmp3lame", "-q:a", "6"]
    if number >= len(STARTS):  # other bytes, so another episode
        cut += ["-af", f"volume={1 - number / 1000:.3f}"]
    subprocess.run([ffmpeg(), "-v", "error", "-y", *cut, str(folder / f"{name}.mp3")], check=True)
    (folder / f"{name}.txt").write_text(words(start) + "\n", encoding="utf-8")
    page = folder / f"{name}.md"
    page.write_text(f"# {title or f'Episode {number}'}\n\nA talk about bells.\n", encoding="utf-8")
    return page


def table(folder: Path, count: int) -> Path:
    """A CSV of `count` tiny episodes in `folder`."""
    pages = [episode(folder, number) for number in range(count)]
    path = folder / "episodes.csv"
    path.write_text(
        "episode,transcript\n" + "".join(f"{p.name},{p.with_suffix('.txt').name}\n" for p in pages), encoding="utf-8"
    )
    return path


def results(out: Path) -> dict[str, bytes]:
    """Every finished file below a folder but batch.json, whose seconds differ, by its relative name."""
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in sorted(out.rglob("*"))
        if p.is_file() and p.name != "batch.json"
    }
