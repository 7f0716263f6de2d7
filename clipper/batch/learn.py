"""Learning from the plans of a show. In: folders of plans; out: what they teach: weights from what was picked and left,
spellings from what was corrected, voices from who is named. Nothing leaves this machine.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from clipper.batch.folder import Folder
from clipper.batch.learnt import Lessons, before
from clipper.batch.measured import Measured, read_measured
from clipper.batch.wishes import place_of
from clipper.errors import ClipperError, InputError
from clipper.plan.model import Clip, Plan
from clipper.show import FILE, show_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from clipper.highlights.learn import Choice, Learnt

    Voice = tuple[NDArray[np.float32], float]  # a unit vector, and the seconds that it was heard for

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
        names: of each plan, what was corrected in it.
        voices: by name, how the person sounds in each plan.
    """

    plans: int = 0
    choices: list[Choice] = field(default_factory=list)
    lengthened: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shows: set[Path] = field(default_factory=set)
    names: list[Mapping[str, str]] = field(default_factory=list)
    voices: dict[str, list[Voice]] = field(default_factory=dict)


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


def lessons(past: Past, folder: Path) -> Lessons:
    """What the plans teach the show in `folder`, with what it knows already.

    Raises:
        InputError: too few choices, and nothing else to learn.
    """
    from clipper.batch.corrections import merged

    old_names, old_voices = before(folder)
    names, unlike = merged(old_names, past.names)
    voices, heard, odd = _voices(past.voices)
    weights, why = None, ""
    try:
        weights = teach(past)
    except InputError as error:
        if names == old_names and not voices:
            raise
        why = error.message
    fresh = {one: other for one, other in names.items() if old_names.get(one) != other}
    heard = {name: seconds for name, seconds in heard.items() if old_voices.get(name) != voices[name]}
    voices = {name: voice for name, voice in {**old_voices, **voices}.items() if name not in odd}
    return Lessons(weights, why, names, fresh, unlike, voices, heard, odd)


def _voices(found: Mapping[str, Sequence[Voice]]) -> tuple[dict[str, str], dict[str, float], tuple[str, ...]]:
    """Packed voices, seconds that they were heard for, and the names that do not sound like one person."""
    from clipper.speech.acquaintances import packed, together

    voices: dict[str, str] = {}
    heard: dict[str, float] = {}
    odd = []
    for name, some in sorted(found.items()):
        one = together(some)
        if one is None:
            odd.append(name)
        else:
            voices[name], heard[name] = packed(one), sum(seconds for _, seconds in some)
    return voices, heard, tuple(odd)


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
    from clipper.batch.corrections import corrections
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
    out.names.append(corrections(plan, transcript.words, Folder(folder).load_episode()))
    for name, voice in _named(Folder(folder), plan):
        out.voices.setdefault(name, []).append(voice)
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


def _named(folder: Folder, plan: Plan) -> Iterator[tuple[str, Voice]]:
    """The voices of the people whom the plan names, where the sound was listened to and that is still kept."""
    from clipper.batch.people import is_id
    from clipper.speech import voiceprint
    from clipper.speech.acquaintances import voice_of
    from clipper.speech.formats import read_transcript
    from clipper.speech.voices import voices_of

    names = {who: name for who, name in plan.speakers.items() if is_id(who) and not re.fullmatch(r"Speaker \d+", name)}
    audio = folder.find(plan.audio)
    if not names or audio is None or not audio.is_file() or not voiceprint.available():
        return
    words = read_transcript(folder.transcript).words
    voices = voices_of(audio, words, only_kept=True)
    for who, name in names.items():
        voice = voice_of(words, voices, who) if list(names.values()).count(name) == 1 else None
        if voice is not None:
            yield name, voice


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
