"""Make the sample episode's MP3 and its truth from the speech, the script and the synthesised music.

    python make_sound.py SPEECH.wav SPEECH.json --ffmpeg FFMPEG [--out FOLDER]

In: ../script.txt (the form is at its head); SPEECH.wav (mono, 24 kHz) with the script's sentences in order, said by
the Kokoro-82M model (HOST am_michael at speed 1.05, GUEST af_heart at 1.03), each followed by silence; SPEECH.json:
{"words": [[word, start, end, speaker, exact]], "sentences": [[start, end, speaker, text]]} in seconds. `exact` marks
a word whose start is the first sound after 0.1 s of silence; for the others the model's own durations stand, less
the 45 ms by which they lag (median over the exact words; most are within 30 ms then).
Out, in FOLDER (the folder above by default): oddly-good-work-042.mp3, truth.json in seconds of the decoded MP3 (a
decoder that reads the LAME tag drops the encoder's delay itself, as ffmpeg does).
Needs numpy, scipy, pyloudnorm, mutagen, and an ffmpeg with libmp3lame.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import music
import numpy as np
from levels import level, limited, ramp, to_loudness
from mutagen.id3 import ID3, TALB, TCON, TDRC, TIT2, TPE1, TRCK
from scipy.io import wavfile
from scipy.signal import butter, resample_poly, sosfilt

RATE = music.RATE
HERE = Path(__file__).parent
SPEAKERS = {"HOST": "Ben Okafor", "GUEST": "Aoife Kinsella"}
TITLE = "Why a Small Town Asked for its Wrong Note Back [Podcast #42 with Aoife Kinsella]"
TAGS = (
    TIT2(3, TITLE),
    TPE1(3, "Oddly Good Work"),
    TALB(3, "Oddly Good Work"),
    TRCK(3, "42"),
    TCON(3, "Podcast"),
    TDRC(3, "2025-03-14"),
)
INTRO_LUFS, BED_LUFS, STING_LUFS = -19.8, -35.0, -27.0
INTRO_SECONDS = 7.55  # the first word comes while the last "dong" of the fourth bar rings
ROOM_DB = -68.0  # dBFS, RMS: a quiet room
QUIET = 0.004  # a 5 ms window under this RMS is silence, as in the speech's own truth
LEAD, TRAIL = 0.03, 0.07  # seconds kept around a sentence, faded
# seconds of silence in a turn, between turns, between sections
WITHIN, BETWEEN, SECTIONS = (0.24, 0.4), (0.22, 0.42), 0.95


@dataclass
class Said:
    """A sentence of the script, its sound and its words; times in seconds from the sound's first sample."""

    who: str
    turn: int
    section: int
    pause: float | None
    sound: music.Sound
    words: list[list[object]]
    start: float = 0.0


@dataclass
class Section:
    name: str
    kind: str
    topic: int | None
    said: list[Said] = field(default_factory=list)


