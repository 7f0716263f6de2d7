"""batch.json: what became of every episode of a batch, so that the next run does only what is missing or changed.

In: a folder; out: `Record`. Written whole after each episode, in an order that does not depend on who was done first.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clipper import __version__, cache, settings
from clipper.batch.work import Outcome, State, Task
from clipper.errors import InputError

NAME = "batch.json"
SCHEMA = 1
LARGEST = 100_000_000  # bytes; 10,000 episodes have some ten million


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Episode(_Frozen):
    """A row: an episode and what became of it.

    Attributes:
        name: of its folder.
        state: as in `Outcome`; "unchanged" never stands here, the row of the run that made it stays.
        made_from: a digest of the options, the version and the settings of the environment.
        plan: SHA-256 of clips.yaml after the run: a producer's later edit is work to be done.
        listing: a digest of the names beside the episode's page: a cover that appears is work to be done.
    """

    name: str
    source: str
    title: str = ""
    date: str | None = None
    state: State
    seconds: float = 0.0
    clips: int = 0
    message: str = ""
    mend: str = ""
    exit: int = 0
    made_from: str = ""
    plan: str = ""
    listing: str = ""
    inputs: dict[str, tuple[int, int, str]] = {}
    outputs: dict[str, int] = {}


class Record(_Frozen):
    """The file: rows by the episode's key."""

    schema_number: Literal[1] = Field(default=1, alias="schema")
    episodes: dict[str, Episode] = {}


def load(folder: Path) -> Record:
    """What is written in `folder`; empty where nothing is.

    Raises:
        InputError: it cannot be used, or a newer clipper wrote it.
    """
    path = folder / NAME
    try:
        with path.open("rb") as f:
            raw = f.read(LARGEST + 1)
    except FileNotFoundError:
        return Record()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error
    mend = "move it away: finished clips are kept, and the file is written anew"
    try:
        data: Any = json.loads(raw) if len(raw) <= LARGEST else None
        schema = data.get("schema") if isinstance(data, dict) else None
        if isinstance(schema, int) and schema > SCHEMA:
            raise InputError(f"{path} was written by a newer clipper (schema {schema})", "update clipper")
        return Record.model_validate(data)
    except (ValueError, RecursionError) as error:
        what = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "it is no JSON"
        raise InputError(f"{path} cannot be used: {what}", mend) from error


def save(folder: Path, record: Record) -> None:
    """Writes it, whole or not at all.

    Raises:
        MissingError: the folder cannot be written.
    """
    rows = {
        key: json.dumps(record.episodes[key].model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        for key in sorted(record.episodes, key=lambda k: (record.episodes[k].name, k))
    }
    body = ",\n".join(f"  {json.dumps(key, ensure_ascii=False)}: {row}" for key, row in rows.items())
    text = (
        f'{{"schema": {SCHEMA},\n "episodes": {{\n{body}\n }}}}\n'
        if rows
        else f'{{"schema": {SCHEMA}, "episodes": {{}}}}\n'
    )
    cache.write_text(folder / NAME, text)


def row_of(task: Task, outcome: Outcome, date: str | None) -> Episode:
    """The row of an episode that was just done."""
    return Episode(
        name=task.name, source=task.source, title=outcome.title, date=date, state=outcome.state,
        seconds=round(outcome.seconds, 3), clips=outcome.clips, message=outcome.message, mend=outcome.mend,
        exit=outcome.exit, made_from=made_from(task), plan=_digest(Path(task.out) / "clips.yaml"),
        listing=_listing(task),
        inputs=outcome.inputs, outputs=outcome.outputs,
    )  # fmt: skip


def unchanged(row: Episode, task: Task) -> bool:
    """Whether an episode was done with the same things and all that it consists of is still there."""
    out = Path(task.out)
    return (
        row.state == "done"  # what fell short is looked at again: it is not done because it is there
        and bool(row.outputs)
        and row.made_from == made_from(task)
        and all(_same(Path(path), facts) for path, facts in row.inputs.items())
        and all(_size(out / name) == size for name, size in row.outputs.items())
        and row.plan == _digest(out / "clips.yaml")
        and row.listing == _listing(task)
    )


def made_from(task: Task) -> str:
    """A digest of everything but files that shapes an episode's clips."""
    options = {name: getattr(task.options, name) for name in task.options.__slots__}
    given = [task.source, task.audio, task.cover, task.transcript, *filter(None, [task.version])]
    return cache.key("episode", 1, clipper=__version__, options=options, given=given, said=settings.environment())


def _same(path: Path, facts: tuple[int, int, str]) -> bool:
    try:
        stat = path.stat()
        if stat.st_size != facts[0]:
            return False
        return stat.st_mtime_ns == facts[1] or cache.file_digest(path) == facts[2]
    except OSError:
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _listing(task: Task) -> str:
    """What lies beside the source: names alone, what is in them stands under `inputs`."""
    source = Path(task.source)
    if "://" in task.source or source.parent == Path(task.out):
        return ""
    folder = source if source.is_dir() else source.parent
    try:
        names = sorted(p.name for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError:
        return ""
    return hashlib.sha256("\n".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:16]
