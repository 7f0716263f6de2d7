"""The picked clips of a plan as finished videos, and what can be known before the long work.

In: OUT with its plan and words; out: `Rendered` clips. Clips are drawn one after the other, each with all processor
cores; the sound of the next is finished while one is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from clipper import cache
from clipper.batch.folder import Folder
from clipper.batch.planned import post_lines
from clipper.batch.wishes import Timer, Wishes, show_of
from clipper.errors import InputError, UsageError
from clipper.plan.model import Clip, Plan
from clipper.progress import Progress, silent

if TYPE_CHECKING:
    from clipper.export.clip import Rendered
    from clipper.export.job import Art, Job, Source
    from clipper.export.output import Output
    from clipper.picture.template import Template
    from clipper.plan.edits import Said
    from clipper.show import Show
    from clipper.span import Span
    from clipper.speech.model import Transcript


def render(
    out: Path,
    plan: Plan,
    transcript: Transcript,
    *,
    only: Sequence[str] = (),
    output: Output | None = None,
    offline: bool = True,
    timer: Timer | None = None,
    progress: Progress = silent,
    finished: Callable[[Rendered], None] = lambda one: None,
) -> list[Rendered]:
    """Renders the picked clips of a plan, or those named in `only` whether picked or not.

    Args:
        output: quality, encoder, frames a second and size; the usual ones by default.
        offline: chapter art is not fetched, though it may have been before.
        finished: called with each clip once it is done.

    Raises:
        ClipperError: a clip could not be made; those before it are finished and kept.
    """
    from clipper.export.aside import Aside, Seconds
    from clipper.export.clip import render as render_clip

    timer = timer or Timer()
    for stage in ("sound", "render", "check"):
        timer.seconds.setdefault(stage, 0.0)
    clips = chosen(plan, only)
    if not clips:
        return []
    jobs = jobs_of(out, plan, transcript, clips, output, offline)
    done: list[Rendered] = []
    with Aside() as aside:
        for job, following in zip_longest(jobs, jobs[1:]):
            spent = Seconds()

            def meanwhile(later: Job | None = following) -> None:
                if later is not None and not later.idle:
                    aside.ahead(later.recipe, later.frames, later.output)

            one = render_clip(job, aside, meanwhile=meanwhile, seconds=spent, progress=progress)
            for stage in ("sound", "render", "check"):
                timer.seconds[stage] += getattr(spent, stage)
            finished(one)
            done.append(one)
    return done


def preview(
    out: Path,
    plan: Plan,
    transcript: Transcript,
    *,
    only: Sequence[str] = (),
    output: Output | None = None,
    safe: Sequence[str] | None = None,
    progress: Progress = silent,
) -> list[Path]:
    """What the picked (or named) clips will look like, in OUT/clips/NN-slug: a frame of every shape, a sheet of frames
    and a draft in half size with its sound.

    All is drawn by the same scene as the export; with `safe`, what these platforms cover (() is all) is laid over it.
    """
    from clipper.export.aside import Aside
    from clipper.export.clip import preview as preview_clip

    jobs = jobs_of(out, plan, transcript, chosen(plan, only), output)
    made: list[Path] = []
    with Aside() as aside:
        for number, job in enumerate(jobs):
            progress("preview", number, len(jobs), job.clip.title)
            made += preview_clip(job, aside, safe)
    progress("preview", len(jobs), len(jobs))
    return made


def check_early(wishes: Wishes, out: Path, output: Output | None = None) -> None:
    """Finds out before any long work what would fail after it: template, encoder, cover, the folder.

    Raises:
        ClipperError: one of them cannot be used.
    """
    from clipper.export.encoders import choose

    if output is not None:
        choose(output.encoder, output.quality)
    _look(wishes.template, show_of(wishes.source, out))
    Folder(out).create()
    try_cover(wishes.cover)


def try_cover(path: Path | None) -> None:
    """Opens a cover to see whether it can be.

    Raises:
        InputError: it cannot.
    """
    from clipper.picture.cover import open_cover

    if path is not None:
        open_cover(path)


def output_of(
    quality: str | None,
    encoder: str,
    fps: float | None,
    size: str | None,
    formats: Sequence[str],
    reduced_motion: bool = False,
) -> Output:
    """The `Output` that options ask for; null where they say nothing.

    Raises:
        UsageError: a quality, an encoder, a rate or a size that there is not.
    """
    from clipper.export.output import FPS, Output, parse_size
    from clipper.export.quality import QUALITY
    from clipper.export.quality import quality as settings_of

    return Output(
        quality=settings_of(quality or QUALITY),
        encoder=encoder,
        fps=FPS if fps is None else fps,
        size=parse_size(size, formats),
        reduced_motion=reduced_motion,
    )


def jobs_of(
    out: Path,
    plan: Plan,
    transcript: Transcript,
    clips: Sequence[Clip],
    output: Output | None,
    offline: bool = True,
    source: Source | None = None,
    said: Said | None = None,
) -> list[Job]:
    """What of these clips is to be made, and of what.

    Args:
        source: as `source_of` gave it for the same plan; read anew without.
        said: the transcript's words, where somebody has them at hand.
    """
    from clipper.export.job import job
    from clipper.export.output import Output
    from clipper.plan.edits import Said as Words
    from clipper.plan.soundwishes import sound_wishes
    from clipper.sound.recipe import recipe

    show = show_of(plan.episode, out)
    source = source or source_of(out, plan, transcript)
    said = said or Words(transcript.words, (), transcript.duration)
    recipes = {
        clip.id: recipe(
            clip,
            source.audio,
            said,
            sound_wishes(clip, plan, show.sound, out, show.folder),
            source.content.language,
        )
        for clip in clips
    }
    spans = [span for one in recipes.values() for span in one.pieces.spans]
    source = replace(source, chapters=_art(Folder(out), source, spans, offline))
    looks = {name: _look(name, show) for name in {clip.template or plan.template for clip in clips}}
    return [
        job(
            clip,
            source,
            looks[clip.template or plan.template],
            clip.formats or plan.formats,
            out,
            output or Output(),
            recipes[clip.id],
        )
        for clip in clips
    ]


def source_of(out: Path, plan: Plan, transcript: Transcript) -> Source:
    """What all clips of a plan share; reads cover and sound.

    Raises:
        InputError: the sound is not there, or the cover cannot be opened.
    """
    return _source(Folder(out), plan, transcript, show_of(plan.episode, out))


def _look(name: str | None, show: Show) -> Template:
    """A template with the show's [look] on top; without a name the one that this extends."""
    from clipper.picture.template import load_look

    return load_look(show.look, show.folder, name)


