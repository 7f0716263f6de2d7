"""The words of a pack as files that a producer may edit: post.txt, alt.txt, title.txt. In: a folder; out: whose.

A digest of what clipper itself wrote lies beside them; what differs from it is the producer's, and stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from clipper import cache
from clipper.export.post import Post
from clipper.platforms import Platform

WRITTEN = ".words.json"  # which words clipper itself wrote into a pack
TEXTS: tuple[tuple[Literal["title", "text", "alt"], str], ...] = (
    ("title", "title.txt"), ("text", "post.txt"), ("alt", "alt.txt"),
)  # fmt: skip


def own_words(folder: Path) -> dict[Literal["title", "text", "alt"], str]:
    """The words that the producer wrote into a pack's folder: what is not as clipper wrote it, now or before."""
    written, before = _written(folder)
    out: dict[Literal["title", "text", "alt"], str] = {}
    for name, file in TEXTS:
        try:
            words = (folder / file).read_bytes()[:100_000].decode("utf-8").replace("\r\n", "\n").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if name in before or written.get(name) != _digest(words):
            out[name] = words
    return out


def _written(folder: Path) -> tuple[dict[str, str], set[str]]:
    """The digests of the words that clipper itself put into a pack, and which of them were the producer's then."""
    try:
        data = json.loads((folder / WRITTEN).read_bytes()[:10_000])
        words = {str(k): str(v) for k, v in dict(data["words"]).items()}
        return words, {str(name) for name in data["own"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}, set()


def write_words(folder: Path, post: Post, to: Platform, own: Sequence[str]) -> None:
    """Writes the words as files; what they are is noted first, so that a killed run leaves none that seem anybody's.

    Raises:
        MissingError: the disk is full, or the folder cannot be written.
    """
    shown = {name: getattr(post, name).strip() for name, _ in TEXTS if name != "title" or to.title is not None}
    noted = {"words": {name: _digest(words) for name, words in shown.items()}, "own": list(own)}
    cache.write_text(folder / WRITTEN, json.dumps(noted) + "\n")
    for name, file in TEXTS:
        if shown.get(name):
            cache.write_text(folder / file, shown[name] + "\n")
        else:
            (folder / file).unlink(missing_ok=True)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
