"""The words that a run goes by: heard, or a transcript's, at the times of the sound. In: what the producer gave, the
page, the audio; out: a transcript, and what was found out about its times.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from clipper.episode.locate import locate_transcript, transcript_beside
from clipper.errors import InputError
from clipper.progress import Progress

if TYPE_CHECKING:
    from clipper.batch.wishes import Wishes
    from clipper.episode.model import Episode
    from clipper.speech.model import Transcript
    from clipper.speech.probe import Checked

PAGE = "page"  # --transcript page
PIECES = 3  # stretches at distances of their own: more are no advertisements, but a clock that runs at another rate


def of_page(wishes: Wishes) -> bool:
    """Whether the page's own transcript is asked for."""
    return wishes.transcript is not None and str(wishes.transcript) == PAGE and not wishes.transcript.is_file()


def given_words(wishes: Wishes, episode: Episode, audio: Path | None) -> tuple[Path | None, tuple[str, ...]]:
    """The transcript that is to be taken, and a note where the producer should know of one.

    Raises:
        InputError: the page's is asked for, and there is none.
    """
    if wishes.transcript is not None and not of_page(wishes):
        return wishes.transcript, ()
    if wishes.transcript is None:
        there = episode.transcripts or episode.spoken or transcript_beside(episode, audio)
        told = "the page has a transcript: --transcript page takes its words at the times at which they are heard"
        return None, (told,) if there else ()
    found = locate_transcript(episode, offline=wishes.offline) or transcript_beside(episode, audio)
    if found is None and episode.spoken:
        from clipper import cache

        found = cache.entry("spoken", cache.key("spoken", 1, text=episode.spoken) + ".txt")
        cache.write_text(found, episode.spoken)
    if found is None:
        named = f" ({episode.transcripts[0]} cannot be had)" if episode.transcripts else ""
        raise InputError(
            f"{episode.page or 'this episode'} has no transcript{named}, and none lies beside it",
            "name one with --transcript FILE, or leave it away: clipper hears the words itself",
        )
    return found, (f"words from the page's transcript, {found.name}",)


def words_for(
    wishes: Wishes, audio: Path | None, given: Path | None, progress: Progress
) -> tuple[Transcript, Checked | None]:
    """The words, and what listening to the sound said of the times of those that were given.

    Raises:
        ClipperError: neither can be read, or there are no weights.
    """
    if given is None:
        assert audio is not None, "without a transcript the audio was located, or an error raised"
        return _heard(wishes, audio, progress), None
    from clipper.media import probe_sound
    from clipper.speech.formats import read_transcript

    if audio is None:
        return read_transcript(given), None
    from clipper.sound.decode import RATE, decode_window
    from clipper.speech.probe import check_times

    seconds = probe_sound(audio).seconds
    whole = read_transcript(given)  # not cut to the sound's length: what lies behind its end may belong inside
    if whole.timing == "none" or wishes.align:
        return _laid(wishes, audio, whole, read_transcript(given, seconds), progress)
    if not seconds:
        return read_transcript(given, seconds), None
    checked = check_times(
        whole, audio, lambda span: (decode_window(audio, span), RATE), seconds,
        engine=wishes.engine, model=wishes.model, language=wishes.language, offline=wishes.offline, progress=progress,
    )  # fmt: skip
    if len(checked.pieces) > PIECES or checked.vague:
        return _laid(wishes, audio, whole, checked.transcript, progress)
    return checked.transcript if checked.pieces else read_transcript(given, seconds), checked


def _heard(wishes: Wishes, audio: Path, progress: Progress) -> Transcript:
    from clipper.speech.transcribe import transcribe

    return transcribe(
        audio, engine=wishes.engine, model=wishes.model, language=wishes.language, offline=wishes.offline,
        progress=progress,
    )  # fmt: skip


def _laid(
    wishes: Wishes, audio: Path, whole: Transcript, given: Transcript, progress: Progress
) -> tuple[Transcript, Checked]:
    """The producer's words at the times at which they are heard; `given` where they are not what is heard."""
    from clipper.speech.matching import FIT, lay
    from clipper.speech.probe import Checked

    heard = _heard(wishes, audio, progress)
    laid = lay(whole, heard)
    if laid.share < FIT:
        warning = "your transcript is not what is said in this audio: another episode, edit or language?"
        return given, Checked(given, notes=(f"{warning} Its times were left as they are",), warning=warning)
    language = whole.language if whole.language != "und" else heard.language
    done = laid.transcript.model_copy(update={"language": language})
    return done, Checked(done, notes=laid.notes)
