"""The voices of an episode, unit by unit. In: words and the sound they were heard in; out: `Voices`, a vector for each
run of words that one person is likely to say. Who that is, `speakers` finds out.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from clipper import cache
from clipper.progress import Progress, silent
from clipper.speech import voiceprint
from clipper.speech.audio import blocks
from clipper.speech.engines.base import RATE
from clipper.speech.limits import limits
from clipper.speech.model import Word

if TYPE_CHECKING:
    from clipper.speech.engines.base import Samples

STOPS = (".", "?", "!", "…", "。", "？", "！")
_FRAMES = 100  # of `voiceprint.mel` in a second


@dataclass(frozen=True, slots=True)
class Voices:
    """Units in order of time.

    Attributes:
        firsts: the number of each unit's first word; a unit ends where the next one begins.
        prints: a unit vector each, shape (n, 256).
    """

    firsts: NDArray[np.int64]
    prints: NDArray[np.float32]

    def __add__(self, other: Voices) -> Voices:
        return Voices(np.concatenate([self.firsts, other.firsts]), np.concatenate([self.prints, other.prints]))

    def as_row(self) -> dict[str, Any]:
        """As JSON can hold it; half floats are enough for angles."""
        packed = base64.b64encode(self.prints.astype("<f2").tobytes()).decode("ascii")
        return {"firsts": self.firsts.tolist(), "prints": packed}

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Voices:
        """What `as_row` wrote.

        Raises:
            ValueError, KeyError, TypeError: it is not.
        """
        flat = np.frombuffer(base64.b64decode(row["prints"], validate=True), "<f2").astype(np.float32)
        firsts = np.array(row["firsts"], dtype=np.int64)
        return cls(firsts, flat.reshape(len(firsts), voiceprint.SIZE))


VERSION = 1  # raised whenever the same words and sound would give other voices

NOBODY = Voices(np.zeros(0, np.int64), np.zeros((0, voiceprint.SIZE), np.float32))


def units(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Runs of words, first and behind the last: cut at pauses and ends of sentences, and where they grow long."""
    rules = limits().speakers
    first = 0
    for i in range(1, len(words)):
        before, word = words[i - 1], words[i]
        if (
            word.start - before.end > rules.pause
            or before.text.endswith(STOPS)
            or word.end - words[first].start > rules.longest
        ):
            yield first, i
            first = i
    if words:
        yield first, len(words)


def voices_in(words: Sequence[Word], samples: Samples, offset: float, number: int) -> Voices:
    """The voices of one stretch.

    Args:
        words: of the stretch, times in seconds of the episode.
        samples: its sound, float32 mono at 16 kHz.
        offset: seconds of the episode at which it begins.
        number: of its first word in the episode.
    """
    size = voiceprint.LENGTH
    runs = list(units(words))
    if not runs or len(samples) < size:
        return NOBODY
    seen = voiceprint.mel(samples)
    pieces: list[NDArray[np.float32]] = []
    whose: list[int] = []
    for k, (first, last) in enumerate(runs):
        start = min(max(0, int((words[first].start - offset) * _FRAMES)), len(seen) - 1)
        end = min(max(int((words[last - 1].end - offset) * _FRAMES), start + 20), len(seen))
        if end - start < size:  # too short for the model: said again and again, so that no neighbour is heard
            pieces.append(np.resize(seen[start:end], (size, seen.shape[1])))
            whose.append(k)
            continue
        for at in np.linspace(start, end - size, max(1, round((end - start) / size))).astype(int):
            pieces.append(seen[at : at + size])
            whose.append(k)
    found = voiceprint.prints(np.array(pieces, np.float32))
    total = np.zeros((len(runs), voiceprint.SIZE), np.float32)
    np.add.at(total, whose, found)
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)
    return Voices(np.array([number + first for first, _ in runs], np.int64), total)


def voices_of(audio: Path, words: Sequence[Word], progress: Progress = silent, *, only_kept: bool = False) -> Voices:
    """The voices of an episode, from the cache (recognition leaves them there) or from its sound, stretch by stretch.

    With `only_kept` the sound is not listened to: nobody's where nothing is kept.

    Raises:
        InputError: the audio cannot be read.
    """
    if not words or not voiceprint.available():
        return NOBODY
    digest = cache.file_digest(audio)
    kept = _kept(_entry(digest, words))
    if kept is not None or only_kept:
        return NOBODY if kept is None else kept
    found = NOBODY
    for samples, offset, first, last in _stretches(audio, words):
        progress("voices", last, len(words))
        found += voices_in(words[first:last], samples, offset, first)
    keep_voices(digest, words, found)
    return found


def keep_voices(digest: str, words: Sequence[Word], voices: Voices) -> None:
    """Keeps what was found of an audio file (by its digest) and its words."""
    cache.write_text(_entry(digest, words), json.dumps(voices.as_row()))


def _entry(digest: str, words: Sequence[Word]) -> Path:
    rules = limits().speakers.model_dump(include={"pause", "longest"})
    times = [(w.start, w.end) for w in words]
    key = cache.key("voices", VERSION, audio=digest, weights=voiceprint.digest(), words=times, rules=rules)
    return cache.entry("voices", key + ".json")


def _kept(path: Path) -> Voices | None:
    try:
        return Voices.of_row(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _stretches(audio: Path, words: Sequence[Word]) -> Iterator[tuple[Samples, float, int, int]]:
    """Samples of some minutes, the second at which they begin, and the words that end in them (first, behind last)."""
    held: list[NDArray[np.int16]] = []
    begin = position = first = 0

    def cut() -> tuple[Samples, float, int, int] | None:
        nonlocal begin, first, held
        samples = np.concatenate(held).astype(np.float32) / np.float32(32768)
        last = first
        while last < len(words) and words[last].end * RATE <= position:
            last += 1
        made = (samples, begin / RATE, first, last) if last > first else None
        rest = int(words[last].start * RATE) if last < len(words) else position
        keep = max(0, position - max(rest, begin))
        held, begin, first = [held_tail(samples, keep)], position - keep, last
        return made

    for block in blocks(audio):
        held.append(block)
        position += len(block)
        if position - begin >= limits().stretch.seconds * RATE and (made := cut()) is not None:
            yield made
    if held and (made := cut()) is not None:
        yield made


def held_tail(samples: Samples, count: int) -> NDArray[np.int16]:
    """The last `count` samples as they were decoded."""
    return np.round(samples[len(samples) - count :] * 32768).astype(np.int16)
