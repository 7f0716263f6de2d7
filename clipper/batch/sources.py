"""What a producer names for a batch, in; one `Item` for each episode out.

A source is a folder (of episodes, or of one), a page, a sound, a feed, an address (of the web, or in a store such as
s3://), a table (CSV) or a pattern with stars. Each episode gets a name, which becomes its folder, and keeps it from one
run to the next.
"""

from __future__ import annotations

import csv
import datetime
import glob
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath
from typing import TypeVar

from clipper.batch.since import of_file
from clipper.episode import fetch
from clipper.episode.feed_items import WholeFeed, split_feed
from clipper.episode.guard import named_by_user
from clipper.episode.load import is_feed
from clipper.episode.locate import inside
from clipper.episode.phrases import limit
from clipper.episode.source import PAGES, SOUNDS, VIDEOS, decode, read_bytes
from clipper.episode.store import Entry, entries, is_store
from clipper.errors import InputError, MissingError
from clipper.export.names import slug

NO_EPISODE = frozenset({"readme", "license", "changelog", "notice", "contributing"})
COLUMNS = ("episode", "audio", "cover", "transcript", "name", "date")
MOST_ROWS = 20_000
FEEDS = frozenset({".xml", ".rss", ".atom"})
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item:
    """One episode of a batch.

    Attributes:
        name: of its folder; unique within the batch.
        key: tells it from all others, from one run to the next.
        source: what `clipper make` would be given; for an episode of a feed the name of a file that `feed` fills.
        feed: a feed with this episode alone, as text; written to OUT/item.xml.
        date: YYYY-MM-DD, where known.
        version: of what lies at an address in a store, so that a change is seen without fetching it.
    """

    name: str
    key: str
    source: str
    title: str = ""
    date: str | None = None
    audio: Path | None = None
    cover: Path | None = None
    transcript: Path | None = None
    feed: str | None = None
    version: str = ""


def expand(
    sources: Sequence[str],
    *,
    offline: bool = False,
    since: datetime.date | None = None,
    most: int | None = None,
    names: dict[str, str] | None = None,
) -> tuple[list[Item], list[str]]:
    """The episodes behind `sources`, each once, and notes.

    Args:
        since: only episodes of this day and later; one without a date is left out, and that is noted.
        most: no more than so many, the newest where dates are known, else the first.
        names: names given in earlier runs, by key; a known episode keeps its own.

    Raises:
        InputError: a source cannot be used; MissingError: it cannot be fetched.
    """
    items: dict[str, Item] = {}
    for source in sources:
        for item in _items(source, offline=offline):
            items.setdefault(item.key, item)
    found, notes = list(items.values()), []
    if since is not None:
        undated = sum(item.date is None for item in found)
        found = [item for item in found if item.date is not None and item.date >= since.isoformat()]
        if undated:
            notes.append(f"{undated} episodes have no date, so --since leaves them out")
    if most is not None and len(found) > most:
        newest = sorted(range(len(found)), key=lambda i: (found[i].date or "", -i), reverse=True)[:most]
        found = [found[i] for i in sorted(newest)]
    return with_names(found, names or {}), notes


def feed_items(feed: WholeFeed, folder: str = "") -> Iterator[Item]:
    """An item for each episode of a feed; `folder` is the feed's own, against which local names are read."""
    for entry in feed.entries:
        local = None
        if entry.enclosure and not fetch.is_address(entry.enclosure):
            local = inside(folder, entry.enclosure)
        day = f"{entry.date} " if entry.date else ""
        yield Item(
            name=slug(f"{day}{entry.title or entry.key}"), key=f"feed:{entry.key}", source="item.xml",
            title=entry.title, date=entry.date, audio=local, feed=entry.text,
        )  # fmt: skip


def _items(source: str, *, offline: bool) -> Iterator[Item]:
    if fetch.is_address(source):
        yield from _address(source, offline=offline)
        return
    path = Path(source)
    try:
        there = path.exists()
    except (OSError, ValueError):
        there = False
    if not there and any(c in source for c in "*?["):
        found = sorted(glob.glob(source, recursive=True))  # noqa: PTH207  # a pattern may begin at the root
        if not found:
            raise InputError(f"nothing is called {source}", "check the pattern and the folder")
        for one in found:
            yield from _path(Path(one), asked=False)
        return
    if not there:
        raise InputError(f"there is no file or folder {source}", "check the name")
    yield from _path(path)


def _path(path: Path, asked: bool = True) -> Iterator[Item]:
    if path.is_dir():
        yield from _folder(path, asked=asked)
    elif path.suffix.casefold() == ".csv":
        yield from _table(path)
    elif path.suffix.casefold() in FEEDS:
        text = decode(read_bytes(path, limit("read", "feed_bytes")), path.name)
        yield from feed_items(split_feed(text), str(path.parent))
    elif path.suffix.casefold() in PAGES | SOUNDS | VIDEOS:
        yield _file(path)
    elif asked:
        raise InputError(
            f"{path} is neither a page, a sound, a feed nor a table", "name .md, .html, .mp3, .xml or .csv"
        )


def _address(url: str, *, offline: bool) -> Iterator[Item]:
    if is_store(url):
        yield from _stored(url, offline=offline)
        return
    data, _ = fetch.fetch(named_by_user(url), "feed", offline=offline)
    text = decode(data, url)
    if is_feed(text):
        yield from feed_items(split_feed(text))
    else:
        yield Item(name=slug(url.partition("://")[2]), key=f"url:{url}", source=url)


