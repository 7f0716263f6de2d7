"""A bare audio or video file in; what its tags say, and its embedded pictures, out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clipper import cache
from clipper.episode.dates import read_date
from clipper.episode.fields import Said
from clipper.episode.markup import read_markdown
from clipper.episode.model import Chapter, Episode
from clipper.episode.mp4art import timed_pictures
from clipper.episode.names import listed_people
from clipper.episode.people import find_people
from clipper.episode.plaintext import clean
from clipper.episode.titles import read_title
from clipper.media import probe_sound

_TITLE = ("TIT2", "\xa9nam", "title")
_SHOW = ("TALB", "\xa9alb", "tvsh", "album", "show")
_NUMBER = ("TRCK", "trkn", "tracknumber", "episode")
_DATE = ("TDRL", "TDRC", "TDOR", "\xa9day", "date")
_ARTIST = ("TPE1", "\xa9ART", "artist", "aART", "TPE2")
_NOTES = ("TDES", "desc", "ldes", "description", "comment", "COMM", "\xa9cmt")
_LANGUAGE = ("TLAN", "language")
_LARGEST = 40_000_000  # bytes of a picture


def read_tags(path: Path) -> Episode:
    """An episode from a file's tags; nothing but the file's name where it has none.

    Raises:
        InputError: the file cannot be opened as sound or video.
    """
    media = _open(path)
    if media is None:
        probe_sound(path)
    tags = getattr(media, "tags", None) or {}
    facts = read_title(_first(tags, _TITLE), shows=(_first(tags, _SHOW),))
    notes = read_markdown(_first(tags, _NOTES))
    said = Said(title=facts.title, description=_first(tags, _NOTES) or None)
    guests, hosts = find_people(notes, said, facts) if notes.lines else ([], [])
    artists = listed_people(_first(tags, _ARTIST))
    number = _first(tags, _NUMBER).partition("/")[0].strip()
    show = _first(tags, _SHOW)
    return Episode(
        show=show or facts.show,
        number=facts.number
        if facts.number is not None
        else int(number)
        if number.isdecimal() and 0 < int(number) < 100_000
        else None,
        title=facts.title or None,
        guests=tuple(guests),
        hosts=tuple(hosts or [a for a in artists if a != show and len(a.split()) > 1 and a not in guests]),
        date=read_date(_first(tags, _DATE)),
        description=said.description,
        chapters=tuple(_chapters(media)),
        audio=path.name,
        language=_first(tags, _LANGUAGE) or None,
        folder=str(path.parent),
    )


def embedded_cover(path: Path) -> Path | None:
    """The picture inside an audio file, written into clipper's cache; None where it has none."""
    data = _picture(_open(path))
    return _kept(data, cache.key("covers", 1, file=cache.file_digest(path))) if data else None


def chapter_pictures(path: Path) -> list[tuple[float, Path | None]]:
    """The start of each chapter inside an audio file in seconds, and its own picture, written into clipper's cache:
    those of ID3 (CHAP with APIC) and of MP4 (a track of stills)."""
    tags: Any = getattr(_open(path), "tags", None)
    found: list[tuple[float, bytes]] = []
    for frame in tags.getall("CHAP") if hasattr(tags, "getall") else ():
        data = next((bytes(picture.data) for picture in frame.sub_frames.getall("APIC")), b"")
        found.append((frame.start_time / 1000, data))
    found = found or list(timed_pictures(path, _LARGEST))
    named = [(start, data, hashlib.sha256(data).hexdigest()) for start, data in sorted(found, key=lambda row: row[0])]
    return [(start, _kept(data, cache.key("chapter", 1, picture=digest))) for start, data, digest in named]


def _kept(data: bytes, name: str) -> Path | None:
    """A picture as a file in the cache; None where there is none, or one that is far too large."""
    if not data or len(data) > _LARGEST:
        return None
    where = cache.entry("covers", name + (".png" if data.startswith(b"\x89PNG") else ".jpg"))
    if not where.is_file():
        with cache.appearing(where) as temporary:
            temporary.write_bytes(data)
    return where


def _open(path: Path) -> Any:
    import mutagen

    try:
        return mutagen.File(path)
    except Exception:  # a damaged file raises whatever its format's reader stumbles on
        return None


def _first(tags: Any, names: tuple[str, ...]) -> str:
    """The first value that any of the names has; ID3 frames may carry a language behind their name."""
    for name in names:
        values: list[Any] = []
        if hasattr(tags, "getall") and name.isupper():
            values = [t for frame in tags.getall(name) for t in getattr(frame, "text", [])]
        else:
            try:
                found = tags.get(name)
            except (ValueError, KeyError):  # Vorbis keys allow ASCII only
                found = None
            values = list(found) if isinstance(found, list | tuple) else [found] if found else []
        for value in values:
            text = clean(str(value[0] if isinstance(value, tuple) else value))
            if text and text != "0":
                return text
    return ""


def _chapters(media: Any) -> Iterator[Chapter]:
    """ID3 CHAP frames, MP4 chapters or Vorbis CHAPTERxxx comments, by time."""
    tags: Any = getattr(media, "tags", None)
    if hasattr(tags, "getall"):
        for frame in sorted(tags.getall("CHAP"), key=lambda f: f.start_time):
            title = next((str(t.text[0]) for t in frame.sub_frames.getall("TIT2") if t.text), "")
            yield Chapter(start=frame.start_time / 1000, title=clean(title))
        return
    for mark in getattr(media, "chapters", None) or ():
        yield Chapter(start=max(0.0, float(mark.start)), title=clean(str(mark.title)))
    if tags is not None and hasattr(tags, "keys"):
        from clipper.episode.chapters import seconds_of

        for number in range(1000):
            start = tags.get(f"chapter{number:03d}") if not getattr(media, "chapters", None) else None
            if start and (seconds := seconds_of(str(start[0]))) is not None:
                yield Chapter(start=seconds, title=clean(str((tags.get(f"chapter{number:03d}name") or [""])[0])))
            elif number > 1:
                return


def _picture(media: Any) -> bytes | None:
    tags = getattr(media, "tags", None)
    if tags is None:
        return None
    if hasattr(tags, "getall") and (frames := tags.getall("APIC")):
        return bytes(max(frames, key=lambda f: f.type == 3).data)
    if getattr(media, "pictures", None):
        return bytes(media.pictures[0].data)
    try:
        if covers := tags.get("covr"):
            return bytes(covers[0])
        if blocks := tags.get("metadata_block_picture"):
            import base64

            from mutagen.flac import Picture

            picture: Any = Picture
            return bytes(picture(base64.b64decode(blocks[0])).data)
    except Exception:  # a damaged picture is no picture
        return None
    return None
