"""Hearing three hours: processor seconds and memory of each part, and whether memory grows. Takes half an hour.

    make bench BENCH_ARGS="long"
    CLIPPER_BENCH_HOURS=1 make bench BENCH_ARGS="long"

The episode is the sample's passages in a shuffled order (see bench_after_words). All parts run in one process, as in
`clipper find`; `MB` is what the process holds then, `peak` the most that it ever held.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.bench_after_words import ROOT, episode
from tests.benchmarks.figures import Figure

STEPS = """
import re, sys, time
from pathlib import Path
from clipper.batch.people import called, spelling_of, weights_folder, with_speakers
from clipper.episode.page import read_page
from clipper.show import Show
from clipper.speech.formats import read_transcript
from clipper.speech.matching import lay
from clipper.speech.spelled import as_written
from clipper.speech.transcribe import transcribe

folder, every = Path(sys.argv[1]), float(sys.argv[2]) * 60
audio, page = folder / "long.mp3", read_page((folder / "page.md").read_text())
spent = time.process_time()

def told(what):
    global spent
    rows = dict(re.findall(r"(VmRSS|VmHWM):\\s+(\\d+)", Path("/proc/self/status").read_text()))
    now = time.process_time()
    held, peak = (int(rows[name]) / 1024 for name in ("VmRSS", "VmHWM"))
    print(f"{what:>36}{now - spent:>14.1f}{held:>10.0f}{peak:>10.0f}", flush=True)
    spent = now

reached = [every]
def progress(stage, done, total, note=""):
    if stage == "transcribe" and done >= reached[0]:
        told(f"heard {done / 60:.0f} minutes")
        reached[0] += every

heard = transcribe(audio, language="en", offline=True, progress=progress)
told("heard all of it")
heard, voices = with_speakers(heard, audio, page)
told("who speaks")
rows = spelling_of(heard, Show(), page, weights_folder("base"))
called(as_written(heard, rows), page, Show(), voices)
told("names")
text = folder / "mine.txt"
text.write_text(" ".join(w.text for w in heard.words))
laid = lay(read_transcript(text), heard)
told(f"a text of {len(heard.words)} words laid on it")
"""


def main() -> list[Figure]:
    hours = float(os.environ.get("CLIPPER_BENCH_HOURS", "3"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        episode(folder, hours)
        print(f"{f'{hours:g} hours':>36}{'processor s':>14}{'MB':>10}{'peak':>10}", flush=True)
        environment = {**os.environ, "CLIPPER_CACHE": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", STEPS, str(folder), str(max(2.0, hours * 60 / 9))]
        figures = []
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
            for line in running.stdout or ():
                print(line, end="", flush=True)
                what, spent, held, peak = line.rsplit(maxsplit=3)
                figures.append(
                    Figure(
                        f"{hours:g} hours: {what.strip()}",
                        f"{spent} s of processor time, {held} MB, at most {peak} MB so far",
                        "under 1,500 MB",
                    )
                )
        if running.returncode:
            sys.exit(f"the long run ended with {running.returncode}")
        return figures


if __name__ == "__main__":
    main()
