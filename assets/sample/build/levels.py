"""Loudness, sibilance, peaks and gain curves for make_sound.py.

In and out: float32 mono at music.RATE, full scale 1.0.  Needs numpy, scipy, pyloudnorm.
"""

from __future__ import annotations

import music
import numpy as np
import pyloudnorm
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import butter, sosfilt, sosfiltfilt

RATE = music.RATE
SPEECH_LUFS, PEAK_DB = -18.3, -5.0  # before the limiter and MP3, which adds up to 2 dB to a peak
SHARP = 0.035  # an s louder than this RMS above 4.5 kHz is softened, three quarters of the way in decibels


def level(sound: music.Sound) -> music.Sound:
    """Rumble out, sharp s softened, loud words eased by up to 6 dB (2:1 above -20 dBFS), to SPEECH_LUFS."""
    clean = sosfilt(butter(2, 70, "highpass", fs=RATE, output="sos"), sound)
    hiss = sosfiltfilt(butter(2, 4500, "highpass", fs=RATE, output="sos"), clean)
    sharp = uniform_filter1d(np.sqrt(uniform_filter1d(hiss**2, round(0.004 * RATE)) + 1e-12), round(0.008 * RATE))
    clean = clean - hiss * (1 - np.maximum(sharp / SHARP, 1) ** -0.75)
    strength = np.sqrt(uniform_filter1d(clean**2, round(0.03 * RATE)) + 1e-12)
    strength = uniform_filter1d(maximum_filter1d(strength, round(0.02 * RATE)), round(0.08 * RATE))
    clean = clean * np.maximum(np.maximum(strength / 0.1, 1) ** -0.5, 0.5)
    return to_loudness(clean.astype(np.float32), SPEECH_LUFS)


def limited(sound: music.Sound) -> music.Sound:
    """Peaks held under PEAK_DB by a gain that moves over 6 ms, ahead of the peak."""
    ceiling, wide = 10 ** (PEAK_DB / 20), round(0.006 * RATE)
    need = np.minimum(1, ceiling / np.maximum(np.abs(sound), 1e-9))
    gain = uniform_filter1d(-maximum_filter1d(-need, 2 * wide + 1), 2 * wide - 1)
    return (sound * gain).astype(np.float32)


def ramp(length: int, points: list[tuple[float, float]]) -> music.Sound:
    """A gain curve through (seconds, gain) points, half a cosine from each to the next."""
    times, gains = zip(*points, strict=True)
    t = np.arange(length) / RATE
    at = np.clip(np.searchsorted(times, t, side="right") - 1, 0, len(times) - 2)
    span = np.maximum(np.diff(times), 1e-9)
    way = 0.5 - 0.5 * np.cos(np.pi * np.clip((t - np.array(times)[at]) / span[at], 0, 1))
    return (np.array(gains)[at] + way * np.diff(gains)[at]).astype(np.float32)


def to_loudness(sound: music.Sound, lufs: float, judge: slice = slice(None)) -> music.Sound:
    """The sound at this loudness, measured on the part that `judge` cuts out."""
    now = pyloudnorm.Meter(RATE).integrated_loudness(sound[judge].astype(float))
    return (sound * 10 ** ((lufs - now) / 20)).astype(np.float32)
