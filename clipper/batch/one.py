"""One episode all the way: page and audio in, finished clips out. The stages of `make`, `find` and `render`.

Every stage keeps its result by what went into it, so a second run does nothing twice and goes on where one was stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clipper import cache
from clipper.batch.folder import Folder
from clipper.batch.planned import audio_of, cover_of, post_lines, show_line
from clipper.batch.wishes import Timer, Wishes
from clipper.episode.load import load_episode
from clipper.errors import InputError, UsageError
from clipper.plan.model import Clip, Plan
from clipper.progress import Progress, silent

if TYPE_CHECKING:
    from clipper.episode.model import Episode
    from clipper.export.clip import Rendered, Source
    from clipper.highlights.model import Findings
    from clipper.speech.model import Transcript
    from clipper.speech.names import Correction


@dataclass(frozen=True, slots=True)
class Found:
    """What `find` knows: the page, the words, the candidates, and the sound if it was needed."""

    episode: Episode
    transcript: Transcript
    findings: Findings
    audio: Path | None
    corrections: tuple[Correction, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the producer should know, a line each."""
        return (*self.findings.notes, *map(str, self.corrections))


def find(wishes: Wishes, *, to_render: bool = False, timer: Timer | None = None, progress: Progress = silent) -> Found:
    """Understands the page, hears the audio (unless a transcript is given) and looks for highlights.

    With `to_render` audio and cover must be there and readable, which is found out before the long work.

    Raises:
        ClipperError: an input cannot be used or something needed is missing.
    """
    from clipper.highlights.find import find as search
    from clipper.highlights.model import Settings
    from clipper.speech.names import correct

    timer = timer or Timer()
    with timer.stage("episode"):
        episode = load_episode(wishes.source, offline=wishes.offline, feed=wishes.feed, episode=wishes.feed_episode)
        given = wishes.transcript
        needed = to_render or given is None or wishes.audio is not None
        audio = audio_of(wishes, episode, progress) if needed else None
        if to_render:
            _try_cover(cover_of(wishes, episode, audio))
    with timer.stage("transcribe"):
        transcript = _hear(wishes, audio, given, progress)
        corrections: tuple[Correction, ...] = ()
        if given is None and not wishes.as_heard:  # words that a person wrote are spelled as meant
            transcript, corrections = correct(transcript, (*episode.guests, *episode.hosts))
    with timer.stage("find"):
        progress("find", 0, 1)
        settings = Settings(count=wishes.count, shortest=wishes.shortest, longest=wishes.longest)
        findings = _with_timing(search(transcript, episode, settings), transcript)
        progress("find", 1, 1)
    return Found(episode, transcript, findings, audio, corrections)


def render(
    out: Path,
    plan: Plan,
    transcript: Transcript,
    *,
    only: Sequence[str] = (),
    quality: str = "good",
    encoder: str = "libx264",
    timer: Timer | None = None,
    progress: Progress = silent,
    finished: Callable[[Rendered], None] = lambda one: None,
) -> list[Rendered]:
    """Renders the picked clips of a plan, or those named in `only` whether picked or not.

    Raises:
        ClipperError: a clip could not be made; those before it are finished and kept.
    """
    from clipper.export.clip import Seconds
    from clipper.export.clip import render as render_clip
    from clipper.export.quality import quality as settings_of
    from clipper.picture import template as templates

    timer = timer or Timer()
    for stage in ("sound", "render", "check"):
        timer.seconds.setdefault(stage, 0.0)
    clips = _chosen(plan, only)
    if not clips:
        return []
    settings = settings_of(quality)
    with timer.stage("sound"):
        source = _source(Folder(out), plan, transcript)
    done: list[Rendered] = []
    for clip in clips:
        spent = Seconds()
        template = templates.load(clip.template or plan.template)
        one = render_clip(
            clip,
            source,
            template,
            clip.formats or plan.formats,
            out,
            settings,
            encoder=encoder,
            seconds=spent,
            progress=progress,
        )
        for stage in ("sound", "render", "check"):
            timer.seconds[stage] += getattr(spent, stage)
        finished(one)
        done.append(one)
    return done


