"""A page in, an `Episode` out: front matter, structure, and each field from its own reader."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from clipper.episode import frontmatter
from clipper.episode.chapters import find_chapters
from clipper.episode.dates import date_in_words, read_date
from clipper.episode.fields import Said, read_fields
from clipper.episode.links import find_links
from clipper.episode.markup import MEDIA, read_html, read_markdown
from clipper.episode.model import Episode
from clipper.episode.people import find_people
from clipper.episode.phrases import pattern
from clipper.episode.plaintext import clean, squeezed
from clipper.episode.sections import Passage, kind_of, passages
from clipper.episode.structure import Document
from clipper.episode.titles import TitleFacts, read_title
from clipper.episode.topics import find_topics

_HTML = re.compile(r"\A\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|article|main)\b", re.IGNORECASE | re.DOTALL)
_DOWNLOAD = re.compile(
    r"download|mp3|listen|audio|episode|herunter|anhören|descarg|escuch|télécharg|écout|baixar|ouvir|escut|scarica|ascolta|ダウンロード|دانلود",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(
    r"^\W*(?:date|published|released|recorded|aired|datum|fecha|data|公開日|配信日)\b[^:\n]{0,12}[:：]\s*(.{4,40})",
    re.IGNORECASE,
)

_SPOKEN = 60  # words: less than half a minute of talk is a remark


def read_page(text: str, *, html: bool = False, folder: str = "", name: str = "") -> Episode:
    """What a page says.

    Args:
        text: the page's whole text.
        html: it is HTML; otherwise told by how it begins.
        folder, name: where the page lies; not read here.

    Raises:
        InputError: its front matter cannot be read.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    fields, body = frontmatter.split(text)
    document = read_html(body) if html or _HTML.match(body) else read_markdown(body)
    return understand(fields, document, folder=folder, name=name)


def understand(fields: dict[str, Any], document: Document, *, folder: str = "", name: str = "") -> Episode:
    """An episode from front matter (or a feed's fields under such names) and the document below it."""
    said = read_fields({**document.meta, **fields})
    if sum(len(line.text) for line in document.lines) < 20 and said.body:
        written = (
            read_html(said.body)
            if re.search(r"</?(?:p|ul|ol|li|a|br|h\d|div)\b", said.body)
            else read_markdown(said.body)
        )
        document.lines, document.embeds = written.lines, [*document.embeds, *written.embeds]
        document.media += written.media
    facts, heading_date = _title(said, document)
    found = passages(document)
    skipped, announced = _marked_lines(document, found)
    chapters, timed = find_chapters(document, skipped, announced)
    topics, topical = find_topics(document, found, timed)
    guests, hosts = find_people(document, said, facts)
    prose = document.prose()
    return Episode(
        show=_show(said, facts, prose),
        number=said.number if said.number is not None else facts.number,
        title=facts.title or None,
        guests=tuple(guests),
        hosts=tuple(hosts),
        date=said.date or heading_date or _labelled_date(document) or _date_of_name(name),
        cover=said.cover or _pictured(document),
        cover_alt=said.cover_alt,
        description=_description(said, document),
        topics=tuple(topics),
        links=tuple(find_links(document, found, timed, topical) or said.links),
        chapters=tuple(said.chapters or chapters),
        audio=said.audio or _linked_audio(document),
        embeds=tuple(dict.fromkeys([*document.embeds, *_players(fields)])),
        transcripts=said.transcripts or _linked_transcripts(document),
        tags=said.tags,
        language=said.language,
        url=said.url,
        music_intro=bool(pattern("music", "intro").search(prose)),
        spoken=_spoken(document, skipped),
        folder=folder,
        page=name,
    )


def _linked_transcripts(document: Document) -> tuple[str, ...]:
    """Links to captions, and to texts that are called a transcript."""
    refs = [ref for line in document.lines for ref in line.refs]
    found = []
    for ref in refs:
        ending = PurePath(re.split(r"[?#]", ref.url)[0]).suffix.casefold()
        if ending in (".vtt", ".srt") or (ending in (".txt", ".json") and kind_of(ref.label) == "transcript"):
            found.append(ref.url)
    return tuple(dict.fromkeys(found))


