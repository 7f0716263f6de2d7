"""openai-whisper: the reference engine, on PyTorch, with the same weights, converted once and kept in the cache."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clipper import cache
from clipper.errors import MissingError
from clipper.speech.engines import checkpoint
from clipper.speech.engines.base import HOP, RATE, Passage, Token, Weights, Window
from clipper.speech.limits import limits

if TYPE_CHECKING:
    from clipper.speech.engines.base import Samples

log = logging.getLogger(__name__)


class OpenAIWhisper:
    """An `Engine`; holds about 700 MB with the base weights, most of it PyTorch."""

    def __init__(self, weights: Weights) -> None:
        import torch

        torch.manual_seed(0)  # hard windows are tried again with chance; the same episode gives the same words
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = _load(_converted(weights), self._device)

    def languages(self, samples: Samples) -> dict[str, float]:
        import whisper

        if not self._model.is_multilingual:
            return {"en": 1.0}
        mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(samples), self._model.dims.n_mels)
        _, probabilities = self._model.detect_language(mel.to(self._device))
        return {str(code): float(p) for code, p in probabilities.items()}

    def transcribe(
        self,
        samples: Samples,
        windows: Sequence[Window],
        *,
        language: str,
        hints: tuple[str, ...] = (),
        heard: Callable[[int], None],
    ) -> list[Passage]:
        from whisper.tokenizer import get_tokenizer

        tokenizer = get_tokenizer(
            self._model.is_multilingual, num_languages=self._model.num_languages, language=language, task="transcribe"
        )
        passages = []
        for done, window in enumerate(windows, start=1):
            passages.append(self._hear(samples[window.first : window.last], window.first / RATE, tokenizer, hints))
            heard(done)
        return passages

    def _hear(self, samples: Samples, offset: float, tokenizer: Any, hints: tuple[str, ...]) -> Passage:
        """One window. Not `whisper.transcribe`, which hears what follows the last word a second time."""
        import whisper
        from whisper.audio import N_FRAMES, N_SAMPLES
        from whisper.timing import add_word_timestamps

        mel = whisper.log_mel_spectrogram(samples, self._model.dims.n_mels, padding=N_SAMPLES)
        mel = whisper.pad_or_trim(mel, N_FRAMES).to(self._device)
        result = self._decode(mel.half() if self._device == "cuda" else mel, tokenizer.language, hints)
        segment: dict[str, Any] = {
            "seek": 0,
            "start": 0.0,
            "end": len(samples) / RATE,
            "tokens": list(result.tokens),
        }
        add_word_timestamps(
            segments=[segment],
            model=self._model,
            tokenizer=tokenizer,
            mel=mel,
            num_frames=min(N_FRAMES, len(samples) // HOP),
            last_speech_timestamp=0.0,
        )
        tokens = tuple(
            Token(w["word"], offset + float(w["start"]), offset + float(w["end"]), float(w["probability"]))
            for w in segment["words"]
        )
        certain = float(result.avg_logprob)
        return Passage(tokens, certain if math.isfinite(certain) else -10.0, float(result.no_speech_prob))

    def _decode(self, mel: Any, language: str, hints: tuple[str, ...]) -> Any:
        """The best reading of one window; one that repeats itself or is unsure is tried again, warmer each time.

        Source: openai/whisper whisper/transcribe.py, `decode_with_fallback`, with its thresholds.
        """
        from whisper.decoding import DecodingOptions

        doubt = limits().doubt
        prompt = " " + ", ".join(hints) if hints else None
        fp16 = self._device == "cuda"
        result = None
        for temperature in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
            options = DecodingOptions(
                language=language,
                temperature=temperature,
                beam_size=limits().stretch.beam if temperature == 0 else None,
                prompt=prompt,
                without_timestamps=True,
                fp16=fp16,
            )
            result = self._model.decode(mel, options)
            silent = result.no_speech_prob > doubt.no_speech
            sure = result.avg_logprob >= doubt.log_probability
            if result.compression_ratio <= doubt.repetition and (sure or silent):
                break
        return result


def _converted(weights: Weights) -> Path:
    """The checkpoint made from `weights`, made now if it is not kept yet."""
    import torch

    path = cache.entry("checkpoints", f"{weights.digest[:32]}-{checkpoint.VERSION}.pt")
    if not path.is_file():
        log.info("converting %s for openai-whisper, once", weights.name)
        try:
            made = checkpoint.convert(weights.folder)
        except (ValueError, OSError) as error:
            raise MissingError(
                f"the weights in {weights.folder} cannot be converted: {error}",
                "use --engine faster-whisper, or --model base",
            ) from error
        with cache.appearing(path) as temporary:
            torch.save(made, temporary)
    return path


def _load(path: Path, device: str) -> Any:
    """The model of a checkpoint of ours; a damaged one is thrown away."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    try:
        kept = torch.load(path, map_location="cpu", weights_only=True)
        model = Whisper(ModelDimensions(**kept["dims"]))
        model.load_state_dict(kept["model_state_dict"])
    except Exception as error:  # torch raises RuntimeError, UnpicklingError, EOFError, KeyError, zipfile errors ...
        path.unlink(missing_ok=True)
        raise MissingError(
            f"the converted weights {path.name} in the cache were damaged and have been removed",
            "run it again: they are made anew",
        ) from error
    mask = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
    for layer, head in kept["alignment_heads"]:
        mask[layer, head] = True
    model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
    return model.to(device).eval()
