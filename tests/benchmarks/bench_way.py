"""The whole way, from a page and its audio to finished clips: seconds a stage, what bounds each, peak memory.

    make bench BENCH_ARGS="way"                      one hour: five clips in three shapes
    CLIPPER_BENCH_HOURS=3 make bench BENCH_ARGS=way  three hours; 0: the sample as it is

The hour is made from the sample: its sentences in a shuffled order, each turn a little quicker or slower, so that no
cache can help and no passage is a repetition, which would be offered once only. Memory is of clipper and the ffmpeg it
runs, sampled ten times a second. Stages overlap, so they may add up to more than the clock says.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipper.media import ffmpeg, probe_sound
from clipper.sound.decode import RATE, decode_window
from clipper.span import Span
from tests.benchmarks.figures import Figure
from tests.benchmarks.watched import watched

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "assets" / "sample"
PART = 12  # the aim: all of it in a twelfth of the audio's length, on two cores
BOUND = {
    "episode": "reading the page",
    "transcribe": "Whisper's matrices, all cores",
    "listen": "decoding and Fourier transforms, one core",
    "find": "Python and numpy, one core",
    "sound": "ffmpeg's AAC and loudness, beside the drawing",
    "render": "x264 and drawing, both cores",
    "check": "decoding keyframes, beside the drawing",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One `clipper make`: seconds a stage and in all, processor seconds, peak memory in MB, clips."""

    stages: dict[str, float]
    seconds: float
    processor: float
    peak: float
    clips: int


def long_episode(folder: Path, hours: float, seed: int = 5) -> Path:
    """A folder with a page and an MP3 of about `hours`, made from the sample's own sentences."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [ffmpeg(), "-y", "-v", "error", "-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0"]
    process = subprocess.Popen([*command, "-b:a", "64k", str(folder / "long.mp3")], stdin=subprocess.PIPE)
    assert process.stdin is not None
    seconds = 0.0
    for piece in _sentences(random.Random(seed)):
        process.stdin.write(piece.tobytes())
        seconds += len(piece) / RATE
        if seconds >= hours * 3600:
            break
    process.stdin.close()
    if process.wait():
        sys.exit("ffmpeg could not make the episode")
    (folder / "page.md").write_bytes(next(SAMPLE.glob("*.md")).read_bytes())
    (folder / "cover.jpg").write_bytes((SAMPLE / "cover.jpg").read_bytes())
    return folder


def _sentences(chance: random.Random) -> Iterator[NDArray[np.int16]]:
    """The sample's sentences without end, in a new order each time round, each at a pace of its own."""
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["words"]
    samples = decode_window(next(SAMPLE.glob("*.mp3")), Span(start=0, end=truth[-1][2] + 1)).mean(axis=1)
    edges, first = [], truth[0][1]
    for word, following in itertools.pairwise(truth):
        if word[0].rstrip("\"'”’").endswith((".", "?", "!")):
            edges.append((first, (word[2] + following[1]) / 2))
            first = (word[2] + following[1]) / 2
    while True:
        for start, end in chance.sample(edges, len(edges)):
            piece = samples[round(start * RATE) : round(end * RATE)]
            places = np.arange(0, len(piece) - 1, chance.uniform(0.93, 1.07))
            yield np.rint(np.interp(places, np.arange(len(piece)), piece) * 32000).astype(np.int16)


def run(arguments: list[str], cache: Path) -> Run:
    """One `clipper make --json` in a process of its own."""
    done = watched(["make", *arguments, "--offline", "--json"], cache)
    if done.code not in (0, 5):  # 5: a check fell short, the clips are there
        sys.exit(f"clipper ended with {done.code}")
    answer = json.loads(done.out)
    return Run(answer["seconds"], done.seconds, done.processor, done.peak, len(answer["clips"]))


def main() -> list[Figure]:
    hours = float(os.environ.get("CLIPPER_BENCH_HOURS", "1"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        episode = long_episode(folder / "long", hours) if hours > 0 else SAMPLE
        length = probe_sound(next(episode.glob("*.mp3"))).seconds or 0.0
        arguments = [str(episode), "-o", str(folder / "out"), "--count", "5"]
        print(f"{length:.0f} s of sound; five clips in three shapes wanted", flush=True)
        first = run(arguments, folder / "cache")
        print(f"\n{'stage':<14}{'seconds':>9}{'share':>8}   bounded by")
        for stage, seconds in first.stages.items():
            print(f"{stage:<14}{seconds:>9.1f}{seconds / first.seconds:>8.0%}   {BOUND.get(stage, '')}")
        cores = first.processor / first.seconds
        print(f"{'by the clock':<14}{first.seconds:>9.1f}{'':>11}{first.clips} clips, {cores:.2f} cores at work")
        print(f"{'aim':<14}{length / PART:>9.1f}{'':>11}1/{PART} of it; this was 1/{length / first.seconds:.1f}")
        print(f"{'peak memory':<14}{first.peak:>9.0f} MB", flush=True)
        again = run(arguments, folder / "cache")
        print(f"{'a second run':<14}{again.seconds:>9.1f}")
    stages = ", ".join(f"{stage} {seconds:.0f}" for stage, seconds in first.stages.items() if seconds >= 0.5)
    part = f"1/{length / first.seconds:.1f} of its length"
    return [
        Figure(f"{length:.0f} s of sound: five clips in three shapes", f"{first.seconds:.0f} s, {part}", f"1/{PART}"),
        Figure("of these, by stage (they overlap)", f"{stages} s"),
        Figure("peak memory, clipper and ffmpeg", f"{first.peak:.0f} MB"),
        Figure("the same again, nothing changed", f"{again.seconds:.1f} s"),
    ]


if __name__ == "__main__":
    main()
