"""How good the words are: edges, speakers, names, and what each costs beside recognition. Prints tables.

    make bench BENCH_ARGS="words"
    .venv/bin/python -m tests.benchmarks.bench_words FOLDER     # also talks of known voices: NAME.wav with NAME.json

The AMI excerpts, the telephone call and the Dutch talk are read from ../shared/sample where that is there. CPU seconds,
since a wall clock tells of the neighbours.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from clipper.batch.people import weights_folder
from clipper.speech import voiceprint
from clipper.speech.audio import blocks
from clipper.speech.edges import refined
from clipper.speech.engines import open_engine
from clipper.speech.engines.base import RATE, Engine
from clipper.speech.hearing import listen
from clipper.speech.holes import transcribe_whole
from clipper.speech.limits import limits
from clipper.speech.model import Word
from clipper.speech.repairs import repaired
from clipper.speech.speakers import who_speaks
from clipper.speech.stretches import stretches
from clipper.speech.transcribe import moved
from clipper.speech.voices import NOBODY, voices_in
from clipper.speech.weights import find_weights
from clipper.speech.words import words_of
from tests.benchmarks.figures import Figure
from tests.speech.conftest import word_errors
from tests.words.der import Turn, error_rate, turns_of
from tests.words.marked import count, rows

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "assets" / "sample"
PEOPLE = ROOT.parent / "shared" / "sample" / "people"
FAR = 2.5  # seconds: further apart two equal words are not the same one

Row = tuple[str, float, float, str, bool]


@dataclass
class Heard:
    """One file: the engine's words, the refined ones, and the CPU seconds of each part."""

    raw: list[Word] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    who: tuple[str | None, ...] = ()
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)


def hear(path: Path, engine: Engine, language: str = "en") -> Heard:
    """As `transcribe` does it, each part timed, nothing kept."""
    out = Heard(cpu=dict.fromkeys(("cut", "engine", "edges", "voices"), 0.0))
    voices = NOBODY
    began = time.process_time()

    def spent(part: str) -> None:
        nonlocal began
        now = time.process_time()
        out.cpu[part] += now - began
        began = now

    for stretch in stretches(blocks(path)):
        spent("cut")
        offset, end = stretch.first / RATE, stretch.last / RATE
        sound = listen(stretch.samples)
        spent("edges")
        found = transcribe_whole(
            engine, stretch.samples, stretch.windows, language=language, hints=(), heard=lambda n: None, sound=sound
        )
        passages = [moved(p, offset, w.last / RATE) for p, w in zip(found, stretch.windows, strict=True)]
        raw = list(words_of(passages, language, end))
        spent("engine")
        words = repaired(refined(raw, sound, offset), sound, offset)
        spent("edges")
        if words and voiceprint.available():
            voices += voices_in(words, stretch.samples, offset, len(out.words))
        spent("voices")
        out.raw += raw
        out.words += words
        out.seconds = end
    out.who = who_speaks(out.words, voices).ids
    spent("voices")
    return out


def key(text: str) -> str:
    return re.sub(r"[^\w]", "", text.casefold())


def apart(truth: Sequence[Row], words: Sequence[Word], exact: bool) -> list[float]:
    """Seconds by which words begin too late, of those that were heard."""
    matcher = SequenceMatcher(None, [key(r[0]) for r in truth], [key(w.text) for w in words], autojunk=False)
    pairs = [(truth[b.a + k], words[b.b + k]) for b in matcher.get_matching_blocks() for k in range(b.size)]
    return [w.start - r[1] for r, w in pairs if (r[4] or not exact) and abs(w.start - r[1]) < FAR]


