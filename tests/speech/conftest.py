"""Real speech, in small pieces, and a cache of the tests' own."""

from __future__ import annotations

import json
import re
import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from clipper.media import run_ffmpeg
from clipper.speech.audio import blocks
from clipper.speech.engines.base import RATE, Weights
from clipper.speech.weights import find_weights

SAMPLE = Path(__file__).parents[2] / "assets" / "sample"


@pytest.fixture(scope="session", autouse=True)
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One cache for all tests of this room: the weights are joined and converted once."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLIPPER_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def weights(kept: Path) -> Weights:
    return find_weights("base", offline=True)


@pytest.fixture(scope="session")
def episode() -> Path:
    (audio,) = SAMPLE.glob("*.mp3")
    return audio


@pytest.fixture(scope="session")
def speech(episode: Path) -> np.ndarray:
    """The sample's first minute at 16 kHz, int16: music, then two people."""
    pieces, size = [], 0
    for block in blocks(episode):
        pieces.append(block)
        size += len(block)
        if size >= 60 * RATE:
            break
    return np.concatenate(pieces)[: 60 * RATE]


@pytest.fixture(scope="session")
def piece(tmp_path_factory: pytest.TempPathFactory, speech: np.ndarray) -> Path:
    """Eighteen seconds of two people talking, as WAV."""
    return write_wav(tmp_path_factory.mktemp("piece") / "piece.wav", speech[30 * RATE : 48 * RATE])


@pytest.fixture(scope="session")
def said() -> Callable[[float, float], str]:
    """What the script says is spoken between two seconds of the sample."""
    words = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["words"]

    def between(start: float, end: float) -> str:
        return " ".join(w[0] for w in words if start <= w[1] and w[2] <= end)

    return between


def write_wav(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as f:
        f.setnchannels(1)
        f.setsampwidth(2)
        f.setframerate(rate)
        f.writeframes(samples.astype("<i2").tobytes())
    return path


def encode(source: Path, target: Path, *options: str) -> Path:
    done = run_ffmpeg(["-y", "-v", "error", "-i", source, *options, target])
    assert done.returncode == 0, done.stderr.decode()
    return target


def plain(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("-", " ").replace("’", "'"))


def word_errors(reference: str, heard: str) -> float:
    """Word error rate: edits over the reference's words."""
    want, got = plain(reference), plain(heard)
    row: Sequence[int] = range(len(got) + 1)
    for i, word in enumerate(want, 1):
        made = [i]
        for j, other in enumerate(got, 1):
            made.append(min(row[j] + 1, made[j - 1] + 1, row[j - 1] + (word != other)))
        row = made
    return row[-1] / max(1, len(want))
