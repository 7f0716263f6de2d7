"""Gentle clean-up of a voice, step by step by name. In: samples and names; out: samples of the same length."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from clipper.errors import ClipperError, UsageError
from clipper.media import last_line, run_ffmpeg
from clipper.sound.decode import CHANNELS, Samples
from clipper.sound.wav import wav_bytes


@cache
def steps() -> dict[str, dict[str, Any]]:
    """The steps that there are, in the order in which they are done: their filter, and what they do in words."""
    return tomllib.loads(Path(__file__).with_name("clean.toml").read_text(encoding="utf-8"))


def check(names: Sequence[str]) -> None:
    """Raises UsageError for a step that there is not."""
    unknown = next((name for name in names if name not in steps()), None)
    if unknown is not None:
        raise UsageError(f"there is no clean-up step {unknown!r}", f"there are {', '.join(steps())}")


def cleaned(samples: Samples, names: Sequence[str]) -> Samples:
    """The voice after these steps, float32, shape (n, 2); in any order, each once.

    Raises:
        UsageError: a step that there is not.
        ClipperError: ffmpeg failed.
    """
    check(names)
    rows = [row for name, row in steps().items() if name in names]
    chain = ",".join(row["filter"] for row in rows)
    if not chain or not len(samples):
        return samples
    late = sum(int(row.get("delay", 0)) for row in rows)
    output = ["-f", "f32le", "-ac", str(CHANNELS), "pipe:1"]
    run = run_ffmpeg(
        ["-v", "error", "-f", "wav", "-i", "pipe:0", "-af", f"apad=pad_len={late},{chain}", *output],
        data=wav_bytes(samples),
    )
    if run.returncode:
        raise ClipperError(f"the sound could not be cleaned: {last_line(run.stderr)}", "leave out clean:")
    made = np.frombuffer(run.stdout, dtype="<f4").reshape(-1, CHANNELS)[late:]
    out = np.zeros_like(samples)
    count = min(len(out), len(made))
    out[:count] = made[:count]
    return out
