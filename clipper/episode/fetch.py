"""Addresses in, bytes or cached files out. http and https only, with limits on size, time and redirects.

Never called with the network off: callers pass `offline` and get `MissingError`, or what was fetched before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
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
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host:
        raise InputError(
            f"{url} is no http or https address", "only http and https are fetched; download it and name the file"
        )
    return url


def _stream(url: str, what: What, write: Callable[[bytes], object], *, offline: bool, progress: Progress) -> str:
    checked(url)
    if offline:
        raise _is_offline(url)
    import httpx

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
            timeout=waits, follow_redirects=False, headers={"User-Agent": f"clipper/{__version__}"}
        ) as client:
            for _ in range(limit("fetch", "redirects") + 1):
                with client.stream("GET", at) as answer:
                    if answer.is_redirect:
                        at = checked(str(answer.url.join(answer.headers["location"])))
                        if time.monotonic() > until:
                            raise _too_slow(url)
                        continue
                    _refused(url, answer.status_code)
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
