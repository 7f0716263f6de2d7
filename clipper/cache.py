"""Results kept by what went into them, and files that appear whole or not at all.

In: bytes, files and settings; out: a key and a folder for it. The folder is the user's cache, or CLIPPER_CACHE.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from clipper.errors import MissingError


def cache_dir() -> Path:
    """The user's cache folder for clipper; not created here."""
    named = os.environ.get("CLIPPER_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("clipper", appauthor=False))


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex, read in pieces."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


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
    """The path at which the result `name` of `stage` is kept; its folder exists afterwards."""
    path = cache_dir() / stage / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MissingError(
            f"the cache folder {cache_dir()} cannot be written: {error.strerror}",
            "set CLIPPER_CACHE to a folder of yours",
        ) from error
    return path


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
            temporary.replace(path)
        except OSError as error:
            raise cannot_write(path, error) from error


@contextmanager
def passing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, named as in `appearing`, that vanishes when the block ends.

    Raises:
        MissingError: the disk is full or the folder cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=path.suffix, dir=path.parent)
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


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
