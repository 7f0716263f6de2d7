"""One episode all the way: page and audio in, finished clips out. The stages of `make`, `find` and `render`.

Every stage keeps its result by what went into it, so a second run does nothing twice and goes on where one was stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from clipper.batch.people import called, spelling_of, weights_folder, with_speakers
from clipper.batch.planned import audio_of, cover_of
from clipper.batch.rerank import rerank
from clipper.batch.seal import Seal
from clipper.batch.videos import try_cover
from clipper.batch.wishes import Timer, Wishes
from clipper.batch.words import given_words, of_page, words_for
from clipper.episode.load import load_episode
from clipper.progress import Progress, silent

if TYPE_CHECKING:
    from clipper.episode.model import Episode
    from clipper.highlights.known import Passage
    from clipper.highlights.model import Findings
    from clipper.speech.model import Transcript
    from clipper.speech.probe import Checked
    from clipper.speech.spelled import Spelling


@dataclass(frozen=True, slots=True)
class Found:
    """What `find` knows: the page, the words, the candidates, and the sound if it was needed.

    `transcript` is spelled as meant, `heard` is what the recogniser wrote; `spelling` has the rows between the two,
    `speakers` the name of each speaker's id.
    `first` is what the search gave before refused passages were left out and a language model was asked: what a plan
    was made from stays the same whatever its producer answers. `seal` tells whether the sound is still what was heard.
    """

    episode: Episode
    transcript: Transcript
    findings: Findings
    audio: Path | None
    heard: Transcript
    spelling: tuple[Spelling, ...] = ()
    speakers: Mapping[str, str] = field(default_factory=dict)
    first: Findings | None = None
    reranked: bool = False
    seal: Seal | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the producer should know, a line each."""
        return (*self.findings.notes, *map(str, self.spelling))


def find(
    wishes: Wishes,
    *,
    to_render: bool = False,
    refused: Sequence[Passage] = (),
    timer: Timer | None = None,
    progress: Progress = silent,
    tell: Callable[[str], None] = lambda line: None,
) -> Found:
    """Understands the page, hears the audio (unless a transcript is given) and looks for highlights.

    With `to_render` audio and cover must be there and readable, which is found out before the long work. `refused` are
    passages that the plan in OUT leaves out; `tell` gets what is sent to a language model, before it is sent.

    Raises:
        ClipperError: an input cannot be used or something needed is missing.
    """
    from clipper.highlights.find import find as search
    from clipper.highlights.model import Settings
    from clipper.highlights.weights import of_show
    from clipper.plan.spelling import Names
    from clipper.speech.spelled import as_written

    timer = timer or Timer()
    if wishes.captions_from is not None:
        from clipper.speech.formats import read_transcript

        read_transcript(wishes.captions_from)  # what is wrong with it is told before the long work
    with timer.stage("episode"):
        episode = load_episode(wishes.source, offline=wishes.offline, feed=wishes.feed, episode=wishes.feed_episode)
        needed = to_render or wishes.transcript is None or wishes.audio is not None or of_page(wishes)
        audio = audio_of(wishes, episode, progress) if needed else None
        given, told = given_words(wishes, episode, audio)
        seal = None if audio is None else Seal.of(audio)
        if to_render:
            try_cover(cover_of(wishes, episode, audio))
    with timer.stage("transcribe"):
        heard, checked = words_for(wishes, audio, given, progress)
        heard, voices = with_speakers(heard, audio, episode, progress)
        spelling: tuple[Spelling, ...] = ()
        if given is None and not wishes.as_heard:  # words that a person wrote are spelled as meant
            spelling = spelling_of(heard, wishes.show, episode, weights_folder(wishes.model))
        speakers = called(as_written(heard, spelling), episode, wishes.show, voices)
        transcript = Names(spelling, speakers).written(heard)
    sound = None
    if audio is not None and transcript.timing != "none":  # guessed times would look for it in the wrong place
        from clipper.sound.facts import listen

        with timer.stage("listen"):
            sound = listen(audio, progress)
    with timer.stage("find"):
        progress("find", 0, 1)
        settings = Settings(count=wishes.count, shortest=wishes.shortest, longest=wishes.longest)
        weights = of_show(wishes.show)

        def look(known: Sequence[Passage]) -> Findings:
            found = search(transcript, episode, settings, weights=weights, sound=sound, known=known)
            return _with_timing(found, transcript, checked, told)

        first = findings = look(wishes.known)
        if refused:
            findings = look((*wishes.known, *refused))
        reranked = False
        if wishes.rerank is not None:
            code = transcript.language if transcript.language != "und" else episode.language or "und"
            findings, reranked = rerank(findings, episode, code, wishes.rerank, tell=tell, progress=progress)
        progress("find", 1, 1)
    return Found(episode, transcript, findings, audio, heard, spelling, speakers, first, reranked, seal=seal)


def hear(wishes: Wishes, *, progress: Progress = silent) -> None:
    """The first stage alone: the episode's words are in the cache afterwards, where `find` looks for them.

    Raises:
        ClipperError: as `find`.
    """
    episode = load_episode(wishes.source, offline=wishes.offline, feed=wishes.feed, episode=wishes.feed_episode)
    audio = audio_of(wishes, episode, progress)
    try_cover(cover_of(wishes, episode, audio))
    given, _ = given_words(wishes, episode, audio)
    words_for(wishes, audio, given, progress)


UNMEASURED = {
    "spread": "word times are spread over each cue of your transcript, not measured: the lit word may be early or late",
    "none": "your transcript has no times, they are guessed by speaking rate: check where this begins and ends",
}


def _with_timing(
    findings: Findings, transcript: Transcript, checked: Checked | None, told: tuple[str, ...]
) -> Findings:
    """The findings, with a warning on every candidate where the words' times were not measured on the sound or are not
    the sound's, and with what was done about them.
    """
    spread = UNMEASURED.get(transcript.timing)
    notes = (*told, *(checked.notes if checked else ()), *((spread,) if spread else ()))
    warnings = tuple(w for w in (checked.warning if checked else "", spread) if w)
    warned = tuple(c.model_copy(update={"warnings": (*c.warnings, *warnings)}) for c in findings.candidates)
    return findings.model_copy(update={"candidates": warned, "notes": (*findings.notes, *notes)})
