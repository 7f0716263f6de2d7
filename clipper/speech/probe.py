"""A given transcript's times against the sound. In: a transcript with times, the episode's audio; out: the transcript
as the sound has it, and what is to be told.

Advertisements that are put in later shift what follows. A few windows are recognised and looked for in the transcript
(`offsets`), the borders between distances are found with a few more (`borders`). What was heard is kept.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clipper import cache
from clipper.errors import InputError, MissingError
from clipper.media import Mix
from clipper.progress import Progress, silent
from clipper.span import Span, clock
from clipper.speech import languages
from clipper.speech.borders import WINDOW, Map, offset_map, windows
from clipper.speech.engines import DEFAULT, open_engine
from clipper.speech.engines.base import HOP, RATE, Engine, Window
from clipper.speech.holes import transcribe_whole
from clipper.speech.limits import limits
from clipper.speech.model import Transcript, Word, join
from clipper.speech.offsets import Given, Piece, Said, by_at, said, side
from clipper.speech.transcribe import STAGE
from clipper.speech.weights import find_weights
from clipper.speech.words import words_of

if TYPE_CHECKING:
    from clipper.speech.engines.base import Samples

log = logging.getLogger(__name__)

VERSION = 1  # raised whenever the same window, weights and settings would give other words
MOST = 26  # windows that are heard at most: about a second of processor time each with the base weights
FEW = 0.25  # share of windows that must fit before anything is believed
AD = (4.0, 400.0)  # seconds that advertisements which were put in usually last
SHOWN = 5  # words of a missing passage that are quoted from both its ends

Source = Callable[[Span], "tuple[Samples, int]"]  # a span of the sound: float32, shape (n, channels), and its rate


@dataclass(frozen=True, slots=True)
class Checked:
    """Attributes:
    transcript: moved where the sound says so, else as it was given.
    pieces: by how much, in its own times; empty if nothing was moved.
    notes: what was done, a line each; empty where all times are right.
    warning: what each candidate should say, because the transcript is not what is heard; empty otherwise.
    vague: not every place where the distance changes was found, because there are too many.
    """

    transcript: Transcript
    pieces: tuple[Piece, ...] = ()
    notes: tuple[str, ...] = ()
    warning: str = ""
    vague: bool = False


def check_times(
    transcript: Transcript,
    audio: Path,
    source: Source,
    duration: float,
    *,
    engine: str = DEFAULT,
    model: str = "base",
    language: str | None = None,
    offline: bool = False,
    progress: Progress = silent,
) -> Checked:
    """Listens at a few places whether the words are where the transcript says, and moves them if not.

    Args:
        transcript: with times, not cut to the sound's length: what lies behind its end may belong inside.
        source: the sound of a span of `audio`.
        duration: of the audio in seconds.
        engine, model, language, offline: as for `transcribe`.
        progress: in windows.

    Raises:
        InputError: the audio cannot be read.
        UsageError: no such engine, model or language.
    """
    given = Given(transcript.words)
    starts = windows(given, duration)
    if not starts:
        return Checked(transcript)
    try:
        ear = _Ear(audio, source, duration, starts, engine, model, language, offline, progress)
        found = offset_map(given, transcript.words, starts, ear)
    except MissingError as error:
        log.info("no windows heard: %s", error.message)
        return Checked(
            transcript, notes=(f"your transcript's times were not compared with the sound: {error.message}",)
        )
    progress(STAGE, ear.done, ear.done)
    enough, fit = found.heard
    if fit <= FEW * enough:
        if enough < 2:  # music, or hardly any speech: nothing to compare
            return Checked(transcript)
        places = f"none of {enough} places" if not fit else f"only {fit} of {enough} places"
        warning = (
            f"your transcript is not what is said in this audio ({places} agree): another episode, edit or language?"
        )
        return Checked(transcript, notes=(f"{warning} Its times were left as they are",), warning=warning)
    return _moved(transcript, given, found, duration)


class _Ear:
    """Hears windows of one episode, each once ever; the engine is loaded when the first one needs it."""

    def __init__(
        self,
        audio: Path,
        source: Source,
        duration: float,
        starts: Sequence[float],
        engine: str,
        model: str,
        language: str | None,
        offline: bool,
        progress: Progress,
    ) -> None:
        self._source, self._duration, self._name, self._progress = source, duration, engine, progress
        self._language = languages.asked(language) if language else None
        self._weights = find_weights(model, offline=offline)
        self._engine: Engine | None = None
        self._starts, self.done = starts, 0
        try:
            digest = cache.file_digest(audio)
        except OSError as error:
            raise InputError(f"{audio.name} cannot be read: {error.strerror}", "check who may read it") from error
        self._inputs: dict[str, object] = {
            "audio": digest, "engine": engine, "weights": self._weights.digest, "limits": limits().model_dump(),
        }  # fmt: skip

    def __call__(self, start: float) -> Said | None:
        if self.done >= MOST:
            return None
        self._progress(STAGE, self.done, max(self.done + 1, len(self._starts)), "comparing times")
        self.done += 1
        start = round(min(max(0.0, start), max(0.0, self._duration - WINDOW)), 1)
        language = self._spoken()
        path = self._entry("window", language=language, start=start, seconds=WINDOW)
        kept = _kept(path)
        if kept is None:
            samples = self._samples(start)
            whole = [Window(0, len(samples) // HOP * HOP)]
            passages = transcribe_whole(
                self._opened(), samples, whole, language=language, hints=(), heard=lambda count: None
            )
            kept = [(w.text, w.start, w.end) for w in words_of(passages, language, WINDOW)]
            cache.write_text(path, json.dumps(kept, ensure_ascii=False))
        return said(Word(text=text, start=start + a, end=start + b) for text, a, b in kept)

    def _spoken(self) -> str:
        """The language of the sound, from a few windows, whatever the transcript says of itself."""
        if self._language is None:
            count = min(limits().voice.languages_heard, len(self._starts))
            chosen = [self._starts[(2 * i + 1) * len(self._starts) // (2 * count)] for i in range(count)]
            path = self._entry("language", starts=chosen)
            self._language = _code(path)
            if self._language is None:
                scores: dict[str, float] = {}
                for start in chosen:
                    for code, share in self._opened().languages(self._samples(start)).items():
                        scores[code] = scores.get(code, 0.0) + share
                self._language = max(scores, key=lambda code: scores[code])
                cache.write_text(path, self._language)
        return self._language

    def _samples(self, start: float) -> Samples:
        """A window at the recogniser's rate."""
        import av
        import numpy as np

        sound, rate = self._source(Span(start=start, end=start + WINDOW))
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound.mean(axis=1, dtype=np.float32)[None, :]), format="flt", layout="mono"
        )
        frame.sample_rate = rate
        mix = Mix("flt", "mono", RATE)
        return np.concatenate([block.reshape(-1) for part in (frame, None) for block in mix(part)])

    def _opened(self) -> Engine:
        if self._engine is None:
            self._engine = open_engine(self._name, self._weights)
        return self._engine

    def _entry(self, what: str, **facts: object) -> Path:
        return cache.entry("probes", cache.key(f"probe {what}", VERSION, **self._inputs, **facts) + ".json")


