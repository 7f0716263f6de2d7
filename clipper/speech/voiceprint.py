"""What a voice is like: a vector that is nearly the same whenever the same person speaks. In: sound; out: unit vectors.

The model is Resemblyzer's (a GE2E speaker encoder: 40 mel bands, three LSTM layers of 256, one linear layer). Only the
package's file of weights is used, so that it may be installed without what it depends on: pip install --no-deps.

Source: Wan et al., "Generalized End-to-End Loss for Speaker Verification", 2018; weights: Resemblyzer 0.1.4,
Apache-2.0.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from clipper.speech.digests import verified
from clipper.speech.engines.base import HOP, RATE

if TYPE_CHECKING:
    from clipper.speech.engines.base import Samples

Floats = NDArray[np.float32]

PACKAGE = "resemblyzer"
LENGTH = 160  # frames of 10 ms that the model looks at: 1.6 s (resemblyzer/hparams.py, partials_n_frames)
SIZE = 256
_FFT, _BANDS, _LAYERS = 400, 40, 3
_LOUD = 10 ** (-30 / 20)  # RMS that sound is raised to (resemblyzer/hparams.py, audio_norm_target_dBFS)
_BATCH = 64


def available() -> bool:
    """Whether the weights are installed."""
    return _weights_file() is not None


def digest() -> str:
    """Of the weights."""
    path = _weights_file()
    assert path is not None, "asked for without the package"
    return verified(path)


def mel(samples: Samples) -> Floats:
    """The sound as the model hears it, a row every 10 ms, shape (n, 40).

    Args:
        samples: float32 mono at 16 kHz.
    """
    loud = float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
    if 0 < loud < _LOUD:
        samples = samples * np.float32(_LOUD / loud)
    padded = np.pad(samples, (_FFT // 2, _FFT // 2))
    seen = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::HOP]
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FFT) / _FFT)).astype(np.float32)
    out = np.empty((len(seen), _BANDS), np.float32)
    for first in range(0, len(seen), 4_000):
        spectrum = np.fft.rfft(seen[first : first + 4_000] * window, axis=1)
        out[first : first + 4_000] = (np.abs(spectrum) ** 2).astype(np.float32) @ _filters()
    return out


def prints(pieces: Floats) -> Floats:
    """The voice in each piece, unit vectors, shape (m, 256).

    Args:
        pieces: rows of `mel`, shape (m, LENGTH, 40).
    """
    import torch

    out = np.empty((len(pieces), SIZE), np.float32)
    lstm, linear = _model()
    with torch.inference_mode():
        for first in range(0, len(pieces), _BATCH):
            _, (state, _) = lstm(torch.from_numpy(np.ascontiguousarray(pieces[first : first + _BATCH])))
            out[first : first + _BATCH] = torch.relu(linear(state[-1])).numpy()
    return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), np.float32)


def _weights_file() -> Path | None:
    """The package's checkpoint, found without importing the package (which wants librosa and webrtcvad)."""
    found = importlib.util.find_spec(PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        path = Path(folder) / "pretrained.pt"
        if path.is_file():
            return path
    return None


@cache
def _model() -> tuple[Any, Any]:
    """The recurrent layers and the last one. torch is there: openai-whisper brings it."""
    import torch

    source = _weights_file()
    assert source is not None, "asked for without the package"
    state = torch.load(source, map_location="cpu", weights_only=True)["model_state"]
    lstm = torch.nn.LSTM(_BANDS, SIZE, _LAYERS, batch_first=True)
    lstm.load_state_dict({name.removeprefix("lstm."): v for name, v in state.items() if name.startswith("lstm.")})
    linear = torch.nn.Linear(SIZE, SIZE)
    linear.load_state_dict({name.removeprefix("linear."): v for name, v in state.items() if name.startswith("linear.")})
    return lstm.eval(), linear.eval()


@cache
def _filters() -> Floats:
    """Mel filters as librosa's defaults (Slaney's scale, area one), shape (201, 40)."""
    mels = np.linspace(0.0, 15.0 + 27.0 * np.log(8.0) / np.log(6.4), _BANDS + 2)  # 8000 Hz
    points = np.where(mels < 15, mels * 200 / 3, 1000.0 * np.exp((mels - 15) * np.log(6.4) / 27))
    bins = np.arange(_FFT // 2 + 1)[:, None] * RATE / _FFT
    rising = (bins - points[:-2]) / (points[1:-1] - points[:-2])
    falling = (points[2:] - bins) / (points[2:] - points[1:-1])
    area = 2 / (points[2:] - points[:-2])
    return np.asarray(np.clip(np.minimum(rising, falling), 0, None) * area, np.float32)