def check_early(wishes: Wishes, out: Path, quality: str = "good", encoder: str = "libx264") -> None:
    """Finds out before any long work what would fail after it: template, quality, cover, the folder.

    Raises:
        ClipperError: one of them cannot be used.
    """
    from clipper.export.encoders import choose
    from clipper.export.quality import quality as settings_of
    from clipper.picture import template as templates

    choose(encoder, settings_of(quality))
    templates.load(wishes.template or "spotlight")
    Folder(out).create()
    _try_cover(wishes.cover)


def _try_cover(path: Path | None) -> None:
    from clipper.picture.cover import open_cover

    if path is not None:
        open_cover(path)


def preview(
    out: Path, plan: Plan, transcript: Transcript, *, only: Sequence[str] = (), progress: Progress = silent
) -> list[Path]:
    """A picture of every shape of the picked (or named) clips, in OUT/clips/NN-slug/preview-SHAPE.png.

    It is drawn by the same scene as the export, a third into the clip.
    """
    from clipper.export.clip import preview as preview_clip
    from clipper.picture import template as templates

    clips = _chosen(plan, only)
    source = _source(Folder(out), plan, transcript)
    pictures: list[Path] = []
    for number, clip in enumerate(clips):
        progress("preview", number, len(clips), clip.title)
        template = templates.load(clip.template or plan.template)
        pictures += preview_clip(clip, source, template, clip.formats or plan.formats, out)
    progress("preview", len(clips), len(clips))
    return pictures


def _chosen(plan: Plan, only: Sequence[str]) -> list[Clip]:
    """The clips named in `only`, else the picked ones.

    Raises:
        UsageError: the plan has no clip of that name.
    """
    unknown = next((i for i in only if i not in {c.id for c in plan.clips}), None)
    if unknown is not None:
        raise UsageError(f"the plan has no clip {unknown}", f"it has {', '.join(c.id for c in plan.clips) or 'none'}")
    return [c for c in plan.clips if (c.id in only if only else c.picked)]


UNMEASURED = {
    "spread": "word times are spread over each cue of your transcript, not measured: the lit word may be early or late",
    "none": "your transcript has no times, they are guessed by speaking rate: check where this begins and ends",
}


def _with_timing(findings: Findings, transcript: Transcript) -> Findings:
    """The findings, with a warning on every candidate where the words' times were not measured on the sound."""
    warning = UNMEASURED.get(transcript.timing)
    if warning is None:
        return findings
    warned = tuple(c.model_copy(update={"warnings": (*c.warnings, warning)}) for c in findings.candidates)
    return findings.model_copy(update={"candidates": warned, "notes": (*findings.notes, warning)})


def _hear(wishes: Wishes, audio: Path | None, given: Path | None, progress: Progress) -> Transcript:
    if given is not None:
        from clipper.media import probe_sound
        from clipper.speech.formats import read_transcript

        return read_transcript(given, probe_sound(audio).seconds if audio else None)
    from clipper.speech.transcribe import transcribe

    assert audio is not None  # without a transcript the audio was located, or an error raised
    return transcribe(
        audio, engine=wishes.engine, model=wishes.model, language=wishes.language, offline=wishes.offline,
        progress=progress,
    )  # fmt: skip


def _source(folder: Folder, plan: Plan, transcript: Transcript) -> Source:
    from clipper.export.clip import Source
    from clipper.picture.cover import open_cover, typographic_cover
    from clipper.picture.template import load as load_template
    from clipper.picture.text import Face

    audio = folder.find(plan.audio)
    if audio is None:
        raise InputError("the plan names no audio", "run clipper make or find again with --audio FILE")
    if not audio.is_file():
        raise InputError(f"the audio {audio} is not there any more", "put it back, or correct audio: in clips.yaml")
    cover_path = folder.find(plan.cover)
    if cover_path is not None:
        cover, digest = open_cover(cover_path), cache.file_digest(cover_path)
    else:
        face = Face(load_template(plan.template).font("headline"))
        cover, digest = typographic_cover(plan.show or plan.title, face), f"none {plan.show or plan.title}"
    episode = folder.load_episode()
    return Source(
        audio=audio,
        audio_digest=cache.file_digest(audio),
        transcript=transcript,
        cover=cover,
        cover_digest=digest,
        show_line=show_line(plan),
        post_lines=post_lines(plan, episode.url),
    )
