"""Sounds to cut: the sample's own voices, and the same in the containers that producers have."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from clipper.media import run_ffmpeg
from clipper.sound.decode import RATE, Samples
from clipper.sound.wav import write_wav

SAMPLE = Path(__file__).parents[2] / "assets" / "sample" / "oddly-good-work-042.mp3"


def ffmpeg(*arguments: str | Path) -> None:
    run = run_ffmpeg(["-v", "error", "-y", *arguments])
    assert run.returncode == 0, run.stderr.decode()


@pytest.fixture(scope="session")
def sample() -> Path:
    return SAMPLE


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty seconds of talk, 44.1 kHz stereo WAV."""
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    ffmpeg("-ss", "58", "-t", "40", "-i", SAMPLE, "-c:a", "pcm_s16le", "-ar", "44100", "-ac", "2", path)
    return path


@pytest.fixture(scope="session")
def voice(speech: Path) -> Samples:
    """Twenty seconds of talk, peaks at full scale."""
    from clipper.sound.decode import decode_window
    from clipper.span import Span

    samples = decode_window(speech, Span(start=2, end=22))
    return samples / np.abs(samples).max()


@pytest.fixture
def wav(tmp_path: Path) -> Callable[..., Path]:
    """Writes samples at 48 kHz, or what ffmpeg makes of them with further arguments."""

    def write(samples: Samples, name: str = "made.wav", *arguments: str) -> Path:
        path = tmp_path / name
        if not arguments:
            write_wav(path, samples)
            return path
        plain = tmp_path / "plain.wav"
        write_wav(plain, samples)
        ffmpeg("-i", plain, *arguments, path)
        return path

    return write


def peak_megabytes(program: str, *arguments: str | Path) -> float:
    """Runs Python code in a process of its own and gives the most memory that it took.

    getrusage would not do: a child starts with its parent's peak.
    """
    tail = "\nimport re; print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    if not Path("/proc/self/status").exists():
        pytest.skip("peak memory is read from /proc")
    run = subprocess.run(
        [sys.executable, "-c", program + tail, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return int(run.stdout) / 1024


def lag(one: Samples, other: Samples) -> int:
    """By how many samples at 48 kHz `one` comes later than `other`, from the peak of their correlation."""
    a, b = one.mean(axis=1), other.mean(axis=1)
    size = 1 << (2 * max(len(a), len(b))).bit_length()
    together = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    at = int(np.argmax(together))
    return at - size if at > size // 2 else at


def from_the_start(path: Path, start: float, end: float) -> Samples:
    """What a plain decode of the whole file has between two times: the truth that windows are held against."""
    first, last = round(start * RATE), round(end * RATE)
    if path.stat().st_size < 20_000_000 and last < 60 * RATE:
        whole = _plainly_decoded(path, 0, 60 * RATE)
        return whole[first:last]
    return _plainly_decoded(path, first, last)


@lru_cache(maxsize=2)
def _plainly_decoded(path: Path, first: int, last: int) -> Samples:
    import av

    resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
    at = 0
    out = np.zeros((last - first, 2), dtype=np.float32)
    with av.open(str(path)) as container:
        for frame in itertools.chain(container.decode(audio=0), [None]):
            if frame is not None:
                frame.pts = None
            for made in resampler.resample(frame):
                piece = made.to_ndarray().reshape(-1, 2)
                low, high = max(first, at), min(last, at + len(piece))
                if high > low:
                    out[low - first : high - first] = piece[low - at : high - at]
                at += len(piece)
            if at >= last:
                break
    return out
