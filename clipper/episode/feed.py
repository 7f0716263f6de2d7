"""An RSS or Atom feed in, one of its episodes out.

feedparser reads what all feeds share. It drops most of the podcast namespace (attributes of podcast:person, all
transcripts but the last, the soundbites' titles), so those are read from the item's own XML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from xml.etree import ElementTree

from clipper.episode.chapters import seconds_of
from clipper.episode.markup import read_html
from clipper.episode.model import Chapter, Episode, Soundbite
from clipper.episode.names import merged
from clipper.episode.page import understand
from clipper.episode.plaintext import clean, squeezed, western_digits
from clipper.episode.structure import Document
from clipper.episode.titles import read_title
from clipper.errors import InputError

_NO_FEED = "name the feed's own address or file: RSS or Atom, as podcast apps use it"


@dataclass(slots=True)
class _Extra:
    """What an item, or the feed above it, says in the podcast and iTunes namespaces."""

    number: str | None = None
    image: str | None = None
    image_alt: str | None = None
    chapters_url: str | None = None
    chapters: list[Chapter] = field(default_factory=list)
    transcripts: list[tuple[int, str]] = field(default_factory=list)
    soundbites: list[Soundbite] = field(default_factory=list)
    guests: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An episode of a feed, and where its chapters lie when they lie outside (podcast:chapters)."""

    episode: Episode
    chapters_url: str | None


