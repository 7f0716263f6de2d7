"""A bundle for whoever helps: facts without anybody's words. In: OUT, if any; out: a zip of JSON documents.

What is kept of a document is its form: keys that are ours, numbers, true and false, and words of ours (states, formats,
codecs). Every other text becomes its length.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from clipper import __version__, cache, settings, tidying
from clipper.errors import ClipperError
from clipper.show import own_show

_WORDS = """vertical square wide done unchanged short failed draft good best libx264 auto spotlight card duo editorial
kinetic poster radial usual first peak faster-whisper openai-whisper tiny base small medium large-v3-turbo"""
OURS = frozenset(_WORDS.split())
DOCUMENTS = ("episode.json", "candidates.json", "batch.json", "watch.json")
LARGEST = 20_000_000


def write_bundle(to: Path, out: Path | None) -> list[str]:
    """Writes the zip; gives the names of its documents.

    Raises:
        MissingError: the file cannot be written.
    """
    documents: dict[str, Any] = {"machine.json": machine(), "settings.json": _settings(), "cache.json": _cache()}
    if out is not None:
        documents["out.json"] = described(out)
    with cache.appearing(to) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as file:
        for name, document in documents.items():
            row = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            file.writestr(row, json.dumps(document, indent=1, sort_keys=True))
    return list(documents)


def machine() -> dict[str, Any]:
    """Versions and sizes of this machine."""
    from clipper.batch.executors.machine import free_memory
    from clipper.speech.engines.machine import processors

    return {
        "clipper": __version__,
        "python": sys.version.split()[0],
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": processors(),
        "free_memory": free_memory(),
        "packages": {d.metadata["Name"]: d.version for d in distributions() if d.metadata["Name"]},
        "variables": sorted(n for n in os.environ if n.startswith("CLIPPER_")),
    }


def described(out: Path) -> dict[str, Any]:
    """Files of OUT by ending, number and size, and its documents as `shape` leaves them."""
    endings: dict[str, list[int]] = {}
    for path in out.rglob("*"):
        if path.is_file():
            endings.setdefault(path.suffix.casefold() or "none", []).append(path.stat().st_size)
    manifests = sorted(out.rglob("clip.json"))[:200]
    return {
        "files": {e: {"count": len(s), "bytes": sum(s), "empty": s.count(0)} for e, s in sorted(endings.items())},
        "documents": {name: _read(out / name) for name in DOCUMENTS if (out / name).is_file()},
        "clips": [_read(path) for path in manifests],
    }


def shape(value: Any, depth: int = 0) -> Any:
    """A document without anybody's words."""
    if depth > 12:
        return "deep"
    if isinstance(value, dict):
        return {_key(k): shape(v, depth + 1) for k, v in list(value.items())[:500]}
    if isinstance(value, list | tuple):
        return [shape(v, depth + 1) for v in value[:500]]
    if isinstance(value, str):
        return value if value in OURS else f"{len(value)} letters"
    return value if isinstance(value, bool | int | float) or value is None else "something"


def _key(key: object) -> str:
    """Our keys are short lower-case words; whatever else stands as a key is somebody's."""
    text = str(key)
    plain = text.isascii() and text.replace("_", "").isalnum() and len(text) <= 20 and text == text.lower()
    return text if plain else f"a key of {len(text)} letters"


def _read(path: Path) -> Any:
    try:
        with path.open("rb") as f:
            return shape(json.loads(f.read(LARGEST)))
    except (OSError, ValueError, RecursionError) as error:
        return f"cannot be read: {type(error).__name__}"


def _settings() -> Any:
    try:
        rows = settings.origins(own_show(Path()))
    except ClipperError as error:
        return f"cannot be read: {type(error).__name__}"
    known = [row for row in rows if row.key.partition(".")[0] in settings.TABLES]
    others = [row for row in rows if row not in known]
    said = {row.key: {"value": shape(row.value), "usual": row.source == "usual"} for row in known}
    return {"settings": said, "names_weights_looks": len(others)}


def _cache() -> dict[str, Any]:
    rows = {row.name: [row.count, row.size] for row in tidying.stages()}
    return {"limit": tidying.limit(), "stages": {_key(name): row for name, row in rows.items()}}
