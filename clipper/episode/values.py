"""One value of front matter in, a text, a number, names, chapters or links out: whatever shape a page gave it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from clipper.episode.markup import MEDIA
from clipper.episode.model import Chapter, Link
from clipper.episode.names import listed_people
from clipper.episode.plaintext import clean, squeezed, western_digits

_PICTURE = re.compile(r"\.(?:png|jpe?g|webp|gif|avif|svg|bmp|tiff?)(?=$|[?#])", re.IGNORECASE)


def as_text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next((value[k] for k in ("name", "title", "text", "value") if k in value), "")
    return clean(value) if isinstance(value, str) else ""


def as_number(value: Any) -> int | None:
    """A number printed as 45, "#45", "Episode 45" or "s02e05"."""
    if isinstance(value, dict):
        value = next((value[k] for k in ("number", "episode", "num") if k in value), None)
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    text = western_digits(str(value).strip())
    found = re.fullmatch(r"(?:s\d+\s*e|[a-zé.]*\s*[#№]?\s*)0*(\d{1,5})(?:\.0)?", text, re.IGNORECASE)
    return int(found[1]) if found else None


def as_show(value: Any) -> str | None:
    if isinstance(value, dict):
        value = (
            next((value[k] for k in ("name", "title", "show") if k in value), None)
            if "file" not in value and "mp3" not in value
            else None
        )
    text = clean(value) if isinstance(value, str) else ""
    return text if 1 < len(text) <= 80 and "://" not in text and not MEDIA.search(text) and not text.isdigit() else None


def as_address(value: Any) -> str | None:
    """An address or path out of a string, or a map that has one, or the first of a list."""
    if isinstance(value, list):
        return next((a for v in value if (a := as_address(v))), None)
    if isinstance(value, dict):
        return next(
            (
                a
                for k in (
                    "url",
                    "src",
                    "file",
                    "path",
                    "href",
                    "contentUrl",
                    "feature",
                    "image",
                    "teaser",
                    "large",
                    "link",
                )
                if (a := as_address(value.get(k)))
            ),
            None,
        )
    if not isinstance(value, str):
        return None
    text = clean(value)
    return text if text and len(text) <= 2000 and ("\n" not in value.strip()) else None


def as_picture(value: Any) -> str | None:
    address = as_address(value)
    if not address or address.casefold() in ("true", "false"):
        return None
    return address if _PICTURE.search(address) or "/" in address else None


def as_people(values: Iterator[Any]) -> list[str]:
    """Names out of strings, lists and maps; only the first key that names anybody counts."""
    for value in values:
        names: list[str] = []
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                one = one.get("name") or one.get("title") or one.get("id") or ""
                one = " ".join(one) if isinstance(one, list) else one
            if isinstance(one, str):
                names += listed_people(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", clean(one)))
        if names:
            return list(dict.fromkeys(names))
    return []


def as_names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [t for part in re.split(r"[,،、;]", value) if (t := clean(part))]
    if isinstance(value, list):
        return [t for one in value if (t := as_text(one))]
    return []


def as_chapters(value: Any) -> list[Chapter]:
    from clipper.episode.chapters import read_lead, seconds_of

    if isinstance(value, dict):
        inner = value.get("chapters")
        if inner is not None:
            return as_chapters(inner)
        value = [{"start": k, "title": v} for k, v in value.items() if isinstance(v, str)]
    if isinstance(value, str):
        value = value.splitlines()
    made: list[Chapter] = []
    for one in value if isinstance(value, list) else ():
        if isinstance(one, str):
            lead = read_lead(one)
            if lead:
                made.append(Chapter(start=lead.start, title=lead.title))
        elif isinstance(one, dict):
            key = {squeezed(str(k)): v for k, v in one.items()}
            start = next(
                (
                    seconds_of(str(key[k]))
                    for k in ("starttime", "start", "time", "timestamp", "at", "begin", "timecode", "ts", "from")
                    if key.get(k) not in (None, "")
                ),
                None,
            )
            if start is None and len(one) == 1:  # not of `key`: names that are squeezed may fall together
                ((mark, title),) = one.items()
                start, key = seconds_of(str(mark)), {"title": title}
            if start is not None:
                made.append(
                    Chapter(
                        start=start,
                        title=as_text(
                            next((key[k] for k in ("title", "name", "label", "text", "topic") if key.get(k)), "")
                        ),
                        image=as_address(key.get("img") or key.get("image")),
                    )
                )
    return made


def as_links(value: Any) -> list[Link]:
    if isinstance(value, dict):
        value = [{"title": k, "url": v} for k, v in value.items()]
    made: list[Link] = []
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            url = as_address(one.get("url") or one.get("link") or one.get("href"))
            if not url and len(one) == 1:
                ((label, address),) = one.items()
                one, url = {"title": label}, as_address(address)
            if url and "://" in url:
                made.append(
                    Link(
                        label=as_text(one.get("title") or one.get("name") or one.get("label") or one.get("text") or ""),
                        url=url,
                    )
                )
        elif isinstance(one, str) and one.startswith(("http://", "https://")):
            made.append(Link(label="", url=clean(one)))
    return made
