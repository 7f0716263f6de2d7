"""The plan of an episode in OUT: written after a search, opened again for picking and rendering.

In: what the search found, and the producer's wishes; out: OUT/clips.yaml and what lies beside it.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from clipper import cache
from clipper.batch.folder import Folder
from clipper.batch.lock import editing
from clipper.batch.measured import write_measured
from clipper.batch.wishes import Wishes
from clipper.episode.locate import locate_audio, locate_cover
from clipper.errors import InputError, MissingError
from clipper.plan.model import Plan
from clipper.progress import Progress, silent

if TYPE_CHECKING:
    from clipper.batch.one import Found
    from clipper.episode.model import Episode
    from clipper.plan.edits import Said
    from clipper.plan.spelling import Names
    from clipper.speech.model import Transcript


def write_plan(wishes: Wishes, found: Found, out: Path, *, picked: int | None, progress: Progress = silent) -> Plan:
    """Writes OUT: clips.yaml, the transcript and what was understood of the page; gives the plan.

    A plan that is there already and was made from the same things is the truth and is only read; otherwise it is made
    anew, and what the producer touched in it stays.
    """
    from clipper.plan import store
    from clipper.plan.edits import Said
    from clipper.plan.propose import propose
    from clipper.plan.spelling import names_in
    from clipper.speech.formats import write_json, write_vtt

    folder = Folder(out)
    folder.create()
    audio = found.audio
    if audio is None:  # the words were given: the sound is needed to render, not to choose
        with suppress(InputError, MissingError):
            audio = audio_of(wishes, found.episode, progress)
    cover = cover_of(wishes, found.episode, audio)
    with editing(out):  # nobody's answer gets lost between reading and writing
        names = _names(wishes, found, names_in(store.plan_path(out)))
        words = names.written(found.heard)
        said = Said(found.transcript.words, found.findings.sentences, found.transcript.duration)
        if words.words != found.transcript.words:  # the producer's own rows are in it now
            said = said_of(words)
        made_from = _made_from(wishes, found, picked)
        previous = store.load(out, said) if store.exists(out) else None
        if previous is not None and previous.made_from == made_from:
            plan = previous
        else:
            plan = propose(
                found.findings, found.episode, previous=previous, picked=picked, source=wishes.source,
                made_from=made_from, said=said,
            )  # fmt: skip
        update: dict[str, object] = {
            "audio": folder.relative(audio) or plan.audio,
            "cover": folder.relative(cover) or plan.cover,
            "transcript": folder.relative(folder.transcript),
            "formats": wishes.formats,
            "spelling": names.rows,
            "speakers": dict(names.speakers),
            "as_heard": names.as_heard,
        }
        if wishes.captions_from is not None:
            update["captions_from"] = folder.relative(wishes.captions_from)
        if wishes.template is not None and (previous is None or "template" in wishes.said):
            update["template"] = wishes.template
        if wishes.tighten is not None:
            update["tighten"] = wishes.tighten
        plan = plan.model_copy(update=update)
        write_json(found.heard, folder.transcript)
        write_vtt(words, folder.captions)
        folder.save_episode(found.episode)
        store.save(plan, out)
        write_measured(out, plan, found.findings)
        return plan


def open_plan(out: Path) -> tuple[Plan, Transcript]:
    """The plan of OUT with every edge worked out, and the words as they are to be read: as they were heard, with the
    plan's own spelling and its speakers' names.

    Raises:
        InputError: OUT holds no plan, or something in it cannot be used.
    """
    from clipper.plan import store

    folder = Folder(out)
    if not store.exists(out):
        raise InputError(f"there is no clips.yaml in {out}", "make one with: clipper find EPISODE -o OUT")
    transcript = _transcript_in(folder)
    if transcript is None:
        raise InputError(f"there is no transcript.json in {out}", "run clipper find EPISODE -o OUT again")
    return store.load(out, said_of(transcript)), transcript


def said_in(folder: Folder) -> Said | None:
    """Words and sentences of OUT's transcript; None where there is none.

    Raises:
        InputError: it is there but cannot be used.
    """
    transcript = _transcript_in(folder)
    return None if transcript is None else said_of(transcript)


def _transcript_in(folder: Folder) -> Transcript | None:
    """OUT's words, spelled as its plan says."""
    from clipper.plan import store
    from clipper.plan.spelling import names_in
    from clipper.speech.formats import read_transcript

    if not folder.transcript.is_file():
        return None
    return names_in(store.plan_path(folder.path)).written(read_transcript(folder.transcript))


def _names(wishes: Wishes, found: Found, before: Names) -> Names:
    """The plan's names: what this run found, and what the producer has decided."""
    from clipper.plan.spelling import Names, merged

    speakers = {who: before.speakers.get(who, name) for who, name in found.speakers.items()}
    return Names(merged(before.rows, found.spelling), speakers, wishes.as_heard or before.as_heard)


def said_of(transcript: Transcript) -> Said:
    """Words and sentences of a transcript."""
    from clipper.highlights.language import language
    from clipper.highlights.sentences import split
    from clipper.plan.edits import Said

    spoken = transcript.language if transcript.language != "und" else None
    return Said(transcript.words, split(transcript.words, language(transcript.language)), transcript.duration, spoken)


def _made_from(wishes: Wishes, found: Found, picked: int | None) -> str:
    server = wishes.rerank
    asked = {} if server is None else {"rerank": [server.url, server.model, found.reranked]}
    return cache.key(
        "plan",
        1,
        words=[(w.text, w.start, w.end) for w in found.transcript.words],
        episode=found.episode.model_dump(mode="json", exclude={"folder"}),
        settings=[wishes.count, wishes.shortest, wishes.longest, picked],
        candidates=[c.model_dump(mode="json", exclude={"parts"}) for c in (found.first or found.findings).candidates],
        **asked,
    )


def post_lines(plan: Plan, url: str | None) -> tuple[str, ...]:
    """What a post says below the clip's title."""
    guests = " and ".join(plan.guests)
    first = " · ".join(filter(None, (plan.show, f"#{plan.number}" if plan.number is not None else "")))
    return tuple(
        filter(None, (first + (f" with {guests}" if guests and first else guests), plan.title or "", url or ""))
    )


def audio_of(wishes: Wishes, episode: Episode, progress: Progress) -> Path:
    """Where the episode's sound is; fetched if it must be."""
    return locate_audio(episode, audio=wishes.audio, offline=wishes.offline, progress=progress)


def cover_of(wishes: Wishes, episode: Episode, audio: Path | None) -> Path | None:
    """Where the cover is; None where there is none."""
    return locate_cover(episode, cover=wishes.cover, audio=audio, offline=wishes.offline)
