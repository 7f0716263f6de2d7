"""faster-whisper: CTranslate2 weights, int8 on a processor, float16 on a CUDA device; several windows at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from clipper.errors import MissingError
from clipper.speech.engines.base import HOP, RATE, Passage, Token, Weights, Window
from clipper.speech.engines.machine import processors
from clipper.speech.limits import limits

if TYPE_CHECKING:
    from clipper.speech.engines.base import Samples


class FasterWhisper:
    """An `Engine`; holds about 200 MB with the base weights."""

    def __init__(self, weights: Weights) -> None:
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        # It reports on its own cutting of the audio, which is done by us.
        logging.getLogger("faster_whisper").setLevel(logging.WARNING)
        device, precision = _device()
        try:
            self._model = WhisperModel(
                str(weights.folder),
                device=device,
                compute_type=precision,
                cpu_threads=processors(),
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise MissingError(
                f"the weights in {weights.folder} cannot be loaded: {error}",
                "name a folder with a faster-whisper model, or use --model base",
            ) from error
        self._batched = BatchedInferencePipeline(self._model)

    def languages(self, samples: Samples) -> dict[str, float]:
        if not self._model.model.is_multilingual:
            return {"en": 1.0}
        _, _, all_of_them = self._model.detect_language(samples[: 30 * RATE])
        return {str(code): float(p) for code, p in all_of_them}

    def transcribe(
        self,
        samples: Samples,
        windows: Sequence[Window],
        *,
        language: str,
        hints: tuple[str, ...] = (),
        heard: Callable[[int], None],
    ) -> list[Passage]:
        settings = limits().stretch
        passages: list[Passage] = []
        for first in range(0, len(windows), settings.batch):
            batch = windows[first : first + settings.batch]
            # Half a sample more: faster-whisper rounds times down, and 0.1 * 16000 may be 1599.999.
            clips = [{"start": (w.first + 0.5) / RATE, "end": (w.last + 0.5) / RATE} for w in batch]
            segments, _ = self._batched.transcribe(
                samples,
                language=language,
                beam_size=settings.beam,
                batch_size=settings.batch,
                word_timestamps=True,
                vad_filter=False,
                clip_timestamps=clips,
                hotwords=", ".join(hints) or None,
            )
            passages.extend(_by_window(list(segments), batch))
            heard(len(passages))
        return passages


def _by_window(segments: Sequence[Any], windows: Sequence[Window]) -> list[Passage]:
    """A passage for each window. A segment says in `seek` at which frame its window starts."""
    passages = []
    for window in windows:
        # One frame off now and then: it is made from seconds, and 0.29 * 100 is 28.999999999999996.
        inside = [s for s in segments if abs(s.seek - window.first // HOP) <= 1]
        tokens = tuple(
            Token(w.word, float(w.start), float(w.end), float(w.probability)) for s in inside for w in s.words or ()
        )
        passages.append(
            Passage(
                tokens,
                log_probability=min((float(s.avg_logprob) for s in inside), default=0.0),
                no_speech=max((float(s.no_speech_prob) for s in inside), default=1.0),
            )
        )
    return passages


def _device() -> tuple[str, str]:
    """("cuda", "float16") where a CUDA device answers, else ("cpu", "int8")."""
    import ctranslate2

    try:
        if ctranslate2.get_cuda_device_count() > 0 and "float16" in ctranslate2.get_supported_compute_types("cuda"):
            return "cuda", "float16"
    except RuntimeError:
        pass  # a driver without a usable device: the processor will do
    return "cpu", "int8"