def script() -> Iterator[tuple[Section, int, str, float | None, str]]:
    """Section, turn, speaker, asked pause and text of each sentence."""
    section, turn = Section("", "", None), -1
    for line in (HERE.parent / "script.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("=="):
            name, kind, topic = (part.strip() for part in line[2:].split("|"))
            section = Section(name, kind, None if topic == "-" else int(topic))
        elif line and not line.startswith("#"):
            who, text = line.split(":", 1)
            turn += 1
            for sentence in re.split(r"(?<=[.!?])\s+(?=<|[\"'A-Z])", text.strip()):
                asked = re.match(r"<([\d.]+)>\s*", sentence)
                yield (
                    section,
                    turn,
                    who,
                    float(asked[1]) if asked else None,
                    sentence[asked.end() if asked else 0 :],
                )


def trimmed(sound: music.Sound, words: list[list[object]], begin: float) -> tuple[music.Sound, list[list[object]]]:
    """The sentence without the silence around it; its words, whose times count from its first sample."""
    step = RATE // 200
    loud = np.flatnonzero(np.sqrt(np.mean(sound[: len(sound) // step * step].reshape(-1, step) ** 2, 1)) > QUIET)
    first, last = (
        max(0, loud[0] * step - round(LEAD * RATE)),
        min(len(sound), (loud[-1] + 1) * step + round(TRAIL * RATE)),
    )
    ends = (last - first) / RATE - TRAIL / 2
    kept: list[list[object]] = []
    for word, start, end, who, exact in words:
        a, b = (max(LEAD, float(t) - begin - first / RATE) for t in (start, end))  # type: ignore[arg-type]
        kept.append([word, min(a, ends - 0.02), min(max(b, a + 0.02), ends), who, exact])
    for now, after in pairwise(kept):
        now[2] = min(now[2], after[1])  # type: ignore[type-var]
    return music.edges(sound[first:last].astype(np.float64), 0.02, 0.06), kept


def read(speech: Path, truth: Path) -> list[Section]:
    """The script's sections with every sentence cut out of the speech, one loudness for each speaker."""
    rate, samples = wavfile.read(speech)
    sound = resample_poly(samples / 32768, RATE // 300, rate // 300)
    told = json.loads(truth.read_text(encoding="utf-8"))
    sections: list[Section] = []
    for number, (section, turn, who, pause, text) in enumerate(script()):
        start, end, speaker, said = told["sentences"][number]
        if (speaker, said) != (who, text):
            raise SystemExit(f"sentence {number}: the script has {text!r}, the speech {said!r}")
        if not sections or sections[-1] is not section:
            sections.append(section)
        words = [w for w in told["words"] if start <= w[1] < end]
        piece = sound[round(start * RATE) : round(end * RATE)].astype(np.float32)
        section.said.append(Said(who, turn, len(sections) - 1, pause, *trimmed(piece, words, start)))
    for who in SPEAKERS:
        mine = [s for section in sections for s in section.said if s.who == who]
        loud = np.split(level(np.concatenate([s.sound for s in mine])), np.cumsum([len(s.sound) for s in mine])[:-1])
        for s, samples in zip(mine, loud, strict=True):
            s.sound = music.edges(samples.astype(np.float64), 0.005, 0.01)
    return sections


def place(sections: list[Section]) -> float:
    """Give every sentence its start; the silences vary as people's do.  Returns where the last one ends."""
    chance, at, before = np.random.default_rng(42), INTRO_SECONDS - LEAD, None
    for section in sections:
        for s in section.said:
            if before is not None:
                low, high = WITHIN if before.turn == s.turn else BETWEEN
                gap = s.pause or float(chance.uniform(low, high))
                if before.section != s.section and section.name != "wind chimes":  # said in the same breath
                    gap = SECTIONS + (0.9 if "sponsor" in (section.kind, sections[before.section].kind) else 0.0)
                at += max(0.0, gap - LEAD - TRAIL / 2)
            s.start, before = at, s
            at += len(s.sound) / RATE
    return at


def mix(sections: list[Section], end: float) -> tuple[music.Sound, list[dict[str, object]]]:
    """The whole episode, and the rows of its sections for truth.json."""
    intro, outro, sting = music.intro(), music.outro(), music.sting()
    out = np.zeros(round((end - 2.2) * RATE) + len(outro), np.float32)
    starts = [s.said[0].start + LEAD for s in sections]
    ends = [s.said[-1].start + len(s.said[-1].sound) / RATE - TRAIL / 2 for s in sections]

    def lay(at: float, sound: music.Sound) -> None:
        begin = round(at * RATE)
        out[begin : begin + len(sound)] += sound[: len(out) - begin]

    for section in sections:
        for s in section.said:
            lay(s.start, s.sound)
    opening = to_loudness(intro, INTRO_LUFS, slice(0, round(7 * RATE)))
    lay(0, opening * ramp(len(intro), [(0, 1), (INTRO_SECONDS - 0.5, 1), (INTRO_SECONDS + 0.5, 0.2), (13, 0)]))
    read_at = next(i for i, s in enumerate(sections) if s.kind == "sponsor")
    begin, stop = starts[read_at] - 0.6, ends[read_at] + 1.0
    soft = to_loudness(music.bed(stop - begin), BED_LUFS)
    lay(begin, soft * ramp(len(soft), [(0, 0), (1.6, 1), (stop - begin - 2.2, 1), (stop - begin, 0)]))
    for at in (starts[read_at] - 1.5, ends[read_at] + 0.35):
        lay(at, to_loudness(sting, STING_LUFS))
    closing = to_loudness(outro, INTRO_LUFS, slice(0, round(7 * RATE)))
    lay(end - 2.2, closing * ramp(len(outro), [(0, 0.0), (0.4, 0.16), (1.9, 0.2), (2.8, 0.95), (20, 1)]))
    room = np.random.default_rng(7).standard_normal(len(out))
    room = sosfilt(butter(1, 600, "lowpass", fs=RATE, output="sos"), room)
    out = limited(out + (room * 10 ** (ROOM_DB / 20) / np.sqrt(np.mean(room**2))).astype(np.float32))
    rows: list[dict[str, object]] = [
        {"name": "music intro", "start": 0.0, "end": INTRO_SECONDS, "topic": None, "kind": "music"}
    ]
    rows += [
        {"name": s.name, "start": round(a, 3), "end": round(b, 3), "topic": s.topic, "kind": s.kind}
        for s, a, b in zip(sections, starts, ends, strict=True)
    ]
    rows.append(
        {
            "name": "music outro",
            "start": round(ends[-1], 3),
            "end": round(len(out) / RATE, 3),
            "topic": None,
            "kind": "music",
        }
    )
    return out, rows


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("speech", type=Path)
    ask.add_argument("truth", type=Path)
    ask.add_argument("--ffmpeg", default="ffmpeg")
    ask.add_argument("--out", type=Path, default=HERE.parent)
    a = ask.parse_args()
    sections = read(a.speech, a.truth)
    sound, rows = mix(sections, place(sections))
    mp3 = a.out / "oddly-good-work-042.mp3"
    subprocess.run(
        [
            a.ffmpeg,
            "-v",
            "error",
            "-y",
            "-f",
            "f32le",
            "-ar",
            str(RATE),
            "-ac",
            "1",
            "-i",
            "-",
            "-c:a",
            "libmp3lame",
            "-b:a",
            "96k",
            "-compression_level",
            "0",
            "-map_metadata",
            "-1",
            "-id3v2_version",
            "0",
            str(mp3),
        ],
        input=sound.tobytes(),
        check=True,
    )
    tags = ID3()
    for tag in TAGS:
        tags.add(tag)
    tags.save(mp3, v2_version=3)
    said = [s for section in sections for s in section.said]
    words = [
        [w, round(s.start + b, 3), round(s.start + e, 3), who, exact] for s in said for w, b, e, who, exact in s.words
    ]
    turns: dict[int, list[object]] = {}
    for s in said:
        stop = round(s.start + len(s.sound) / RATE - TRAIL / 2, 3)
        turns.setdefault(s.turn, [round(s.start + LEAD, 3), stop, s.who])[1] = stop
    found = {
        "duration": round(len(sound) / RATE, 3),
        "words": words,
        "turns": list(turns.values()),
        "sections": rows,
        "speakers": SPEAKERS,
    }
    lines = json.dumps(found, ensure_ascii=False).replace("], [", "],\n[").replace("}, {", "},\n{")
    (a.out / "truth.json").write_text(lines + "\n", encoding="utf-8")
    print(f"{len(sound) / RATE:.1f} s, {len(words)} words, {len(turns)} turns, {mp3.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
