"""Which addresses may be asked. In: a host and a port; out: the numeric address to connect to, or a refusal.

A page or a feed is a stranger's. It may name any public server, but nothing inside: a private, loopback or link-local
address (a router, a database, a cloud's metadata service) is refused, whatever name leads there and whatever redirect,
unless the user named that host: on the command line, or in CLIPPER_ALLOW_HOSTS ("nas.local:8080, 10.0.0.7"). A name is
looked up once and the connection goes to the address that was looked at, so that a second answer changes nothing.

Source: OWASP, Server-Side Request Forgery Prevention; RFC 6890 for what is not public (Python's `ipaddress`).
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from clipper.errors import InputError, MissingError, one_line

if TYPE_CHECKING:
    import httpx

ALLOW = "CLIPPER_ALLOW_HOSTS"
_named: set[tuple[str, int]] = set()


def named_by_user(url: str) -> str:
    """Remembers that the user named this address, so its host may be asked wherever it lies; gives the address."""
    try:
        parts = urlsplit(url)
        if parts.hostname:
            _named.add((parts.hostname.casefold(), parts.port or _port(parts.scheme)))
    except ValueError:
        pass  # refused where it is fetched
    return url


def pass_on() -> None:
    """Has the processes that are started from here on know what the user named here."""
    ours = [one.strip() for one in os.environ.get(ALLOW, "").split(",") if one.strip()]
    os.environ[ALLOW] = ",".join(dict.fromkeys([*ours, *(f"{host}:{port}" for host, port in sorted(_named))]))


@contextmanager
def nobody_named() -> Iterator[None]:
    """Inside, the user named nothing yet."""
    before = set(_named)
    _named.clear()
    try:
        yield
    finally:
        _named.clear()
        _named.update(before)


def address_for(host: str, port: int) -> str:
    """The numeric address of a host that may be asked.

    Raises:
        InputError: it lies inside a private network and the user did not name it.
        MissingError: there is no such host.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as error:
        raise MissingError(
            f"there is no server {one_line(host, 80)}, or the network is down", "check the address and the network"
        ) from error
    addresses = [str(row[4][0]) for row in found]
    if not addresses:
        raise MissingError(f"there is no server {one_line(host, 80)}", "check the address")
    if not _allowed(host, port) and not all(public(a) for a in addresses):
        raise InputError(
            f"{one_line(host, 80)} lies inside a private network, and only a page or feed names it",
            f"download it yourself and name the file, or set {ALLOW}={one_line(host, 80)}",
        )
    return addresses[0]


def public(address: str) -> bool:
    """Whether a numeric address lies on the open internet; what is wrapped into another kind is unwrapped."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if any(one is not None and not one.is_global for one in inner):
            return False
        if any(one is not None for one in inner):
            return True
    return ip.is_global and not ip.is_multicast


def refuse_inside(host: str, port: int) -> None:
    """As `address_for`, for what can be told without asking anybody, where a proxy looks names up.

    Raises:
        InputError: the host is a numeric address inside, or this machine.
    """
    bare = host.strip("[]")
    numeric = bare.replace(".", "").isdigit() or ":" in bare or bare.casefold().startswith("0x")
    if numeric or bare.casefold() == "localhost" or bare.casefold().endswith(".localhost"):
        address_for(bare, port)


def transport() -> httpx.BaseTransport:
    """What a client connects with: only to addresses that may be asked, and to the very address that was looked at."""
    import httpx

    class Guarded(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            host, port = request.url.host, request.url.port or _port(request.url.scheme)
            address = address_for(host, port)
            request.extensions = {**request.extensions, "sni_hostname": host}  # the certificate is the name's
            request.url = request.url.copy_with(host=address)
            return super().handle_request(request)

    return Guarded()


def _allowed(host: str, port: int) -> bool:
    if (host.casefold(), port) in _named:
        return True
    for one in os.environ.get(ALLOW, "").split(","):
        name, _, number = one.strip().casefold().rpartition(":")
        if one.strip() and host.casefold() in (one.strip().casefold(), name if number == str(port) else None):
            return True
    return False


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