def _spoken(document: Document, skipped: set[int]) -> str:
    """What stands under a heading such as "Transcript", a paragraph a line; "" where that is a link or a sentence."""
    lines = [document.lines[n] for n in sorted(skipped)]
    text = "\n".join(line.flat for line in lines if line.kind in ("paragraph", "item"))
    return text if len(text.split()) >= _SPOKEN else ""


_PLUMBING = frozenset(
    [
        "audio",
        "media",
        "www",
        "feeds",
        "feed",
        "traffic",
        "podcast",
        "podcasts",
        "cdn",
        "static",
        "download",
        "downloads",
        "files",
        "file",
        "shows",
        "show",
        "blog",
        "news",
        "web",
        "site",
    ]
)


def _title(said: Said, document: Document) -> tuple[TitleFacts, str | None]:
    """What the title says, and a date that stands in the page's first heading."""
    headings = [line.flat for line in document.lines if line.kind == "heading"]
    site = [label for url in (said.url, said.audio) for label in _labels(url) if len(label) > 3]
    sure = (*((said.show,) if said.show else ()), *site)
    shows = (*said.shows, *site)
    if said.title:
        inner = said.inner_title
        if inner and len(inner) < len(said.title) and squeezed(said.title).endswith(squeezed(inner)):
            prefix = said.title[: -len(inner)] if said.title.endswith(inner) else ""
            numbering = read_title(
                f"{prefix.strip(' -–—|:')}: {inner}", sure, (*shows, re.sub(r"[\s\d#:–—-]+$", "", prefix).strip())
            )
            return TitleFacts(
                read_title(inner, sure, shows).title,
                numbering.number,
                numbering.show,
                numbering.named,
                numbering.weakly,
            ), None
        facts = read_title(said.title, sure, shows)
        if facts.number is None and headings and said.number is None:
            above = read_title(headings[0], sure, shows)
            if above.number is not None and squeezed(above.title) == squeezed(facts.title):
                return TitleFacts(facts.title, above.number, facts.show or above.show, facts.named, facts.weakly), None
        return facts, None
    first = (
        headings[0]
        if (headings and document.lines[0].kind == "heading") or len(headings) == 1
        else next(iter(headings), "")
    )
    if not first and document.lines and len(document.lines[0].flat) <= 120 and document.lines[0].flat[-1:] not in ":：":
        first = document.lines[0].flat
    dated = date_in_words(first)
    lines = document.lines
    if dated and len(lines) > 1 and lines[0].flat == first and lines[1].kind == "heading":
        facts = read_title(lines[1].flat, sure, shows)
        show = re.split(r"\s*[:–—|]\s|\s-\s", first)[0].strip()
        return TitleFacts(
            facts.title,
            facts.number,
            facts.show or (show if not date_in_words(show) else None),
            facts.named,
            facts.weakly,
        ), dated
    if len(lines) > 1 and lines[0].flat == first and lines[1].kind == "heading" and not kind_of(lines[1].flat):
        above = read_title(first, sure, shows)  # "# Quiet Trades, Episode 12" over "## The title"
        numbered_last = squeezed(first).startswith(squeezed(above.title)) and first.rstrip(" .)]")[-1:].isdigit()
        if above.number is not None and numbered_last:
            facts = read_title(lines[1].flat, sure, shows)
            show = above.show or (above.title if squeezed(above.title) != squeezed(first) else None)
            return TitleFacts(facts.title, above.number, show, facts.named, facts.weakly), dated
    return read_title(first, sure, shows) if first else TitleFacts(""), dated


