"""One episode from its page to finished clips, in a folder of its own that nobody else writes to meanwhile.

In: wishes and OUT; out: `Made`. What `clipper make` does, and every episode of `clipper batch` and `clipper watch`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clipper.batch import one, videos
from clipper.batch.executors.machine import enough
from clipper.batch.known import refused_in
from clipper.batch.lock import holding
from clipper.batch.planned import write_plan
from clipper.batch.seal import Seal
from clipper.batch.wishes import Timer, Wishes, with_spares
from clipper.progress import Progress, silent

if TYPE_CHECKING:
    from clipper.export.clip import Rendered
    from clipper.export.output import Output
    from clipper.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Made:
    """What became of an episode: the plan, its finished clips, and what the producer should know."""

    found: one.Found
    plan: Plan
    done: list[Rendered]


def look(wishes: Wishes, out: Path, output: Output) -> None:
    """Finds out before any long work what would fail after it.

    Raises:
        ClipperError: too little memory, or a template, an encoder, a cover or a folder that cannot be used.
    """
    enough()
    videos.check_early(wishes, out, output)


def make(
    wishes: Wishes,
    out: Path,
    output: Output,
    *,
    wait: float = 0.0,
    timer: Timer | None = None,
    progress: Progress = silent,
    tell: Callable[[str], None] = lambda line: None,
) -> Made:
    """Understands, hears, chooses and renders; does only what is missing or changed.

    Args:
        wait: seconds to wait for another run in OUT.
        tell: gets what is sent to a language model, before it is sent, and for whom is waited.

    Raises:
        ClipperError: an input, the disk or something needed fails; what is finished is kept.
    """
    look(wishes, out, output)
    with holding(out, wait=wait, tell=tell):
        found = one.find(
            with_spares(wishes), to_render=True, refused=refused_in(out), timer=timer, progress=progress, tell=tell
        )
        seal = found.seal or Seal.none()
        seal.check()
        plan = write_plan(wishes, found, out, picked=wishes.count)
        done = videos.render(
            out, plan, found.transcript, output=output, offline=wishes.offline, timer=timer, progress=progress,
            finished=lambda one: seal.check(),
        )  # fmt: skip
    return Made(found, plan, done)
