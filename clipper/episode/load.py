"""What a producer names, a page, a folder, an audio file, a feed or an address, in; an episode with its files out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from clipper.episode import fetch
from clipper.episode.guard import named_by_user
from clipper.episode.locate import locate_audio, locate_cover, locate_transcript
from clipper.episode.markup import MEDIA
from clipper.episode.model import Episode
from clipper.episode.page import read_page
from clipper.episode.phrases import limit
from clipper.episode.source import PAGES, SOUNDS, VIDEOS, decode, is_sound, read_bytes, read_text
from clipper.errors import ClipperError, InputError, UsageError
from clipper.progress import Progress, silent

__all__ = ["Loaded", "load", "load_episode", "locate_audio", "locate_cover", "locate_transcript"]

_FEED = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE\s+rss[^>]*>\s*)*<(?:rss|feed|rdf:RDF)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<\?xml\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An episode and the local files that belong to it; None where there is none."""

    episode: Episode
    audio: Path | None
    cover: Path | None
    transcript: Path | None


def load(
    source: str,
    *,
    offline: bool = False,
    feed: str | None = None,
    episode: str | None = None,
    audio: Path | None = None,
    cover: Path | None = None,
    need_audio: bool = True,
    progress: Progress = silent,
) -> Loaded:
    """An episode with its sound, cover and transcript.

    Args:
        source: a page, an audio or video file, a folder, a feed, or an address of one; may be "" with `feed`.
        feed, episode: take it from this feed, by number or title.
        audio, cover: files that the producer named.
        need_audio: False gives None for a sound that cannot be had, instead of an error.

    Raises:
        InputError, MissingError: what is named cannot be used or fetched.
    """
    understood = load_episode(source, offline=offline, feed=feed, episode=episode)
    sound: Path | None = None
    try:
        sound = locate_audio(understood, audio=audio, offline=offline, progress=progress)
    except ClipperError:
        if need_audio:
            raise
    picture = locate_cover(understood, cover=cover, audio=sound, offline=offline)
    return Loaded(understood, sound, picture, locate_transcript(understood, offline=offline))


def load_episode(source: str, *, offline: bool = False, feed: str | None = None, episode: str | None = None) -> Episode:
    """What the page, feed or file says; looks for no sound.

    Raises:
        InputError, MissingError: as `load`.
    """
    if feed:
        return _from_feed_named(feed, episode, offline=offline)
    if not source:
        raise UsageError("no episode is named", "name a page, an audio file, a folder or a feed")
    if fetch.is_address(source):
        return _from_address(source, episode, offline=offline)
    path = Path(source)
    try:
        if path.is_dir():
            path = _page_in(path)
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}", "check the name and its permissions") from error
    if is_sound(path) and path.is_file():
        if path.stat().st_size == 0:
            raise InputError(f"{path.name} is empty", "export or download it again")
        from clipper.episode.tags import read_tags

        return read_tags(path)
    if path.suffix.casefold() in (".xml", ".rss", ".atom"):
        return _from_feed(_feed_text(path), episode, offline=offline, folder=str(path.parent))
    text = read_text(path)
    if _FEED.match(text):
        return _from_feed(text, episode, offline=offline, folder=str(path.parent))
    if episode is not None:
        raise UsageError(
            "--episode chooses from a feed, and this is a page", "leave --episode out, or name the feed with --feed"
        )
    html = path.suffix.casefold() in (".html", ".htm", ".xhtml")
    return read_page(text, html=html, folder=str(path.parent), name=path.name)


def _from_address(url: str, episode: str | None, *, offline: bool) -> Episode:
    named_by_user(url)
    if MEDIA.search(urlsplit(fetch.checked(url)).path):
        from clipper.episode.tags import read_tags

        return read_tags(fetch.fetch_file(url, "audio", offline=offline)).model_copy(
            update={"audio": url, "folder": "", "url": url}
        )
    data, kind = fetch.fetch(url, "feed", offline=offline)
    if kind.startswith(("audio/", "video/", "image/")):
        raise InputError(f"{url} is no page ({kind})", "download it and name the file")
    text = decode(data, url)
    if _FEED.match(text) or (_XML.match(text) and "html" not in kind):
        return _from_feed(text, episode, offline=offline)
    if len(data) > limit("fetch", "page_bytes"):
        raise InputError(
            f"{url} is too long to be an episode's page ({len(data) / 1e6:.0f} MB)", "name the page of one episode"
        )
    understood = read_page(text, html="html" in kind)
    return understood.model_copy(update={"url": understood.url or url})


def _from_feed_named(feed: str, episode: str | None, *, offline: bool) -> Episode:
    if fetch.is_address(feed):
        data, _ = fetch.fetch(named_by_user(feed), "feed", offline=offline)
        return _from_feed(decode(data, feed), episode, offline=offline)
    path = Path(feed)
    return _from_feed(_feed_text(path), episode, offline=offline, folder=str(path.parent))


def is_feed(text: str) -> bool:
    """Whether a text is an RSS or Atom feed."""
    return bool(_FEED.match(text))


def _feed_text(path: Path) -> str:
    return decode(read_bytes(path, limit("read", "feed_bytes")), path.name)


def _from_feed(text: str, episode: str | None, *, offline: bool, folder: str = "") -> Episode:
    """An item of the feed, with its outside chapters where they can be had."""
    from clipper.episode.feed import read_feed, read_json_chapters

    item = read_feed(text, episode, folder=folder)
    if item.chapters_url and not item.episode.chapters and not offline:
        try:
            data, _ = fetch.fetch(item.chapters_url, "text", offline=offline)
            return item.episode.model_copy(update={"chapters": tuple(read_json_chapters(data))})
        except ClipperError:
            pass  # an episode without chapters is an episode
    return item.episode


def _page_in(folder: Path) -> Path:
    """The one page in an episode's folder, or its one audio file where there is no page."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    pages = [p for p in files if p.suffix.casefold() in PAGES]
    if len(pages) > 1:
        spoken = [
            p for p in pages if p.stem.casefold() not in ("readme", "license", "changelog", "notice", "contributing")
        ]
        pages = [p for p in spoken if p.stem.casefold() == "index"] or spoken or pages
    if len(pages) == 1:
        return pages[0]
    if len(pages) > 1:
        listed = ", ".join(p.name for p in pages[:4]) + (", ..." if len(pages) > 4 else "")
        raise InputError(f"{folder} holds {len(pages)} pages: {listed}", "name the page of one episode")
    sounds = [p for p in files if p.suffix.casefold() in SOUNDS | VIDEOS]
    if len(sounds) == 1:
        return sounds[0]
    if sounds:
        raise InputError(
            f"{folder} holds no page and {len(sounds)} audio files",
            "name one of them, or put a page (.md or .html) beside it",
        )
    raise InputError(
        f"{folder} holds neither a page (.md or .html) nor an audio file",
        "name an episode's page, audio file or folder",
    )
