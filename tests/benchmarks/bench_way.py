"""The whole way: seconds a stage and peak memory, for the sample and for three hours made from it.

    make bench BENCH_ARGS="way"                   both
    CLIPPER_BENCH_HOURS=1 make bench BENCH_ARGS=way

The long episode is the sample's passages in a shuffled order, each cut a little differently, so that no cache of
sentences can help. Memory is of clipper and the ffmpeg it runs, sampled ten times a second.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from clipper.media import probe_sound, run_ffmpeg

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "assets" / "sample"
STAGES = ("episode", "transcribe", "listen", "find", "sound", "render", "check")


def long_episode(folder: Path, hours: float) -> Path:
    """A folder with a page and an MP3 of about `hours`, made from the sample's own passages."""
    folder.mkdir(parents=True, exist_ok=True)
    audio = folder / "long.mp3"
    source = next(SAMPLE.glob("*.mp3"))
    sections = [s for s in json.loads((SAMPLE / "truth.json").read_text())["sections"] if s["kind"] != "music"]
    rng = random.Random(5)
    lines, seconds = [], 0.0
    while seconds < hours * 3600:
        section = rng.choice(sections)
        start = section["start"] + rng.uniform(0, 2)
        end = section["end"] - rng.uniform(0, 2)
        lines += [f"file '{source}'", f"inpoint {start:.3f}", f"outpoint {end:.3f}"]
        seconds += end - start
    (folder / "list.txt").write_text("\n".join(lines))
    done = run_ffmpeg(
        ["-y", "-v", "error", "-f", "concat", "-safe", "0", "-i", folder / "list.txt", "-b:a", "64k", audio]
    )
    if done.returncode:
        sys.exit(done.stderr.decode())
    (folder / "list.txt").unlink()
    page = next(SAMPLE.glob("*.md")).read_text(encoding="utf-8")
    (folder / "page.md").write_text(page, encoding="utf-8")
    (folder / "cover.jpg").write_bytes((SAMPLE / "cover.jpg").read_bytes())
    return folder


def run(arguments: list[str], cache: Path) -> tuple[dict[str, float], float, float]:
    """Seconds a stage, seconds in all and peak memory in MB of one `clipper make --json`."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "clipper", "make", *arguments, "--offline", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "CLIPPER_CACHE": str(cache), "PYTHONPATH": str(ROOT)},
    )
    peak = [0.0]

    def watch() -> None:
        root = psutil.Process(process.pid)
        while process.poll() is None:
            total = 0
            try:
                for one in (root, *root.children(recursive=True)):
                    total += one.memory_info().rss
            except psutil.NoSuchProcess:
                pass
            peak[0] = max(peak[0], total / 1e6)
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, _ = process.communicate()
    watcher.join()
    if process.returncode:
        sys.exit(f"clipper ended with {process.returncode}")
    return json.loads(out)["seconds"], time.perf_counter() - began, peak[0]


def main() -> None:
    hours = float(os.environ.get("CLIPPER_BENCH_HOURS", "3"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{'':>26}" + "".join(f"{s:>12}" for s in STAGES) + f"{'all':>10}{'peak MB':>10}", flush=True)
        episodes = [("sample", SAMPLE, folder / "cache-1")]
        if hours > 0:
            episodes.append((f"{hours:g} hours", long_episode(folder / "long", hours), folder / "cache-2"))
        for title, episode, cache in episodes:
            audio = next(episode.glob("*.mp3"))
            for part, count in (("heard, 0 clips", 0), ("then 5 clips", 5), ("again", 5)):
                arguments = [str(episode), "-o", str(folder / f"out-{title}"), "--count", str(count)]
                seconds, whole, peak = run(arguments, cache)
                row = "".join(f"{seconds[s]:>12.1f}" for s in STAGES)
                print(f"{title + ', ' + part:>26}{row}{whole:>10.1f}{peak:>10.0f}", flush=True)
            print(f"{'':>26}  ({probe_sound(audio).seconds or 0:.0f} s of sound)", flush=True)


if __name__ == "__main__":
    main()
