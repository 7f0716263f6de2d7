"""Time and memory of one clip as it grows: 10, 60, 300 and 600 seconds, and 4K.

    make bench BENCH_ARGS=render_growth

Each row is a process of its own that draws and encodes the sample's sound, repeated, with its words. Memory is looked
at ten times a second: of the process, of ffmpeg, and of both together. "kept" hands over the finished samples, which
grow with the clip (23 MB a minute); "track" lets them go once they are encoded, as a file of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil

from clipper.export import track
from clipper.export.encode import encode
from clipper.export.quality import quality
from clipper.picture import compose, template
from clipper.picture.captions import clip_words
from clipper.picture.content import Content
from clipper.picture.cover import open_cover
from clipper.sound.decode import RATE, decode_window
from clipper.sound.envelope import levels
from clipper.span import Span
from tests.benchmarks.bench_render import FPS, ROOT, SAMPLE, words
from tests.benchmarks.figures import Figure

ROWS = (
    (10, 1.0, "kept"),
    (60, 1.0, "kept"),
    (300, 1.0, "kept"),
    (600, 1.0, "kept"),
    (600, 1.0, "track"),
    (10, 2.0, "kept"),
)


class Peaks:
    """The largest memory in MB of this process, of what it runs, and of both at once, while the block runs."""

    def __enter__(self) -> Peaks:
        self.own = self.child = self.both = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._done.wait(0.1):
            own, child = me.memory_info().rss / 1e6, 0.0
            for process in me.children():
                try:
                    if "ffmpeg" in process.name():  # not the moment in which it still is a copy of this process
                        child += process.memory_info().rss / 1e6
                except psutil.Error:
                    continue
            self.own, self.child = max(self.own, own), max(self.child, child)
            self.both = max(self.both, own + child)


def one(seconds: int, scale: float, sound: str) -> None:
    """Prints a row as JSON; what is measured begins with the finished sound."""
    piece = decode_window(next(SAMPLE.glob("*.mp3")), Span(start=60, end=90))
    samples = np.tile(piece, (-(-seconds // 30), 1))[: seconds * RATE]
    said = clip_words(words(), 60, 90)
    spoken = [
        w.model_copy(update={"start": w.start + t, "end": w.end + t})
        for t in range(0, seconds, 30)
        for w in said
        if w.end + t < seconds
    ]
    frames = round(seconds * FPS)
    look = template.load("spotlight")
    heights = levels(samples, FPS, frames, compose.MOST_BANDS)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, Peaks() as peaks:
        aac = None
        if sound == "track":
            aac = Path(folder, "a.aac")
            track.write(samples, aac, quality("good"))
            samples = samples[:0].copy()
            peaks.own = peaks.both = 0.0
        groups = compose.captions(look, "vertical", spoken, seconds)
        scene = compose.scene(
            look,
            "vertical",
            Content(
                cover=open_cover(SAMPLE / "cover.jpg"),
                headline="Every bell lies a little",
                show_line="Oddly Good Work · 42",
                groups=groups,
                levels=heights,
            ),
            frames=frames,
            fps=FPS,
            scale=scale,
        )
        laid = time.perf_counter() - began
        encode(scene, aac or samples, Path(folder, "a.mp4"), quality("good"))
        size = Path(folder, "a.mp4").stat().st_size
        took = time.perf_counter() - began
    width, height = scene.size
    memory = [peaks.own, peaks.child, peaks.both]
    print(json.dumps([f"{width}x{height}", sound, frames, laid, took, *memory, size * 8 / seconds / 1e6]))


def main() -> list[Figure]:
    figures: list[Figure] = []
    print(
        f"{'size':>10}{'s':>6}{'sound':>8}{'frames':>8}{'layout s':>10}{'all s':>8}{'ms/frame':>10}"
        f"{'python MB':>11}{'ffmpeg MB':>11}{'both MB':>9}{'Mbit/s':>8}"
    )
    for seconds, scale, sound in ROWS:
        command = [sys.executable, "-m", "tests.benchmarks.bench_render_growth", str(seconds), str(scale), sound]
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        size, sound, frames, laid, took, own, child, both, bits = json.loads(done.stdout)
        print(
            f"{size:>10}{seconds:>6}{sound:>8}{frames:>8}{laid:>10.1f}{took:>8.1f}{took / frames * 1000:>10.2f}"
            f"{own:>11.0f}{child:>11.0f}{both:>9.0f}{bits:>8.2f}",
            flush=True,
        )
        figures.append(
            Figure(
                f"{seconds} s at {size}, sound {sound}", f"{took / frames * 1000:.1f} ms a frame, {both:.0f} MB at most"
            )
        )
    return figures


if __name__ == "__main__":
    if len(sys.argv) > 3:
        one(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3])
    else:
        main()
