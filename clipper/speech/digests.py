"""Digests of big files that do not change: taken once, then remembered by path, size and time.

In: a path; out: its SHA-256. Hashing 145 MB at every start would cost a third of a second.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from clipper import cache

Digest = str

_RECORD = "digests.json"


def verified(path: Path) -> Digest:
    """The SHA-256 of `path` in hex, remembered as long as its size and its time of change stay.

    Raises:
        OSError: it cannot be read.
    """
    note = _note(path)
    try:
        known = note.read_text(encoding="ascii")
        if len(known) == 64:
            return known
    except (OSError, UnicodeDecodeError):
        pass
    digest = cache.file_digest(path)
    cache.write_text(note, digest)
    return digest


def remember(path: Path, digest: Digest) -> None:
    """Notes the digest of a file that was just written and checked."""
    cache.write_text(_note(path), digest)


def _note(path: Path) -> Path:
    facts = path.stat()
    name = cache.key("verified", 1, path=str(path.resolve()), size=facts.st_size, time=facts.st_mtime_ns)
    return cache.entry("verified", name)


def recorded(folder: Path) -> dict[str, Digest]:
    """What `record` wrote: the digests that the hub gave when the files came; empty where there are none."""
    try:
        rows = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        return {str(name): str(digest) for name, digest in rows.items() if Path(name).name == name}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def record(folder: Path, digests: Mapping[str, Digest]) -> None:
    """Remembers what each file in `folder` should be."""
    cache.write_text(folder / _RECORD, json.dumps(dict(digests), indent=1))
