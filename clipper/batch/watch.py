"""New episodes of a feed or a folder, as they come. In: a source and DIR; out: what to work on now.

DIR/watch.json remembers what the server said of its feed (RFC 9110, conditional requests) and which episodes were there
before the watch began; DIR/feed.xml is the feed as it was last seen. A file that still grows waits for the next round.
"""

from __future__ import annotations

import datetime
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clipper import cache
from clipper.batch.many import names
from clipper.batch.sources import Item, expand, feed_items, with_names
from clipper.episode import fetch
from clipper.episode.feed_items import split_feed
from clipper.episode.guard import named_by_user
from clipper.episode.source import PICTURES, SOUNDS, VIDEOS, decode
from clipper.errors import InputError

NAME = "watch.json"
FEED = "feed.xml"
SCHEMA = 1
SETTLED = 60.0  # seconds without a change after which a file counts as whole
LONGEST_TTL = 24 * 60  # minutes


class State(BaseModel):
    """watch.json: `etag` and `modified` as the server gave them, `seen` keys of episodes that are left alone, `sizes`
    of the sounds that were still growing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_number: Literal[1] = Field(default=1, alias="schema")
    source: str
    etag: str = ""
    modified: str = ""
    ttl: int | None = None
    seen: tuple[str, ...] = ()
    sizes: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the source gave: episodes to be worked on (done ones among them), and notes."""

    items: list[Item]
    notes: list[str]
    state: State


def look(source: str, folder: Path, *, first: int = 1, since: datetime.date | None = None) -> Look:
    """Looks once.

    Args:
        source: a feed's address, or a folder.
        folder: DIR, held by the caller.
        first: of a feed's episodes that are there when the watch begins, so many of the newest are worked on.
        since: only episodes of this day and later.

    Raises:
        InputError, MissingError: the source cannot be used now.
    """
    state = _state(folder, source)
    if fetch.is_address(source):
        return _feed(source, folder, state, first, since)
    if not Path(source).is_dir():
        raise InputError(f"{source} is neither a folder nor an address", "watch takes a folder, or a feed's address")
    return _folder(source, folder, state, since)


def pause(state: State, every: float) -> float:
    """Seconds until the next look: `every` minutes, or more where the feed asks for it (ttl)."""
    return 60.0 * max(every, min(state.ttl or 0, LONGEST_TTL))


def _feed(source: str, folder: Path, state: State | None, first: int, since: datetime.date | None) -> Look:
    path = folder / FEED
    kept = path.is_file() and state is not None
    named_by_user(source)
    fresh = fetch.fetch_if_changed(
        source, "feed", state.etag if kept and state else "", state.modified if kept and state else ""
    )
    if fresh.data is not None:
        text = decode(fresh.data, source)
        feed = split_feed(text)
        cache.write_text(path, text)
    else:
        feed = split_feed(decode(path.read_bytes(), path.name))
    items = [item for item in feed_items(feed) if since is None or (item.date or "") >= since.isoformat()]
    if state is None:
        newest = sorted(items, key=lambda item: item.date or "", reverse=True)
        state = State(schema=SCHEMA, source=source, seen=tuple(item.key for item in newest[first:]))
    state = state.model_copy(update={"etag": fresh.etag, "modified": fresh.modified, "ttl": feed.ttl})
    _keep(folder, state)
    seen = set(state.seen)
    return Look(with_names([i for i in items if i.key not in seen], names(folder)), [], state)


def _folder(source: str, folder: Path, state: State | None, since: datetime.date | None) -> Look:
    state = state or State(schema=SCHEMA, source=source)
    try:
        found, notes = expand([source], since=since, names=names(folder))
    except InputError as error:
        if "holds no episode" in error.message:
            return Look([], [], state)
        raise
    inside = folder.resolve()
    found = [item for item in found if not Path(item.source).resolve().is_relative_to(inside)]
    ready, sizes = [], dict[str, int]()
    for item in found:
        growing = _growing(Path(item.source), state.sizes)
        sizes.update(growing)
        if growing:
            notes.append(f"{item.name} waits: {Path(next(iter(growing))).name} was changed a moment ago")
        else:
            ready.append(item)
    state = state.model_copy(update={"sizes": sizes})
    _keep(folder, state)
    return Look(ready, notes, state)


def _growing(source: Path, before: dict[str, int]) -> dict[str, int]:
    """The files of an episode that may still be written, with their size: young, or of another size than last time."""
    files = [source]
    if source.suffix.casefold() not in SOUNDS | VIDEOS:
        media = SOUNDS | VIDEOS | PICTURES
        files += [p for p in source.parent.iterdir() if p.suffix.casefold() in media and p.is_file()]
        alike = [p for p in files if p.stem == source.stem]
        files = alike if any(p.suffix.casefold() in SOUNDS | VIDEOS for p in alike) else files
    found: dict[str, int] = {}
    for path in files:
        try:
            facts = path.stat()
        except OSError:
            continue
        age = time.time() - facts.st_mtime
        # a clock that stands wrong says nothing; then the size must have stayed from one look to the next
        young = 0 <= age < SETTLED if age >= 0 else before.get(str(path)) != facts.st_size
        if young or before.get(str(path), facts.st_size) != facts.st_size or facts.st_size == 0:
            found[str(path)] = facts.st_size
    return found


def _state(folder: Path, source: str) -> State | None:
    path = folder / NAME
    try:
        data: Any = json.loads(path.read_bytes())
        number = data.get("schema") if isinstance(data, dict) else None
        if isinstance(number, int) and number > SCHEMA:
            raise InputError(f"{path} was written by a newer clipper (schema {number})", "update clipper")
        state = State.model_validate(data)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, ValidationError, RecursionError) as error:
        raise InputError(f"{path} cannot be used", "take it away; the watch then begins anew") from error
    if state.source != source:
        raise InputError(f"{folder} watches {state.source}", "choose another folder with -o, one for each source")
    return state


def _keep(folder: Path, state: State) -> None:
    cache.write_text(folder / NAME, state.model_dump_json(by_alias=True, indent=1) + "\n")
