"""What no client may do, whoever wrote it: speak plain http to another machine, or swallow an answer without an end.

In: limits; out: an httpx client whose transport keeps them.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from clipper import __version__
from clipper.errors import InputError
from clipper.publish.errors import PublishError

if TYPE_CHECKING:
    import httpx

LARGEST = 8_000_000  # bytes of an answer; those of the networks have a few thousand
CONNECT, SILENCE, ALTOGETHER = 20.0, 60.0, 300.0  # seconds: to connect, between two bytes, for one answer


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def checked_address(url: str, *, allow_http: bool = False) -> str:
    """`url` without a slash at its end, if a token may be sent there.

    Raises:
        InputError: neither https nor http to this machine itself, or an address with a password in it.
    """
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        has_password = parts.password is not None or parts.username is not None
    except ValueError:
        host, has_password = "", False
    if not host or parts.scheme not in ("http", "https"):
        raise InputError(f"{url} is no web address", "write it as https://example.org")
    if has_password:
        raise InputError("an address must not hold a password", "give the password to clipper login")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise InputError(
            f"{host} would get your password unencrypted: the address is http", "use https, or say --allow-http"
        )
    return url.rstrip("/")


def guarded(*, allow_http: bool = False, largest: int = LARGEST) -> httpx.Client:
    """A client that follows no redirect by itself, takes no proxy or password from the environment, and is bounded."""
    import httpx

    class Bounded(httpx.SyncByteStream):
        def __init__(self, stream: httpx.SyncByteStream, host: str) -> None:
            self._stream, self._host = stream, host

        def __iter__(self) -> Iterator[bytes]:
            got, until = 0, time.monotonic() + ALTOGETHER
            for piece in self._stream:
                got += len(piece)
                if got > largest:
                    raise _too_large(self._host, largest)
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("the answer does not end")
                yield piece

        def close(self) -> None:
            self._stream.close()

    class Guard(httpx.BaseTransport):
        def __init__(self) -> None:
            self._inner = httpx.HTTPTransport(retries=0)

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            checked_address(f"{request.url.scheme}://{request.url.host}", allow_http=allow_http)
            # packed answers can grow a thousandfold after they were counted
            request.headers["Accept-Encoding"] = "identity"
            response = self._inner.handle_request(request)
            announced = response.headers.get("content-length", "")
            encoding = response.headers.get("content-encoding", "identity")
            if (announced.isdigit() and int(announced) > largest) or encoding != "identity":
                response.close()
                raise _too_large(request.url.host, largest)
            assert isinstance(response.stream, httpx.SyncByteStream)
            return httpx.Response(
                response.status_code,
                headers=response.headers,
                stream=Bounded(response.stream, request.url.host),
                extensions=response.extensions,
            )

        def close(self) -> None:
            self._inner.close()

    return httpx.Client(
        transport=Guard(),
        timeout=httpx.Timeout(SILENCE, connect=CONNECT),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": f"clipper/{__version__}"},
    )


def _too_large(host: str, largest: int) -> PublishError:
    return PublishError(
        f"{host} sends more than the {largest / 1e6:.0f} MB that an answer may have", "check the server's address"
    )
