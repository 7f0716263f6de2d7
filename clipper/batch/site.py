"""DIR/index.html: every clip of a catalogue on one page that is searched and played without a server.

In: folders that `make` wrote; out: one file. Whatever a title or a caption holds, it is text there and nothing else.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from clipper import cache
from clipper.errors import InputError
from clipper.span import clock

NAME = "index.html"
SHAPES = ("vertical", "square", "wide")
LARGEST = 2_000_000  # bytes of a manifest or a caption file


@dataclass(frozen=True, slots=True)
class Card:
    """A clip on the page; `files` are paths relative to DIR by shape, `words` what is said."""

    title: str
    episode: str
    show: str
    guests: str
    date: str
    start: float
    seconds: float
    words: str
    alt: str
    post: str
    cover: str
    files: dict[str, str]


def write_site(folder: Path, title: str | None = None) -> tuple[Path, int]:
    """Writes the page; gives its path and the number of clips on it.

    Raises:
        InputError: no clips there.
        MissingError: the folder cannot be written.
    """
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}", "name what clipper batch or make wrote with -o")
    cards = [card for place in _episodes(folder) for card in _cards(folder, place)]
    if not cards:
        raise InputError(f"{folder} holds no finished clips", "make some with: clipper batch SOURCES -o DIR")
    cards.sort(key=lambda c: (c.date, c.episode), reverse=True)
    path = folder / NAME
    cache.write_text(path, page(cards, title or _common([c.show for c in cards]) or "Clips"))
    return path, len(cards)


def page(cards: list[Card], title: str) -> str:
    """The page as HTML; pure."""
    template = Path(__file__).with_name("site.html").read_text(encoding="utf-8")
    episodes = len({(c.show, c.episode) for c in cards})
    parts = {
        "TITLE": html.escape(title),
        "COUNT": f"{len(cards)} clips from {episodes} episode{'s' if episodes != 1 else ''}",
        "CARDS": "\n".join(map(_card, cards)),
    }
    return re.sub(r"\{\{([A-Z]+)\}\}", lambda m: parts[m[1]], template)


def _card(card: Card) -> str:
    e = html.escape
    first = next((s for s in SHAPES if s in card.files), None)
    source = card.files[first] if first else ""
    searched = " ".join((card.title, card.episode, card.show, card.guests, card.words)).casefold()
    links = "".join(
        f'<a href="{e(_link(path))}" download>{e(shape)}</a>' for shape, path in card.files.items() if shape in SHAPES
    )
    about = " · ".join(filter(None, (card.episode, card.guests and f"with {card.guests}", card.date)))
    return (
        f'<article data-words="{e(searched)}">'
        f'<button class="play" data-src="{e(_link(source))}" aria-label="Play {e(card.title)}">'
        f'<img src="{e(_link(card.cover))}" alt="{e(card.alt)}" loading="lazy" decoding="async">'
        f'<span class="length">{clock(card.seconds, 0)}</span></button>'
        f'<div><h2>{e(card.title)}</h2><p class="about">{e(about)}</p>'
        f'<details><summary>Words</summary><p dir="auto">{e(card.words)}</p></details>'
        f'<p class="files">{links}<button class="copy" data-text="{e(card.post)}">Copy post text</button></p>'
        "</div></article>"
    )


def _episodes(folder: Path) -> list[Path]:
    places = [folder, *sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))]
    return [p for p in places if (p / "clips").is_dir()]


def _cards(root: Path, place: Path) -> list[Card]:
    episode = _json(place / "episode.json")
    found = []
    for folder in sorted((place / "clips").iterdir()):
        about = _json(folder / "clip.json")
        shapes = [s for s in SHAPES if (folder / f"{s}.mp4").is_file()]
        if not about or not shapes:
            continue
        start, end = _number(about.get("start")), _number(about.get("end"))
        cover = folder / "cover.jpg"
        found.append(
            Card(
                title=str(about.get("title") or folder.name),
                episode=str(episode.get("title") or place.name),
                show=str(episode.get("show") or ""),
                guests=", ".join(map(str, episode.get("guests") or ())),
                date=str(episode.get("date") or ""),
                start=start,
                seconds=max(0.0, end - start),
                words=_words(folder / "captions.vtt"),
                alt=_text(folder / "alt.txt").strip(),
                post=_text(folder / "post.txt").strip(),
                cover=cover.relative_to(root).as_posix() if cover.is_file() else "",
                files={s: (folder / f"{s}.mp4").relative_to(root).as_posix() for s in shapes},
            )
        )
    return found


def _words(path: Path) -> str:
    """What a caption file says, without its times."""
    lines = [
        line
        for line in _text(path).splitlines()
        if line.strip() and "-->" not in line and not line.startswith("WEBVTT")
    ]
    return " ".join(re.sub(r"<[^>]{0,40}>", "", " ".join(lines)).split())


def _text(path: Path) -> str:
    try:
        with path.open("rb") as f:
            return f.read(LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(_text(path))
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e6 else 0.0


def _link(path: str) -> str:
    return quote(path)


def _common(shows: list[str]) -> str:
    names = {s for s in shows if s}
    return names.pop() if len(names) == 1 else ""
