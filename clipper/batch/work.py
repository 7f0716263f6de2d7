"""One episode of a batch, wherever it is done: in a process of this machine or on another one.

In: a `Task`, plain values that travel; out: an `Outcome`. No error gets out of here: one episode stops no other.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from clipper import cache
from clipper.errors import ClipperError, Exit, MissingError, memory_ran_out, one_line, out_of_memory

if TYPE_CHECKING:
    from clipper.batch.wishes import Wishes
    from clipper.export.output import Output
    from clipper.progress import Progress

State = Literal["done", "unchanged", "short", "failed"]
Report = Callable[[str, str, float, float], None]  # task, stage, done, total


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line said for every episode; null where it said nothing. Fields as in `Wishes` and `Output`."""

    count: int | None = None
    shortest: float | None = None
    longest: float | None = None
    platforms: str | None = None
    formats: str | None = None
    template: str | None = None
    quality: str | None = None
    engine: str | None = None
    model: str | None = None
    language: str | None = None
    offline: bool = False
    as_heard: bool = False
    encoder: str = "libx264"
    fps: float | None = None
    size: str | None = None
    reduced_motion: bool = False


PATIENCE = 600.0  # seconds that an episode waits for somebody who works on it by hand
OUTPUT = ("encoder", "fps", "size", "reduced_motion")


@dataclass(frozen=True, slots=True)
class Task:
    """An episode to be done; paths as text, as the machine that does it sees them, or addresses in a store.

    `version` tells what lies at an address from what lay there before.
    """

    name: str
    source: str
    out: str
    options: Options = field(default_factory=Options)
    audio: str | None = None
    cover: str | None = None
    transcript: str | None = None
    version: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task.

    Attributes:
        state: "short" is done, but a check fell short.
        clips, made: how many clips it has now, and how many of them were made or changed now.
        message, mend, exit: of what failed or fell short.
        inputs: the files that it was made from: size, time of change in ns, SHA-256.
        outputs: the files that it consists of, relative to OUT: size in bytes.
    """

    name: str
    state: State
    seconds: float = 0.0
    clips: int = 0
    made: int = 0
    message: str = ""
    mend: str = ""
    exit: int = 0
    title: str = ""
    notes: tuple[str, ...] = ()
    inputs: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    outputs: dict[str, int] = field(default_factory=dict)


def silent(task: str, stage: str, done: float, total: float) -> None:
    """The default: says nothing."""


def work(task: Task, report: Report = silent, *, wait: float = PATIENCE) -> Outcome:
    """Does one episode; gives what became of it, whatever happens but an interruption.

    Args:
        wait: seconds to wait for another run in the episode's folder.
    """
    made = _told(task, lambda began: _work(task, report, began, wait))
    assert made is not None
    return made


def hear(task: Task, report: Report = silent) -> Outcome | None:
    """Hears an episode, for machines that are good at it; `work`, anywhere, then finds its words in the cache.

    Gives what became of the task where it fails already, else None.
    """
    return _told(task, lambda began: _hear(task, report))


def _told(task: Task, do: Callable[[float], Outcome | None]) -> Outcome | None:
    """What `do` gives, which gets the time at which it began; every error as an outcome."""
    began = time.perf_counter()
    try:
        return do(began)
    except ClipperError as error:
        return failure(task, error, time.perf_counter() - began)
    except Exception as error:  # a fault of ours in one episode is no reason to stop the others
        mended: ClipperError = out_of_memory() if memory_ran_out(error) else _crash(error)
        return failure(task, mended, time.perf_counter() - began)


def failure(task: Task, error: ClipperError, seconds: float = 0.0) -> Outcome:
    """The outcome of a task that an error ended."""
    code = int(error.exit_code)
    return Outcome(task.name, "failed", seconds, message=error.message, mend=error.mend, exit=code)


def _crash(error: Exception) -> MissingError:
    name = f"this should not have happened: {one_line(f'{type(error).__name__}: {error}')}"
    return MissingError(name, "run this episode alone with clipper make --verbose and send us what it prints")


def _wanted(task: Task, report: Report) -> tuple[Task, Wishes, Output, dict[str, Path]]:
    """The task with everything on this disk, what is wished for, how it is put out, and the files that it names."""
    from clipper.batch.videos import output_of
    from clipper.batch.wishes import wished

    task = _brought(task, _progress(task, report))
    said = {n: getattr(task.options, n) for n in Options.__slots__ if n not in OUTPUT}
    paths = {n: Path(p) for n in ("audio", "cover", "transcript") if (p := getattr(task, n)) is not None}
    wishes = wished(task.source, to_make=True, **said, **paths)
    output = output_of(
        wishes.quality, task.options.encoder, task.options.fps, task.options.size, wishes.formats,
        task.options.reduced_motion,
    )  # fmt: skip
    return task, wishes, output, paths


def _brought(task: Task, progress: Progress) -> Task:
    """The same with a local copy of an episode that lies in a store."""
    from clipper.episode.store import bring, is_store

    if not is_store(task.source):
        return task
    return replace(task, source=str(bring(task.source, offline=task.options.offline, progress=progress)))


def _progress(task: Task, report: Report) -> Progress:
    def progress(stage: str, done: float, total: float, note: str = "") -> None:
        report(task.name, stage, done, total)

    return progress


def _hear(task: Task, report: Report) -> None:
    from clipper.batch import one, whole

    task, wishes, output, _ = _wanted(task, report)
    whole.look(wishes, Path(task.out), output)
    one.hear(wishes, progress=_progress(task, report))


def _work(task: Task, report: Report, began: float, wait: float) -> Outcome:
    from clipper.batch.whole import make

    task, wishes, output, paths = _wanted(task, report)
    out = Path(task.out)
    show = wishes.show
    template = Path(wishes.template) if wishes.template else None
    looks = sorted(template.rglob("*")) if template is not None and template.is_dir() else []
    known = [*paths.values(), show.path, show.learnt_path, *looks]
    before = _stamps(Path(task.source), out, known)
    made = make(wishes, out, output, wait=wait, progress=_progress(task, report))
    short = [line for one in made.done for line in one.short]
    state: State = "short" if short else "done"
    audio = Path(made.plan.audio) if made.plan.audio else None
    used = [
        Path(task.source), made.found.audio or (out / audio if audio else None), *paths.values(), show.path,
        show.learnt_path if show.learnt_path.is_file() else None, out / made.plan.cover if made.plan.cover else None,
        *looks,
    ]  # fmt: skip
    return Outcome(
        name=task.name,
        state=state,
        seconds=time.perf_counter() - began,
        clips=len(made.done),
        made=sum(bool(one.made) for one in made.done),
        message=f"{len(short)} checks fell short, first: {short[0]}" if short else "",
        mend="look at the clip; clipper make on this episode alone shows every line" if short else "",
        exit=int(Exit.FELL_SHORT) if short else 0,
        title=made.plan.title or "",
        notes=tuple(made.found.notes),
        inputs=_as_begun(facts(p for p in used if p is not None), before, _beside(Path(task.source), out)),
        outputs=outputs(out),
    )


_CHANGED = (-1, 0, "")  # of a file that was changed meanwhile: the next run looks at it anew


def _stamps(source: Path, out: Path, known: Iterable[Path | None]) -> dict[str, tuple[int, int]]:
    """Size and time of change of an episode's files before the work: those beside its page, and those named."""
    found = {}
    beside = _beside(source, out)
    with suppress(OSError):
        known = [*known, *(beside.iterdir() if beside is not None else ())]
    for path in (source, *known):
        with suppress(OSError):
            if path is not None and path.is_file():
                stat = path.stat()
                found[os.path.abspath(path)] = (stat.st_size, stat.st_mtime_ns)  # noqa: PTH100
    return found


