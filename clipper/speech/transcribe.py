"""The room's front door: an episode's audio in, its `Transcript` out.

The audio is decoded once, from front to back, and recognised stretch by stretch; what was heard of a stretch is kept at
once, so a second run goes on where the first one stopped. A whole transcript is kept by the audio's content.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from clipper import cache
from clipper.errors import InputError
from clipper.media import probe_sound
from clipper.memory import give_back, hold_little
from clipper.progress import Progress, silent
from clipper.speech import languages, voiceprint
from clipper.speech.audio import blocks
from clipper.speech.edges import refined
from clipper.speech.engines import DEFAULT, known, open_engine
from clipper.speech.engines.base import RATE, Engine, Passage, Token, Weights
from clipper.speech.formats.whisper_json import dumps, loads
from clipper.speech.hearing import Heard, listen
from clipper.speech.holes import transcribe_whole
from clipper.speech.limits import limits
from clipper.speech.model import Transcript, Word
from clipper.speech.repairs import repaired
from clipper.speech.stretches import Stretch, stretches
from clipper.speech.voices import NOBODY, Voices, keep_voices, voices_in
from clipper.speech.weights import find_weights
from clipper.speech.words import words_of

log = logging.getLogger(__name__)

STAGE = "transcribe"
VERSION = 5  # raised whenever the same audio, weights and settings would give other words


def transcribe(
    audio: Path,
    *,
    engine: str = DEFAULT,
    model: str = "base",
    language: str | None = None,
    offline: bool = False,
    hints: Sequence[str] = (),
    progress: Progress = silent,
) -> Transcript:
    """Hears a whole episode; memory does not grow with its length.

    Args:
        audio: any file whose sound PyAV decodes; of a video, its first sound stream.
        engine: one of `engines.ENGINES`.
        model: a size ("base"), or a folder with weights.
        language: a code or an English name; null finds out from the first minutes.
        offline: never ask the hub for weights.
        hints: names that may be said. Off unless asked for: with base weights they mend the spelling of names here and
            there, but may make the recogniser leave out sentences (sample episode, word error rate: 0.04 without,
            0.04 with host and guest, 0.10 with the guest alone).
        progress: in seconds of audio.

    Raises:
        InputError: the file cannot be used, or nobody speaks in it.
        MissingError: no weights.
        UsageError: no such engine, model or language.
    """
    known(engine)
    wanted = languages.asked(language) if language else None
    facts = probe_sound(audio)
    weights = find_weights(model, offline=offline)
    try:
        digest = cache.file_digest(audio)
    except OSError as error:
        raise InputError(f"{audio.name} cannot be read: {error.strerror}", "check who may read it") from error
    inputs: dict[str, object] = {
        "audio": digest,
        "engine": engine,
        "weights": weights.digest,
        "language": wanted,
        "hints": list(hints),
        "limits": limits().model_dump(exclude={"speakers", "names"}),
    }
    whole = cache.entry("transcripts", cache.key(STAGE, VERSION, **inputs) + ".json")
    kept = _kept_transcript(whole)
    if kept is not None:
        progress(STAGE, kept.duration, kept.duration, "heard before")
        return kept
    run = _Run(audio, engine, weights, wanted, tuple(hints), inputs, facts.seconds or 0.0, progress)
    hold_little()
    try:
        transcript = run.all()
    finally:
        run.silence()
    if len(run.voices.firsts):
        keep_voices(digest, transcript.words, run.voices)
    cache.write_text(whole, dumps(transcript))
    run.forget()
    return transcript


def _kept_transcript(path: Path) -> Transcript | None:
    try:
        return loads(path.read_text(encoding="utf-8"), path.name)
    except (OSError, InputError, UnicodeDecodeError):
        return None


class _Run:
    """One episode under work; the engine is loaded when the first stretch needs it."""

    def __init__(
        self,
        audio: Path,
        engine: str,
        weights: Weights,
        language: str | None,
        hints: tuple[str, ...],
        inputs: dict[str, object],
        seconds: float,
        progress: Progress,
    ) -> None:
        self.audio, self.engine_name, self.weights = audio, engine, weights
        self.language, self.hints, self.inputs = language, hints, inputs
        self.seconds, self.progress = seconds, progress
        self._engine: Engine | None = None
        self.voices = NOBODY

    def all(self) -> Transcript:
        """Every stretch, from the cache as far as it goes, then from the audio."""
        words, samples, index = self._earlier()
        if samples:
            self.progress(STAGE, samples / RATE, max(self.seconds, samples / RATE), "heard before")
        # while one stretch is heard, the next is decoded and cut, and the words of the one before get their edges
        with ThreadPoolExecutor(1) as before, ThreadPoolExecutor(1) as after:
            finished: Future[None] | None = None
            for stretch, sound in _ahead(_listened(stretches(blocks(self.audio), samples)), before):
                passages = self._hear(stretch, sound)
                if finished is not None:
                    finished.result()
                finished = after.submit(self._finish, index, stretch, sound, passages, words)
                samples, index = stretch.last, index + 1
            if finished is not None:
                finished.result()
        duration = samples / RATE
        self.progress(STAGE, duration, duration)
        if not _anybody(words):
            raise InputError(
                f"no speech found in {self.audio.name}",
                "check that it is the episode's audio and not its music; or give a transcript with --transcript",
            )
        return Transcript(
            language=self.language or languages.UNKNOWN,
            duration=duration,
            source=f"{self.engine_name} {self.weights.name}",
            timing="measured",
            words=tuple(words),
        )

    def silence(self) -> None:
        """Lets go of the engine, so that what follows has its memory."""
        self._engine = None
        give_back()

    def _hear(self, stretch: Stretch, sound: Heard) -> list[Passage]:
        """What the engine hears in one stretch, in seconds of the episode."""
        offset = stretch.first / RATE
        end = stretch.last / RATE
        total = max(self.seconds, end)
        if not stretch.windows:
            self.progress(STAGE, end, total)
            return []
        if self._engine is None:
            self._engine = open_engine(self.engine_name, self.weights)
        if self.language is None:
            self.language = _language(self._engine, stretch)
            log.info("the language is %s", self.language)
        self.progress(STAGE, offset, total)

        def heard(windows: int) -> None:
            self.progress(STAGE, offset + stretch.windows[windows - 1].last / RATE, total)

        found = transcribe_whole(
            self._engine, stretch.samples, stretch.windows, language=self.language, hints=self.hints, heard=heard,
            sound=sound,
        )  # fmt: skip
        return [
            moved(passage, offset, window.last / RATE) for passage, window in zip(found, stretch.windows, strict=True)
        ]

    def _finish(self, index: int, stretch: Stretch, sound: Heard, passages: list[Passage], words: list[Word]) -> None:
        """Appends the words of one stretch to those before it, and keeps them, with their voices."""
        said = self._words(stretch, sound, passages, words[-1].cue + 1 if words else 0)
        voices = self._voices(said, stretch, len(words))
        self._keep(index, stretch, said, voices)
        self.voices += voices
        words.extend(said)
        give_back()

    def _words(self, stretch: Stretch, sound: Heard, passages: list[Passage], cue: int) -> list[Word]:
        """Words with their edges on the sound; cues count from `cue`."""
        if not passages:
            return []
        offset = stretch.first / RATE
        words = refined(words_of(passages, self.language or languages.UNKNOWN, stretch.last / RATE), sound, offset)
        return [word.model_copy(update={"cue": word.cue + cue}) for word in repaired(words, sound, offset)]

    def _voices(self, words: list[Word], stretch: Stretch, number: int) -> Voices:
        """The voices of the stretch's words; nobody's where the weights are not installed."""
        if not words or not voiceprint.available():
            return NOBODY
        return voices_in(words, stretch.samples, stretch.first / RATE, number)

    def _path(self, index: int) -> Path:
        return cache.entry("stretches", cache.key("stretch", VERSION, index=index, **self.inputs) + ".json")

    def _keep(self, index: int, stretch: Stretch, words: list[Word], voices: Voices) -> None:
        row = {
            "first": stretch.first,
            "last": stretch.last,
            "language": self.language,
            "words": [word.model_dump() for word in words],
            "voices": voices.as_row(),
        }
        cache.write_text(self._path(index), json.dumps(row, ensure_ascii=False))

    def forget(self) -> None:
        """Removes what was kept of single stretches, now that the whole is."""
        index = 0
        while (path := self._path(index)).is_file():
            path.unlink(missing_ok=True)
            index += 1

    def _earlier(self) -> tuple[list[Word], int, int]:
        """What an interrupted run kept: its words, the sample at which it stopped, and the next stretch's number."""
        words: list[Word] = []
        samples, index = 0, 0
        while True:
            try:
                row = json.loads(self._path(index).read_text(encoding="utf-8"))
                found = [Word.model_validate(w) for w in row["words"]]
                voices = Voices.of_row(row["voices"])
                if row["first"] != samples or row["last"] <= samples:
                    break
                samples, language = int(row["last"]), row["language"]
            except (OSError, ValueError, KeyError, TypeError):
                break
            self.language = self.language or language
            words.extend(found)
            self.voices += voices
            index += 1
        return words, samples, index


