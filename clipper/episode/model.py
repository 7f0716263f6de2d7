"""What clipper understood of an episode's page, feed item or tags. Nothing here reads a file."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Link(_Frozen):
    """One entry of the list of things that the talk mentions."""

    label: str
    url: str


class Chapter(_Frozen):
    """A time mark: `start` in seconds as the page says it (not trusted), `image` an address or a path."""

    start: float = Field(ge=0, allow_inf_nan=False)
    title: str
    image: str | None = None


class Soundbite(_Frozen):
    """A stretch that the feed marks as worth hearing (podcast:soundbite)."""

    start: float = Field(ge=0, allow_inf_nan=False)
    duration: float = Field(ge=0, allow_inf_nan=False)
    title: str = ""


class Episode(_Frozen):
    """One episode, as its page says it; null or empty where the page does not say.

    Attributes:
        date: YYYY-MM-DD in the page's own time zone.
        hosts: who asks; often not the page's author.
        topics: the bullets that say what is talked about, in page order, as plain text.
        cover, audio: an address, or a path as the page writes it.
        transcripts: addresses or paths of transcripts that the feed names.
        music_intro: the page speaks of music at the start (do not take lyrics for speech).
        spoken: the text under the page's heading "Transcript"; not written into documents.
        folder: the folder of the page, against which relative paths are resolved; empty for pages without one.
        page: the page's file name in that folder; empty where there is no page.
    """

    schema_number: int = 1
    show: str | None = None
    number: int | None = None
    title: str | None = None
    guests: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    date: str | None = None
    cover: str | None = None
    cover_alt: str | None = None
    description: str | None = None
    topics: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    audio: str | None = None
    embeds: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    music_intro: bool = False
    spoken: str = Field(default="", exclude=True)
    folder: str = ""
    page: str = ""

    def as_json(self) -> dict[str, Any]:
        """The document of `clipper episode --json`; its first keys hold from version 0.1 on."""
        return {
            "show": self.show,
            "number": self.number,
            "title": self.title,
            "guests": list(self.guests),
            "host": self.hosts[0] if self.hosts else None,
            "date": self.date,
            "cover": self.cover,
            "topics": list(self.topics),
            "links": [link.model_dump() for link in self.links],
            "chapters": [{"start": c.start, "title": c.title} for c in self.chapters],
            "audio": self.audio,
            "embeds": list(self.embeds),
            "hosts": list(self.hosts),
            "description": self.description,
            "soundbites": [s.model_dump() for s in self.soundbites],
            "transcripts": list(self.transcripts),
            "tags": list(self.tags),
            "language": self.language,
            "music_intro": self.music_intro,
        }
