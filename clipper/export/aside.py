"""What is done beside the drawing, in one thread of its own: a clip's sound is cut, levelled and encoded while its
pictures are drawn, and each picture is joined with it, checked and given its name while the next one is drawn.

In: where the sound is, finished pictures; out: `ClipSound`s, verdicts. Work is done in the order in which it was given.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from clipper import cache, leftovers
from clipper.export import kept_sound, track
from clipper.export.checks import Heard, hear
from clipper.export.checks.source import source_of
from clipper.export.job import VERSION
from clipper.export.output import Output
from clipper.picture.compose import MOST_BANDS
from clipper.sound.decode import Samples
from clipper.sound.envelope import levels
from clipper.sound.loudness import Finished, finish
from clipper.sound.make import made
from clipper.sound.recipe import Recipe

Levels = NDArray[np.float32]
T = TypeVar("T")


@dataclass(slots=True)
class Seconds:
    """Time spent a stage. Stages overlap, so together they may exceed what the clock says."""

    sound: float = 0.0
    render: float = 0.0
    check: float = 0.0


@dataclass(frozen=True, slots=True)
class ClipSound:
    """The sound of one clip, as it comes.

    Attributes:
        levels: of the waveform, as soon as the sound is cut.
        finished: what was measured before encoding, without the samples, and after; `track` is whole from then on.
        track: AAC, encoded once for all shapes.
        seconds: what it took.
    """

    levels: Future[Levels]
    finished: Future[tuple[Finished, Heard]]
    track: Path
    seconds: Seconds


class Aside:
    """The thread beside the one that draws; a context manager, at whose end nothing runs any more."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="clipper-aside")
        self._folder = tempfile.TemporaryDirectory(prefix=leftovers.folder_prefix())
        self._begun: dict[Recipe, ClipSound] = {}
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._folder.cleanup()

    def sound(self, recipe: Recipe, frames: int, output: Output) -> ClipSound:
        """The sound of a clip; begun now unless it was begun before (see `ahead`)."""
        return self._begun.pop(recipe, None) or self._begin(recipe, frames, output)

    def ahead(self, recipe: Recipe, frames: int, output: Output) -> None:
        """Begins the sound of a clip that comes later."""
        if recipe not in self._begun:
            self._begun[recipe] = self._begin(recipe, frames, output)

    def do(self, work: Callable[[], T]) -> Future[T]:
        """Does some other work once what was given before is done."""
        return self._pool.submit(work)

    def _begin(self, recipe: Recipe, frames: int, output: Output) -> ClipSound:
        self._count += 1
        path = Path(self._folder.name, f"{self._count}.aac")
        spent = Seconds()
        noticed: list[str] = []
        held: list[Samples] = []  # handed from one step to the next and then let go: 23 MB a minute
        place = kept_sound.place(recipe, frames, MOST_BANDS, output, VERSION)
        before = kept_sound.read(place)

        def cut_out() -> Levels:
            began = time.perf_counter()
            if before is not None:
                return before.levels
            sound = made(recipe)
            held.append(sound.samples)
            noticed.extend(sound.notes)
            heights = levels(held[0], output.fps, frames, MOST_BANDS)
            spent.sound += time.perf_counter() - began
            return heights

        def complete() -> tuple[Finished, Heard]:
            heights = first.result()  # its error is this one's, too
            began = time.perf_counter()
            if before is not None:
                with cache.appearing(path) as temporary:
                    temporary.write_bytes(before.track)
                return before.finished, before.heard
            finished = finish(held.pop(), recipe.loudness)
            track.write(finished.samples, path, output.quality)
            heard = hear(path, source_of(recipe))
            finished = replace(finished, samples=finished.samples[:0].copy(), noticed=tuple(noticed))
            kept_sound.write(place, kept_sound.Kept(heights, path.read_bytes(), finished, heard))
            spent.sound += time.perf_counter() - began
            return finished, heard

        first = self._pool.submit(cut_out)
        return ClipSound(first, self._pool.submit(complete), path, spent)
