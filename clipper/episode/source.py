"""A page's file in, its text out: within limits, in whatever encoding, and no binary."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from clipper.episode.phrases import limit
from clipper.errors import InputError

PAGES = frozenset({".md", ".markdown", ".mdx", ".html", ".htm", ".xhtml"})
SOUNDS = frozenset(
    {".mp3", ".m4a", ".m4b", ".aac", ".ogg", ".oga", ".opus", ".flac", ".wav", ".aif", ".aiff", ".wma", ".weba"}
)
VIDEOS = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg"})
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".bmp", ".tif", ".tiff"})

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    b"ID3",
    b"OggS",
    b"fLaC",
    b"RIFF",
    b"FORM",
    b"\x1aE\xdf\xa3",
    b"\xff\xfb",
    b"\xff\xf3",
    b"\xff\xf1",
    b"\xff\xf9",
)


def read_bytes(path: Path, most: int) -> bytes:
    """The bytes of a file that a stranger wrote.

    Raises:
        InputError: not there, no plain file, empty, too long, or not readable.
    """
    try:
        if not path.exists():
            raise InputError(f"there is no file {path}", "check the name and the folder")
        if not path.is_file():
            raise InputError(f"{path} is no file", "name an episode's page, audio file or folder")
        size = path.stat().st_size
        if size == 0:
            raise InputError(f"{path.name} is empty", "save or download it again")
        if size > most:
            raise InputError(
                f"{path.name} is too long to be an episode's page ({size / 1e6:.0f} MB; {most / 1e6:.0f} MB are read)",
                "name the page of one episode",
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}", "check the name and its permissions"
        ) from error


def read_text(path: Path) -> str:
    """A page's text.

    Raises:
        InputError: as `read_bytes`, or binary.
    """
    return decode(read_bytes(path, limit("read", "page_bytes")), path.name)


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """Text out of bytes: by byte order mark, as UTF-8, as UTF-16 without a mark, else as Windows-1252.

    Raises:
        InputError: it is no text.
    """
    text = _decoded(data, declared)
    odd = sum(1 for c in text[:20_000] if (ord(c) < 32 and c not in "\t\n\r\f\x0b\x1b") or c == "\ufffd")
    if odd > max(3, 0.02 * min(len(text), 20_000)) or "\x00" in text[:20_000]:
        raise InputError(
            f"{name} is no text that can be read as a page",
            "name the episode's page as Markdown or HTML, or its audio file",
        )
    if not text.strip():
        raise InputError(f"{name} is empty", "save or download it again")
    return text


def _decoded(data: bytes, declared: str | None) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    head = data[:2000]
    if head.count(0) > 0.3 * len(head):
        little = head[1::2].count(0) > head[0::2].count(0)
        return data.decode("utf-16-le" if little else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for named in (declared, _declared(head)):
        if named:
            try:
                return data.decode(named)
            except (LookupError, UnicodeError):  # a page may name codecs that are no charset, such as idna
                continue
    as_utf8 = data.decode("utf-8", "replace")
    broken = as_utf8.count("\ufffd")
    if broken < sum(ord(c) >= 0x80 for c in as_utf8) - broken:
        return as_utf8  # UTF-8 with a few broken places
    return data.decode("cp1252", "replace")


def _declared(head: bytes) -> str | None:
    found = re.search(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]{3,20})""", head)
    return found[1].decode("ascii", "ignore") if found else None


def is_sound(path: Path) -> bool:
    """By its ending or, where that says nothing, by its first bytes: an audio or video file."""
    ending = path.suffix.casefold()
    if ending in SOUNDS | VIDEOS:
        return True
    if ending in PAGES or not path.is_file():
        return False
    try:
        with path.open("rb") as f:
            head = f.read(12)
    except OSError:
        return False
    return head.startswith(_MAGIC) or head[4:8] == b"ftyp"
