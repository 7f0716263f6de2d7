"""One simple structure for every kind of page. In: what the Markdown and HTML readers meet; out: a `Document` of lines.

A line is a heading, a paragraph, a list item, a table row or a piece of code, as plain text with its links. Nesting is
a number, not a tree: whoever reads a document walks once from top to bottom and cannot recurse too deep.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from clipper.episode.phrases import limit
from clipper.episode.plaintext import clean, squeezed

Kind = Literal["heading", "paragraph", "item", "code"]
_BARE = re.compile(r"https?://[^\s<>\"'`）」】]+", re.IGNORECASE)
_PLAYERS = re.compile(
    r"^https?://(?:[\w-]+\.)*(?:youtube(?:-nocookie)?\.com|youtu\.be|spotify\.com|vimeo\.com|libsyn\.com|soundcloud\.com|"
    r"podcasts\.apple\.com|anchor\.fm|buzzsprout\.com|simplecast\.com|megaphone\.fm|transistor\.fm|fireside\.fm)/",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ref:
    """A link in a line: `label` is its text, which stands at `start` to `end` of the line."""

    label: str
    url: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page.

    Attributes:
        text: plain text; "\\n" where the page breaks the line.
        level: of a heading 1 to 6; of anything in a list how deep it lies, from 1; otherwise 0.
        group: a number that all lines of one outermost list or table share; 0 outside of lists.
        quoted: stands in a block quote.
        region: "main", "" or, in HTML, "aside" for what is around the page's own text.
    """

    kind: Kind
    text: str
    refs: tuple[Ref, ...] = ()
    level: int = 0
    group: int = 0
    quoted: bool = False
    region: str = ""

    @property
    def flat(self) -> str:
        return " ".join(self.text.split())


@dataclass(slots=True)
class Document:
    """A page's lines; `meta` is what an HTML page says about itself in its head, in front matter's words."""

    lines: list[Line] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)
    images: list[tuple[str, str]] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=dict)

    def prose(self) -> str:
        """All text that is no quote, no code: a paragraph a line."""
        return "\n".join(line.flat for line in self.lines if not line.quoted and line.kind != "code")


class Builder:
    """Gathers lines. The readers call it as they meet blocks and text; it forgives whatever is not closed."""

    def __init__(self) -> None:
        self.document = Document()
        self.region = ""
        self._parts: list[str] = []
        self._length = 0
        self._refs: list[Ref] = []
        self._open: list[tuple[str, int]] = []
        self._kind: Kind = "paragraph"
        self._heading = 0
        self._depth = 0
        self._quotes = 0
        self._groups = 0
        self._fresh_item = False

    def text(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def open_link(self, url: str) -> None:
        self._open.append((url, self._length))

    def close_link(self) -> None:
        if self._open:
            url, start = self._open.pop()
            self._refs.append(Ref("", url.strip(), min(start, self._length), self._length))

    def image(self, alt: str, url: str) -> None:
        if url.strip():
            self.document.images.append((clean(alt), url.strip()))

    def embed(self, url: str) -> None:
        url = clean(url)
        if url.startswith("//"):
            url = "https:" + url
        if url.startswith(("http://", "https://")) and url not in self.document.embeds:
            self.document.embeds.append(url)

    def media(self, url: str) -> None:
        if url.strip() and url.strip() not in self.document.media:
            self.document.media.append(url.strip())

    def begin(self, kind: Kind, heading: int = 0) -> None:
        self.end()
        self._kind, self._heading = kind, heading

    def open_list(self) -> None:
        self.end()
        self._groups += self._depth == 0
        self._depth += 1

    def close_list(self) -> None:
        self.end()
        self._depth = max(0, self._depth - 1)
        self._fresh_item = False

    def open_item(self) -> None:
        self.end()
        if self._depth == 0:
            self._groups += 1
        self._fresh_item = True

    def open_quote(self) -> None:
        self.end()
        self._quotes += 1

    def close_quote(self) -> None:
        self.end()
        self._quotes = max(0, self._quotes - 1)

    def end(self) -> None:
        """Closes the line that is being gathered, if it holds anything."""
        while self._open:
            self.close_link()
        most = limit("read", "line_characters")
        raw = "".join(self._parts)[:most]
        refs = sorted((r for r in self._refs if r.end <= most), key=lambda r: (r.start, r.end))
        kind, heading = self._kind, self._heading
        self._parts, self._refs, self._length, self._kind, self._heading = [], [], 0, "paragraph", 0
        if not raw.strip() and not refs:
            return
        line = _line(raw, refs)
        if not line.text and not line.refs:
            return
        if self._lone_player(line):
            self.embed(line.refs[0].url)
            return
        level, group = heading, 0
        if self._depth or self._fresh_item:
            level, group = max(1, self._depth), self._groups
            if kind == "paragraph" and self._fresh_item:
                kind = "item"
            self._fresh_item = False
        quoted = self._quotes > 0
        self.document.lines.append(Line(kind, line.text, line.refs, level, group, quoted, self.region))

    def _lone_player(self, line: Line) -> bool:
        """A bare address of a player that fills a paragraph is a player."""
        if self._depth or len(line.refs) != 1 or not _PLAYERS.match(line.refs[0].url):
            return False
        return line.text.strip() in (line.refs[0].url, f"<{line.refs[0].url}>")


def _line(raw: str, refs: list[Ref]) -> Line:
    """The cleaned line with its links at their places, and the bare addresses in it as links too."""
    places: list[int] = []
    out: list[str] = []
    space = True  # whether the last character written is a space or a line break
    for character in raw:
        places.append(len(out))
        if character.isspace():
            if character == "\n" and out and out[-1] == " ":
                out[-1] = "\n"
            elif not space:
                out.append("\n" if character == "\n" else " ")
            space = True
        else:
            out.append(character)
            space = False
    places.append(len(out))
    while out and out[-1].isspace():
        out.pop()
    text = "\n".join(clean(part) if not part.isprintable() else part for part in "".join(out).split("\n"))
    size = len(text)
    kept: list[Ref] = []
    for ref in refs:
        start, end = min(places[ref.start], size), min(places[ref.end], size)
        if ref.url:
            kept.append(Ref(" ".join(text[start:end].split()), ref.url, start, end))
    for bare in _BARE.finditer(text):
        if not any(r.start < bare.end() and bare.start() < r.end for r in kept):
            url = bare.group().rstrip(".,;:!?*_")
            while url.endswith((")", "]")) and url.count("(" if url[-1] == ")" else "[") < url.count(url[-1]):
                url = url[:-1]
            kept.append(Ref(url, url, bare.start(), bare.start() + len(url)))
    kept.sort(key=lambda r: (r.start, r.end))
    return Line("paragraph", text, tuple(kept))


def without_repeats(lines: list[Line]) -> list[Line]:
    """The lines with a second standing of the whole body taken out, as some exports of pages have it."""
    texts = [squeezed(line.text) for line in lines]
    first = next((i for i, t in enumerate(texts) if len(t) >= 30), None)
    if first is None:
        return lines
    for again in range(first + 1, len(texts)):
        if texts[again] != texts[first]:
            continue
        before, after = set(texts[:again]), texts[again:]
        if len(after) >= 2 and sum(t in before for t in after) >= 0.6 * len(after):
            return lines[:again] + [line for line, t in zip(lines[again:], after, strict=True) if t not in before]
    return lines
