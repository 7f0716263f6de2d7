"""The renderer against what a user would run instead, in turn on this machine; medians and ratios.

    make bench BENCH_ARGS=render
    CLIPPER_BENCH_ROUNDS=5 CLIPPER_BENCH_SECONDS=40 make bench BENCH_ARGS=render

The other runs are those of ../shared/bench/render_baselines.py (an ffmpeg filter graph, naive moviepy, and `limit`: the
encoder alone, fed our finished frames from a file); without that script only our own rows are printed. Only runs of the
same round are compared with each other.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clipper.export.encode import encode
from clipper.export.encoders import threads
from clipper.export.quality import Quality, quality
from clipper.picture import compose, template
from clipper.picture.captions import clip_words
from clipper.picture.content import Content
from clipper.picture.cover import open_cover
from clipper.picture.scene import Scene
from clipper.plan.model import Clip
from clipper.sound.cut import cut
from clipper.sound.decode import Samples
from clipper.sound.envelope import levels
from clipper.span import Span
from clipper.speech.model import Transcript, Word
from tests.benchmarks.figures import Figure

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "assets" / "sample"
SCRIPT = ROOT.parent / "shared" / "bench" / "render_baselines.py"
START = 60.0
THREE = (60.0, 120.0, 200.0)  # where three clips begin
FPS = 30.0
NAIVE = 20.0  # seconds of the slowest run: it makes a dozen frames a second, whatever their number
# the filter graph's own settings, for the comparison with equal ones
VERYFAST = dataclasses.replace(
    quality("good"), preset="veryfast", qp=None, crf=20, params="", maxrate="99M", bufsize="99M"
)


def words() -> list[Word]:
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    return [Word(text=w[0], start=w[1], end=w[2]) for w in truth["words"]]


def scene_of(samples: Samples, seconds: float, scale: float = 1.0) -> Scene:
    """The sample's own clip in the shipped template, 1080x1920."""
    look = template.load("spotlight")
    frames = round(seconds * FPS)
    return compose.scene(
        look,
        "vertical",
        Content(
            cover=open_cover(SAMPLE / "cover.jpg"),
            headline="Every bell lies a little",
            show_line="Oddly Good Work · 42",
            groups=compose.captions(look, "vertical", clip_words(words(), START, START + seconds), seconds),
            levels=levels(samples, FPS, frames, compose.MOST_BANDS),
        ),
        frames=frames,
        fps=FPS,
        scale=scale,
    )


def drawn_and_encoded(samples: Samples, seconds: float, settings: Quality, path: Path) -> float:
    """Frames a second from the finished sound to the finished file, layout and still picture included."""
    began = time.perf_counter()
    scene = scene_of(samples, seconds)
    encode(scene, samples, path, settings)
    return scene.frames / (time.perf_counter() - began)


def encoded(samples: Samples, seconds: float, settings: Quality, path: Path) -> float:
    """Frames a second of drawing and encoding the picture: what is to be held against the encoder alone."""
    scene = scene_of(samples, seconds)
    began = time.perf_counter()
    encode(scene, None, path, settings)
    return scene.frames / (time.perf_counter() - began)


def planned(seconds: float, folder: Path, starts: tuple[float, ...] = (START,)) -> None:
    """OUT as `clipper find` leaves it, with clips of the sample picked."""
    from clipper.plan import store
    from clipper.plan.model import Plan
    from clipper.speech.formats import write_json

    said = tuple(words())
    transcript = Transcript(words=said, duration=said[-1].end, language="en")
    folder.mkdir(parents=True, exist_ok=True)
    write_json(transcript, folder / "transcript.json")
    spans = [Span(start=at, end=at + seconds) for at in starts]
    clips = tuple(
        Clip(id=f"c{n}", title=f"Every bell lies a little, {n}", span=span, proposed=span, picked=True)
        for n, span in enumerate(spans, 1)
    )
    audio, cover = str(next(SAMPLE.glob("*.mp3"))), str(SAMPLE / "cover.jpg")
    store.save(
        Plan(show="Oddly Good Work", number=42, audio=audio, cover=cover, formats=("vertical",), clips=clips), folder
    )


def whole(seconds: float, folder: Path, starts: tuple[float, ...] = (START,)) -> float:
    """Frames a second of `clipper render`: a new process that makes finished, levelled, checked clips."""
    planned(seconds, folder, starts)
    fresh = {**os.environ, "CLIPPER_CACHE": str(folder / "cache")}  # or the sound of an earlier round is taken
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "clipper", "render", str(folder)], capture_output=True, text=True, cwd=ROOT, env=fresh
    )
    if done.returncode not in (0, 5):  # 5: a check fell short, the clips are there
        sys.exit(done.stderr)
    return len(starts) * seconds * FPS / (time.perf_counter() - began)


