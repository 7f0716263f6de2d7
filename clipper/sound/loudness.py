"""Loudness: measured by ffmpeg's ebur128, brought to the target by gain and a limiter.

In: a clip's samples; out: the finished samples with what was measured. Source: ITU-R BS.1770-4, EBU R 128.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from clipper.errors import ClipperError, UsageError
from clipper.media import last_line, run_ffmpeg
from clipper.sound.decode import CHANNELS, RATE, Samples
from clipper.sound.wav import wav_bytes

SILENCE = -70.0  # LUFS; below it BS.1770 measures nothing
_MOMENT = RATE // 50  # samples, 20 ms
SHORT = 1.0  # seconds; BS.1770 needs windows of 0.4 s, and a single one says little


@dataclass(frozen=True, slots=True)
class Targets:
    """See targets.toml for units and sources."""

    integrated: float
    tolerance: float
    true_peak: float
    ceiling: float
    most_gain: float
    most_held: float
    aac_bitrate: str


@cache
def targets() -> Targets:
    """The loudness that a finished clip has."""
    return Targets(**{key: value for key, value in _data().items() if key != "platforms"})


def goal_of(wish: float | str | None) -> float:
    """LUFS that a clip is to have: a number, a platform's name, or what suits most platforms.

    Raises:
        UsageError: no such platform.
    """
    if wish is None:
        return targets().integrated
    if not isinstance(wish, str):
        return wish
    known: dict[str, float] = _data()["platforms"]
    if wish not in known:
        raise UsageError(f"there is no loudness {wish!r}", f"write a number such as -16.0, or {', '.join(known)}")
    return known[wish]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("targets.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness in LUFS (-inf where silent) and true peak in dBTP."""

    integrated: float
    true_peak: float


@dataclass(frozen=True, slots=True)
class Finished:
    """A clip's sound as it goes into the file.

    `note` says what could not be reached, `noticed` what is wrong with the recording.
    """

    samples: Samples
    before: Loudness
    after: Loudness
    note: str = ""
    noticed: tuple[str, ...] = ()


def measure(samples: Samples) -> Loudness:
    """Loudness and true peak of samples of shape (n, 2) at 48 kHz."""
    return _measured(["-f", "wav", "-i", "pipe:0"], wav_bytes(samples))


def measure_file(path: Path) -> Loudness:
    """Loudness and true peak of a media file's first sound stream."""
    return _measured(["-i", path], None)


