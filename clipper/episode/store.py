"""Episodes in an object store or on a server of files (s3://, gs://, az://, sftp://, ...), by fsspec.

In: an address that the user named; out: what lies there, and local copies, kept in the cache by what the store says of
their version. A page or a feed cannot name such an address: what a stranger wrote is only looked for beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from clipper import cache
from clipper.episode.phrases import limit
from clipper.episode.source import PAGES, PICTURES, SOUNDS, VIDEOS
from clipper.errors import ClipperError, InputError, MissingError, one_line
from clipper.progress import Progress, silent

# Stores that hold what others may not see are asked with the credentials of this machine, as their own tools are.
SCHEMES = frozenset({"s3", "gs", "gcs", "az", "abfs", "abfss", "sftp", "smb", "hdfs"})
COVERS = frozenset({"cover", "artwork", "folder", "front", "episode", "poster"})  # as in locate.py
_ADDRESS = re.compile(r"([a-z][a-z0-9]{1,7})://([^:\x00-\x20][^\x00-\x1f]*)")
_STAGE = "stores"
_PIECE = 4 << 20  # bytes that are copied at once
_WORDS = frozenset({".vtt", ".srt", ".json", ".txt"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a store: its address, size in bytes, and what tells it from an earlier one of that name."""

    address: str
    size: int
    version: str

    @property
    def path(self) -> PurePosixPath:
        """Its name as a path, without the scheme."""
        return PurePosixPath(self.address.partition("://")[2])


def is_store(text: str) -> bool:
    """Whether a text is an address in a store."""
    found = _ADDRESS.fullmatch(text)
    return found is not None and found[1] in SCHEMES and "::" not in text


def entries(address: str) -> list[Entry]:
    """The files at an address: one, those that match a pattern with stars, or those of a folder and of the folders in
    it (one level).

    Raises:
        InputError: nothing is there, or it may not be read.
        MissingError: the store does not answer, or its package is not installed.
    """
    with _Asked(address) as store:
        if any(c in address for c in "*?["):
            rows = store.fs.glob(store.path, detail=True).values()
        elif store.fs.isfile(store.path):
            rows = [store.fs.info(store.path)]
        else:
            rows = store.fs.find(store.path, maxdepth=2, detail=True).values()
        found = [_entry(store.scheme, row) for row in rows if row.get("type") == "file"]
    shown = [e for e in found if not any(part.startswith(".") for part in e.path.parts)]
    if not shown:
        raise InputError(f"nothing lies at {address}", "check the name, and that your credentials may list it")
    return sorted(shown, key=lambda e: e.address)


def bring(address: str, *, offline: bool = False, progress: Progress = silent) -> Path:
    """A local copy of a file in a store; a page comes with what lies beside it and is its own.

    Raises:
        InputError, MissingError: as `entries`, and where it is too large or offline.
    """
    if offline:
        raise MissingError(f"{address} was not fetched: clipper is offline", "run it without --offline")
    main = entries(address)[0]
    if main.path.suffix.casefold() not in PAGES:
        return _copies([main], progress)[0]
    folder = address.rpartition("/")[0]
    beside = [e for e in entries(folder + "/") if e.path.parent == main.path.parent]
    wanted = list(dict.fromkeys([main, *_belonging(main, beside), *_named(main, folder, progress)]))
    return _copies(wanted, progress)[0]


def _belonging(page: Entry, beside: Sequence[Entry]) -> list[Entry]:
    """Of the files in a page's folder those that go with it: of its name, covers, and all sounds where it is alone."""
    pages = [e for e in beside if e.path.suffix.casefold() in PAGES]
    own = [e for e in beside if e.path.stem.casefold() == page.path.stem.casefold()]
    pictures = [e for e in beside if e.path.suffix.casefold() in PICTURES]
    covers = [e for e in pictures if e.path.stem.casefold() in COVERS] or pictures[: len(pictures) == 1]
    sounds = [e for e in beside if e.path.suffix.casefold() in SOUNDS | VIDEOS]
    shows = [e for e in beside if e.path.name == "clipper.toml"]
    kinds = PICTURES | SOUNDS | VIDEOS | _WORDS
    return [
        *(e for e in own if e.path.suffix.casefold() in kinds), *covers, *shows, *(sounds if len(pages) == 1 else ()),
    ]  # fmt: skip


def _named(page: Entry, folder: str, progress: Progress) -> list[Entry]:
    """What a page names in its own folder or below."""
    from clipper.episode.load import load_episode

    understood = load_episode(str(_copies([page], progress)[0]))
    found: list[Entry] = []
    for name in (understood.audio, understood.cover):
        if name and "://" not in name and not name.startswith("/") and ".." not in PurePosixPath(name).parts:
            try:
                found += entries(f"{folder}/{name.removeprefix('./')}")[:1]
            except InputError:
                continue  # the loader says what is missing
    return found


def _copies(wanted: Sequence[Entry], progress: Progress) -> list[Path]:
    """Local copies in one folder, as they lie in the store relative to the first one."""
    root = wanted[0].path.parent
    name = cache.key(_STAGE, 1, files=[(e.address, e.size, e.version) for e in wanted])
    return [_copy(entry, f"{name}/{entry.path.relative_to(root).as_posix()}", progress) for entry in wanted]


def _copy(entry: Entry, name: str, progress: Progress) -> Path:
    most = limit("fetch", "audio_bytes")
    if entry.size > most:
        raise InputError(
            f"{entry.address} is larger than the {most / 1e6:.0f} MB that are read of such a file", "name another one"
        )
    path = cache.entry(_STAGE, name)
    if path.is_file():
        return path
    with (
        cache.appearing(path) as temporary,
        _Asked(entry.address) as store,
        store.fs.open(store.path, "rb", block_size=_PIECE) as source,
        temporary.open("wb") as f,
    ):
        done = 0
        while piece := source.read(_PIECE):
            f.write(piece)
            done += len(piece)
            progress("download", done, max(entry.size, done))
    return path


def _entry(scheme: str, row: dict[str, Any]) -> Entry:
    said: Iterable[Any] = (row.get(k) for k in ("ETag", "etag", "md5Hash", "LastModified", "mtime", "updated"))
    version = " ".join(str(value) for value in said if value)
    return Entry(f"{scheme}://{str(row['name']).lstrip('/')}", int(row.get("size") or 0), version)


class _Asked:
    """A store, and its errors in a producer's words."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.scheme = address.partition("://")[0]

    def __enter__(self) -> _Asked:
        from fsspec.core import url_to_fs
        from fsspec.registry import known_implementations

        try:
            self.fs, self.path = url_to_fs(self.address, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            told = known_implementations.get(self.scheme, {}).get("err", "")
            mend = "pip install 'clipper[stores]'" if self.scheme == "s3" else one_line(told) or "copy it to this disk"
            raise MissingError(f"{self.scheme}:// is not understood here", mend) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: object) -> None:
        if error is None or isinstance(error, ClipperError) or not isinstance(error, Exception):
            return
        if isinstance(error, FileNotFoundError):
            raise InputError(f"there is no {self.address}", "check the name") from error
        if isinstance(error, PermissionError):
            raise MissingError(
                f"{self.address} may not be read", "check this machine's credentials for it, with the store's own tools"
            ) from error
        said = one_line(f"{type(error).__name__}: {error}", 160)
        raise MissingError(f"{self.address} cannot be fetched: {said}", "check the address and your line") from error