def read_feed(text: str, wanted: str | None, *, folder: str = "") -> FeedItem:
    """One episode of a feed.

    Args:
        text: the feed, decoded.
        wanted: the episode's number, or its title or a part of it; None for the newest.

    Raises:
        InputError: no feed, one with entities of its own, or without such an episode.
    """
    import feedparser

    refuse_entities(text)
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text)
    if not re.search(r"<(?:\w+:)?(?:rss|feed|RDF)\b", text[:20_000]):
        raise InputError("this is no feed: neither RSS nor Atom", _NO_FEED)
    try:
        parsed = feedparser.parse(
            text.encode("utf-8"),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser's fallback parser fails in many ways on what is no feed
        raise InputError(f"the feed cannot be read: {error}", _NO_FEED) from error
    if not parsed.entries:
        raise InputError("the feed has no episodes", _NO_FEED)
    tree = tree_of(text)
    items = list(items_of(tree)) if tree is not None else []
    extras = (
        [_extra(item) for item in items] if len(items) == len(parsed.entries) else [_Extra() for _ in parsed.entries]
    )
    at = _choose(parsed.entries, extras, wanted)
    channel = _extra(channel_of(tree)) if tree is not None else _Extra()
    return _episode(parsed.feed, parsed.entries[at], extras[at], channel, folder)


def _episode(feed: Any, entry: Any, extra: _Extra, channel: _Extra, folder: str) -> FeedItem:
    sounds = [
        e
        for e in entry.get("enclosures", [])
        if str(e.get("type", "")).startswith(("audio", "video")) or not e.get("type")
    ]
    fields: dict[str, Any] = {
        "title": entry.get("title"),
        "number": extra.number or entry.get("itunes_episode"),
        "show": feed.get("title"),
        "date": entry.get("published") or entry.get("updated"),
        "cover": extra.image or (entry.get("image") or {}).get("href"),
        "cover_alt": extra.image_alt,
        "author": entry.get("author") if entry.get("author") != feed.get("title") else None,
        "guests": extra.guests,
        "hosts": extra.hosts or channel.hosts,
        "language": feed.get("language"),
        "url": entry.get("link"),
        "tags": [t.get("term") for t in entry.get("tags", []) if t.get("term")],
    }
    fields = {k: v for k, v in fields.items() if v}
    episode = understand(fields, _notes(entry), folder=folder)
    changes: dict[str, Any] = {
        "audio": next((clean(e["href"]) for e in sounds if e.get("href")), episode.audio),
        "cover": episode.cover or channel.image or (feed.get("image") or {}).get("href"),
        "transcripts": tuple(url for _, url in sorted(extra.transcripts)),
        "soundbites": tuple(extra.soundbites),
        "chapters": tuple(extra.chapters) or episode.chapters,
        "guests": tuple(merged(extra.guests)) or episode.guests,
        "hosts": tuple(merged(extra.hosts or channel.hosts)) or episode.hosts,
    }
    return FeedItem(episode.model_copy(update=changes), extra.chapters_url)


def _notes(entry: Any) -> Document:
    """The longest of an item's texts, as the page below its fields."""
    texts = [str(c.get("value") or "") for c in entry.get("content", [])] + [
        str(entry.get("summary") or ""),
        str(entry.get("subtitle") or ""),
    ]
    longest = max(texts, key=len, default="")
    if not re.search(r"<\w", longest):
        longest = re.sub(r"\n{2,}", "<p>", longest).replace("\n", "<br>")
    document = read_html(longest)
    document.meta = {}
    return document


def _choose(entries: list[Any], extras: list[_Extra], wanted: str | None) -> int:
    """The place of the wanted episode; a number is looked for among episode numbers first, then in titles."""
    if wanted is None:
        return 0
    titles = [clean(str(e.get("title") or "")) for e in entries]
    text = western_digits(wanted.strip().lstrip("#№ "))
    if text.isdigit():
        printed = [_digits(x.number or e.get("itunes_episode")) for x, e in zip(extras, entries, strict=True)]
        for numbers in (printed, [read_title(t).number for t in titles]):
            if int(text) in numbers:
                return numbers.index(int(text))
    key = squeezed(wanted)
    keys = [squeezed(t) for t in titles]
    if key in keys:
        return keys.index(key)
    partly = [i for i, k in enumerate(keys) if key and key in k and not text.isdigit()]
    if len(partly) == 1:
        return partly[0]
    if text.isdigit():
        numbered = [(abs(n - int(text)), t) for n, t in zip(printed, titles, strict=True) if n is not None]
        nearest = [t for _, t in sorted(numbered)[:3]] or titles[:3]
    else:
        nearest = [titles[i] for i in partly[:3]] or _alike(wanted, titles)
    listed = "; ".join(f"“{t[:60]}”" for t in nearest)
    raise InputError(
        f"the feed has no episode {wanted!r}; the nearest are {listed}",
        "give --episode its number, or its title as the feed writes it",
    )


def _alike(wanted: str, titles: list[str]) -> list[str]:
    """The three titles nearest to what was asked for: by shared words, then by letters."""
    asked = set(wanted.casefold().split())
    shared = [t for t in titles if asked & {w.strip(".,:;!?") for w in t.casefold().split()}]
    return list(dict.fromkeys([*shared, *get_close_matches(wanted, titles, 3, 0.2), *titles]))[:3]


def _digits(value: object) -> int | None:
    text = western_digits(str(value or "").strip())
    return int(text) if text.isdecimal() and len(text) < 8 else None


def tree_of(text: str) -> ElementTree.Element | None:
    """The feed's XML; None where it is broken. No entities can be declared in it here."""
    try:
        return ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>\[]*>", "", text))
    except (ElementTree.ParseError, ValueError):
        return None


def _local(element: ElementTree.Element) -> tuple[str, str]:
    """A namespace's nickname and the bare name of a tag."""
    space, _, name = element.tag.rpartition("}") if isinstance(element.tag, str) else ("", "", "")
    nick = (
        "podcast"
        if "podcast" in space and "itunes" not in space
        else "itunes"
        if "itunes" in space
        else "psc"
        if "podlove" in space
        else ""
    )
    return nick, name.casefold()


def refuse_entities(text: str) -> None:
    """Raises InputError for a feed with entities of its own, which could grow without end or name files."""
    if re.search(r"<!ENTITY", text, re.IGNORECASE):
        raise InputError(
            "the feed declares entities of its own, which no podcast feed needs", "name another address of this feed"
        )


def items_of(tree: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The feed's episodes, in its order."""
    return (e for e in tree.iter() if _local(e) in (("", "item"), ("", "entry")))


def channel_of(tree: ElementTree.Element) -> ElementTree.Element:
    """What stands above the episodes."""
    return next((e for e in tree if _local(e) == ("", "channel")), tree)


_ORDER = ("text/vtt", "application/x-subrip", "application/srt", "application/json", "text/plain", "text/html")


def _extra(item: ElementTree.Element) -> _Extra:
    """Reads an item's (or the channel's) own children of the podcast, iTunes and Podlove namespaces."""
    extra = _Extra()
    pictures: list[tuple[int, str, str | None]] = []
    for child in item:
        nick, name = _local(child)
        text, given = clean(child.text or ""), {k.rpartition("}")[2]: clean(v) for k, v in child.attrib.items()}
        address = given.get("url") or given.get("href") or ""
        match (nick, name):
            case ("itunes", "episode") | ("podcast", "episode"):
                extra.number = extra.number or text
            case ("itunes", "image") if address:
                pictures.append((1, address, None))
            case ("podcast", "image") if address:
                square = given.get("aspect-ratio", "1/1").replace(" ", "") in (
                    "1/1",
                    "1:1",
                ) and "banner" not in given.get("purpose", "")
                pictures.append((0 if square else 2, address, given.get("alt")))
            case ("podcast", "chapters") if address:
                extra.chapters_url = address
            case ("podcast", "transcript") if address:
                kind = given.get("type", "").partition(";")[0].casefold()
                extra.transcripts.append((_ORDER.index(kind) if kind in _ORDER else len(_ORDER), address))
            case ("podcast", "soundbite"):
                start, duration = seconds_of(given.get("startTime", "")), seconds_of(given.get("duration", ""))
                if start is not None and duration is not None:
                    extra.soundbites.append(Soundbite(start=start, duration=duration, title=text[:128]))
            case ("podcast", "person") if text:
                role = given.get("role", "host").casefold()
                if "guest" in role or "interviewee" in role:
                    extra.guests.append(text)
                elif "host" in role:
                    extra.hosts.append(text)
            case ("psc", "chapters"):
                for mark in child:
                    start = seconds_of(mark.get("start", ""))
                    if start is not None:
                        extra.chapters.append(
                            Chapter(start=start, title=clean(mark.get("title", "")), image=mark.get("image"))
                        )
    if pictures:
        _, extra.image, extra.image_alt = min(pictures, key=lambda p: p[0])
    return extra


def read_json_chapters(data: bytes) -> list[Chapter]:
    """Chapters of a podcast:chapters document (application/json+chapters); hidden ones are left out.

    Raises:
        InputError: it is no such document.
    """
    try:
        loaded = json.loads(data.decode("utf-8-sig"))
        listed = loaded["chapters"]
        made: list[Chapter] = []
        for one in listed:
            start = seconds_of(str(one.get("startTime", "")))
            if start is not None and one.get("toc") is not False:
                image = one.get("img")
                made.append(
                    Chapter(
                        start=start,
                        title=clean(str(one.get("title") or "")),
                        image=image if isinstance(image, str) else None,
                    )
                )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError("the feed's chapters cannot be read", "go on without them, or tell the feed's host") from error
    return made
