"""Checking what lies in OUT. In: OUT with its plan and words; out: `Checked` files and a page of them, check.html."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clipper import cache
from clipper.batch.planned import said_in
from clipper.progress import Progress, silent

if TYPE_CHECKING:
    from clipper.export.checks.whole import Checked
    from clipper.export.job import Job
    from clipper.plan.model import Plan
    from clipper.platforms import Platform

PAGE = "check.html"


def check_jobs(
    out: Path, jobs: Sequence[Job], platforms: Sequence[Platform] = (), progress: Progress = silent
) -> list[Checked]:
    """The verdicts on every finished file of these clips, each decoded once.

    Raises:
        InputError: a file cannot be opened, or the words are not there.
    """
    from clipper.batch.folder import Folder
    from clipper.errors import InputError
    from clipper.export.checks.whole import check_clip

    said = said_in(Folder(out))
    if said is None:
        raise InputError(f"there is no transcript.json in {out}", "run clipper find EPISODE -o OUT again")
    total = sum(job.seconds * len(job.formats) for job in jobs)
    before = 0.0
    done: list[Checked] = []
    for job in jobs:

        def tick(name: str, seconds: float, job: Job = job, before: float = before) -> None:
            number = job.formats.index(name)
            progress("check", before + number * job.seconds + seconds, total, f"{job.clip.title} · {name}")

        done += check_clip(job, said, platforms, tick)
        before += job.seconds * len(job.formats)
    progress("check", total, total)
    return done


def write_page(out: Path, plan: Plan, checked: Sequence[Checked]) -> Path:
    """Writes OUT/check.html.

    Raises:
        MissingError: the disk is full, or OUT cannot be written.
    """
    from clipper.export.checks.page import page

    path = out / PAGE
    cache.write_text(path, page(plan.title or plan.show or "Clips", out, checked))
    return path