def chosen(plan: Plan, only: Sequence[str]) -> list[Clip]:
    """The clips named in `only`, else the picked ones.

    Raises:
        UsageError: the plan has no clip of that name.
    """
    unknown = next((i for i in only if i not in {c.id for c in plan.clips}), None)
    if unknown is not None:
        raise UsageError(f"the plan has no clip {unknown}", f"it has {', '.join(c.id for c in plan.clips) or 'none'}")
    return [c for c in plan.clips if (c.id in only if only else c.picked)]


def _captions(folder: Folder, plan: Plan, transcript: Transcript) -> Transcript:
    """The words that captions are made from: another transcript's where the plan names one.

    Raises:
        InputError: it cannot be read, or has no times.
    """
    from clipper.speech.formats import read_transcript

    path = folder.find(plan.captions_from)
    if path is None:
        return transcript
    other = read_transcript(path, transcript.duration or None)
    if other.timing == "none":
        raise InputError(f"{path.name} has no times", "captions in another language want SRT, VTT or JSON")
    return other


def _source(folder: Folder, plan: Plan, transcript: Transcript, show: Show) -> Source:
    from clipper.export.job import Source
    from clipper.picture.calls import call_to_listen
    from clipper.picture.content import Content
    from clipper.picture.cover import open_cover, typographic_cover
    from clipper.picture.text import Face

    transcript = _captions(folder, plan, transcript)
    audio = folder.find(plan.audio)
    if audio is None:
        raise InputError("the plan names no audio", "run clipper make or find again with --audio FILE")
    if not audio.is_file():
        raise InputError(f"the audio {audio} is not there any more", "put it back, or correct audio: in clips.yaml")
    cover_path = folder.find(plan.cover)
    if cover_path is not None:
        cover, digest = open_cover(cover_path), cache.file_digest(cover_path)
    else:
        font = _look(plan.template, show).font("headline")
        cover, digest = typographic_cover(plan.show or plan.title, Face(font)), f"{font.name} {plan.show or plan.title}"
    episode = folder.load_episode()
    language = transcript.language if transcript.language != "und" else episode.language
    content = Content(
        cover=cover,
        show=plan.show or "",
        number=f"No. {plan.number}" if plan.number is not None else "",
        title=plan.title or "",
        guest=" & ".join(plan.guests),
        handle=show.about.handle,
        call=call_to_listen(language),
        where=show.about.where or show.about.handle or _home(episode.url),
        language=language,
    )
    return Source(
        audio=audio,
        audio_digest=cache.file_digest(audio),
        transcript=transcript,
        content=content,
        cover_digest=digest,
        cover_alt=episode.cover_alt or "",
        cover_at=show.settings.cover,
        drop_hesitations=show.settings.drop_hesitations,
        post_lines=post_lines(plan, episode.url),
    )


def _art(folder: Folder, source: Source, spans: Sequence[Span], offline: bool) -> tuple[Art, ...]:
    """The chapters' pictures; the cover stands for those that have none."""
    from clipper.episode.art import chapter_art
    from clipper.export.job import Art
    from clipper.picture.cover import open_cover

    out: list[Art] = []
    for start, path in chapter_art(folder.load_episode(), source.audio, spans, offline=offline):
        art = Art(start, source.content.cover, source.cover_digest)
        if path is not None:
            with suppress(InputError):  # a picture that cannot be read is no reason to stop
                art = Art(start, open_cover(path), cache.file_digest(path))
        out.append(art)
    return tuple(out)


def _home(url: str | None) -> str:
    """The site of an episode's page, as it is said aloud; empty where there is none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
