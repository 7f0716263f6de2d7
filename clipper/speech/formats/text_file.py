"""A transcript file as text, whatever wrote it. In: a path; out: a string with plain line ends, or a clear refusal."""

from __future__ import annotations

from pathlib import Path

from clipper.errors import InputError
from clipper.speech.limits import limits

# What people hand in by mistake, by the file's first bytes, and what to do instead.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word document or an archive"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"[Script Info]", "an ASS subtitle file"),
    (b"<?xml", "an XML file"),
    (b"<tt", "a TTML file"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
_BOMS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_BINARY = 0.02  # share of control characters from which a file is no text


def read_text(path: Path) -> str:
    """The text of `path`: UTF-8, with or without a BOM, UTF-16 with one, else Windows-1252, which old tools write.

    Raises:
        InputError: no such file, too big, empty, or no text.
    """
    name = path.name
    try:
        size = path.stat().st_size
        if size > limits().reading.largest_mb * 1_000_000:
            raise InputError(
                f"{name} has {size / 1e6:.0f} MB, too much for a transcript", "name the transcript, not the audio"
            )
        raw = path.read_bytes()
    except IsADirectoryError as error:
        raise InputError(f"{name} is a folder", "name the transcript file in it") from error
    except OSError as error:
        raise InputError(
            f"the transcript {path} cannot be read: {error.strerror or error}", "check the name after --transcript"
        ) from error
    head = raw.lstrip()[:40].lower()
    for start, what in _OTHERS:
        if head.startswith(start.lower()):
            raise InputError(f"{name} is {what}, not a transcript", "export it as SRT, VTT, JSON or plain text")
    text = _decode(raw)
    controls = sum(text.count(chr(c)) for c in range(32) if chr(c) not in "\t\n\r\f\x1c\x1d\x1e\x85")
    if controls > max(8, len(text) * _BINARY):
        raise InputError(f"{name} is not a text file", "export the transcript as SRT, VTT, JSON or plain text")
    clean = text.translate(_CONTROLS).replace("\r\n", "\n").replace("\r", "\n")
    if not clean.strip():
        raise InputError(f"{name} is empty", "export the transcript again, or leave --transcript out")
    return clean


_CONTROLS = dict.fromkeys((*range(9), 0xB, *range(0xE, 0x20), 0x7F))


def _decode(raw: bytes) -> str:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw.decode(encoding, errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # One broken character in a UTF-8 file, or another encoding altogether? The latter breaks all over.
        lenient = raw.decode("utf-8", errors="replace")
        beyond = sum(c > 127 for c in raw)
        return lenient if lenient.count("\ufffd") * 10 < beyond else raw.decode("cp1252", errors="replace")