def baseline(which: str, folder: Path, seconds: float, *more: str) -> float:
    """Frames a second that the script prints."""
    font = next((ROOT / "assets" / "fonts").rglob("*ExtraBold.*"))
    command = [sys.executable, str(SCRIPT), which, "--seconds", str(seconds), "--out", str(folder / f"{which}.mp4")]
    command += ["--audio", str(folder / "a.wav"), "--words", str(folder / "words.json")]
    command += ["--cover", str(SAMPLE / "cover.jpg"), "--font", str(font), *more]
    # moviepy leaves its temporary sound in the current folder
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    found = re.search(r": ([\d.]+) frames/s", done.stdout)
    assert found is not None, done.stdout + done.stderr
    return float(found.group(1))


def x264(settings: Quality) -> str:
    """Our own settings as the script's --x264 takes them."""
    rate = f"-qp {settings.qp}" if settings.qp is not None else f"-crf {settings.crf:g}"
    params = f"-x264-params {settings.params}" if settings.params else ""
    gop = round(settings.gop_seconds * FPS)
    return f"-preset {settings.preset} {rate} {params} -bf 0 -g {gop} -sc_threshold 0 -threads:v {threads()}"


def main() -> list[Figure]:
    rounds = int(os.environ.get("CLIPPER_BENCH_ROUNDS", "3"))
    seconds = float(os.environ.get("CLIPPER_BENCH_SECONDS", "40"))
    samples = cut(next(SAMPLE.glob("*.mp3")), Span(start=START, end=START + seconds))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = _rounds(rounds, seconds, samples, folder)
        return _print(rows)


def _rounds(rounds: int, seconds: float, samples: Samples, folder: Path) -> dict[str, list[float]]:
    from clipper.sound.wav import write_wav

    good = quality("good")
    write_wav(folder / "a.wav", samples)
    said = clip_words(words(), START, START + seconds)
    (folder / "words.json").write_text(json.dumps([[w.text, w.start, w.end] for w in said]))
    rows: dict[str, list[float]] = {}

    def add(name: str, value: float) -> None:
        rows.setdefault(name, []).append(value)
        print(f"  {name:<44}{value:8.1f} frames/s", flush=True)

    for number in range(rounds):
        print(f"round {number + 1}", flush=True)
        add("clipper, good: one clip, a new process", whole(seconds, folder / f"out{number}"))
        add("clipper, good: sound to file", drawn_and_encoded(samples, seconds, good, folder / "good.mp4"))
        if SCRIPT.is_file():
            add("ffmpeg filter graph (veryfast)", baseline("ffmpeg", folder, seconds))
            add("naive moviepy (veryfast)", baseline("moviepy", folder, min(seconds, NAIVE)))
        add("clipper, good: three clips, one run", whole(seconds, folder / f"three{number}", THREE))
        add("clipper, veryfast crf 20", drawn_and_encoded(samples, seconds, VERYFAST, folder / "veryfast.mp4"))
        add("clipper, good: draw and encode", encoded(samples, seconds, good, folder / "good.mp4"))
        if SCRIPT.is_file():
            clip = ("--clip", str(folder / "good.mp4"), "--x264", x264(good))
            add("limit: the encoder alone, good", baseline("limit", folder, seconds, *clip))
    return rows


def _print(rows: dict[str, list[float]]) -> list[Figure]:
    print(f"\n{'median of ' + str(len(next(iter(rows.values())))):<46}{'frames/s':>9}")
    for name, values in rows.items():
        print(f"{name:<46}{statistics.median(values):>9.1f}")
    figures = [Figure(name, f"{statistics.median(values):.0f} frames/s") for name, values in rows.items()]
    ratios = (
        ("one clip / filter graph", 0, "ffmpeg filter graph (veryfast)", 4.0),
        ("three clips / filter graph", "clipper, good: three clips, one run", "ffmpeg filter graph (veryfast)", 4.0),
        ("one clip / naive moviepy", 0, "naive moviepy (veryfast)", 12.0),
        ("sound to file / filter graph", 1, "ffmpeg filter graph (veryfast)", 4.0),
        ("sound to file / naive moviepy", 1, "naive moviepy (veryfast)", 12.0),
        ("veryfast on both sides / filter graph", "clipper, veryfast crf 20", "ffmpeg filter graph (veryfast)", 2.0),
        ("draw and encode / limit", "clipper, good: draw and encode", "limit: the encoder alone, good", 0.85),
    )
    print(f"\n{'ratio, median of rounds':<46}{'':>9}{'aim':>8}")
    names = list(rows)
    for title, one, other, aim in ratios:
        if other in rows:
            mine = rows[one if isinstance(one, str) else names[one]]
            value = statistics.median(a / b for a, b in zip(mine, rows[other], strict=True))
            print(f"{title:<46}{value:>9.2f}{aim:>8.2f}")
            figures.append(Figure(title, f"{value:.2f} times", f"{aim:g}"))
    return figures


if __name__ == "__main__":
    main()
