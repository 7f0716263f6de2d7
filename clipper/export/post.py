"""What is posted with a clip: title, text, alt text, hashtags, within a platform's limits as it counts them. Pure.

In: what is known of clip and episode (`About`), a platform, the show's `PostWishes`; out: a `Post`. The template comes
from post.toml or the show; too long a text loses hashtags, then the episode's title, then words: never the link.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import regex

from clipper.counting import count, escaped, shortened
from clipper.errors import InputError
from clipper.export.names import slug
from clipper.platforms import Platform, Text
from clipper.show import PostTable, PostWishes

PLACEHOLDERS = (
    "title", "hook", "show", "number", "episode", "guest", "link", "where", "call", "handle", "hashtags",
)  # fmt: skip
_PLACE = regex.compile(r"\{([^{}\n]*)\}")
# tags that say nothing of this episode come last
_GENERIC = frozenset(
    ["podcast", "podcasts", "podcasting", "episode", "episodes", "interview", "interviews", "show", "audio"]
)


@dataclass(frozen=True, slots=True)
class About:
    """What a post can speak of; empty where it is not known.

    Attributes:
        guest: all of them, as they are named on the clip.
        number: of the episode, "42".
        link: of the episode's page; where: the same as it is said aloud ("oddlygood.example").
        call: to listen, in the clip's language.
        alt: what clip and picture show and say.
        campaign: the clip's id, for links with UTM.
    """

    title: str
    hook: str = ""
    show: str = ""
    number: str = ""
    episode: str = ""
    guest: str = ""
    handle: str = ""
    link: str = ""
    where: str = ""
    call: str = ""
    alt: str = ""
    tags: tuple[str, ...] = ()
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How long a text is, as its platform counts; `limit` is None where none is published."""

    count: int
    limit: int | None

    @property
    def fits(self) -> bool:
        return self.limit is None or self.count <= self.limit


@dataclass(frozen=True, slots=True)
class Post:
    """What goes out beside the video.

    Attributes:
        changes: what was shortened or left out to fit, a line each.
    """

    title: str
    text: str
    alt: str
    hashtags: tuple[str, ...]
    link: str | None
    counted: Count
    title_counted: Count
    alt_counted: Count
    changes: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        return self.counted.fits and self.title_counted.fits and self.alt_counted.fits


def write(about: About, to: Platform, wishes: PostWishes | None = None) -> Post:
    """A post from the template.

    Raises:
        InputError: the template names what there is not.
    """
    wishes = wishes or PostWishes()
    row = _row(to.name, wishes)
    most = [n for n in (row.hashtags, to.hashtags.most) if n is not None]
    tags = hashtags(row.tags if row.tags is not None else about.tags)[: min(most, default=3)]
    link = wishes.link or about.link if row.link else ""
    if link and wishes.utm:
        link = with_utm(link, to.name, about.campaign)
    changes: list[str] = []
    text, kept = _fitted(row.text or "", about, tags, link, to, changes)
    title = about.title
    if to.title is not None:
        title = shortened(clean(title, to.title), lambda t: measured(t, to.title).fits)
        if title != about.title:
            changes.append(f"title shortened to {measured(title, to.title).count} of {to.title.limit}")
    alt = shortened(clean(about.alt, to.alt), lambda t: measured(t, to.alt).fits)
    return counted(title, text, alt, to, hashtags_=kept, link=link or None, changes=changes)


def counted(
    title: str,
    text: str,
    alt: str,
    to: Platform,
    *,
    hashtags_: Sequence[str] | None = None,
    link: str | None = None,
    changes: Sequence[str] = (),
) -> Post:
    """A post of these very words, measured; hashtags are those that stand in the text, unless they are given."""
    found = tuple(hashtags_) if hashtags_ is not None else tags_in(text)
    return Post(
        title, text, alt, found, link if link and link in text else None,
        measured(text, to.text), measured(title, to.title), measured(alt, to.alt), tuple(changes),
    )  # fmt: skip


def measured(text: str, fact: Text | None) -> Count:
    """How long `text` is by a platform's rule; the tighter one where there are two (Bluesky: characters and bytes)."""
    if fact is None:
        return Count(len(text), None)
    sent = escaped(text, fact.escaped) if fact.escaped else text
    first = Count(count(sent, fact.counting, fact.url), fact.limit)
    if fact.bytes is not None and first.fits:
        second = Count(count(sent, "utf8"), fact.bytes)
        return first if second.fits else second
    return first


def clean(text: str, fact: Text | None) -> str:
    """Without the characters that a platform refuses: "<" and ">" become the quotation marks that look like them."""
    refused = fact.refused if fact is not None else ""
    for letter in refused:
        text = text.replace(letter, {"<": "‹", ">": "›"}.get(letter, ""))
    return text


def hashtags(tags: Sequence[str]) -> tuple[str, ...]:
    """Tags of a page as hashtags without "#", each once: words run together with capitals, so that they are read aloud.

    >>> hashtags(["podcast", "Craft", "small towns", "AI", "Straße 9", "2024", "c++"])
    ('craft', 'SmallTowns', 'AI', 'Straße9', 'podcast')
    """
    out: dict[str, str] = {}
    for tag in tags:
        words = regex.findall(r"[\p{L}\p{M}\p{N}_]+", tag.replace("'", "").replace("’", ""))
        if len(words) == 1 and words[0][1:].islower():
            word = words[0].lower()
        else:
            word = "".join(w if w != w.lower() else w[:1].upper() + w[1:] for w in words)
        if regex.search(r"\p{L}", word) and len(word) > 1:
            out.setdefault(word.casefold(), word)
    return tuple(sorted(out.values(), key=lambda w: w.casefold() in _GENERIC))


