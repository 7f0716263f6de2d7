"""The sound is the episode's, in step with it and said once. In: `Facts`; out: `Verdict`s.

Second by second the clip is laid beside the passage that it is cut from. Levelling, limiter and AAC leave them alike;
a repeat, a gap or another passage do not, and then the whole passage is searched for where that second comes from.
"""

from __future__ import annotations

import numpy as np

from clipper.export.checks.limits import limit
from clipper.export.checks.model import Facts, Match, Mono, Source, Verdict

AGAIN = "render it again: clipper render OUT"
WINDOW = 1.0  # seconds
QUIET = 1e-3  # RMS below which nothing is heard at all
PAUSE = 0.1  # of the clip's own RMS, below which a second is a pause: what is left there is the room, and AAC's
SEARCH = 0.25  # seconds each way in which a second is looked for first


def sound(facts: Facts) -> list[Verdict]:
    """Three verdicts: alike, in step, nothing twice."""
    found, source = facts.matches, facts.source
    if source is None:
        return []
    if found is None:
        if facts.sound is None:
            return []
        found = compared(facts.sound.mono, facts.sound.rate, source)
    least, lag_most = limit("sound_under" if source.music else "sound_like"), limit("sound_lag")
    if not found:
        return [Verdict("sound is the episode's", "silence", "silence", True, least.source, AGAIN)]
    worst = min(found, key=lambda m: m.like)
    late = max((m for m in found if m.like >= least.value), key=lambda m: abs(m.lag), default=worst)
    twice = next((m for m in found if m.elsewhere is not None and m.elsewhere < m.at - SEARCH), None)
    return [
        Verdict(
            "sound is the episode's",
            f"{worst.like:.2f}" + (f" at {worst.at:.0f} s" if worst.like < least.value else ""),
            f"at least {least.value:g} in every second (1 is the same)",
            worst.like >= least.value,
            least.source,
            AGAIN,
        ),
        Verdict(
            "sound in step",
            f"{late.lag * 1000:+.0f} ms",
            f"within {lag_most.value * 1000:g} ms",
            abs(late.lag) <= lag_most.value,
            lag_most.source,
            AGAIN,
        ),
        Verdict(
            "nothing is said twice",
            "yes" if twice is None else f"{twice.at:.0f} s is {twice.elsewhere:.0f} s again",
            "yes",
            twice is None,
            "the episode",
            AGAIN,
        ),
    ]


def compared(mono: Mono, rate: int, source: Source) -> tuple[Match, ...]:
    """The clip's sound beside the episode's, second by second; what is bleeped or muted is passed over."""
    least = limit("sound_under" if source.music else "sound_like").value
    expected = _expected(source, rate, len(mono))
    pause, there = (max(QUIET, PAUSE * _rms(one)) for one in (mono, expected))
    size, reach = int(WINDOW * rate), int(SEARCH * rate)
    out: list[Match] = []
    for first in range(0, len(mono) - size // 2, size):
        piece = mono[first : first + size]
        at = first / rate
        if any(s.start < at + WINDOW and at < s.end for s in source.silenced):
            continue
        begin = max(0, first - reach)
        around = expected[begin : first + size + reach]
        if len(around) < len(piece) or (_rms(piece) < pause and _rms(expected[first : first + size]) < there):
            continue
        curve = _alike(piece, around)
        best = int(curve.argmax())
        like, lag = float(curve[best]), (first - begin - best) / rate
        elsewhere = None
        if like < least and _rms(piece) >= pause:
            whole = _alike(piece, expected)
            found = int(whole.argmax())
            elsewhere = found / rate if whole[found] >= least else None
        out.append(Match(at, like, lag, elsewhere))
    return tuple(out)


def _expected(source: Source, rate: int, length: int) -> Mono:
    """The clip's sound as the episode has it."""
    out = np.zeros(length, dtype=np.float32)
    for at, span in source.pieces:
        first = round(at * rate)
        piece = source.window(span, rate)[: max(0, length - first)]
        out[first : first + len(piece)] = piece
    return out


def _alike(piece: Mono, around: Mono) -> Mono:
    """Correlation of `piece` with every stretch of its length in `around`, 1 where they are the same but for level.

    Stretches that are all but silent have 0.
    """
    size = len(piece)
    n = 1 << (len(around) + size).bit_length()
    wave = np.fft.rfft(around, n) * np.conj(np.fft.rfft(piece, n))
    raw = np.fft.irfft(wave, n)[: len(around) - size + 1]
    power = np.concatenate([[0.0], np.cumsum(around.astype(np.float64) ** 2)])
    there = np.sqrt(np.maximum(power[size:] - power[:-size], 0.0))
    norm = there * float(np.sqrt((piece.astype(np.float64) ** 2).sum()))
    floor = (QUIET * 0.1) ** 2 * size
    out: Mono = np.where(norm > floor, raw / np.maximum(norm, floor), 0.0).astype(np.float32)
    return out


def _rms(samples: Mono) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) if len(samples) else 0.0
