"""The clips of OUT that are rendered: as jobs with the quality and size that their files have.

In: OUT with its plan and words; out: `Job`s, whether their files are what the plan says now, and the platforms that the
show makes clips for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clipper.batch import videos
from clipper.batch.wishes import show_of
from clipper.errors import InputError
from clipper.platforms import Platform, names, platform

if TYPE_CHECKING:
    from clipper.export.job import Job
    from clipper.plan.model import Plan
    from clipper.speech.model import Transcript


def finished(out: Path, plan: Plan, transcript: Transcript, only: Sequence[str] = ()) -> list[Job]:
    """The picked clips, or those named, as they were rendered.

    Raises:
        InputError: none is picked, or one has no finished file.
        UsageError: the plan has no clip of that name.
    """
    from clipper.export.job import as_rendered

    clips = videos.chosen(plan, only)
    if not clips:
        raise InputError(
            f"no clip is picked in {out / 'clips.yaml'}", f"run clipper pick {out}, or name one with --only"
        )
    jobs = [as_rendered(job, out) for job in videos.jobs_of(out, plan, transcript, clips, None)]
    for job in jobs:
        where = job.former or job.folder
        if not any((where / f"{name}.mp4").is_file() for name in job.formats):
            raise InputError(f"{job.clip.id} is not rendered yet", f"run clipper render {out}")
    return jobs


def current(job: Job, out: Path) -> Job:
    """The job, if its files are what the plan says now.

    Raises:
        InputError: something was changed since.
    """
    if job.missing or job.former:
        what = "its title" if not job.missing else ", ".join(job.missing)
        raise InputError(f"{job.clip.id} was changed since it was rendered ({what})", f"run clipper render {out} first")
    return job


def wanted_platforms(said: str | None, plan: Plan, out: Path) -> tuple[Platform, ...]:
    """The platforms that are named, else those of the show's clipper.toml; empty where neither says any.

    Raises:
        UsageError: an unknown platform.
    """
    if said is None:
        said = ",".join(show_of(plan.episode, out).settings.targets or ())
    parts = [part.strip() for part in said.split(",") if part.strip()]
    every = list(names()) if "all" in parts else parts
    return tuple({p.name: p for p in map(platform, every)}.values())
