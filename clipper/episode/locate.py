"""Where an episode's sound, cover and transcript lie. In: an `Episode`; out: local files.

A page may name only what lies in its own folder: a path that leads out of it, by "..", from the root or through a
link, is passed over.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from clipper.episode import fetch
from clipper.episode.model import Episode
from clipper.episode.source import PICTURES, SOUNDS, VIDEOS
from clipper.errors import ClipperError, InputError, MissingError
from clipper.progress import Progress, silent

_TIMED = (".vtt", ".srt")
_ORDER = (".wav", ".flac", ".mp3", ".m4a", ".m4b", ".opus", ".ogg", ".oga", ".aac")


def locate_audio(
    episode: Episode, *, audio: Path | None = None, offline: bool = False, progress: Progress = silent
) -> Path:
    """The file with the episode's sound: the one named, one beside the page, or the fetched enclosure.

    Raises:
        InputError: there is none, or several and none is named.
        MissingError: it must be fetched and cannot be.
    """
    if audio is not None:
        if not audio.is_file():
            raise InputError(f"there is no audio file {audio}", "check the name given to --audio")
        return audio
    if episode.audio and not fetch.is_address(episode.audio):
        named = inside(episode.folder, episode.audio)
        if named is not None:
            return named
    beside = _beside(episode)
    if beside is not None:
        return beside
    if episode.audio and fetch.is_address(episode.audio):
        try:
            return fetch.fetch_file(episode.audio, "audio", offline=offline, progress=progress)
        except MissingError as error:
            raise MissingError(error.message, "name the episode's audio with --audio") from error
    name = episode.page or "this episode"
    if episode.audio:
        raise InputError(
            f"{name} names the audio {episode.audio}, which is not in its folder",
            "put it beside the page, or name it with --audio",
        )
    if episode.embeds:
        raise InputError(
            f"{name} has only a player ({_host(episode.embeds[0])}), no audio file",
            "name the episode's audio with --audio",
        )
    raise InputError(f"{name} names no audio, and none lies beside it", "name the episode's audio with --audio")


def locate_cover(
    episode: Episode, *, cover: Path | None = None, audio: Path | None = None, offline: bool = False
) -> Path | None:
    """The file with the cover: the one named, what the page names, one beside it, or the one inside the audio.

    Args:
        audio: the episode's sound, when it has been located; its embedded picture is the last resort.

    Raises:
        InputError: `cover` is given and not there. Any other lack gives None.
    """
    if cover is not None:
        if not cover.is_file():
            raise InputError(f"there is no picture {cover}", "check the name given to --cover")
        return cover
    if episode.cover and not fetch.is_address(episode.cover):
        named = (
            inside(episode.folder, episode.cover)
            or inside(episode.folder, episode.cover.lstrip("/"))
            or inside(episode.folder, _last(episode.cover))
        )
        if named is not None:
            return named
    pictures = [p for p in _files(episode.folder) if p.suffix.casefold() in PICTURES]
    stems = {
        Path(episode.page or episode.audio or "").stem.casefold(),
        "cover",
        "artwork",
        "folder",
        "front",
        "episode",
        "poster",
    } - {""}
    called = sorted(p for p in pictures if p.stem.casefold() in stems)
    if called:
        return called[0]
    if episode.cover and fetch.is_address(episode.cover):
        try:
            return fetch.fetch_file(episode.cover, "image", offline=offline)
        except ClipperError:
            pass  # a missing cover is no reason to stop
    if len(pictures) == 1 and episode.page:
        return pictures[0]
    if audio is not None:
        from clipper.episode.tags import embedded_cover

        return embedded_cover(audio)
    return None


def locate_transcript(episode: Episode, *, offline: bool = False) -> Path | None:
    """A transcript that the page or feed names, fetched when it must be; None where none can be had."""
    for named in episode.transcripts:
        if not fetch.is_address(named):
            if (path := inside(episode.folder, named)) is not None:
                return path
            continue
        try:
            return fetch.fetch_file(named, "text", offline=offline)
        except ClipperError:
            continue
    return None


def transcript_beside(episode: Episode, audio: Path | None) -> Path | None:
    """A transcript that lies beside the page or the audio and has its name, as players and editors write them."""
    for folder, named in ((episode.folder, episode.page), (str(audio.parent), audio.name) if audio else ("", "")):
        stem = Path(named).stem.casefold()
        found = [p for p in _files(folder) if p.suffix.casefold() in _TIMED and stem]
        for path in sorted(found, key=lambda p: _TIMED.index(p.suffix.casefold())):
            if path.stem.casefold() == stem or path.stem.casefold().startswith(stem + "."):  # talk.en.srt
                return path
    return None


def inside(folder: str, named: str) -> Path | None:
    """The file of that name in the folder or below; None where there is none or the name leads out of it."""
    if not folder or not named or "\x00" in named:
        return None
    root = Path(folder).resolve()
    for name in dict.fromkeys((named, unquote(urlsplit(named).path if "?" in named or "%" in named else named))):
        relative = Path(name.removeprefix("./"))
        if relative.is_absolute() or relative.drive or ".." in relative.parts:
            continue
        try:
            path = (root / relative).resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
        except OSError:
            continue
    return None


def _last(named: str) -> str:
    return named.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _files(folder: str) -> list[Path]:
    """Plain files of the page's folder that lead nowhere else, without hidden ones."""
    if not folder:
        return []
    root = Path(folder).resolve()
    try:
        return sorted(
            p for p in root.iterdir() if not p.name.startswith(".") and p.is_file() and p.resolve().is_relative_to(root)
        )
    except OSError:
        return []


def _beside(episode: Episode) -> Path | None:
    """A sound beside the page: of the page's or the named file's stem, else the only one in the folder."""
    if not episode.page:
        return None
    files = _files(episode.folder)
    wished = {Path(episode.page).stem.casefold()}
    if episode.audio:
        wished.add(
            Path(
                _last(unquote(urlsplit(episode.audio).path) if fetch.is_address(episode.audio) else episode.audio)
            ).stem.casefold()
        )
    for endings in (SOUNDS, VIDEOS):
        sounds = [p for p in files if p.suffix.casefold() in endings]
        named = [p for p in sounds if p.stem.casefold() in wished]
        if named:
            return min(
                named,
                key=lambda p: (
                    _ORDER.index(p.suffix.casefold()) if p.suffix.casefold() in _ORDER else len(_ORDER),
                    p.name,
                ),
            )
        if len({p.stem for p in sounds}) == 1:
            return min(
                sounds,
                key=lambda p: (
                    _ORDER.index(p.suffix.casefold()) if p.suffix.casefold() in _ORDER else len(_ORDER),
                    p.name,
                ),
            )
        if len(sounds) > 1:
            listed = ", ".join(p.name for p in sounds[:4]) + (", ..." if len(sounds) > 4 else "")
            if episode.audio and fetch.is_address(episode.audio):
                return None
            raise InputError(
                f"{len(sounds)} audio files lie beside {episode.page}: {listed}", "name the right one with --audio"
            )
    return None


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.removeprefix("www.") or url
    except ValueError:
        return url