def _marked_lines(document: Document, found: list[Passage]) -> tuple[set[int], set[int]]:
    """Lines of a transcript, and lines that stand under an announcement of time marks."""
    skipped: set[int] = set()
    level = 0
    for number, line in enumerate(document.lines):
        if line.kind == "heading":
            if kind_of(line.flat) == "transcript":
                level = line.level
            elif level and line.level <= level:
                level = 0
        if level:
            skipped.add(number)
    announced = {n for p in found if "chapters" in (kind_of(p.opener), kind_of(p.heading), p.kind) for n in p.numbers}
    return skipped, announced


def _show(said: Said, facts: TitleFacts, prose: str) -> str | None:
    """The show's name: a field, the title's numbering, the site's name as the text has it, "you're listening to"."""
    if said.show or facts.show:
        return said.show or facts.show
    listening = re.search(
        r"(?:you(?:['’]re| are) listening to|welcome to)\s+((?:[^\W\d_a-z][\w'’&-]*\s?(?:and |of |the )?){1,5})", prose
    )
    tokens = prose.split(maxsplit=5000)[:5000]
    for url in (said.url, said.audio):
        for label in _labels(url):
            key = squeezed(label)
            for size in range(1, 5) if len(key) > 3 and key not in _PLUMBING else ():
                for i in range(len(tokens) - size + 1):
                    part = " ".join(tokens[i : i + size]).strip(" .,;:!?()[]*\"“”'’@/")
                    if squeezed(part) == key and part[:1].isalpha() and part != part.casefold() and "://" not in part:
                        return (
                            f"{part} Podcast"
                            if re.search(rf"{re.escape(part)} podcast", prose, re.IGNORECASE)
                            else part
                        )
    return listening[1].strip(" .,!") if listening else None


def _labels(url: str | None) -> list[str]:
    """The words of an address's host name, less its last."""
    try:
        return urlsplit(url or "").netloc.split(".")[:-1]
    except ValueError:  # "http://[broken"
        return []


def _labelled_date(document: Document) -> str | None:
    for line in document.lines[:30]:
        for part in line.text.split("\n"):
            found = _DATE_LABEL.match(part)
            if found and (day := read_date(found[1])):
                return day
    return None


def _date_of_name(name: str) -> str | None:
    found = re.match(r"\d{4}[-_]\d\d[-_]\d\d(?!\d)", PurePath(name).name)
    return read_date(found.group().replace("_", "-")) if found else None


def _pictured(document: Document) -> str | None:
    """A picture in the text that calls itself a cover."""
    for alt, url in document.images:
        if re.search(r"\bcover\b|artwork|episode[ _-]?art", f"{alt} {url}", re.IGNORECASE):
            return clean(url)
    return None


def _linked_audio(document: Document) -> str | None:
    """A player's sound in the text, a link that offers the file, or the one media file that is linked at all."""
    media = [clean(m) for m in document.media if MEDIA.search(m)]
    if media:
        return min(media, key=lambda m: ".mp3" not in m.casefold())
    linked = [
        (ref.url, line.flat if len(line.flat) < 200 else ref.label)
        for line in document.lines
        for ref in line.refs
        if MEDIA.search(ref.url)
    ]
    offered = [url for url, words_around in linked if _DOWNLOAD.search(words_around.replace(url, ""))]
    if offered:
        return clean(min(offered, key=lambda m: ".mp3" not in m.casefold()))
    return clean(linked[0][0]) if len({url for url, _ in linked}) == 1 else None


def _players(fields: dict[str, Any]) -> list[str]:
    return [
        value
        for name, value in fields.items()
        if isinstance(value, str)
        and re.search(r"youtube|spotify|video|embed|player", str(name), re.IGNORECASE)
        and re.match(r"https?://\S+$", value)
    ]


def _description(said: Said, document: Document) -> str | None:
    """The page's own summary, unless it was cut off; otherwise its first paragraph."""
    written = said.description
    if written and not re.search(r"(?:\.\.\.|…)$", written):
        return written
    first = next(
        (line.flat for line in document.lines if line.kind == "paragraph" and not line.quoted and not line.group), None
    )
    return first or written