def _measured(source: list[str | Path], data: bytes | None) -> Loudness:
    run = run_ffmpeg(
        [*source, "-map", "0:a:0", "-vn", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"], data=data
    )
    text = run.stderr.decode("utf-8", "replace")
    summary = text[text.rfind("Summary:") :]
    integrated = re.search(r"I:\s+(-?[\d.]+|-inf|nan) LUFS", summary)
    peak = re.search(r"Peak:\s+(-?[\d.]+|-inf|nan) dBFS", summary)
    if run.returncode or not integrated or not peak:
        raise ClipperError(f"the loudness could not be measured: {last_line(run.stderr)}", "run clipper doctor")
    values = [float(m.group(1)) for m in (integrated, peak)]
    quiet = values[0] <= SILENCE or np.isnan(values[0])
    return Loudness(float("-inf") if quiet else values[0], values[1])


def finish(samples: Samples, wanted: float | None = None) -> Finished:
    """Brings a clip to the target: one gain for all of it, and a limiter for the peaks that then stand out.

    The limiter takes some loudness away, so gain and limiter are tried up to four times; where peaks come near the
    limit, the clip is encoded once to see how far AAC overshoots, and the ceiling lowered by that.

    Args:
        samples: float32, shape (n, 2), 48 kHz.
        wanted: LUFS; None for what suits most platforms.
    """
    goal = targets() if wanted is None else replace(targets(), integrated=wanted)
    before = loudness(samples)
    if not np.isfinite(before.integrated):
        return Finished(samples, before, before, "there is no sound to level")
    ceiling, over = goal.ceiling, 0.0
    for _ in range(3):
        out, after = _levelled(samples, before, ceiling, goal)
        if after.true_peak <= goal.ceiling - 0.5:
            break  # AAC overshoots by less than this leaves
        over = _encoded(out).true_peak - goal.true_peak
        if over <= 0:
            break
        ceiling -= over + 0.1
    return Finished(out, before, after, _note(samples, after, over, goal))


def _levelled(samples: Samples, before: Loudness, ceiling: float, goal: Targets) -> tuple[Samples, Loudness]:
    most = min(goal.most_gain, _harmless(samples, ceiling))
    gain = min(goal.integrated - before.integrated, most)
    for _ in range(4):
        out = _amplified(samples, gain, ceiling)
        after = loudness(out)
        short = goal.integrated - after.integrated
        if abs(short) <= 0.1 or (gain >= most and short > 0):
            break
        gain = min(gain + short, most)
    return out, after


def _harmless(samples: Samples, ceiling: float) -> float:
    """The gain in dB up to which the limiter takes no more than `most_held` from all but the loudest moments."""
    count = len(samples) // _MOMENT
    if not count:
        return targets().most_gain
    peaks = np.abs(samples[: count * _MOMENT]).reshape(count, -1).max(axis=1)
    spoken = peaks[peaks > peaks.max() * 0.01]
    if not len(spoken):
        return targets().most_gain
    return float(ceiling + targets().most_held - 20 * np.log10(np.percentile(spoken, 95)))


def _note(samples: Samples, after: Loudness, over: float, goal: Targets) -> str:
    """What could not be reached, in words; empty where all is well."""
    notes = []
    if len(samples) < SHORT * RATE:
        notes.append(f"{len(samples) / RATE:.1f} s are too short for a sure measurement")
    if after.integrated < goal.integrated - goal.tolerance:
        notes.append(f"it stays at {after.integrated:.1f} LUFS: more gain would harm it")
    elif after.integrated > goal.integrated + goal.tolerance:
        notes.append(f"it stays at {after.integrated:.1f} LUFS")
    if over > 0.05:
        notes.append(f"peaks reach {goal.true_peak + over:.1f} dBTP after encoding")
    return "; ".join(notes)


def loudness(samples: Samples) -> Loudness:
    """`measure`, for less than a second of sound too: it is repeated until the meter's windows are full."""
    if 0 < len(samples) < SHORT * RATE:
        return measure(np.tile(samples, (int(SHORT * RATE) // len(samples) + 1, 1)))
    return measure(samples)


def _encoded(samples: Samples) -> Loudness:
    """Loudness and true peak after AAC as the export makes it."""
    run = run_ffmpeg(
        [
            *("-v", "error", "-f", "wav", "-i", "pipe:0", "-c:a", "aac", "-b:a", targets().aac_bitrate),
            *("-f", "adts", "pipe:1"),
        ],
        data=wav_bytes(samples),
    )
    if run.returncode:
        raise ClipperError(f"the sound could not be encoded: {last_line(run.stderr)}", "run clipper doctor")
    return _measured(["-f", "aac", "-i", "pipe:0"], run.stdout)


def _amplified(samples: Samples, gain: float, ceiling: float) -> Samples:
    """Gain in dB, then true peaks held under `ceiling` by a limiter that looks at four times the rate."""
    louder = samples * np.float32(10 ** (gain / 20))
    if len(louder) == 0 or 20 * np.log10(max(1e-9, float(np.abs(louder).max()))) < ceiling - 3.0:
        return louder  # true peaks exceed sample peaks by under 3 dB
    chain = (
        f"aresample={RATE * 4},alimiter=level_in=1:level_out=1:limit={10 ** (ceiling / 20):.6f}"
        f":attack=4:release=60:level=disabled:latency=1,aresample={RATE}"
    )
    run = run_ffmpeg(
        ["-v", "error", "-f", "wav", "-i", "pipe:0", "-af", chain, "-f", "f32le", "-ac", str(CHANNELS), "pipe:1"],
        data=wav_bytes(louder),
    )
    if run.returncode:
        raise ClipperError(f"the sound could not be limited: {last_line(run.stderr)}", "run clipper doctor")
    limited = np.frombuffer(run.stdout, dtype="<f4").reshape(-1, CHANNELS)
    out = np.zeros_like(louder)
    count = min(len(out), len(limited))
    out[:count] = limited[:count]
    return out
