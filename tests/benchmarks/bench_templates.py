"""Every shipped template against the quickest: the same 10 s of the sample, drawn and encoded in turn; medians.

    make bench BENCH_ARGS=templates
    CLIPPER_BENCH_ROUNDS=5 make bench BENCH_ARGS=templates

`share` is of the quickest template's frames a second (aim: none under 0.6), once by the clock and once by the processor
time of all cores, which a busy machine does not disturb. `drawing` is the processor time of the pictures alone.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

from clipper.export.encode import encode
from clipper.export.quality import quality
from clipper.picture import compose, template
from clipper.picture.captions import clip_words
from clipper.picture.content import Content
from clipper.picture.cover import open_cover
from clipper.picture.scene import Scene
from clipper.sound.cut import cut
from clipper.sound.envelope import levels
from clipper.span import Span
from clipper.speech.model import Word
from tests.benchmarks.figures import Figure

SAMPLE = Path(__file__).parents[2] / "assets" / "sample"
START, SECONDS, FPS = 60.0, 10.0, 30.0  # of the sample; both speak in it
AIM = 0.6


def scene_of(name: str) -> Scene:
    """Ten seconds of the sample in a shipped template, 1080x1920."""
    look, frames = template.load(name), round(SECONDS * FPS)
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["words"]
    said = [Word(text=w[0], start=w[1], end=w[2], speaker=w[3].title()) for w in truth]
    samples = cut(next(SAMPLE.glob("*.mp3")), Span(start=START, end=START + SECONDS))
    content = Content(
        cover=open_cover(SAMPLE / "cover.jpg"),
        headline="Every bell lies a little",
        show="Oddly Good Work",
        number="No. 42",
        groups=compose.captions(look, "vertical", clip_words(said, START, START + SECONDS), SECONDS, "en"),
        levels=levels(samples, FPS, frames, compose.MOST_BANDS),
    )
    return compose.scene(look, "vertical", content, frames=frames, fps=FPS)


def processor() -> float:
    """Seconds of processor time that this process and its children have taken."""
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def drawn(scene: Scene) -> float:
    """Processor seconds of all frames as planes, nothing encoded."""
    canvas, before = scene.planes(), processor()
    for number in range(scene.frames):
        canvas.show(number)
    return processor() - before


def main() -> list[Figure]:
    rounds = int(os.environ.get("CLIPPER_BENCH_ROUNDS", "3"))
    names = template.names()
    clock: dict[str, list[float]] = {name: [] for name in names}
    work: dict[str, list[float]] = {name: [] for name in names}
    drawing: dict[str, list[float]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for name in names:
                scene = scene_of(name)
                began, before = time.perf_counter(), processor()
                encode(scene, None, Path(folder) / f"{name}.mp4", quality("good"))
                clock[name].append(scene.frames / (time.perf_counter() - began))
                work[name].append(scene.frames / (processor() - before))
                drawing[name].append(drawn(scene))
    rate = {name: statistics.median(clock[name]) for name in names}
    per_work = {name: statistics.median(work[name]) for name in names}
    print(
        f"{'template':<12}{'frames/s':>9}{'share':>7}{'frames/CPU s':>14}{'share':>7}{'drawing, CPU s':>16}   aim {AIM}"
    )
    for name in names:
        share, by_work = rate[name] / max(rate.values()), per_work[name] / max(per_work.values())
        drew = statistics.median(drawing[name])
        print(f"{name:<12}{rate[name]:>9.0f}{share:>7.2f}{per_work[name]:>14.0f}{by_work:>7.2f}{drew:>16.2f}")
    return [
        Figure(
            name, f"{rate[name]:.0f} frames/s, {rate[name] / max(rate.values()):.2f} of the quickest",
            f"{AIM:g} of it" if rate[name] == min(rate.values()) else "",
        )
        for name in names
    ]  # fmt: skip


if __name__ == "__main__":
    main()
