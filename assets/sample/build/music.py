"""The music of the sample episode, synthesised: an intro, a bed with its sting, an outro.

In: numbers (the tune is "Frere Jacques", traditional).  Out: float32 mono at RATE, full scale 1.0.
make_sound.py runs it; `python music.py OUT_FOLDER` writes intro, bed, sting and outro as WAV to listen to.
Needs numpy and scipy.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import wavfile
from scipy.signal import butter, sosfilt

Sound = NDArray[np.float32]
RATE = 44_100
BEAT = 60 / 116  # seconds; four to the bar
HOME = 41  # the MIDI note of F2, 87 Hz: a bass, and still a tune on a telephone
# a bell's hum, prime, tierce, quint, nominal, upper partials: ratio to the strike note, loudness, seconds to -60 dB
BELL = (
    (0.5, 0.55, 5.0),
    (1.0, 0.8, 3.6),
    (1.2, 0.65, 3.0),
    (1.5, 0.35, 2.2),
    (2.0, 0.9, 2.0),
    (2.5, 0.25, 1.2),
    (3.01, 0.3, 0.9),
    (4.1, 0.2, 0.6),
    (5.4, 0.1, 0.35),
)
noise = np.random.default_rng(1886)


def hertz(note: float) -> float:
    """Frequency of a MIDI note number."""
    return float(440.0 * 2 ** ((note - 69) / 12))


def clock(seconds: float) -> NDArray[np.float64]:
    return np.arange(round(seconds * RATE)) / RATE


def edges(sound: NDArray[np.float64], attack: float, release: float) -> Sound:
    """Raised-cosine attack and release, in seconds."""
    up, down = (np.clip((clock(len(sound) / RATE)[: len(sound)]) / t, 0, 1) for t in (attack, release))
    return (sound * (0.5 - 0.5 * np.cos(np.pi * up)) * (0.5 - 0.5 * np.cos(np.pi * down))[::-1]).astype(np.float32)


def band(sound: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    return np.asarray(sosfilt(butter(2, (low, high), "bandpass", fs=RATE, output="sos"), sound))


def bass(note: int, seconds: float, force: float = 1.0) -> Sound:
    """A plucked bass string: partials that fall faster the higher they are, bent by its amplifier."""
    t, f = clock(seconds + 0.06), hertz(note)
    tone = sum(
        np.sin(2 * np.pi * f * k * t * (1 + 0.00012 * k * k))
        * np.exp(-t * (1.6 + 1.5 * k))
        * force ** (k / 4)
        / k**0.85
        * np.sin(np.pi * k * 0.23)
        for k in range(1, 14)
    )
    tone = np.tanh(1.4 * tone + 0.15) - np.tanh(0.15)
    return edges(0.5 * force * tone, 0.004, 0.05)


def bell(note: int, seconds: float = 3.5, force: float = 1.0) -> Sound:
    t, f = clock(seconds), hertz(note)
    tone = sum(a * np.sin(2 * np.pi * f * r * t + i) * np.exp(-6.9 * t / fall) for i, (r, a, fall) in enumerate(BELL))
    return edges(0.16 * force * tone, 0.003, 0.6)


def keys(notes: tuple[int, ...], seconds: float, force: float = 1.0) -> Sound:
    """A soft electric piano chord: a sine for each note, rung by a bell-like overtone."""
    t, tone = clock(seconds + 0.4), 0.0
    for note in notes:
        f = hertz(note)
        tone = tone + np.sin(2 * np.pi * f * t + 0.9 * np.exp(-3.5 * t) * np.sin(2 * np.pi * f * 2 * t)) * np.exp(
            -1.1 * t
        )
    return edges(0.11 * force * np.asarray(tone) * (1 + 0.12 * np.sin(2 * np.pi * 4.6 * t)), 0.012, 0.4)


def kick(force: float = 1.0) -> Sound:
    t = clock(0.28)
    pitch = 48 * t + 95 / 38 * (1 - np.exp(-38 * t))  # from 143 Hz down to 48 Hz, integrated
    return edges(0.75 * force * np.sin(2 * np.pi * pitch) * np.exp(-11 * t), 0.002, 0.04)


def snare(force: float = 1.0) -> Sound:
    t = clock(0.2)
    brush = band(noise.standard_normal(len(t)), 900, 6500) * np.exp(-24 * t)
    return edges(force * (0.3 * brush + 0.25 * np.sin(2 * np.pi * 185 * t) * np.exp(-30 * t)), 0.002, 0.03)


def shaker(force: float = 1.0) -> Sound:
    t = clock(0.07)
    return edges(0.16 * force * band(noise.standard_normal(len(t)), 5000, 12000) * np.exp(-45 * t), 0.008, 0.02)


class Tape:
    """A strip of silence that sounds are laid on, by beats."""

    def __init__(self, seconds: float) -> None:
        self.sound: Sound = np.zeros(round(seconds * RATE), np.float32)

    def lay(self, beat: float, sound: Sound, gain: float = 1.0) -> None:
        at = round(beat * BEAT * RATE)
        piece = sound[: max(0, len(self.sound) - at)]
        self.sound[at : at + len(piece)] += gain * piece

    def line(self, beat: float, steps: list[tuple[float, int, float]]) -> None:
        """Bass notes: (beats from `beat`, semitones above HOME, beats long)."""
        for after, step, long in steps:
            self.lay(beat + after, bass(HOME + step, long * BEAT * 0.92, 1.0 if after == int(after) else 0.85))

    def drums(self, beat: float, bars: int, gain: float = 1.0) -> None:
        for b in range(bars):
            for at in (0.0, 2.5):
                self.lay(beat + 4 * b + at, kick(), gain)
            for at in (1.0, 3.0):
                self.lay(beat + 4 * b + at, snare(), gain)
            for eighth in range(8):
                late = 0.04 if eighth % 2 else 0.0  # a little swing
                self.lay(beat + 4 * b + eighth / 2 + late, shaker(1.0 if eighth % 2 else 0.6), gain)


FRERE = [(0, 0, 0.8), (0.75, 0, 0.25), (1, 2, 0.9), (2, 4, 0.9), (3, 0, 0.5), (3.5, 12, 0.4)]
DORMEZ = [(0, 4, 0.8), (0.75, 4, 0.25), (1, 5, 0.9), (2, 7, 1.2), (3.5, 0, 0.4)]
SONNEZ = [(0, 7, 0.4), (0.5, 9, 0.4), (1, 7, 0.4), (1.5, 5, 0.4), (2, 4, 0.9), (3, 0, 0.5), (3.5, -5, 0.4)]
DING = [(0, 0, 0.9), (1, -5, 0.9), (2, 0, 1.8)]
# F major 9, F over A, B flat major 7, C 7
CHORDS = ((60, 64, 67, 69), (57, 60, 65, 67), (58, 62, 65, 69), (58, 60, 64, 67))
TUNE = (*CHORDS[:3], (57, 60, 65, 69))  # the tune comes home in its fourth bar


def intro() -> Sound:
    """Four bars of the tune, two of groove to talk over: about 14 s."""
    tape = Tape(24 * BEAT + 2)
    for bar, steps in enumerate((FRERE, DORMEZ, SONNEZ, DING, FRERE, DORMEZ)):
        tape.line(4 * bar, steps)
        tape.lay(4 * bar + 0.5, keys(TUNE[bar % 4], 1.2 * BEAT, 0.8))
        tape.lay(4 * bar + 2.5, keys(TUNE[bar % 4], 0.8 * BEAT, 0.6))
    tape.drums(0, 3)
    tape.lay(12, kick())
    tape.lay(14, kick(), 0.8)
    tape.drums(16, 2, 0.8)
    for after, step in ((0, 24), (1, 19), (2, 24)):
        tape.lay(12 + after, bell(HOME + step), 0.9)
    return tape.sound


def bed(seconds: float) -> Sound:
    """Soft chords over a slow bass, to put under a reading."""
    tape = Tape(seconds)
    for bar in range(int(seconds / (4 * BEAT)) + 1):
        tape.lay(4 * bar, keys(CHORDS[bar % 4], 3.4 * BEAT))
        root = (0, 4, 5, 7)[bar % 4]
        tape.line(4 * bar, [(0, root, 1.4), (1.5, root, 0.4), (2.5, root + 7 if root < 5 else root - 5, 1.2)])
        for eighth in range(8):
            tape.lay(4 * bar + eighth / 2, shaker(0.7 if eighth % 2 else 0.35))
    return tape.sound


def sting() -> Sound:
    """Ding, dong."""
    tape = Tape(3.2)
    tape.lay(0, bell(HOME + 31, 2.4))
    tape.lay(0.75, bell(HOME + 24, 2.6))
    return tape.sound


def outro() -> Sound:
    """Sonnez les matines, ding dang dong, and a last chord: about 9 s."""
    tape = Tape(12 * BEAT + 3.4)
    for bar, steps in enumerate((FRERE, SONNEZ)):
        tape.line(4 * bar, steps)
        tape.lay(4 * bar + 0.5, keys(TUNE[2 * bar], 1.2 * BEAT, 0.8))
        tape.lay(4 * bar + 2.5, keys(TUNE[2 * bar], 0.8 * BEAT, 0.6))
    tape.drums(0, 2)
    for after, step in ((0, 24), (1, 19), (2, 24)):
        tape.lay(8 + after, bell(HOME + step, 4.5))
    tape.line(8, [(0, 0, 0.9), (1, -5, 0.9), (2, 0, 3.5)])
    tape.lay(10, keys(TUNE[3], 3.5 * BEAT))
    tape.lay(10, kick(), 0.8)
    return tape.sound


if __name__ == "__main__":
    for name, made in {"intro": intro(), "bed": bed(20.0), "sting": sting(), "outro": outro()}.items():
        wavfile.write(Path(sys.argv[1]) / f"{name}.wav", RATE, made)
        print(f"{name}: {len(made) / RATE:.2f} s, peak {np.abs(made).max():.2f}")
