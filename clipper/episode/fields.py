"""What front matter says, whatever its keys are called. In: plain values of `frontmatter.split`; out: `Said`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from clipper.episode.dates import read_date
from clipper.episode.markup import MEDIA
from clipper.episode.model import Chapter, Link
from clipper.episode.phrases import keys
from clipper.episode.plaintext import squeezed
from clipper.episode.values import (
    as_address,
    as_chapters,
    as_links,
    as_names,
    as_number,
    as_people,
    as_picture,
    as_show,
    as_text,
)

_PLAYER = re.compile(
    r"//(?:[\w-]+\.)*(?:spotify|youtube|youtu|vimeo|apple|overcast|google)\.\w+/|/embed", re.IGNORECASE
)


@dataclass(slots=True)
class Said:
    """Front matter under clipper's names; every field empty where it says nothing.

    `people` are names whose part in the talk is not said; `shows` are names that the show may have.
    """

    title: str = ""
    inner_title: str = ""
    number: int | None = None
    show: str | None = None
    shows: tuple[str, ...] = ()
    date: str | None = None
    cover: str | None = None
    cover_alt: str | None = None
    audio: str | None = None
    guests: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    body: str = ""
    description: str | None = None
    tags: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None


def read_fields(fields: dict[str, Any]) -> Said:
    """Puts front matter under clipper's names; what it cannot read it leaves out."""
    keyed = _Keyed(fields)
    said = Said()
    said.title = as_text(keyed.first(keys("title"), outer_only=True)) or as_text(keyed.first(keys("title")))
    said.inner_title = as_text(keyed.inner(keys("title")))
    said.number = next((n for v in keyed.all(keys("number")) if (n := as_number(v)) is not None), None)
    said.show = (
        next((s for v in keyed.all(keys("show")) if (s := as_show(v))), None)
        or as_text(keyed.first(("sitename",)))
        or None
    )
    said.date = next((d for v in keyed.all(keys("date")) if (d := read_date(v))), None)
    said.cover = next((c for v in keyed.all(keys("cover")) if (c := as_picture(v))), None)
    said.cover_alt = as_text(keyed.first(keys("alt"))) or None
    said.audio = _audio(keyed)
    said.guests = as_people(keyed.all(keys("guests")))
    said.hosts = as_people(keyed.all(keys("hosts")))
    said.people = as_people(keyed.all(keys("people")))
    said.authors = as_people(keyed.all(keys("author")))
    said.chapters = next((marks for v in keyed.all(keys("chapters")) if (marks := as_chapters(v))), [])
    said.links = next((links for v in keyed.all(keys("links")) if (links := as_links(v))), [])
    said.body = next((v for v in keyed.all(keys("body")) if isinstance(v, str) and len(v) > 40), "")
    said.description = next((t for v in keyed.all(keys("description")) if (t := as_text(v))), None)
    said.tags = tuple(dict.fromkeys(t for v in keyed.all(keys("tags")) for t in as_names(v)))
    said.transcripts = tuple(a for v in keyed.all(keys("transcript")) if (a := as_address(v)))
    said.language = as_text(keyed.first(keys("language"))) or None
    said.url = next(
        (
            u
            for v in keyed.all(keys("address"))
            if (u := as_text(v)).startswith(("http://", "https://")) and not MEDIA.search(u)
        ),
        None,
    )
    other = [t for v in keyed.all(("category", "showslug", "collection")) for t in as_names(v)]
    said.shows = tuple(dict.fromkeys(s for s in (said.show, *other, *said.tags) if s))
    return said


class _Keyed:
    """Front matter by squeezed key, the page's own level first, then the maps inside it that speak of the episode."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.levels = list(_levels(fields))

    def all(self, names: tuple[str, ...]) -> Iterator[Any]:
        for level in self.levels:
            for name in names:
                value = level.get(name)
                if value not in (None, "", [], {}):
                    yield value

    def first(self, names: tuple[str, ...], *, outer_only: bool = False) -> Any:
        if outer_only:
            return next((self.levels[0][n] for n in names if self.levels[0].get(n) not in (None, "", [], {})), None)
        return next(self.all(names), None)

    def inner(self, names: tuple[str, ...]) -> Any:
        return next((level[n] for level in self.levels[1:] for n in names if level.get(n)), None)


def _levels(fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
    outer = {squeezed(str(k)): v for k, v in fields.items()}
    yield outer
    for name in keys("inner"):
        inner = outer.get(name)
        if isinstance(inner, dict):
            level = {squeezed(str(k)): v for k, v in inner.items()}
            yield level
            yield from (
                {squeezed(str(k)): v for k, v in level[n].items()}
                for n in keys("inner")
                if isinstance(level.get(n), dict)
            )


def _audio(keyed: _Keyed) -> str | None:
    """The media file among all values: mp3 before others of the same key, sure keys before all."""
    found: list[tuple[int, int, str]] = []
    for depth, level in enumerate(keyed.levels):
        for name, value in level.items():
            sure = name in keys("audio_sure")
            for address in _leaves(value):
                if MEDIA.search(address) and not re.search(r"\s-\s|\n", address):
                    kind = 0 if ".mp3" in address.casefold() else 1
                    found.append((0 if sure else 1 if name in keys("audio") else 2, kind + depth, address))
                elif (
                    sure
                    and name not in ("podcast", "file", "media", "mp3")
                    and re.match(r"https?://", address)
                    and not _PLAYER.search(address)
                ):
                    found.append((3, depth, address))
    return min(found)[2] if found else None


def _leaves(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        text = value.strip()
        if 0 < len(text) <= 2000 and "\n" not in text:
            yield text
    elif depth < 4:
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _leaves(inner, depth + 1)