def _stored(address: str, *, offline: bool) -> Iterator[Item]:
    """Episodes in a store: as in a folder of this disk, from its list alone."""
    if offline:
        raise MissingError(f"{address} was not looked at: clipper is offline", "run it without --offline")
    folders: dict[PurePosixPath, list[Entry]] = {}
    for entry in entries(address):
        folders.setdefault(entry.path.parent, []).append(entry)
    count = 0
    for beside in folders.values():
        for entry in _of_folder(beside, lambda e: e.path):
            count += 1
            name = entry.path.stem if entry.path.stem.casefold() != "index" else entry.path.parent.name
            state = hashlib.sha256(repr([(e.address, e.size, e.version) for e in beside]).encode()).hexdigest()[:16]
            yield Item(name=slug(name), key=f"url:{entry.address}", source=entry.address, version=state)
    if not count:
        raise InputError(f"{address} holds no episode: no page and no sound", "name a folder that holds some")


def _folder(path: Path, *, asked: bool = True) -> Iterator[Item]:
    """Episodes in a folder: its pages, else its sounds, and those of the folders in it (one level)."""
    try:
        found = sorted(p for p in path.iterdir() if not p.name.startswith("."))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error
    here = list(_episodes(found))
    for folder in (p for p in found if p.is_dir()):
        try:
            here += _episodes(sorted(p for p in folder.iterdir() if not p.name.startswith(".")))
        except OSError:
            continue
    if not here and asked:
        raise InputError(
            f"{path} holds no episode: no page (.md or .html) and no sound", "name a folder that holds some"
        )
    yield from here


def _episodes(files: Sequence[Path]) -> Iterator[Item]:
    yield from map(_file, _of_folder([p for p in files if p.is_file()], lambda p: p))


def _of_folder(files: Sequence[T], path_of: Callable[[T], PurePath]) -> list[T]:
    """Of the files of one folder those that stand for an episode each: pages, and sounds without a page."""
    kinds = [(file, path_of(file)) for file in files]
    pages = [
        (file, p) for file, p in kinds if p.suffix.casefold() in PAGES and p.stem.casefold() not in NO_EPISODE
    ]  # fmt: skip
    sounds = [(file, p) for file, p in kinds if p.suffix.casefold() in SOUNDS | VIDEOS]
    stems = {p.stem for _, p in pages}
    alone = [(file, p) for file, p in sounds if p.stem not in stems]
    if len(pages) == 1 and len(alone) == len(sounds):  # called otherwise than their one page: they are the page's
        alone = []
    return [file for file, _ in (*pages, *alone)]


def _file(path: Path) -> Item:
    whole = path.resolve()
    return Item(name=slug(whole.stem if whole.stem.casefold() != "index" else whole.parent.name), key=f"file:{whole}",
                source=str(path), date=of_file(whole))  # fmt: skip


def _table(path: Path) -> Iterator[Item]:
    text = decode(read_bytes(path, limit("read", "feed_bytes")), path.name)
    try:
        head = text.partition("\n")[0]
        reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
        columns = [str(name or "").strip().casefold() for name in reader.fieldnames or ()]
        rows = [dict(zip(columns, (str(v or "").strip() for v in row.values()), strict=False)) for row in reader]
    except csv.Error as error:
        raise InputError(f"{path} is no table that can be read: {error}", "save it as CSV with commas") from error
    if not {"episode", "audio"} & set(columns):
        raise InputError(f"{path} has no column called episode or audio", f"name its columns: {', '.join(COLUMNS)}")
    for number, row in enumerate(rows[:MOST_ROWS], 2):
        said = {name: row.get(name, "") for name in COLUMNS}
        source = said["episode"] or said["audio"]
        if not source:
            continue
        where = {n: _beside(path, said[n], number) if said[n] else None for n in ("audio", "cover", "transcript")}
        if not fetch.is_address(source):
            source = str(_beside(path, source, number))
        key = f"url:{source}" if fetch.is_address(source) else f"file:{Path(source).resolve()}"
        if where["audio"] is not None and not said["episode"]:
            where["audio"] = None
        yield Item(
            name=slug(said["name"] or Path(source).stem), key=key, source=source, date=said["date"] or None,
            audio=where["audio"], cover=where["cover"], transcript=where["transcript"],
        )  # fmt: skip


def _beside(table: Path, name: str, number: int) -> Path:
    """A file that a table names, relative to it.

    Raises:
        InputError: it is not there.
    """
    path = table.parent / Path(name).expanduser()
    try:
        if path.exists():
            return path
    except (OSError, ValueError):
        pass
    raise InputError(f"{table}, line {number}: there is no {name}", "names in a table are relative to it")


def with_names(items: Sequence[Item], before: dict[str, str]) -> list[Item]:
    """The items under names that differ, also where a system does not tell capitals apart."""
    taken = {name.casefold() for key, name in before.items() if key in {i.key for i in items}}
    out = []
    for item in items:
        name = before.get(item.key)
        if name is None:
            name, count = item.name, 2
            while name.casefold() in taken:
                name, count = f"{item.name}-{count}", count + 1
            taken.add(name.casefold())
        out.append(replace(item, name=name))
    return out
