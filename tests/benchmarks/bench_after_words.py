"""Everything after the transcript: what the sound tells, and the choice. Seconds and peak memory for three hours.

    make bench BENCH_ARGS="after_words"
    CLIPPER_BENCH_HOURS=1 make bench BENCH_ARGS=after_words

The episode is the sample's passages in a shuffled order, in stereo at 128 kbit/s, with the words that are known to be
said in them. Each step runs in a process of its own; processor seconds are of all its threads.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from clipper.media import run_ffmpeg
from tests.benchmarks.figures import Figure

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "assets" / "sample"

STEP = """
import json, sys, time
from pathlib import Path
begun, spent = time.perf_counter(), time.process_time()
from clipper.episode.page import read_page
from clipper.highlights.find import find
from clipper.sound.facts import listen
from clipper.speech.model import Transcript
folder, with_sound = Path(sys.argv[1]), sys.argv[2] == "sound"
transcript = Transcript.model_validate_json((folder / "words.json").read_text())
page = read_page((folder / "page.md").read_text())
facts = listen(folder / "long.mp3") if with_sound else None
heard = time.process_time()
found = find(transcript, page, sound=facts) if sys.argv[3] == "find" else None
import re
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps({
    "wall": time.perf_counter() - begun, "cpu": time.process_time() - spent, "choice": time.process_time() - heard,
    "mb": int(peak[1]) / 1024 if peak else 0, "clips": len(found.candidates) if found else 0,
}))
"""


def episode(folder: Path, hours: float) -> None:
    """page.md, long.mp3 and words.json, the transcript as it was spoken."""
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    audio = next(SAMPLE.glob("*.mp3"))
    sections = [s for s in truth["sections"] if s["kind"] == "speech" and s["end"] - s["start"] > 10]
    chance = random.Random(5)
    lines: list[str] = []
    words: list[dict[str, Any]] = []
    at = 0.0
    while at < hours * 3600:
        section = chance.choice(sections)
        start = section["start"] - 0.2
        lines += [f"file '{audio}'", f"inpoint {start:.3f}", f"outpoint {section['end'] + 0.2:.3f}"]
        for text, a, b, who, _ in truth["words"]:
            if section["start"] - 0.1 <= a < section["end"]:
                # a different number of taps each time, or the whole would pass for a recogniser's loop
                new = text if chance.random() > 0.2 else f"{text.rstrip('.,?!')}{chance.randrange(40)}{text[-1]}"
                words.append({"text": new, "start": at + a - start, "end": at + b - start, "speaker": who})
        at += section["end"] + 0.4 - section["start"]
    (folder / "list.txt").write_text("\n".join(lines))
    source = ["-f", "concat", "-safe", "0", "-i", str(folder / "list.txt")]
    done = run_ffmpeg(["-y", "-v", "error", *source, "-ac", "2", "-b:a", "128k", folder / "long.mp3"])
    if done.returncode:
        sys.exit(done.stderr.decode())
    (folder / "page.md").write_bytes(next(SAMPLE.glob("*.md")).read_bytes())
    transcript = {"language": "en", "duration": at, "words": words}
    (folder / "words.json").write_text(json.dumps(transcript), encoding="utf-8")


def step(folder: Path, *arguments: str) -> dict[str, float]:
    environment = {**os.environ, "CLIPPER_CACHE": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", STEP, str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def main() -> list[Figure]:
    figures: list[Figure] = []
    hours = float(os.environ.get("CLIPPER_BENCH_HOURS", "3"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        episode(folder, hours)
        print(f"{f'{hours:g} hours':>36}{'seconds':>10}{'processor s':>13}{'peak MB':>10}{'clips':>8}", flush=True)
        for title, arguments in (
            ("the words alone: the choice", ("words", "find")),
            ("what the sound tells", ("sound", "listen")),
            ("again, kept, and the choice with it", ("sound", "find")),
        ):
            a = step(folder, *arguments)
            print(f"{title:>36}{a['wall']:>10.1f}{a['cpu']:>13.1f}{a['mb']:>10.0f}{a['clips']:>8.0f}", flush=True)
            figures.append(Figure(f"{hours:g} hours: {title}", f"{a['wall']:.1f} s, {a['mb']:.0f} MB"))
        for kept in (folder / "cache").rglob("*.npz"):
            print(f"{'kept on disk':>36}{'':>23}{kept.stat().st_size / 1e6:>10.1f}")
            kept.unlink()
        a = step(folder, "sound", "find")
        print(f"{'all of it':>36}{a['wall']:>10.1f}{a['cpu']:>13.1f}{a['mb']:>10.0f}{a['clips']:>8.0f}", flush=True)
        figures.append(Figure(f"{hours:g} hours: all of it", f"{a['wall']:.1f} s, {a['mb']:.0f} MB"))
    return figures


if __name__ == "__main__":
    main()
