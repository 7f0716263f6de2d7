"""The picks for the show's own places, in OUT/packs/own, and for a guest who is asked first, in OUT/review.

In: rendered jobs; out: files, and what a guest's answer changes in the plan.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clipper import cache
from clipper.batch.finished import current
from clipper.errors import InputError
from clipper.export.own import feed, pages, timeline
from clipper.export.own.answers import Answer
from clipper.export.own.picks import Pick
from clipper.export.own.words import words

if TYPE_CHECKING:
    from clipper.export.job import Job
    from clipper.plan.model import Plan
    from clipper.speech.model import Transcript

OWN, REVIEW = "own", "review"


def make_own(
    out: Path, plan: Plan, transcript: Transcript, jobs: Sequence[Job], media: str | None
) -> tuple[list[Path], list[str]]:
    """Writes OUT/packs/own.

    Args:
        media: the public address that its files will have, for trailers; None: no trailers.

    Returns:
        The files that a person wants to know of, and notes.

    Raises:
        InputError: a clip was changed since it was rendered.
        MissingError: the disk is full, or OUT cannot be written.
    """
    folder = _made(out / "packs" / OWN)
    picks = [_laid(current(job, out), folder) for job in jobs]
    language = jobs[0].content.language or "en"
    title = plan.title or plan.show or "Clips"
    notes = feed.left_out(picks)
    texts = {
        "soundbites.xml": feed.soundbites(picks),
        "chapters.json": feed.chapters(picks, title),
        "embed.html": pages.embed_page(picks, title, language),
    }
    if media is None:
        notes.append(
            "no trailers.xml: say where the files will lie with --media, or media under [post] in clipper.toml"
        )
    else:
        sizes = [_sound(one, folder).stat().st_size for one in picks]
        texts["trailers.xml"] = feed.trailers(picks, media, sizes, datetime.datetime.now(datetime.UTC))
    made = []
    for name, text in texts.items():
        cache.write_text(folder / name, text)
        made.append(folder / name)
    if timeline.available():
        made += timeline.write(picks, jobs[0].source.audio, transcript.duration, title, folder)
    else:
        notes.append("no files for a video editor: pip install 'clipper[timeline]'")
    return made, notes


def make_review(out: Path, plan: Plan, jobs: Sequence[Job], language: str | None = None) -> Path:
    """Writes OUT/review: one folder to hand to a guest, with a page that opens offline.

    Args:
        language: of the page; None: what is spoken in the episode.

    Raises:
        InputError: a clip was changed since it was rendered.
        MissingError: the disk is full, or OUT cannot be written.
    """
    from clipper.export.pack import content

    folder = _made(out / REVIEW)
    picks = [_laid(current(job, out), folder, captions=False) for job in jobs]
    spoken = jobs[0].content.language or "en"
    t, guests = words(language or spoken), " & ".join(plan.guests)
    title = t("clips-with", guests=guests) if guests else plan.title or t("clips")
    text = pages.review_page(
        picks, [content(job) for job in jobs], title=title, show=plan.show or "", plan=plan.made_from,
        language=language or spoken, spoken=spoken,
    )  # fmt: skip
    path = folder / "review.html"
    cache.write_text(path, text)
    return path


def take_answer(plan: Plan, jobs: Sequence[Job], answer: Answer) -> tuple[Plan, list[str]]:
    """The plan with a guest's answers in, and what was done, a line each. Pure.

    A clip that was changed since the guest saw it keeps what the plan says.

    Raises:
        InputError: the answer is to another plan.
    """
    from clipper.export.pack import content

    ours = {job.clip.id: job for job in jobs}
    if not any(one.id in ours for one in answer.clips):
        raise InputError("this answer is to other clips than these", "read it into the OUT that its page was made from")
    told = []
    who = " ".join(answer.by.split()) or "the guest"
    for one in answer.clips:
        job = ours.get(one.id)
        note = f": “{' '.join(one.note.split())}”" if one.note.strip() else ""
        if job is None:
            told.append(f"{one.id} is not in the plan any more{note}")
        elif content(job) != one.content:
            told.append(f"{one.id} was changed since {who} saw it, so the plan stays as it is there{note}")
        elif one.answer is None:
            told.append(f"{one.id} was left open{note}")
        else:
            picked = one.answer == "yes"
            plan = plan.with_clip(next(c for c in plan.clips if c.id == one.id).changed(picked=picked))
            told.append(f"{one.id}: {who} says {'yes' if picked else 'rather not, so it is no longer picked'}{note}")
    return plan, told


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cache.cannot_write(folder, error) from error
    return folder


def _laid(job: Job, folder: Path, *, captions: bool = True) -> Pick:
    """A clip's files beside the page, each under the clip's name."""
    from clipper.export.checks.look import container
    from clipper.export.pack import place

    shape = job.formats[0]
    name = job.folder.name
    source = {".mp4": job.files[shape], ".jpg": job.folder / "cover.jpg"}
    if captions:
        source[".vtt"] = job.folder / "captions.vtt"
    for ending, path in source.items():
        place(path, folder / f"{name}{ending}")
    found = container(job.files[shape])
    return Pick(
        id=job.clip.id, slug=name, title=job.clip.title, spans=job.recipe.pieces.spans, seconds=found.video_seconds,
        text=job.clip.text, video=folder / f"{name}.mp4", cover=folder / f"{name}.jpg", vtt=folder / f"{name}.vtt",
        size=(found.width, found.height),
    )  # fmt: skip


def _sound(one: Pick, folder: Path) -> Path:
    """The clip's sound as M4A, the very packets of the video."""
    from clipper.errors import MissingError
    from clipper.media import last_line, run_ffmpeg

    path = folder / f"{one.slug}.m4a"
    with cache.appearing(path) as temporary:
        form = ("-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "ipod")
        run = run_ffmpeg(["-v", "error", "-y", "-i", one.video, "-map", "0:a:0", "-c", "copy", *form, temporary])
        if run.returncode:
            raise MissingError(
                f"the sound of {one.id} cannot be written: {last_line(run.stderr)}", "run clipper doctor"
            )
    return path


def listed(plan: Plan, out: Path) -> str | None:
    """The public address that the show names for its files."""
    from clipper.batch.wishes import show_of

    return show_of(plan.episode, out).post.media
