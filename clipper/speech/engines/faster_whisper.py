"""faster-whisper: CTranslate2 weights, int8 on a processor, float16 on a CUDA device; several windows at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from clipper.errors import MissingError
from clipper.speech.engines.base import HOP, RATE, Passage, Token, Weights, Window
from clipper.speech.engines.machine import processors
from clipper.speech.limits import limits

if TYPE_CHECKING:
    from clipper.speech.engines.base import Samples


# Batches that a processor hears side by side, each with its share of the cores: much of the work (a step of the beam,
# the spectrogram, the words' times) keeps only one core busy. On two cores, base int8, the sample took 15.6 to 16.1 s
# this way and 19.0 to 25.4 s with one batch after the other on both; as many windows in memory (2026-11-30).
_AT_ONCE = 2


class FasterWhisper:
    """An `Engine`; holds about 200 MB with the base weights."""

    def __init__(self, weights: Weights) -> None:
        from faster_whisper import WhisperModel

        # It reports on its own cutting of the audio, which is done by us.
        logging.getLogger("faster_whisper").setLevel(logging.WARNING)
        device, precision = _device()
        self._at_once = 1 if device == "cuda" else min(_AT_ONCE, processors())
        try:
            self._model = WhisperModel(
                str(weights.folder),
                device=device,
                compute_type=precision,
                cpu_threads=max(1, processors() // self._at_once),
                num_workers=self._at_once,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise MissingError(
                f"the weights in {weights.folder} cannot be loaded: {error}",
                "name a folder with a faster-whisper model, or use --model base",
            ) from error

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
        size = max(1, limits().stretch.batch // self._at_once)
        batches = [windows[first : first + size] for first in range(0, len(windows), size)]
        passages: list[Passage] = []
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="clipper-hear") as pool:
            done = pool.map(lambda batch: self._hear(samples, batch, language, hints), batches)
            try:
                for some in done:
                    passages.extend(some)
                    heard(len(passages))
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return passages

    def _hear(
        self, samples: Samples, windows: Sequence[Window], language: str, hints: tuple[str, ...]
    ) -> list[Passage]:
        """One batch. What is heard depends on nothing that was heard before, nor on what is heard beside it."""
        from faster_whisper import BatchedInferencePipeline

        # Half a sample more: faster-whisper rounds times down, and 0.1 * 16000 may be 1599.999.
        clips = [{"start": (w.first + 0.5) / RATE, "end": (w.last + 0.5) / RATE} for w in windows]
        # it remembers when it last heard speech: each batch has a pipeline of its own, around the same model
        segments, _ = BatchedInferencePipeline(self._model).transcribe(
            samples,
            language=language,
            beam_size=limits().stretch.beam,
            batch_size=len(windows),
            word_timestamps=True,
            vad_filter=False,
            clip_timestamps=clips,
            hotwords=", ".join(hints) or None,
        )
        return _by_window(list(segments), windows)


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
