"""Results kept by what went into them, and files that appear whole or not at all.

In: bytes, files and settings; out: a key and a place for it. The folder is the user's cache, or CLIPPER_CACHE.

One store for everything: STAGE/KEY holds a result, sums/STAGE/KEY its digest. `entry` looks at the digest before it
gives a place, so what lies there is what was once written; a damaged result is gone, and the work is done again. Every
write is a rename within one folder, which is atomic on local disks and over NFS; of two processes that write the same
result the later one wins, and both were right. `clipper.tidying` counts, limits and cleans.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from clipper import leftovers
from clipper.errors import MissingError

SUMS = "sums"
WEIGHTS = "weights"  # checked by digests of their own, and never given up for room
TRUSTED = 32_000_000  # bytes; of larger results the digest is taken again only where size or time of change differ
FRESH = 2.0  # seconds; a file younger than this may change again without a new time of change

log = logging.getLogger(__name__)

_digests: dict[tuple[str, int, int, int, int], str] = {}


def cache_dir() -> Path:
    """The user's cache folder for clipper; not created here."""
    named = os.environ.get("CLIPPER_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("clipper", appauthor=False))


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex, read in pieces; taken once a run of a file that does not change."""
    with path.open("rb") as f:
        facts = os.fstat(f.fileno())
        name = (str(path.absolute()), facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)
        settled = abs(time.time() - facts.st_ctime) > FRESH
        if settled and name in _digests:
            return _digests[name]
        digest = hashlib.file_digest(f, "sha256").hexdigest()
    if settled:
        _digests[name] = digest
    return digest


def key(stage: str, version: int, **inputs: object) -> str:
    """A name for the result of `stage`: 32 hex digits that change when any input does.

    Args:
        stage: the room's word for the work.
        version: raised whenever the stage's own code gives other results for the same inputs.
        inputs: anything JSON can hold; files go in as their digest.
    """
    text = json.dumps([stage, version, inputs], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def entry(stage: str, name: str) -> Path:
    """The path at which the result `name` of `stage` is kept; its folder exists afterwards.

    What lies there is whole: a file whose digest is another than when it was written is removed.
    """
    path = cache_dir() / stage / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MissingError(
            f"the cache folder {cache_dir()} cannot be written: {error.strerror}",
            "set CLIPPER_CACHE to a folder of yours",
        ) from error
    if stage != WEIGHTS and path.is_file() and not whole(path):
        log.warning("%s in the cache is damaged and has been removed; the work is done again", path.name)
        with suppress(OSError):
            path.unlink(missing_ok=True)
    return path


def whole(path: Path, *, thorough: bool = False) -> bool:
    """Whether a result is what was written; marks it as used. One without a digest (of an older clipper) gets it now.

    Args:
        path: of the result, in the cache.
        thorough: take the digest of large ones, too, though neither size nor time of change differ.
    """
    note = sum_of(path)
    try:
        facts = path.stat()
        try:
            row = json.loads(note.read_text(encoding="ascii"))
            digest, size, changed = str(row["sha256"]), int(row["bytes"]), int(row["time"])
        except FileNotFoundError:
            _write_sum(path, path)
            return True
        if facts.st_size != size:
            return False
        if facts.st_size > TRUSTED and facts.st_mtime_ns == changed and not thorough:
            used(note)
            return True
        if _fresh_digest(path) != digest:
            return False
        used(note)
        return True
    except (OSError, ValueError, KeyError, TypeError):
        return False


def used(note: Path) -> None:
    """Remembers that a result was used now: results used longest ago are given up first."""
    with suppress(OSError):  # a cache that can only be read is one, too
        if time.time() - note.stat().st_mtime > 60:
            os.utime(note)


def sum_of(path: Path) -> Path:
    """Where the digest of a result stands."""
    return cache_dir() / SUMS / path.relative_to(cache_dir())


def _fresh_digest(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _in_store(path: Path) -> bool:
    root = cache_dir()
    return path.is_relative_to(root) and path.relative_to(root).parts[0] not in (WEIGHTS, SUMS)


def _write_sum(path: Path, source: Path) -> None:
    """Writes down the digest of what will lie, or lies, at `path`."""
    note = sum_of(path)
    facts = source.stat()
    row = {"sha256": _fresh_digest(source), "bytes": facts.st_size, "time": facts.st_mtime_ns}
    with suppress(OSError, MissingError):  # a cache without digests still is one
        note.parent.mkdir(parents=True, exist_ok=True)
        with passing(note) as temporary:
            temporary.write_text(json.dumps(row), encoding="ascii")
            temporary.replace(note)


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its name when the block ends well, and vanishes otherwise.

    The temporary name keeps the suffix (ffmpeg looks at it) and starts with a dot.

    Raises:
        MissingError: the disk is full or the folder cannot be written.
    """
    with passing(path) as temporary:
        try:
            yield temporary
            temporary.chmod(0o666 & ~_umask())
            in_store = _in_store(path)
            if in_store:
                _write_sum(path, temporary)
            temporary.replace(path)
            if in_store:
                _grown(path.stat().st_size)
        except OSError as error:
            raise cannot_write(path, error) from error


@contextmanager
def passing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, named as in `appearing`, that vanishes when the block ends.

    Raises:
        MissingError: the disk is full or the folder cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(
            prefix=f"{leftovers.prefix()}{path.stem[:40]}-", suffix=path.suffix, dir=path.parent
        )
        os.close(handle)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        yield Path(name)
    finally:
        with suppress(OSError):
            Path(name).unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Writes `text` as UTF-8 so that a reader sees the old file or the whole new one."""
    with appearing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def cannot_write(path: Path, error: OSError) -> MissingError:
    """The one error for every failed write, with the mend that fits its cause."""
    import errno

    mends = {
        errno.ENOSPC: "free some space on this disk, or choose another folder with -o, then run it again",
        errno.EDQUOT: "your quota is used up: free some space, or choose another folder with -o",
    }
    mend = mends.get(error.errno or 0, "choose a folder that you may write to with -o")
    return MissingError(f"cannot write {path}: {error.strerror or error}", mend)


_written = 0


def _grown(size: int) -> None:
    """Looks after the size limit: at a run's first write, and again when it has written a fiftieth of the limit."""
    global _written
    from clipper import tidying

    first, _written = _written == 0, _written + size
    most = tidying.limit()
    if first or _written > most // 50:
        _written = 1
        tidying.trim(most)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
