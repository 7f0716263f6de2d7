"""The episode's sound lies somewhere else now. In: a path; out: the plan with it, if it is the same sound.

The first time a plan is opened with its sound in place, the sound's digest is kept in OUT/.studio.
"""

from __future__ import annotations

import json
from pathlib import Path

from clipper import cache
from clipper.errors import ClipperError, InputError, UsageError
from clipper.plan.edits import Said
from clipper.plan.model import Plan
from clipper.studio.desk import Desk, State

NAME = "source.json"
CLOSE = 2.0  # seconds that two decodes of one episode may differ by


def remember(desk: Desk) -> None:
    """Keeps size, time and digest of the sound, unless they are kept already."""
    audio = desk.folder.find(desk.state().plan.audio)
    if audio is None or not audio.is_file():
        return
    stat = audio.stat()
    known = _known(desk)
    if (known.get("bytes"), known.get("time")) == (stat.st_size, stat.st_mtime_ns):
        return
    row = {"bytes": stat.st_size, "time": stat.st_mtime_ns, "sha256": cache.file_digest(audio)}
    try:
        desk.hidden.mkdir(exist_ok=True)
        cache.write_text(desk.hidden / NAME, json.dumps(row))
    except (OSError, ClipperError):
        return  # what cannot be kept is compared by its length later


def moved(desk: Desk, path: Path, *, force: bool = False) -> State:
    """The plan with its sound at `path`.

    Raises:
        InputError: no sound there, or other sound than the plan was made from.
    """
    from clipper.media import probe_sound

    if not path.is_file():
        raise InputError(f"there is no file {path}", "give the whole path of the audio file")
    seconds = probe_sound(path).seconds
    known = _known(desk).get("sha256")
    wanted = desk.transcript.duration
    if not force:
        if known and cache.file_digest(path) != known:
            raise UsageError(f"{path.name} is not the sound that this plan was made from", "take it all the same?")
        if not known and seconds and wanted and abs(seconds - wanted) > CLOSE:
            raise UsageError(
                f"{path.name} lasts {seconds:.0f} s, the episode {wanted:.0f} s", "take it all the same?"
            )  # fmt: skip
    name = desk.folder.relative(path)

    def put(plan: Plan, said: Said) -> Plan:
        return plan.model_copy(update={"audio": name})

    state = desk.state()
    return desk.edit(state.version, "source", "", put, lambda plan: plan.audio)


def _known(desk: Desk) -> dict[str, object]:
    try:
        row = json.loads((desk.hidden / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return row if isinstance(row, dict) else {}
