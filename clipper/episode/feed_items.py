"""A feed in, all its episodes out, each as a feed of its own that holds nothing but this one.

So an episode of a batch is read, told apart and compared without the thousand others.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from xml.etree import ElementTree

from clipper.episode.dates import read_date
from clipper.episode.feed import channel_of, items_of, refuse_entities, tree_of
from clipper.episode.plaintext import clean
from clipper.errors import InputError

SPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
    "psc": "http://podlove.org/simple-chapters",
    "media": "http://search.yahoo.com/mrss/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
MOST = 20_000  # episodes of one feed
WRITTEN = 200_000_000  # characters of all of them with the feed's head, which goes with each


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One episode of a feed.

    Attributes:
        key: names it for good: a digest of its guid, else of its address or title.
        title, date: as far as known; the date as YYYY-MM-DD.
        enclosure: where its sound is, as the feed writes it.
        text: a feed with this one episode.
    """

    key: str
    title: str
    date: str | None
    enclosure: str | None
    text: str


@dataclass(frozen=True, slots=True)
class WholeFeed:
    """A feed's episodes in its order, and the minutes that it asks to be left alone (ttl), if it says any."""

    title: str
    ttl: int | None
    entries: tuple[FeedEntry, ...]


def split_feed(text: str) -> WholeFeed:
    """Every episode of a feed.

    Raises:
        InputError: no feed, one whose XML is broken, one with entities of its own, or one without episodes.
    """
    refuse_entities(text)
    tree = tree_of(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text))
    if tree is None:
        raise InputError("the feed's XML is broken, so its episodes cannot be listed", "name its episodes one by one")
    channel = channel_of(tree)
    items = list(items_of(tree))[:MOST]
    if not items:
        raise InputError("the feed has no episodes", "name the feed's own address or file: RSS or Atom")
    for prefix, space in SPACES.items():
        ElementTree.register_namespace(prefix, space)
    parents = {child: parent for parent in tree.iter() for child in parent}
    homes = [parents[item] for item in items]
    for item, home in zip(items, homes, strict=True):
        home.remove(item)
    for rest in [e for e in tree.iter() if e in parents and _name(e) in ("item", "entry")]:
        parents[rest].remove(rest)
    head = len(ElementTree.tostring(tree, encoding="unicode"))
    found, seen, written = [], set[str](), 0
    for item, home in zip(items, homes, strict=True):
        if written > WRITTEN:
            raise InputError(
                f"the feed's head is {head / 1e6:.1f} MB long, too much to go with each of {len(items)} episodes",
                "name its episodes one by one",
            )
        home.append(item)
        one = ElementTree.tostring(tree, encoding="unicode")
        home.remove(item)
        written += len(one)
        entry = _entry(item, one)
        if entry.key not in seen:  # a feed that lists an episode twice
            seen.add(entry.key)
            found.append(entry)
    ttl = _text(channel, "ttl")
    return WholeFeed(_text(channel, "title"), int(ttl) if ttl.isdecimal() and len(ttl) < 7 else None, tuple(found))


def _entry(item: ElementTree.Element, text: str) -> FeedEntry:
    title = clean(_text(item, "title"))
    enclosure = next(
        (e.get("url") or e.get("href") for e in item.iter()
         if _name(e) == "enclosure" or (_name(e) == "link" and e.get("rel") == "enclosure")),
        None,
    )  # fmt: skip
    identity = _text(item, "guid") or _text(item, "id") or enclosure or _text(item, "link") or title
    date = read_date(
        _text(item, "pubdate") or _text(item, "published") or _text(item, "updated") or _text(item, "date")
    )
    return FeedEntry(hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:16], title, date, enclosure, text)


def _text(element: ElementTree.Element, name: str) -> str:
    return next(("".join(e.itertext()).strip() for e in element if _name(e) == name), "")


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2].casefold() if isinstance(element.tag, str) else ""
