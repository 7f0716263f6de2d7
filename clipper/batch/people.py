"""Who speaks, and how names are spelled: what the page knows put together with what was heard.

In: the words as heard, the page, the show's file; out: words with speakers' ids, names for these, rows of spelling.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from clipper.progress import Progress, silent
from clipper.speech.model import Transcript
from clipper.speech.spelled import SHOW, Spelling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from clipper.episode.model import Episode
    from clipper.show import Show

    Floats = NDArray[np.float32]


def with_speakers(
    heard: Transcript, audio: Path | None, episode: Episode, progress: Progress = silent
) -> tuple[Transcript, Mapping[str, Floats]]:
    """The words with an id for each speaker, told apart by their voices, and the voices by id.

    Nothing is changed where the transcript names its speakers, where its times are guesses, where one person speaks
    alone, and where the weights are not installed.
    """
    if audio is None or heard.timing == "none" or any(w.speaker for w in heard.words):
        return heard, {}
    from clipper.speech import voiceprint

    if not voiceprint.available():
        return heard, {}
    from clipper.speech.speakers import who_speaks
    from clipper.speech.voices import voices_of

    count = len(episode.hosts) + len(episode.guests) if episode.hosts and episode.guests else None
    turns = who_speaks(heard.words, voices_of(audio, heard.words, progress), count)
    if len({who for who in turns.ids if who}) < 2:
        return heard, {}
    words = tuple(
        word.model_copy(update={"speaker": who, "overlap": i in turns.both})
        for i, (word, who) in enumerate(zip(heard.words, turns.ids, strict=True))
    )
    return heard.model_copy(update={"words": words}), turns.voices


def called(
    transcript: Transcript, episode: Episode, show: Show, voices: Mapping[str, Floats] | None = None
) -> Mapping[str, str]:
    """The name of each speaker's id; a name that the transcript itself has stays.

    Args:
        transcript: spelled as meant, or nobody would know a name that was misheard.
        voices: of the ids, to be held against those that the show has learnt.
    """
    ids = list(dict.fromkeys(w.speaker for w in transcript.words if w.speaker))
    if not all(is_id(who) for who in ids):
        return {who: who for who in ids}
    from clipper.speech.introductions import speakers_named

    by_voice: Mapping[str, str] = {}
    if voices and show.learnt_voices:
        from clipper.speech.acquaintances import recognised, unpacked

        known = {name: voice for name, text in show.learnt_voices.items() if (voice := unpacked(text)) is not None}
        by_voice = recognised(voices, known)
    language = transcript.language if transcript.language != "und" else episode.language or "en"
    return speakers_named(transcript.words, episode.hosts, episode.guests, language, show.speakers, by_voice)


def is_id(who: str) -> bool:
    """Whether a speaker is one of ours: "S1"."""
    return who[:1] == "S" and who[1:].isdecimal()


def spelling_of(heard: Transcript, show: Show, episode: Episode, weights: Path | None = None) -> tuple[Spelling, ...]:
    """Rows for the show's own spellings, what was corrected before, the page's people heard as a whole, and other names
    that were misheard.

    Args:
        weights: the recogniser's folder, whose vocabulary says which words are common.
    """
    from clipper.speech.misheard import misheard
    from clipper.speech.names import correct
    from clipper.speech.spelled import as_written, recalled, respell
    from clipper.speech.vocabulary import common_words, terms

    common = common_words(weights) if weights is not None else frozenset()
    refused = {heard.casefold() for heard, written in show.learnt_names.items() if heard == written}
    corrected = [written for heard, written in show.learnt_names.items() if heard != written]
    after, ours = respell(heard, show.names)
    after, past = recalled(after, show.learnt_names, common)
    _, theirs = correct(after, (*show.names.values(), *corrected, *episode.guests, *episode.hosts))
    rows = [Spelling(heard=r.heard, written=r.written, count=r.count, where=r.where) for r in ours]
    rows += past
    rows += [Spelling(heard=r.heard, written=r.written, count=r.count, where=r.where) for r in theirs]
    if common:
        rest = as_written(heard, rows)
        taken = {row.heard.casefold() for row in rows}
        rows += [
            row
            for row in misheard(rest.words, terms(episode, show.names.values(), corrected), common)
            if row.heard.casefold() not in taken
        ]
    return tuple(_refused(row) if row.heard.casefold() in refused else row for row in rows)


def _refused(row: Spelling) -> Spelling:
    """A row that was taken back in an earlier episode: a proposal again."""
    return row if row.where == SHOW else row.model_copy(update={"applied": False, "certain": False})


def weights_folder(model: str) -> Path | None:
    """Where the recogniser's weights lie, if they do."""
    from clipper.errors import ClipperError
    from clipper.speech.weights import find_weights

    try:
        return find_weights(model, offline=True).folder
    except ClipperError:
        return None
