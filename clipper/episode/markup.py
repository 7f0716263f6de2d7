"""Markdown or HTML in, a `Document` out.

Markdown is read by markdown-it-py, HTML by the standard library's event parser: neither is asked to recurse.
"""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from typing import Any

from clipper.episode.phrases import limit
from clipper.episode.structure import Builder, Document, without_repeats

MEDIA = re.compile(r"\.(?:mp3|m4a|m4b|aac|ogg|oga|opus|flac|wav|weba)(?=$|[?#])", re.IGNORECASE)
_BULLET = re.compile(r"^[ \t]*[•·‣▪●◦➤►→][ \t ]+", re.MULTILINE)
_PERCENT_EMBED = re.compile(r"^[ \t]*%\[([^\]\s]+)\][ \t]*$", re.MULTILINE)
_SHORTCODE = re.compile(r"\{\{[<%]\s*(/?[\w-]+)?([^{}]*?)[%>]\}\}|\{%-?\s*(/?[\w-]+)?([^{}]*?)-?%\}")
_VIDEO_ID = re.compile(r"[\w-]{11}")
_QUOTED = re.compile(r"""["']([^"']+)["']|(\S+)""")


def read_markdown(text: str) -> Document:
    """A Markdown page, with the HTML in it, without its front matter."""
    from markdown_it import MarkdownIt

    text = _SHORTCODE.sub(_shortcode, _PERCENT_EMBED.sub(lambda m: f"\n{_iframe(m[1])}\n", text))
    text = _BULLET.sub("- ", text)
    reader = MarkdownIt("commonmark", {"maxNesting": limit("read", "nesting")}).enable(["table", "strikethrough"])
    build = Builder()
    markup = _Markup(build, breaks=True)
    for token in reader.parse(text):
        match token.type:
            case "heading_open":
                build.begin("heading", int(token.tag[1]))
            case "bullet_list_open" | "ordered_list_open" | "table_open":
                build.open_list()
            case "bullet_list_close" | "ordered_list_close" | "table_close":
                build.close_list()
            case "list_item_open" | "tr_open":
                build.open_item()
            case "th_open" | "td_open":
                build.text(" ")
            case "th_close" | "td_close":
                build.text(" | ")
            case "blockquote_open":
                build.open_quote()
            case "blockquote_close":
                build.close_quote()
            case "paragraph_open":
                build.begin("paragraph")
            case "paragraph_close" | "heading_close" | "tr_close":
                build.end()
            case "fence" | "code_block":
                build.begin("code")
                build.text(token.content)
                build.end()
            case "html_block":
                build.end()
                markup.read(token.content, breaks=False)
            case "inline":
                for child in token.children or ():
                    match child.type:
                        case "text" | "code_inline":
                            build.text(child.content)
                        case "softbreak" | "hardbreak":
                            build.text("\n")
                        case "link_open":
                            build.open_link(str(child.attrs.get("href", "")))
                        case "link_close":
                            build.close_link()
                        case "image":
                            build.image(child.content, str(child.attrs.get("src", "")))
                        case "html_inline":
                            markup.read(child.content, breaks=True)
    build.end()
    build.document.lines = without_repeats(build.document.lines)
    return build.document


def read_html(text: str) -> Document:
    """An HTML page: its article, or all but what is around it, and what its head says in front matter's words."""
    build = Builder()
    markup = _Markup(build, breaks=False)
    markup.read(_PERCENT_EMBED.sub(lambda m: _iframe(m[1]), text), breaks=False)
    build.end()
    document = build.document
    for wanted in ("article", "main", ""):
        lines = [line for line in document.lines if line.region == wanted]
        if sum(len(line.text) for line in lines) >= 80 or wanted == "":
            document.lines = lines or [line for line in document.lines if line.region != "aside"] or document.lines
            break
    document.lines = without_repeats(document.lines)
    document.meta = markup.meta()
    return document


def _iframe(url: str) -> str:
    return f'<iframe src="{html.escape(url)}"></iframe>'


def _shortcode(found: re.Match[str]) -> str:
    """What a site generator would put here, as far as it is a player or a sound; otherwise nothing."""
    name = (found[1] or found[3] or "").casefold()
    arguments = [a or b for a, b in _QUOTED.findall(found[2] or found[4] or "")]
    for argument in arguments:
        value = argument.partition("=")[2] if re.match(r"[\w-]+=", argument) else argument
        if MEDIA.search(value):
            return f'<audio src="{html.escape(value)}"></audio>'
        if value.startswith(("http://", "https://")) and name in (
            "embed",
            "iframe",
            "youtube",
            "spotify",
            "video",
            "audio",
        ):
            return _iframe(value)
        if name == "youtube" and _VIDEO_ID.fullmatch(value):
            return _iframe(f"https://www.youtube.com/watch?v={value}")
    return ""


_SILENT = {"script", "style", "noscript", "template", "svg", "math", "head", "title", "select", "button", "textarea"}
_AROUND = {"nav", "footer", "aside", "form"}
_INLINE = frozenset(
    """a b i em strong span u s small code abbr time mark sub sup cite q font kbd del ins bdi bdo ruby rt rp label wbr tt
    var samp dfn big center""".split()
)


class _Markup(HTMLParser):
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
        self.feed(text)
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