def _code(path: Path) -> str | None:
    try:
        return languages.code(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _kept(path: Path) -> list[tuple[str, float, float]] | None:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [(str(text), float(start), float(end)) for text, start, end in rows]
    except (OSError, ValueError, TypeError):
        return None


def _moved(transcript: Transcript, given: Given, found: Map, duration: float) -> Checked:
    """The words where the sound has them, without those that it has not, and the notes."""
    words, numbers = transcript.words, given.said.word
    if found.drift is not None:
        return _stretched(transcript, found, duration)
    pieces = tuple(
        Piece(words[int(numbers[s.first])].start if k else 0.0, s.by, s.marks) for k, s in enumerate(found.stretches)
    )
    notes = [
        f"other words are heard around {clock(at, 0)} than your transcript has there: check it before you use that part"
        for at in found.other
    ]
    if not any(piece.by for piece in pieces):
        return Checked(transcript, notes=tuple(notes))
    gone: set[int] = set()
    lost = []
    for first, last in found.missing:
        inside = range(int(numbers[first]), int(numbers[last - 1]) + 1)
        gone.update(inside)
        lost.append([words[n] for n in inside])
    kept: list[Word] = []
    outside: list[Word] = []
    for number, word in enumerate(words):
        by = by_at(word.start, pieces)
        start = word.start + by
        if number in gone:
            continue
        if start < -1.0 or start >= duration:
            outside.append(word)
            continue
        start = max(0.0, start, kept[-1].start if kept else 0.0)
        kept.append(word.model_copy(update={"start": start, "end": min(max(start, word.end + by), duration)}))
    notes = [_told(pieces), *(_missing(some) for some in (*lost, outside) if some), *notes]
    notes += [_vague(words[int(numbers[a])], words[int(numbers[b])]) for a, b in found.vague]
    moved = transcript.model_copy(update={"words": tuple(kept), "duration": duration})
    return Checked(moved, pieces, tuple(notes), vague=bool(found.vague))


def _stretched(transcript: Transcript, found: Map, duration: float) -> Checked:
    """The words on the sound's clock, where the transcript's runs at another rate."""
    assert found.drift is not None
    start, rate = found.drift

    def moved(t: float) -> float:
        return round(min(max(0.0, t + start + rate * t), duration), 3)

    kept = tuple(
        w.model_copy(update={"start": moved(w.start), "end": moved(w.end)})
        for w in transcript.words
        if -1.0 <= w.start + start + rate * w.start < duration
    )
    how = f"{abs(rate):.1%} {'slower' if rate > 0 else 'faster'} than the sound"
    notes = (f"your transcript's clock runs {how} (captions for another frame rate, by the look of it): put right",)
    done = transcript.model_copy(update={"words": kept, "duration": duration})
    return Checked(done, (Piece(0.0, found.stretches[0].by, found.stretches[0].marks),), notes)


def _told(pieces: Sequence[Piece]) -> str:
    parts, ads, before = [], 0, 0.0
    for k, piece in enumerate(pieces):
        ads += AD[0] <= piece.by - before <= AD[1]
        since = (
            f" from {clock(piece.start, 0)} on" if k else f" up to {clock(pieces[1].start, 0)}" if pieces[1:] else ""
        )
        if piece.by:
            parts.append(f"{abs(piece.by):.1f} s {side(piece.by)}{since}")
        elif k:
            parts.append(f"right again{since}")
        before = piece.by
    look = {0: "", 1: " (an advertisement, by the look of it)"}.get(ads, " (advertisements, by the look of it)")
    return f"your transcript is {', '.join(parts)}{look}: shifted"


def _missing(some: Sequence[Word]) -> str:
    few = len(some) <= 2 * SHOWN
    quote = join(list(some)) if few else f"{join(list(some[:SHOWN]))} … {join(list(some[-SHOWN:]))}"
    span = f"from {clock(some[0].start, 0)} to {clock(some[-1].end, 0)}"
    return f"the audio does not have what your transcript says {span} (“{quote}”): left out"


def _vague(a: Word, b: Word) -> str:
    return f"where exactly it shifts between {clock(a.start, 0)} and {clock(b.start, 0)} was not found: check that part"