def _beside(source: Path, out: Path) -> Path | None:
    """Where the files of an episode lie; None where its page lies in OUT, as that of a feed does."""
    folder = source if source.is_dir() else source.parent
    return None if folder == out or "://" in str(source) else folder


def _as_begun(
    now: dict[str, tuple[int, int, str]], before: dict[str, tuple[int, int]], beside: Path | None
) -> dict[str, tuple[int, int, str]]:
    """The facts of files that are as they were when the work began; of those changed meanwhile, what no file has."""
    folder = "" if beside is None else os.path.abspath(beside)  # noqa: PTH100

    def changed(path: str, row: tuple[int, int, str]) -> bool:
        appeared = path not in before and os.path.dirname(path) == folder  # noqa: PTH120
        return appeared or before.get(path, row[:2]) != row[:2]

    return {path: _CHANGED if changed(path, row) else row for path, row in now.items()}


def facts(paths: Any) -> dict[str, tuple[int, int, str]]:
    """Size, time of change in ns, and SHA-256 of the files among `paths`."""
    found = {}
    for path in paths:
        try:
            if path.is_file():
                stat = path.stat()
                found[os.path.abspath(path)] = (stat.st_size, stat.st_mtime_ns, cache.file_digest(path))  # noqa: PTH100
        except OSError:
            continue
    return found


def outputs(out: Path) -> dict[str, int]:
    """The finished files of an episode, relative to its folder, with their size."""
    files = sorted(p for p in (out / "clips").glob("*/*") if p.is_file() and not p.name.startswith("."))
    there = [p for p in (out / "clips.yaml", out / "transcript.json", *files) if p.is_file()]
    return {p.relative_to(out).as_posix(): p.stat().st_size for p in there}
