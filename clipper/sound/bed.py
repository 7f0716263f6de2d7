"""Music under a voice, and the producer's own sounds before, between and after it. In: a voice and files; out: both.

The music lies as many dB under the voice as is asked for while somebody speaks, and rises a little where nobody does:
a side chain, driven by the voice's own level. Loudness is that of BS.1770, so that any file fits any voice.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipper.sound.decode import CHANNELS, RATE, Samples, first_seconds
from clipper.sound.loudness import loudness
from clipper.sound.quiet import HOP, levels, measured
from clipper.sound.recipe import LONGEST, OVERLAP, Recipe

RISE = 8.0  # dB that music gains where nobody speaks
AHEAD, AFTER = 0.35, 0.5  # seconds that it goes down before a word and stays down after one
GLIDE = 0.3  # seconds in which it goes down or up
FADE_IN, FADE_OUT = 0.4, 1.5  # seconds of the music's own beginning and end
LOOP = 1.0  # seconds in which its end goes over into its beginning
_BELOW = 1.0  # dB that an intro lies under the voice


def bedded(voice: Samples, recipe: Recipe) -> Samples:
    """The voice with everything that the producer wants around and under it.

    Raises:
        InputError: a file cannot be decoded.
    """
    made = recipe.pieces
    if not any((recipe.music, recipe.intro, recipe.outro, recipe.separator)):
        return voice
    level = loudness(voice).integrated
    if not np.isfinite(level):
        level = -23.0  # nobody speaks: EBU R 128's own level, finished with the rest
    out = voice.copy()
    begin, end = round(made.lead * RATE), len(voice) - round(made.tail * RATE)
    if recipe.music is not None:
        _mixed(out, begin, _under(voice[begin:end], recipe.music, level, recipe.under))
    over = round(OVERLAP * RATE)
    if recipe.intro is not None:
        _mixed(out, 0, _single(recipe.intro, level - _BELOW, fade_out=over))
    if recipe.outro is not None:
        sound = _single(recipe.outro, level - _BELOW, fade_in=over)
        _mixed(out, len(out) - len(sound), sound)
    if recipe.separator is not None:
        sound = _single(recipe.separator, level - _BELOW)
        for start, span, gap in zip(made.starts, made.spans, made.gaps, strict=False):
            if gap:
                _mixed(out, round((start + span.seconds) * RATE), sound)
    return out


def ducking(voice: Samples) -> NDArray[np.float32]:
    """How far music goes down under a voice at every 5 ms: 0 where nobody speaks, 1 where somebody does."""
    curve = levels(voice)
    speaks = curve > measured(curve).border
    ahead, after = round(AHEAD * RATE / HOP), round(AFTER * RATE / HOP)
    counts = np.concatenate([[0], np.cumsum(speaks)])
    places = np.arange(len(speaks))
    low, high = np.maximum(places - after, 0), np.minimum(places + ahead + 1, len(speaks))
    down = (counts[high] - counts[low] > 3).astype(np.float32)  # a click is no word
    glide = round(GLIDE * RATE / HOP) | 1
    window = np.hanning(glide + 2)[1:-1].astype(np.float32)
    padded = np.pad(down, glide // 2, mode="edge")
    return np.convolve(padded, window / window.sum(), mode="valid").astype(np.float32)


def _under(voice: Samples, path: Path, level: float, under: float) -> Samples:
    """Music as long as the voice, as far under it as it is to lie."""
    bed = _looped(lambda seconds: first_seconds(path, seconds), len(voice))
    own = loudness(bed).integrated
    if not np.isfinite(own):
        return bed
    down = ducking(voice)
    decibels = level - under - own + RISE * (1 - down)
    gain = np.interp(np.arange(len(bed)), np.arange(len(down)) * HOP, decibels)
    bed = np.asarray(bed * (10 ** (gain / 20))[:, None], dtype=np.float32)
    return _faded(bed, round(FADE_IN * RATE), round(FADE_OUT * RATE))


def _looped(read: Callable[[float], Samples], count: int) -> Samples:
    """The first `count` samples, again from the start where they end, one going over into the other."""
    source = read(count / RATE + 1)
    out = np.zeros((count, CHANNELS), dtype=np.float32)
    cross = min(round(LOOP * RATE), len(source) // 3)
    at = 0
    while at < count:
        piece = source[: count - at].copy()
        if at and cross:
            head = min(cross, len(piece))
            ramp = np.sin(np.linspace(0, np.pi / 2, cross, endpoint=False, dtype=np.float32))[:head, None]
            piece[:head] *= ramp
            out[at : at + head] *= np.sqrt(1 - ramp**2)
        out[at : at + len(piece)] += piece
        at += max(1, len(source) - cross)
        if len(source) - cross <= 0:
            break
    return out


def _single(path: Path, level: float, fade_in: int = 0, fade_out: int = 0) -> Samples:
    """A short sound at a loudness, with fades of so many samples."""
    sound = first_seconds(path, LONGEST)
    own = loudness(sound).integrated
    if np.isfinite(own):
        sound = sound * np.float32(10 ** ((level - own) / 20))
    return _faded(sound, fade_in, fade_out)


def _faded(sound: Samples, fade_in: int, fade_out: int) -> Samples:
    rise, fall = min(fade_in, len(sound) // 2), min(fade_out, len(sound) // 2)
    if rise:
        sound[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise, endpoint=False, dtype=np.float32))[:, None]
    if fall:
        sound[len(sound) - fall :] *= np.cos(np.linspace(0, np.pi / 2, fall, dtype=np.float32))[:, None]
    return sound


def _mixed(into: Samples, at: int, sound: Samples) -> None:
    low, high = max(0, at), min(len(into), at + len(sound))
    if high > low:
        into[low:high] += sound[low - at : high - at]
