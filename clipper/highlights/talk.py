"""A transcript made ready for the signals: sentences, terms, phrases found, what each sentence is.

Built once a search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipper.episode.model import Episode
from clipper.highlights.language import Hit, Language, language, normal
from clipper.highlights.model import Sentence
from clipper.highlights.sentences import split, written
from clipper.highlights.terms import Terms, terms_of
from clipper.speech.model import Transcript, Word

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What can be heard besides words. Nothing in this room computes it; signals that need it stay silent without it.

    Attributes:
        rate: frames a second.
        energy: decibels below full scale, one a frame, float32, shape (n,).
        pitch: Hz, one a frame, nan where no voice sounds, float32, shape (n,); null if not measured.
        laughter: 0 to 1, one a frame, float32, shape (n,); null if not measured.
        music: 0 to 1, also softly under speech, one a frame, float32, shape (n,); null if not measured.
        jumps: dB by which the seconds after a frame are louder than those before it, float32, shape (n,); null if not
            measured.
        bands: decibels in bands of frequency, int8, shape (n, bands): what a sound is known by when it comes again;
            null if not measured.
    """

    rate: float
    energy: NDArray[np.float32]
    pitch: NDArray[np.float32] | None = None
    laughter: NDArray[np.float32] | None = None
    music: NDArray[np.float32] | None = None
    jumps: NDArray[np.float32] | None = None
    bands: NDArray[np.int8] | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """What the signals read.

    Attributes:
        said: the normal form of each word ("" for punctuation that stands alone).
        hits: where each phrase list was found, by list name.
        starts, ends: of each sentence in seconds, shape (n,).
        lengths: spoken words of each sentence, shape (n,).
        term_sentence: the sentence of each term, shape like terms.ids.
        written: whether the transcript begins its sentences with capitals and ends them with stops.
    """

    transcript: Transcript
    episode: Episode
    lang: Language
    sentences: tuple[Sentence, ...]
    said: tuple[str, ...]
    terms: Terms
    hits: Mapping[str, list[Hit]]
    starts: Floats
    ends: Floats
    lengths: Floats
    term_sentence: NDArray[np.int64]
    sound: SoundFacts | None = None
    written: bool = False

    @property
    def words(self) -> tuple[Word, ...]:
        return self.transcript.words

    @property
    def duration(self) -> float:
        return max(self.transcript.duration, float(self.ends.max()) if len(self.ends) else 0.0)

    def spoken(self, first: int, last: int) -> list[str]:
        """Normal forms of the words of the sentences `first` up to `last`, punctuation left out."""
        a, b = self.sentences[first].first, self.sentences[last - 1].last
        return [w for w in self.said[a:b] if w]

    def sentence_of(self, places: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """The sentence that each word number lies in."""
        firsts = np.array([s.first for s in self.sentences])
        return np.asarray(np.searchsorted(firsts, np.asarray(places, dtype=np.int64), side="right") - 1, dtype=np.int64)

    def count(self, name: str) -> Floats:
        """How many phrases of list `name` begin in each sentence, shape (n,)."""
        out = np.zeros(len(self.sentences))
        found = self.hits.get(name, [])
        if found:
            np.add.at(out, self.sentence_of([h.first for h in found]), 1.0)
        return out

    def count_words(self, name: str) -> Floats:
        """How many words of the word list `name` each sentence has, shape (n,)."""
        wanted = self.lang.words.get(name, frozenset())
        out = np.zeros(len(self.sentences))
        if wanted:
            places = [i for i, w in enumerate(self.said) if w in wanted]
            if places:
                np.add.at(out, self.sentence_of(places), 1.0)
        return out

    def quote(self, name: str, first: int, last: int, most: int = 3) -> str:
        """The words that list `name` found in the sentences `first` up to `last`, for evidence."""
        a, b = self.sentences[first].first, self.sentences[last - 1].last
        seen: list[str] = []
        for hit in self.hits.get(name, []):
            if a <= hit.first and hit.last <= b:
                text = " ".join(w for w in self.said[hit.first : hit.last] if w)
                if text not in seen:
                    seen.append(text)
        return ", ".join(f"“{s}”" for s in seen[:most])


def prepare(transcript: Transcript, episode: Episode, sound: SoundFacts | None = None) -> Talk:
    """Everything that is worked out once for an episode."""
    code = transcript.language if transcript.language != "und" else (episode.language or "und")
    lang = language(code)
    words = transcript.words
    sentences = split(words, lang)
    said = tuple(normal(w.text) for w in words)
    terms = terms_of(words, lang)
    firsts = np.array([s.first for s in sentences], dtype=np.int64)
    lengths = np.array([max(1, sum(1 for w in said[s.first : s.last] if w)) for s in sentences], dtype=float)
    return Talk(
        transcript=transcript, episode=episode, lang=lang, sentences=sentences, said=said, terms=terms,
        hits=lang.find(said),
        starts=np.array([s.start for s in sentences]), ends=np.array([s.end for s in sentences]), lengths=lengths,
        term_sentence=np.searchsorted(firsts, terms.word, side="right") - 1, sound=sound, written=written(words),
    )  # fmt: skip
