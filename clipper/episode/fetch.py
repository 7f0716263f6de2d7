"""Addresses in, bytes or cached files out. http and https only, with limits on size, time and redirects.

Nothing inside a private network is asked unless the user named it (see guard.py), and https does not lead back to http.

Never called with the network off: callers pass `offline` and get `MissingError`, or what was fetched before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from clipper import __version__, cache
from clipper.episode.phrases import limit
from clipper.errors import ClipperError, InputError, MissingError, one_line
from clipper.progress import Progress, silent

What = Literal["page", "feed", "image", "text", "audio"]
_STAGE = "fetched"
_VERSION = 1
UNCHANGED = "304"


def is_address(text: str) -> bool:
    """Whether a text is an address rather than a path."""
    return text.casefold().startswith(("http://", "https://")) or "://" in text[:12]


def fetch(url: str, what: What, *, offline: bool) -> tuple[bytes, str]:
    """The bytes behind an address, and their media type in lower case ("" where the server says none).

    Raises:
        InputError: another scheme than http(s), too large, too many redirects, refused by the server.
        MissingError: offline, no such host, or no answer in time.
    """
    gathered = bytearray()
    kind = _stream(url, what, gathered.extend, offline=offline, progress=silent)
    return bytes(gathered), kind


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a conditional question gave: the bytes, or None where nothing changed, and what to ask with next time."""

    data: bytes | None
    etag: str = ""
    modified: str = ""


def fetch_if_changed(url: str, what: What, etag: str, modified: str) -> Fresh:
    """The bytes behind an address unless they are those that were had with `etag` and `modified` (RFC 9110, 13).

    Raises:
        InputError, MissingError: as `fetch`.
    """
    ask = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
    gathered, heard = bytearray(), dict[str, str]()
    kind = _stream(url, what, gathered.extend, offline=False, progress=silent, ask=ask, heard=heard)
    if kind == UNCHANGED:
        return Fresh(None, etag, modified)
    return Fresh(bytes(gathered), heard.get("etag", ""), heard.get("last-modified", ""))


def fetch_file(url: str, what: What, *, offline: bool, progress: Progress = silent) -> Path:
    """A local file with what lies behind an address, kept in clipper's cache by the address.

    Raises:
        InputError, MissingError: as `fetch`; a file fetched before is given even when offline.
    """
    ending = Path(unquote(urlsplit(checked(url)).path)).suffix.casefold()
    ending = ending if len(ending) <= 6 and ending[1:].isalnum() else ""
    path = cache.entry(_STAGE, cache.key(_STAGE, _VERSION, url=url) + ending)
    if path.is_file():
        return path
    if offline:
        raise _is_offline(url)
    with cache.appearing(path) as temporary:
        with temporary.open("wb") as f:
            _stream(url, what, f.write, offline=offline, progress=progress)
        if temporary.stat().st_size == 0:
            raise InputError(f"the server sent nothing for {url}", "check the address in a browser")
    return path


def fetched_before(url: str) -> bool:
    """Whether `fetch_file` can answer without the network."""
    try:
        fetch_file(url, "image", offline=True)
    except ClipperError:
        return False
    return True


def _is_offline(url: str) -> MissingError:
    return MissingError(
        f"{url} was not fetched: clipper is offline", "run it without --offline, or download the file and name it"
    )


def checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.port != 0 else None  # a port that is no number is told as well
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host:
        raise InputError(
            f"{url} is no http or https address", "only http and https are fetched; download it and name the file"
        )
    return url


def _stream(
    url: str,
    what: What,
    write: Callable[[bytes], object],
    *,
    offline: bool,
    progress: Progress,
    ask: Mapping[str, str] | None = None,
    heard: dict[str, str] | None = None,
) -> str:
    """Hands the bytes to `write`; gives their media type, or UNCHANGED. `heard` gets the answer's headers."""
    checked(url)
    if offline:
        raise _is_offline(url)
    import httpx

    from clipper.episode.guard import refuse_inside, transport

    most, patience = limit("fetch", f"{what}_bytes"), limit("fetch", f"{what}_seconds")
    waits = httpx.Timeout(limit("fetch", "silence_seconds"), connect=limit("fetch", "connect_seconds"))
    until = time.monotonic() + patience
    too_large = InputError(
        f"{url} is larger than the {most / 1e6:.0f} MB that are read of such a file",
        "download it yourself and name the file",
    )
    at = url
    try:
        with httpx.Client(
            timeout=waits,
            follow_redirects=False,
            headers={"User-Agent": f"clipper/{__version__}", **(ask or {})},
            transport=transport(),
        ) as client:
            for _ in range(limit("fetch", "redirects") + 1):
                where = urlsplit(at)
                refuse_inside(where.hostname or "", where.port or 80)
                with client.stream("GET", at) as answer:
                    if answer.status_code == 304 and ask:
                        return UNCHANGED
                    if answer.is_redirect:
                        before, at = at, checked(str(httpx.URL(at).join(answer.headers["location"])))
                        if before.startswith("https:") and not at.startswith("https:"):
                            raise InputError(
                                f"{url} sends on from https to {at}, which anybody on the way could change",
                                "name that address yourself if you trust it",
                            )
                        if time.monotonic() > until:
                            raise _too_slow(url)
                        continue
                    _refused(url, answer.status_code)
                    if heard is not None:
                        heard.update({name.casefold(): value for name, value in answer.headers.items()})
                    announced = answer.headers.get("content-length", "")
                    if announced.isdigit() and int(announced) > most:
                        raise too_large
                    got = 0
                    for piece in answer.iter_bytes(1 << 16):
                        got += len(piece)
                        if got > most:
                            raise too_large
                        if time.monotonic() > until:
                            raise _too_slow(url)
                        write(piece)
                        progress(
                            "download",
                            got,
                            max(got, int(announced) if announced.isdigit() else 0),
                            urlsplit(url).netloc,
                        )
                    return str(answer.headers.get("content-type", "")).partition(";")[0].strip().casefold()
            raise InputError(
                f"{url} is redirected more than {limit('fetch', 'redirects')} times", "check the address in a browser"
            )
    except httpx.TimeoutException as error:
        raise _too_slow(url) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise InputError(f"{at} is no address that can be fetched", "check the address") from error
    except httpx.HTTPError as error:
        raise MissingError(
            f"{url} cannot be reached: {one_line(str(error)) or type(error).__name__}",
            "check the network, or download it and name the file",
        ) from error


def _too_slow(url: str) -> MissingError:
    return MissingError(f"{url} does not answer in time", "try again later, or download it yourself and name the file")


def _refused(url: str, status: int) -> None:
    if status >= 500 or status == 429:
        raise MissingError(f"the server of {url} cannot answer now ({status})", "try again later")
    if status >= 300:
        raise InputError(f"the server does not give {url} ({status})", "check the address in a browser")
