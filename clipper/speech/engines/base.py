"""What a recogniser is: samples in, tokens with times out. Words, cutting and caching are not its affair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 16_000  # Hz; Whisper hears nothing else (openai/whisper whisper/audio.py, SAMPLE_RATE)
HOP = 160  # samples a spectrogram frame, 10 ms; engines count time in these (HOP_LENGTH)


@dataclass(frozen=True, slots=True)
class Window:
    """Sample numbers `first` up to, but not with, `last`: speech of at most 30 s. `first` is a multiple of HOP."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text as the engine gives it: a leading space starts a new word. Seconds from the samples' start."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Passage:
    """What was heard in one window.

    Attributes:
        log_probability: mean of the text tokens' natural logarithms.
        no_speech: 0 to 1, how sure the engine is that nobody speaks.
    """

    tokens: tuple[Token, ...]
    log_probability: float
    no_speech: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights on disk, checked.

    Attributes:
        name: as the producer says it: "base", or a folder's name.
        folder: holds model.bin, config.json, tokenizer.json, vocabulary.
        digest: SHA-256 of model.bin, in hex.
        pinned: whether the digest is one that clipper knows.
    """

    name: str
    folder: Path
    digest: str
    pinned: bool


class Engine(Protocol):
    """A recogniser with its weights loaded; `transcribe` is the method that matters."""

    def languages(self, samples: Samples) -> dict[str, float]:
        """How likely each language is in the first 30 s of `samples`: ISO 639-1 to 0..1."""
        ...

    def transcribe(
        self,
        samples: Samples,
        windows: Sequence[Window],
        *,
        language: str,
        hints: tuple[str, ...] = (),
        heard: Callable[[int], None],
    ) -> list[Passage]:
        """Hears every window by itself and gives one passage for each, in order.

        Args:
            samples: float32 mono at 16 kHz, shape (n,), full scale 1.0.
            windows: in order of time, inside `samples`, none over 30 s.
            language: ISO 639-1.
            hints: names that may be said.
            heard: called with the number of windows done, as they are done.
        """
        ...
