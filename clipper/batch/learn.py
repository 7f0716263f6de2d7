"""Learning from the plans of a show. In: folders of plans; out: what they teach, and clipper.learnt.toml beside the
show's settings. Nothing leaves this machine.

The weights learnt before stay beside the new ones until the next time, so that they can be taken back as they were.
"""

from __future__ import annotations

import datetime
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from clipper import cache
from clipper.batch.lock import editing
from clipper.batch.measured import Measured, read_measured
from clipper.batch.wishes import place_of
from clipper.errors import ClipperError, InputError
from clipper.plan.model import Clip, Plan
from clipper.show import FILE, LEARNT, show_folder

if TYPE_CHECKING:
    from clipper.highlights.learn import Choice, Learnt

BEFORE = "clipper.learnt.before.toml"
DEEP = 3  # folders below a named one in which plans are looked for
LENGTHENED = 0.5  # seconds; less is a cut set finer
ENOUGH = 5  # lengthened clips, to say by how much


@dataclass(slots=True)
class Past:
    """What a show's plans say.

    Attributes:
        plans: how many were read.
        choices: decided clips with what their signals said.
        lengthened: by how many seconds each picked clip became longer that did.
        notes: plans and clips that could not be used, and why.
        shows: folders of the shows' settings that these plans belong to.
    """

    plans: int = 0
    choices: list[Choice] = field(default_factory=list)
    lengthened: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shows: set[Path] = field(default_factory=set)


def past(folders: Sequence[Path]) -> Past:
    """The choices in all plans in and below `folders`; a plan that cannot be used is told in the notes.

    Raises:
        InputError: there is no plan at all.
    """
    out = Past()
    seen: dict[tuple[str, float, float], int] = {}
    for folder in _plans(folders):
        try:
            _read(folder, out, seen)
        except ClipperError as error:
            out.notes.append(f"left out: {error.message}")
    if not out.plans and not out.notes:
        named = ", ".join(map(str, folders))
        raise InputError(f"there is no plan in {named}", "name the folders that make or find wrote, or one above them")
    return out


def teach(past: Past) -> Learnt:
    """What the choices say about the shipped weights.

    Raises:
        InputError: too few choices.
    """
    from clipper.highlights.learn import learn
    from clipper.highlights.signals import SIGNALS
    from clipper.highlights.weights import shipped

    return learn(past.choices, shipped().signals, list(SIGNALS))


def show_for(past: Past, named: Path | None) -> Path:
    """The folder in which what was learnt is kept: that of the show's clipper.toml.

    Args:
        named: the folder, or the clipper.toml in it, if the producer says which.

    Raises:
        InputError: none, or more than one, or no such folder.
    """
    if named is not None:
        folder = named.parent if named.name == FILE else named
        if not folder.is_dir():
            raise InputError(f"there is no folder {folder}", "name the folder of your show with --show")
        return folder
    if len(past.shows) > 1:
        both = " and ".join(sorted(map(str, past.shows))[:2])
        raise InputError(f"these plans belong to more than one show: {both}", "name the plans of one show")
    if not past.shows:
        raise InputError(
            f"there is no {FILE} above these plans or their episodes, to keep what is learnt beside it",
            f"make an empty {FILE} in the folder of your show, or name that folder with --show",
        )
    return next(iter(past.shows))


def keep(learnt: Learnt, folder: Path, today: datetime.date | None = None) -> Path:
    """Writes what was learnt into the show's `folder`; what was learnt before is kept once.

    Raises:
        MissingError: the folder cannot be written.
    """
    path, before = folder / LEARNT, folder / BEFORE
    text = _text(learnt, today or datetime.date.today())
    with editing(folder):
        try:
            old = path.read_bytes() if path.is_file() else None
            if old == text.encode():
                return path
            if old is None:
                before.unlink(missing_ok=True)
            else:
                with cache.appearing(before) as temporary:
                    temporary.write_bytes(old)
        except OSError as error:
            raise cache.cannot_write(before, error) from error
        cache.write_text(path, text)
    return path


def undo(start: Path) -> tuple[Path, bool]:
    """Takes back what was learnt last for the show at `start`.

    Returns:
        The file, and whether what was learnt before it is in force again (else the shipped weights are).

    Raises:
        InputError: nothing was learnt.
        MissingError: the folder cannot be written.
    """
    folder = show_folder(start)
    if folder is None or not (folder / LEARNT).is_file():
        raise InputError(f"nothing was learnt for {start}", f"name the folder of your show, where {LEARNT} lies")
    path, before = folder / LEARNT, folder / BEFORE
    with editing(folder):
        try:
            if before.is_file():
                before.replace(path)
                return path, True
            path.unlink()
        except OSError as error:
            raise cache.cannot_write(path, error) from error
    return path, False


