"""What was used or refused before. In: folders of other plans, or files of words; out: passages to leave out.

A clip counts as used where a plan says picked: true, and as refused where a person wrote picked: false.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clipper.batch.folder import Folder
from clipper.batch.planned import said_in
from clipper.errors import InputError, one_line
from clipper.highlights.known import Passage
from clipper.plan import store
from clipper.plan.model import Clip, Plan

DEPTH = ("", "*/", "*/*/")  # folders in which plans are looked for: DIR itself, its folders, theirs
MOST = 20_000  # words of a file; a clip has a few hundred


def read_known(places: Sequence[Path], out: Path | None = None) -> tuple[Passage, ...]:
    """The passages that --known names.

    Args:
        places: a folder with clips.yaml, a folder of such folders, a clips.yaml, or a file of a clip's words (any
            transcript that clipper reads).
        out: the folder that is written now; its own plan is no other episode's.

    Raises:
        InputError: nothing there, or it cannot be read.
    """
    found: list[Passage] = []
    for place in places:
        if place.is_dir():
            folders = [p.parent for d in DEPTH for p in sorted(place.glob(d + store.NAME)) if p.is_file()]
            if not folders:
                raise InputError(f"there is no {store.NAME} in {place}", "--known takes folders that clipper wrote")
        elif place.name == store.NAME and place.is_file():
            folders = [place.parent]
        elif place.is_file():
            found.append(_words(place))
            continue
        else:
            raise InputError(f"there is no {place}", "--known takes folders that clipper wrote, or a file of words")
        own = None if out is None else out.resolve()
        for folder in folders:
            if folder.resolve() != own:
                found += [_passage(clip, folder) for clip in _plan(folder).clips if clip.picked or refused(clip)]
    return tuple(found)


def refused_in(out: Path | None) -> tuple[Passage, ...]:
    """The passages that a person refused in the plan of OUT; none where there is no plan.

    Raises:
        InputError: the plan cannot be read.
    """
    if out is None or not store.exists(out):
        return ()
    return tuple(_passage(clip, out) for clip in _plan(out).clips if refused(clip))


def refused(clip: Clip) -> bool:
    """Whether a person left this clip out."""
    return clip.picked is False and clip.proposed_picked is not False


def _plan(folder: Path) -> Plan:
    return store.load(folder, said_in(Folder(folder)))


def _passage(clip: Clip, folder: Path) -> Passage:
    told = "you left it out" if clip.picked is False else "it is a clip already"
    where = f"{folder.name or folder.resolve().name}/{store.NAME}"
    return Passage(text=clip.text, why=f"“{one_line(clip.title, 80)}”: {told} ({clip.id} in {where})")


def _words(path: Path) -> Passage:
    from clipper.speech.formats import read_transcript

    words = read_transcript(path).words
    if len(words) > MOST:
        raise InputError(f"{path} has {len(words)} words, too many for a clip", "--known takes the words of clips")
    return Passage(text=" ".join(w.text for w in words), why=f"its words are in {path.name}")
