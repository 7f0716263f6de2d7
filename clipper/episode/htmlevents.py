"""HTML in, a `Builder` fed with its blocks, text and links out; and what a page's head says about its episode.

The standard library's event parser is not asked to recurse, and is kept from texts over which it takes quadratic time.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

from clipper.episode.structure import Builder

_SILENT = {"script", "style", "noscript", "template", "svg", "math", "head", "title", "select", "button", "textarea"}
_AROUND = {"nav", "footer", "aside", "form"}
_INLINE = {
    "a",
    "b",
    "i",
    "em",
    "strong",
    "span",
    "u",
    "s",
    "small",
    "code",
    "abbr",
    "time",
    "mark",
    "sub",
    "sup",
    "cite",
}
_INLINE |= {
    "q",
    "font",
    "kbd",
    "del",
    "ins",
    "bdi",
    "bdo",
    "ruby",
    "rt",
    "rp",
    "label",
    "wbr",
    "tt",
    "var",
    "samp",
    "dfn",
}


# "<" that never becomes a tag; the standard library's parser takes quadratic time over many of them
_OPEN_END = re.compile(r"<(?=[^<>]*(?:<|\Z))")


def _without_comments(text: str) -> str:
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join([*parts, text[at:]])


class HtmlEvents(HTMLParser):
    """Feeds a `Builder` from HTML events; may be given a page in pieces."""

    def __init__(self, build: Builder, *, breaks: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._build = build
        self._breaks = breaks
        self._silent: list[str] = []
        self._around: list[str] = []
        self._pre = 0
        self._title: list[str] = []
        self._json: list[str] = []
        self._tags: dict[str, str] = {}
        self._in_json = False

    def read(self, text: str, *, breaks: bool) -> None:
        self._breaks = breaks
        self.feed(_OPEN_END.sub("&lt;", _without_comments(text)))
        self.close()
        self.reset()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = given.get("property") or given.get("name") or given.get("itemprop") or ""
            self._tags.setdefault(name.casefold(), given.get("content", ""))
        elif tag == "html" and given.get("lang"):
            self._tags.setdefault("lang", given["lang"])
        elif tag == "link" and given.get("rel") == "canonical":
            self._tags.setdefault("canonical", given.get("href", ""))
        if tag == "script" and "ld+json" in given.get("type", ""):
            self._in_json = True
            self._json.append("")
        if tag in _SILENT:
            self._silent.append(tag)
        if self._silent:
            if tag == "body":
                self._silent.clear()
            return
        build = self._build
        if tag in _AROUND or tag in ("article", "main"):
            build.end()
            self._around.append(tag)
            build.region = self._region()
        if tag in ("iframe", "embed"):
            build.embed(given.get("src", "") or given.get("data-src", ""))
        elif tag in ("audio", "video", "source") and given.get("src"):
            build.media(given["src"])
        elif tag == "img":
            build.image(given.get("alt", ""), given.get("src", "") or given.get("data-src", ""))
        elif tag == "a":
            build.close_link()
            build.open_link(given.get("href", ""))
        elif tag == "br":
            build.text("\n")
        elif tag in ("ul", "ol", "menu", "table"):
            build.open_list()
        elif tag in ("li", "tr"):
            build.open_item()
        elif tag in ("td", "th"):
            build.text(" ")
        elif tag == "blockquote":
            build.open_quote()
        elif re.fullmatch(r"h[1-6]", tag):
            build.begin("heading", int(tag[1]))
        elif tag == "pre":
            build.begin("code")
            self._pre += 1
        elif tag not in _INLINE:
            build.end()

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_json = False
        if tag in self._silent:
            while self._silent and self._silent.pop() != tag:
                pass
            return
        if self._silent:
            return
        build = self._build
        if tag == "a":
            build.close_link()
        elif tag in ("ul", "ol", "menu", "table"):
            build.close_list()
        elif tag in ("td", "th"):
            build.text(" | ")
        elif tag == "blockquote":
            build.close_quote()
        elif tag == "pre":
            build.end()
            self._pre = max(0, self._pre - 1)
        elif tag not in _INLINE:
            build.end()
        if tag in self._around:
            while self._around and self._around.pop() != tag:
                pass
            build.region = self._region()

    def handle_data(self, data: str) -> None:
        if self._in_json and self._json:
            self._json[-1] += data
        if self._silent:
            if self._silent[-1] == "title":
                self._title.append(data)
            return
        self._build.text(data if self._breaks or self._pre else re.sub(r"\s+", " ", data))

    def _region(self) -> str:
        if any(tag in _AROUND for tag in self._around):
            return "aside"
        for tag in ("article", "main"):
            if tag in self._around:
                return tag
        return ""

    def meta(self) -> dict[str, Any]:
        """The head's statements under the names that front matter uses; schema.org's go first."""
        tag = self._tags.get
        said: dict[str, Any] = {
            "title": tag("og:title") or tag("twitter:title") or " ".join("".join(self._title).split()),
            "description": tag("og:description") or tag("description"),
            "date": tag("article:published_time") or tag("date") or tag("dc.date") or tag("datepublished"),
            "cover": tag("og:image") or tag("twitter:image"),
            "audio": tag("og:audio") or tag("og:audio:url") or tag("twitter:player:stream"),
            "site_name": tag("og:site_name") or tag("application-name"),
            "author": tag("author") or tag("article:author"),
            "language": tag("lang") or tag("og:locale"),
            "url": tag("canonical") or tag("og:url"),
        }
        for block in self._json:
            for thing in _things(block):
                said.update({name: value for name, value in _schema_org(thing).items() if value})
        return {name: value for name, value in said.items() if value}


def _things(block: str) -> list[dict[str, Any]]:
    """The episodes among the objects of one schema.org block."""
    try:
        loaded = json.loads(block)
    except (ValueError, RecursionError):
        return []
    found = loaded.get("@graph", [loaded]) if isinstance(loaded, dict) else loaded
    things = [t for t in found if isinstance(t, dict)] if isinstance(found, list) else []
    return [
        t
        for t in things
        if "Episode" in str(t.get("@type")) or t.get("@type") in ("AudioObject", "BlogPosting", "Article")
    ]


def _schema_org(thing: dict[str, Any]) -> dict[str, Any]:
    media = thing.get("associatedMedia") or thing.get("audio") or {}
    media = media[0] if isinstance(media, list) and media else media
    series = thing.get("partOfSeries") or {}
    sound = media.get("contentUrl") or media.get("url") if isinstance(media, dict) else media
    return {
        "title": thing.get("name") or thing.get("headline"),
        "number": thing.get("episodeNumber"),
        "date": thing.get("datePublished"),
        "cover": thing.get("image"),
        "audio": sound or thing.get("contentUrl"),
        "show": series.get("name") if isinstance(series, dict) else None,
        "author": thing.get("author"),
        "guests": thing.get("actor"),
    }
