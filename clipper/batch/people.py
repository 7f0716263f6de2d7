"""Who speaks, and how names are spelled: what the page knows put together with what was heard.

In: the words as heard, the page, the show's file; out: words with speakers' ids, names for these, rows of spelling.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from clipper.progress import Progress, silent
from clipper.speech.model import Transcript
from clipper.speech.spelled import Spelling

if TYPE_CHECKING:
    from clipper.episode.model import Episode
    from clipper.show import Show


def with_speakers(heard: Transcript, audio: Path | None, episode: Episode, progress: Progress = silent) -> Transcript:
    """The words with an id for each speaker, told apart by their voices.

    Nothing is changed where the transcript names its speakers, where its times are guesses, where one person speaks
    alone, and where the weights are not installed.
    """
    if audio is None or heard.timing == "none" or any(w.speaker for w in heard.words):
        return heard
    from clipper.speech import voiceprint

    if not voiceprint.available():
        return heard
    from clipper.speech.speakers import who_speaks
    from clipper.speech.voices import voices_of

    count = len(episode.hosts) + len(episode.guests) if episode.hosts and episode.guests else None
    turns = who_speaks(heard.words, voices_of(audio, heard.words, progress), count)
    if len({who for who in turns.ids if who}) < 2:
        return heard
    words = tuple(
        word.model_copy(update={"speaker": who, "overlap": i in turns.both})
        for i, (word, who) in enumerate(zip(heard.words, turns.ids, strict=True))
    )
    return heard.model_copy(update={"words": words})


def called(transcript: Transcript, episode: Episode, show: Show) -> Mapping[str, str]:
    """The name of each speaker's id; a name that the transcript itself has stays.

    Args:
        transcript: spelled as meant, or nobody would know a name that was misheard.
    """
    ids = list(dict.fromkeys(w.speaker for w in transcript.words if w.speaker))
    if not all(is_id(who) for who in ids):
        return {who: who for who in ids}
    from clipper.speech.introductions import speakers_named

    language = transcript.language if transcript.language != "und" else episode.language or "en"
    return speakers_named(transcript.words, episode.hosts, episode.guests, language, show.speakers)


def is_id(who: str) -> bool:
    """Whether a speaker is one of ours: "S1"."""
    return who[:1] == "S" and who[1:].isdecimal()


def spelling_of(heard: Transcript, show: Show, episode: Episode) -> tuple[Spelling, ...]:
    """Rows for the show's own spellings and for the page's names."""
    from clipper.speech.names import correct
    from clipper.speech.spelled import respell

    transcript, ours = respell(heard, show.names)
    _, theirs = correct(transcript, (*show.names.values(), *episode.guests, *episode.hosts))
    return tuple(Spelling(heard=r.heard, written=r.written, count=r.count, where=r.where) for r in (*ours, *theirs))
