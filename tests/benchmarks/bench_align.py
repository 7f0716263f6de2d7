"""A person's text laid on the sound, in several languages: how much of it is found, and where its words then begin.

    make bench BENCH_ARGS="align"
    .venv/bin/python -m tests.benchmarks.bench_align FOLDER    # also made voices: NAME_fr.wav with NAME_fr.json

Readings by people are taken from ../shared/sample where that is there. When their words are said nobody knows; but a
sentence begins where sound sets in after a pause, so how far its first word lies from the nearest such place tells.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from clipper.speech.audio import blocks
from clipper.speech.formats import read_transcript
from clipper.speech.hearing import FRAME, listen
from clipper.speech.matching import Laid, lay
from clipper.speech.model import Transcript, Word
from clipper.speech.transcribe import transcribe
from tests.benchmarks.figures import Figure

PEOPLE = Path(__file__).parents[3] / "shared" / "sample" / "people"
READINGS = (("librivox_de_aeneas", "de"), ("librivox_es_aeneas", "es"), ("baudelaire_fr", "fr"))
PAUSE = 0.25  # seconds of silence before a place at which a sentence may begin
STOPS = (".", "?", "!", "…", ":", ";")


def begins(path: Path) -> np.ndarray:
    """Seconds at which sound sets in after a pause."""
    sound = listen(np.concatenate(list(blocks(path))).astype(np.float32) / 32768)
    before = np.concatenate([[-1e9], sound.offsets[:-1]])
    return np.asarray(sound.onsets[(sound.onsets - before) * FRAME >= PAUSE] * FRAME)


def first_words(words: Sequence[Word]) -> list[float]:
    return [w.start for before, w in pairwise(words) if before.text.endswith(STOPS)]


def told(name: str, laid: Laid, apart: Sequence[float], seconds: float) -> Figure:
    size = np.abs(apart) * 1000
    print(
        f"{name:28s}{len(laid.transcript.words):7d}{laid.share:8.0%}{len(size):9d}{np.median(size):9.0f}"
        f"{np.percentile(size, 90):8.0f}{np.mean(size <= 100):10.0%}{seconds:9.2f}",
        flush=True,
    )
    return Figure(
        f"{name}: a text of {len(laid.transcript.words)} words laid on the sound",
        f"{laid.share:.0%} heard; of {len(size)} starts median {np.median(size):.0f} ms off, "
        f"{np.mean(size <= 100):.0%} within 100 ms",
    )


def main() -> list[Figure]:
    figures = []
    print(
        f"{'':28s}{'words':>7s}{'heard':>8s}{'measured':>9s}{'median':>9s}{'p90':>8s}{'<=100 ms':>10s}{'laid in s':>9s}"
    )
    for name, language in READINGS:
        audio, text = PEOPLE / f"{name}.mp3", PEOPLE / f"{name}.txt"
        if not audio.is_file():
            continue
        heard = transcribe(audio, language=language, offline=True)
        began = time.process_time()
        laid = lay(read_transcript(text), heard)
        spent = time.process_time() - began
        places = begins(audio)
        near = [s - places[np.argmin(np.abs(places - s))] for s in first_words(laid.transcript.words)]
        figures.append(told(name, laid, near, spent))
    for path in sorted(Path(sys.argv[1]).glob("*_??.json")) if len(sys.argv) > 1 else ():
        rows = json.loads(path.read_text(encoding="utf-8"))["words"]
        given = Transcript(timing="none", words=tuple(Word(text=w[0], start=0, end=0) for w in rows))
        heard = transcribe(path.with_suffix(".wav"), language=path.stem[-2:], offline=True)
        began = time.process_time()
        laid = lay(given, heard)
        spent = time.process_time() - began
        if len(laid.transcript.words) == len(rows):
            pairs = zip(laid.transcript.words, rows, strict=True)
            told(path.stem, laid, [w.start - row[1] for w, row in pairs if row[4]], spent)
        else:
            print(f"{path.stem:28s}{len(laid.transcript.words)} of {len(rows)} words laid")
    return figures


if __name__ == "__main__":
    main()
