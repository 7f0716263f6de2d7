"""One episode all the way: page and audio in, a plan and finished clips out. The stages of `make`, `find` and `render`.

Every stage keeps its result by what went into it, so a second run does nothing twice and goes on where one was stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from clipper import cache
from clipper.batch.folder import Folder
from clipper.episode.load import load_episode
from clipper.episode.locate import locate_audio, locate_cover
from clipper.errors import InputError, MissingError, UsageError
from clipper.plan.model import FORMATS, Clip, Format, Plan
from clipper.progress import Progress, silent

if TYPE_CHECKING:
    from clipper.episode.model import Episode
    from clipper.export.clip import Rendered, Source
    from clipper.highlights.model import Findings
    from clipper.speech.model import Transcript
    from clipper.speech.names import Correction

CANDIDATES = 8  # in a plan, so that there is something to choose from
MAKE_COUNT = 5


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the producer asked for; times in seconds."""

    source: str
    audio: Path | None = None
    cover: Path | None = None
    transcript: Path | None = None
    feed: str | None = None
    feed_episode: str | None = None
    count: int = MAKE_COUNT
    shortest: float = 20.0
    longest: float = 60.0
    formats: tuple[Format, ...] = FORMATS
    template: str | None = None
    engine: str = "faster-whisper"
    model: str = "base"
    language: str | None = None
    offline: bool = False
    as_heard: bool = False

    def __post_init__(self) -> None:
        if self.count < 0:
            raise UsageError("--count cannot be negative", "ask for 0 or more clips")
        if not 1 <= self.shortest <= self.longest:
            raise UsageError(
                f"--min {self.shortest:g} and --max {self.longest:g} leave no length to choose",
                "--min must be at least 1 and not above --max",
            )


@dataclass(slots=True)
class Timer:
    """Seconds spent a stage, in the order in which stages were entered."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


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


def parse_formats(text: str) -> tuple[Format, ...]:
    """Shapes from "vertical,square".

    Raises:
        UsageError: another word, or none.
    """
    names = [n.strip() for n in text.split(",") if n.strip()]
    chosen = tuple(f for f in FORMATS if f in names)
    wrong = next((n for n in names if n not in FORMATS), None)
    if wrong is not None or not chosen:
        raise UsageError(f"{wrong or text!r} is not a format", f"choose of {', '.join(FORMATS)}, with commas")
    return chosen


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
        audio = _audio(wishes, episode, progress) if needed else None
        if to_render:
            _try_cover(_cover(wishes, episode, audio))
    with timer.stage("transcribe"):
        transcript = _hear(wishes, audio, given, progress)
        corrections: tuple[Correction, ...] = ()
        if given is None and not wishes.as_heard:  # words that a person wrote are spelled as meant
            transcript, corrections = correct(transcript, (*episode.guests, *episode.hosts))
    with timer.stage("find"):
        progress("find", 0, 1)
        settings = Settings(count=wishes.count, shortest=wishes.shortest, longest=wishes.longest)
        findings = search(transcript, episode, settings)
        progress("find", 1, 1)
    return Found(episode, transcript, findings, audio, corrections)


def write_plan(wishes: Wishes, found: Found, out: Path, *, picked: int | None, progress: Progress = silent) -> Plan:
    """Writes OUT: clips.yaml, the transcript and what was understood of the page; gives the plan.

    A plan that is there already and was made from the same things is the truth and is only read; otherwise it is made
    anew, and what the producer touched in it stays.
    """
    from clipper.plan import store
    from clipper.plan.edits import Said
    from clipper.plan.propose import propose
    from clipper.speech.formats import write_json, write_vtt

    folder = Folder(out)
    folder.create()
    said = Said(found.transcript.words, found.findings.sentences, found.transcript.duration)
    audio = found.audio
    if audio is None:  # the words were given: the sound is needed to render, not to choose
        with suppress(InputError, MissingError):
            audio = _audio(wishes, found.episode, progress)
    cover = _cover(wishes, found.episode, audio)
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
    }
    if wishes.template is not None:
        update["template"] = wishes.template
    plan = plan.model_copy(update=update)
    write_json(found.transcript, folder.transcript)
    write_vtt(found.transcript, folder.captions)
    folder.save_episode(found.episode)
    store.save(plan, out)
    return plan


def open_plan(out: Path) -> tuple[Plan, Transcript]:
    """The plan of OUT with every edge worked out, and the words.

    Raises:
        InputError: OUT holds no plan, or something in it cannot be used.
    """
    from clipper.highlights.language import language
    from clipper.highlights.sentences import split
    from clipper.plan import store
    from clipper.plan.edits import Said
    from clipper.speech.formats import read_transcript

    folder = Folder(out)
    if not store.exists(out):
        raise InputError(f"there is no clips.yaml in {out}", "make one with: clipper find EPISODE -o OUT")
    if not folder.transcript.is_file():
        raise InputError(f"there is no transcript.json in {out}", "run clipper find EPISODE -o OUT again")
    transcript = read_transcript(folder.transcript)
    sentences = split(transcript.words, language(transcript.language))
    return store.load(out, Said(transcript.words, sentences, transcript.duration)), transcript


def render(
    out: Path,
    plan: Plan,
    transcript: Transcript,
    *,
    only: Sequence[str] = (),
    quality: str = "good",
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
            clip, source, template, clip.formats or plan.formats, out, settings, seconds=spent, progress=progress
        )
        for stage in ("sound", "render", "check"):
            timer.seconds[stage] += getattr(spent, stage)
        finished(one)
        done.append(one)
    return done


def with_spares(wishes: Wishes) -> Wishes:
    """The same wishes with some candidates more than clips, so that the producer has something to swap in."""
    return replace(wishes, count=max(wishes.count, CANDIDATES) if wishes.count else 0)


def check_early(wishes: Wishes, out: Path, quality: str = "good") -> None:
    """Finds out before any long work what would fail after it: template, quality, cover, the folder.

    Raises:
        ClipperError: one of them cannot be used.
    """
    from clipper.export.quality import quality as settings_of
    from clipper.picture import template as templates

    settings_of(quality)
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


def _audio(wishes: Wishes, episode: Episode, progress: Progress) -> Path:
    return locate_audio(episode, audio=wishes.audio, offline=wishes.offline, progress=progress)


def _cover(wishes: Wishes, episode: Episode, audio: Path | None) -> Path | None:
    return locate_cover(episode, cover=wishes.cover, audio=audio, offline=wishes.offline)


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


def _made_from(wishes: Wishes, found: Found, picked: int | None) -> str:
    return cache.key(
        "plan",
        1,
        words=[(w.text, w.start, w.end) for w in found.transcript.words],
        episode=found.episode.model_dump(mode="json", exclude={"folder"}),
        settings=[wishes.count, wishes.shortest, wishes.longest, picked],
        candidates=[c.model_dump(mode="json") for c in found.findings.candidates],
    )


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


def show_line(plan: Plan) -> str:
    """The small line on the picture: show and number, else show, else nothing."""
    number = f"Episode {plan.number}" if plan.number is not None else ""
    return "  ·  ".join(filter(None, (plan.show, number)))


def post_lines(plan: Plan, url: str | None) -> tuple[str, ...]:
    """What a post says below the clip's title."""
    guests = " and ".join(plan.guests)
    first = " · ".join(filter(None, (plan.show, f"#{plan.number}" if plan.number is not None else "")))
    return tuple(
        filter(None, (first + (f" with {guests}" if guests and first else guests), plan.title or "", url or ""))
    )