def whose(truth: Sequence[Row], heard: Heard) -> float:
    """Share of the words heard right that are said by whom the truth says, each voice being whom it mostly is."""
    words = heard.words
    matcher = SequenceMatcher(None, [key(r[0]) for r in truth], [key(w.text) for w in words], autojunk=False)
    pairs = Counter(
        (heard.who[b.b + k], truth[b.a + k][3]) for b in matcher.get_matching_blocks() for k in range(b.size)
    )
    best = Counter({one: max(n for (a, _), n in pairs.items() if a == one) for one in {a for a, _ in pairs}})
    return sum(best.values()) / max(1, sum(pairs.values()))


def told(name: str, values: Sequence[float]) -> None:
    if not values:
        return
    size = np.abs(values) * 1000
    print(
        f"{name:34s}{len(size):6d}{np.median(size):9.0f}{np.percentile(size, 90):8.0f}{np.percentile(size, 95):8.0f}"
        f"{np.mean(size <= 100):10.0%}{np.mean(np.array(values) < -0.066):10.0%}",
        flush=True,
    )


def talks(folder: Path | None) -> dict[str, tuple[Path, list[Row], list[Turn]]]:
    """Sounds with their truth: name -> file, words, turns."""
    found = {}
    (audio,) = SAMPLE.glob("*.mp3")
    truths = [("sample", audio, json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8")))]
    if folder is not None:
        truths += [
            (p.stem, p.with_suffix(".wav"), json.loads(p.read_text(encoding="utf-8")))
            for p in sorted(folder.glob("*.json"))
            if p.with_suffix(".wav").is_file()
        ]
    for name, path, truth in truths:
        found[name] = (path, [tuple(w) for w in truth["words"]], [tuple(t) for t in truth["turns"]])
    for path in sorted(PEOPLE.glob("ami_*.flac")):
        words = json.loads(path.with_suffix(".words.json").read_text(encoding="utf-8"))
        who = json.loads(path.with_suffix(".speakers.json").read_text(encoding="utf-8"))
        rows_ = [(w[0], w[1], w[2], s, False) for w, s in zip(words, who, strict=True)]
        found[path.stem] = (path, rows_, turns_of([(r[1], r[2], r[3]) for r in rows_]))
    if (PEOPLE / "call_40_stereo.flac").is_file():
        found["call_40"] = (PEOPLE / "call_40_stereo.flac", [], sides(PEOPLE / "call_40_stereo.flac"))
    if (PEOPLE / "dutch_duo_nl.flac").is_file():
        found["dutch_duo_nl"] = (PEOPLE / "dutch_duo_nl.flac", [], [])  # two people, but not when
    return found  # type: ignore[return-value]


def sides(path: Path) -> list[Turn]:
    """Turns of a call that has a person on each channel: where the voice detector hears each of them."""
    from faster_whisper import decode_audio
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(min_silence_duration_ms=500, speech_pad_ms=50)
    return [
        (s["start"] / RATE, s["end"] / RATE, who)
        for who, samples in zip(("left", "right"), decode_audio(str(path), split_stereo=True), strict=True)
        for s in get_speech_timestamps(samples, options)
    ]


def main() -> list[Figure]:
    figures: list[Figure] = []
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    engine = open_engine("faster-whisper", find_weights("base", offline=True))
    everything = {
        name: (hear(path, engine, "nl" if name.endswith("_nl") else "en"), *truth)
        for name, (path, *truth) in talks(folder).items()
    }
    print(
        f"\n{'start of words':34s}{'words':>6s}{'median':>9s}{'p90':>8s}{'p95':>8s}{'<=100 ms':>10s}{'early':>10s} (ms)"
    )
    groups = {"sample": ["sample"], "other voices": [], "AMI": []}
    for name in everything:
        if name != "sample" and everything[name][1]:
            groups["AMI" if name.startswith("ami") else "other voices"].append(name)
    for group, names in groups.items():
        exact = group != "AMI"
        for label, field_ in (("engine alone", "raw"), ("refined", "words")):
            values = [v for n in names for v in apart(everything[n][1], getattr(everything[n][0], field_), exact)]
            told(f"{group}{', after a silence' if exact else ''}: {label}", values)
            if values:
                size = np.abs(values) * 1000
                where = f"{group}: start of {len(size)} words{', after a silence' if exact else ''}, {label}"
                figures.append(Figure(where, f"median {np.median(size):.0f} ms, p95 {np.percentile(size, 95):.0f} ms"))
    print(f"\n{'who speaks':34s}{'voices':>8s}{'found':>8s}{'DER':>8s}{'words':>8s}{'WER':>8s}")
    for name, (heard, truth, turns) in everything.items():
        # a turn of a talk holds the pauses between its sentences, one of a meeting does not
        gap = 0.5 if name.startswith(("ami", "call")) else 1.5
        guess = turns_of([(w.start, w.end, s) for w, s in zip(heard.words, heard.who, strict=True)], gap)
        wer = word_errors(" ".join(r[0] for r in truth), " ".join(w.text for w in heard.words))
        if name not in ("sample",) and not name.startswith("ami"):
            wer = float("nan")  # conversation.py gives no rows for the words of some sentences
        found = len({t[2] for t in guess})
        if not truth:
            rate = f"{error_rate(turns, guess):8.1%}" if turns else f"{'':8s}"
            print(f"{name:34s}{len({t[2] for t in turns}) or 2:8d}{found:8d}{rate}")
            what = f"DER {rate.strip()}" if turns else f"{found} voices found of 2"
            figures.append(Figure(f"{name}: who speaks", what))
            continue
        print(
            f"{name:34s}{len({t[2] for t in turns}):8d}{found:8d}{error_rate(turns, guess):8.1%}"
            f"{whose(truth, heard):8.1%}{wer:8.1%}"
        )
        right = f", words {whose(truth, heard):.1%}, word errors {wer:.1%}" if wer == wer else ""
        figures.append(Figure(f"{name}: who speaks", f"DER {error_rate(turns, guess):.1%}{right}"))
    weights = weights_folder("base")
    assert weights is not None
    print(f"\n{'misheard names':34s}{'names':>8s}{'mended':>8s}{'recall':>8s}{'precision':>11s}{'to stay':>9s}")
    for label, half in (("all", None), ("looked at", 0), ("not looked at", 1)):
        c = count(rows(half), weights)
        print(f"{label:34s}{c.names:8d}{c.mended:8d}{c.recall:8.2f}{c.precision:11.2f}{c.kept:9d}")
        whatnames = f"recall {c.recall:.2f}, precision {c.precision:.2f}"
        figures.append(Figure(f"misheard names, {label}, {c.names}", whatnames))
    return [*figures, *speed(everything["sample"][0])]


def speed(heard: Heard) -> list[Figure]:
    """CPU seconds of the sample's parts beside a plain faster-whisper run of the same settings."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    (audio,) = SAMPLE.glob("*.mp3")
    weights, settings = find_weights("base", offline=True), limits().stretch
    model = WhisperModel(str(weights.folder), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
    began = time.process_time()
    segments, _ = BatchedInferencePipeline(model).transcribe(
        str(audio), language="en", beam_size=settings.beam, batch_size=settings.batch, word_timestamps=True
    )
    list(segments)
    plain = time.process_time() - began
    ours = heard.cpu["engine"] + heard.cpu["cut"]
    print(f"\nCPU seconds for {heard.seconds:.0f} s of the sample")
    for part, value in heard.cpu.items():
        print(f"  {part:24s}{value:8.1f}")
    print(f"  {'plain faster-whisper':24s}{plain:8.1f}   (with its own cutting; our speed is {plain / ours:.2f} of it)")
    on_top = (heard.cpu["edges"] + heard.cpu["voices"]) / ours
    print(f"  edges and voices on top: {on_top:.1%}")
    return [
        Figure(f"recognition of {heard.seconds:.0f} s", f"{ours:.0f} processor s; plain faster-whisper {plain:.0f}"),
        Figure("edges and voices on top of it", f"{on_top:.1%}"),
    ]


if __name__ == "__main__":
    main()