def lengthening(past: Past) -> str | None:
    """A line on clips that were made longer, once there are enough."""
    if len(past.lengthened) < ENOUGH:
        return None
    by = median(past.lengthened)
    return f"you made {len(past.lengthened)} clips longer, mostly by about {by:.0f} s: try a higher min in {FILE}"


def _plans(folders: Sequence[Path]) -> Iterator[Path]:
    """Every folder with a plan in and below `folders`, each once, in the order of their names; no links."""
    from clipper.plan import store

    found: dict[Path, Path] = {}
    for top in folders:
        if not top.is_dir():
            raise InputError(f"there is no folder {top}", "name the folders that make or find wrote")
        for here, inner, _ in os.walk(top):
            folder = Path(here)
            if store.exists(folder):
                found.setdefault(folder.resolve(), folder)
                inner.clear()  # clips and pictures of that plan
            elif len(folder.relative_to(top).parts) >= DEEP:
                inner.clear()
            inner[:] = sorted(name for name in inner if not name.startswith("."))
    yield from found.values()


def _read(folder: Path, out: Past, seen: dict[tuple[str, float, float], int]) -> None:
    from clipper.batch.planned import open_plan
    from clipper.highlights.learn import Choice

    plan, transcript = open_plan(folder)
    measured = read_measured(folder)
    # the same talk in two folders is one episode, and a passage decided twice is one choice
    words = hashlib.sha256(" ".join(w.text for w in transcript.words).encode("utf-8", "replace")).hexdigest()
    out.plans += 1
    show = show_folder(folder) or show_folder(place_of(plan.episode))
    if show is not None:
        out.shows.add(show)
    unknown = 0
    for clip, picked in decisions(plan):
        row = measured.clips.get(clip.id)
        if row is None or not _about(measured, clip):
            unknown += 1
            continue
        choice = Choice(words, picked, row.standard)
        key = (words, round(row.start, 1), round(row.end, 1))
        if key in seen:
            out.choices[seen[key]] = choice
            continue
        seen[key] = len(out.choices)
        out.choices.append(choice)
        longer = clip.span.seconds - clip.proposed.seconds
        if picked and longer > LENGTHENED:
            out.lengthened.append(longer)
    if unknown:
        out.notes.append(f"{folder}: {unknown} of your clips were never measured (added or moved by hand)")


def decisions(plan: Plan) -> list[tuple[Clip, bool]]:
    """The clips that a person decided on, and whether they picked them.

    Where nothing was left in so many words, what stands before a picked clip without a word was passed over: it counts
    as left (Joachims, Optimizing Search Engines using Clickthrough Data, 2002: "skip above").
    """
    said = [(clip, _decided(clip)) for clip in plan.clips]
    if not any(picked is False for _, picked in said):
        last = max((n for n, (_, picked) in enumerate(said) if picked), default=0)
        said = [(c, False if p is None and c.picked is None and n < last else p) for n, (c, p) in enumerate(said)]
    return [(clip, picked) for clip, picked in said if picked is not None]


def _decided(clip: Clip) -> bool | None:
    """Whether a person picked a clip or left it; None where nobody did either.

    A clip that somebody lengthened or retitled is one that they want, unless they left it.
    """
    if clip.picked is False:
        return False if clip.proposed_picked is not False else None
    if clip.picked is True and clip.proposed_picked is not True:
        return True
    longer = clip.span.seconds > clip.proposed.seconds + LENGTHENED
    retitled = clip.proposed_title is not None and clip.title != clip.proposed_title
    return True if longer or retitled else None


def _about(measured: Measured, clip: Clip) -> bool:
    """Whether the row was measured on the passage that the clip is cut from."""
    row = measured.clips[clip.id]
    common = min(row.end, clip.proposed.end) - max(row.start, clip.proposed.start)
    return common > 0.5 * min(row.end - row.start, clip.proposed.seconds)


def _text(learnt: Learnt, today: datetime.date) -> str:
    lines = [
        "# Written by `clipper learn` from your own choices; nobody needs to edit it. It goes before the shipped",
        "# weights, and [signals] in clipper.toml goes before it. `clipper learn --undo` takes it back.",
        "schema = 1",
        f"date = {today.isoformat()}",
        f"choices = {learnt.choices}",
        f"episodes = {learnt.episodes}",
        "",
        "[signals]",
    ]
    for lesson in learnt.lessons:
        lines.append(
            f"{lesson.signal} = {{ weight = {lesson.after!r}, shipped = {lesson.before!r}, sure = {lesson.sure:.3f} }}"
        )
    return "\n".join(lines) + "\n"