def tags_in(text: str) -> tuple[str, ...]:
    """The hashtags that stand in a text, without "#"."""
    return tuple(dict.fromkeys(regex.findall(r"(?<![\w&#/])#([\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*)", text)))


def with_utm(link: str, platform: str, campaign: str) -> str:
    """A link that tells the show's own statistics where a listener came from; what it says already stays."""
    try:
        parts = urlsplit(link)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return link
    said = {name for name, _ in query}
    ours = {"utm_source": platform, "utm_medium": "social", "utm_campaign": slug(campaign) if campaign else ""}
    query += [(name, value) for name, value in ours.items() if value and name not in said]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _fitted(
    template: str, about: About, tags: Sequence[str], link: str, to: Platform, changes: list[str]
) -> tuple[str, tuple[str, ...]]:
    """The filled template, made to fit; and the hashtags that stayed."""
    full = {
        "title": about.title, "hook": about.hook or about.title, "show": about.show, "number": about.number,
        "episode": about.episode, "guest": about.guest, "link": link, "where": about.where, "call": about.call,
        "handle": about.handle,
    }  # fmt: skip
    full = {name: clean(value, to.text) if name != "link" else value for name, value in full.items()}

    def made(values: dict[str, str], number: int) -> str:
        return filled(template, {**values, "hashtags": " ".join(f"#{t}" for t in tags[:number])})

    def fits(text: str) -> bool:
        return measured(text, to.text).fits

    standing = tags if "{hashtags}" in template else ()
    for values, left_out in ((full, ""), ({**full, "episode": ""}, "the episode's title")):
        for number in range(len(tags), -1, -1):
            if fits(text := made(values, number)):
                if left_out and about.episode and "{episode}" in template:
                    changes.append(f"{left_out} left out to fit")
                if number < len(standing):
                    changes.append(f"{len(standing) - number} of {len(standing)} hashtags left out to fit")
                return text, tuple(standing[:number])
    values = {**full, "episode": ""}
    for name in ("title", "hook", "guest", "show"):  # the words give way, never the link
        if f"{{{name}}}" not in template or not values[name]:
            continue
        shorter = shortened(values[name], lambda t, name=name: fits(made({**values, name: t}, 0)))  # type: ignore[misc]
        values[name] = shorter
        if fits(text := made(values, 0)):
            changes.append(f"{name} shortened to fit")
            return text, ()
    text = made(values, 0)
    changes.append("what stands around the link is longer than the platform takes")
    return text, ()


def filled(template: str, values: dict[str, str]) -> str:
    """A template with its placeholders filled.

    A line with a placeholder that is empty loses it and what joined it to its neighbour (" · ", "#", ": "); a line of
    which nothing but joints and fixed words would be left goes.

    >>> filled("{guest} · {show} #{number}: {episode}", {"guest": "", "show": "Bells", "number": "", "episode": "Two"})
    'Bells: Two'
    """
    out: list[str] = []
    for line in template.strip("\n").split("\n"):
        names = _PLACE.findall(line)
        for name in names:
            if name not in PLACEHOLDERS:
                near = difflib.get_close_matches(name, PLACEHOLDERS, 1)
                raise InputError(
                    f"a post's text names {{{name}}}, which there is not",
                    f"did you mean {{{near[0]}}}?" if near else f"there are: {', '.join(PLACEHOLDERS)}",
                )
        if names and not any(values.get(name) for name in names if name != "call"):
            continue
        out.append(_line(line, values) if names else line.rstrip())
    return regex.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")


def _line(line: str, values: dict[str, str]) -> str:
    for name in PLACEHOLDERS:
        value = values.get(name, "")
        if value:
            continue
        place = regex.escape(f"{{{name}}}")
        line = regex.sub(rf"^{place}\s*[·|,:–—-]?\s*|\s*[·|,:–—-]?\s*[#“\"(]?{place}[”\")]?", "", line)
    return _PLACE.sub(lambda m: values.get(m[1], ""), line).strip()


def _row(platform: str, wishes: PostWishes) -> PostTable:
    """The template and numbers for a platform: the show's own for it, the show's for all, those of post.toml."""
    shipped = _shipped()
    rows = [
        wishes.platforms.get(platform, PostTable()),
        PostTable(text=wishes.text, hashtags=wishes.hashtags, tags=wishes.tags),
        PostTable(**shipped.get(platform, {})),
        PostTable(**shipped["common"]),
    ]

    def first(field: Callable[[PostTable], Any]) -> Any:
        return next((v for row in rows if (v := field(row)) is not None), None)

    return PostTable(
        text=first(lambda r: r.text), hashtags=first(lambda r: r.hashtags), tags=first(lambda r: r.tags),
        link=first(lambda r: r.link), format=first(lambda r: r.format), full=first(lambda r: r.full),
    )  # fmt: skip


def settings_of(platform: str, wishes: PostWishes) -> PostTable:
    """What holds for a platform: text, hashtags, link, format, full size."""
    return _row(platform, wishes)


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return rows