def _listened(some: Iterator[Stretch]) -> Iterator[tuple[Stretch, Heard]]:
    """Each stretch with what is heard in it without understanding it."""
    for stretch in some:
        yield stretch, listen(stretch.samples)


def _ahead(items: Iterator[tuple[Stretch, Heard]], pool: ThreadPoolExecutor) -> Iterator[tuple[Stretch, Heard]]:
    """The same stretches, each begun in `pool` while the one before it is used."""
    following = pool.submit(next, items, None)
    while (item := following.result()) is not None:
        following = pool.submit(next, items, None)
        yield item


def _language(engine: Engine, stretch: Stretch) -> str:
    """The likeliest language over a few windows of the stretch, so that a jingle or a greeting does not decide."""
    count = min(limits().voice.languages_heard, len(stretch.windows))
    chosen = [stretch.windows[i * len(stretch.windows) // count] for i in range(count)]
    scores: dict[str, float] = {}
    for window in chosen:
        for code, probability in engine.languages(stretch.samples[window.first : window.last]).items():
            scores[code] = scores.get(code, 0.0) + probability
    return max(scores, key=lambda code: scores[code])


def _anybody(words: Sequence[Word]) -> bool:
    """Whether there are words that the recogniser is sure of."""
    doubt = limits().doubt
    return sum(w.confidence is None or w.confidence >= doubt.sure_word for w in words) >= doubt.sure_words


def moved(passage: Passage, offset: float, end: float) -> Passage:
    """The passage in seconds of the episode; no token outlasts its window, which engines pad with silence."""
    tokens = tuple(
        Token(t.text, round(min(t.start, end) + offset, 3), round(min(t.end, end) + offset, 3), t.probability)
        for t in passage.tokens
    )
    return Passage(tokens, passage.log_probability, passage.no_speech)
