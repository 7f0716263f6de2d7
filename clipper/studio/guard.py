"""Who may speak to the studio: this machine's own browser, with a token that it was given once.

In: requests; out: those that are let through, with headers that keep the page to itself. What is wrong is
answered here: 401 without the token, 403 for a foreign Host or Origin or a missing CSRF token, 413 for too much.

Sources: OWASP cheat sheets on CSRF and DNS rebinding; W3C Content Security Policy 3, Fetch Metadata.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1_000_000  # bytes of a request's body
UPLOADED = 60_000_000  # of a file that is uploaded: an hour of music
UPLOADS = "/api/uploads"
SAFE = ("GET", "HEAD", "OPTIONS")

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:",
        "media-src 'self' blob:", "connect-src 'self'", "font-src 'self'", "manifest-src 'self'", "base-uri 'none'",
        "form-action 'none'", "frame-ancestors 'none'",
    )
)  # fmt: skip
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-frame-options": "DENY",
}

_NOT_IN = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>clipper studio</title><h1>This address has been used</h1>
<p>The address that <code>clipper studio</code> prints opens the page once, in one browser.
For this browser take the newest address from the terminal.</p>
<p lang="de">Die Adresse gilt einmal, f\u00fcr einen Browser. Die neueste steht im Terminal.</p></html>"""


@dataclass(slots=True)
class Door:
    """What opens the studio.

    Attributes:
        port: that it listens on.
        hosts: names under which it may be addressed.
        once: the token of the next address; another one as soon as it was used.
        session: the cookie's value.
        csrf: what each request that changes something must carry.
        renewed: called with the new address once the old one was used.
    """

    port: int
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    once: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    renewed: Callable[[str], None] = lambda address: None

    @property
    def cookie(self) -> str:
        """Its name; browsers do not keep the cookies of two ports apart."""
        return f"clipper-studio-{self.port}"

    @property
    def address(self) -> str:
        """What to open."""
        return f"http://{self.hosts[0]}:{self.port}/?token={self.once}"

    def own_host(self, host: str) -> bool:
        return host.lower() in {f"{name}:{self.port}" for name in self.hosts}

    def own_origin(self, origin: str) -> bool:
        return origin.lower() in {f"http://{name}:{self.port}" for name in self.hosts}

    def let_in(self, token: str) -> bool:
        """Whether this token opens; it does so once."""
        if not hmac.compare_digest(token.encode(), self.once.encode()):
            return False
        self.once = secrets.token_urlsafe(32)
        self.renewed(self.address)
        return True


class Guard:
    """The first to see a request."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        refused = self._refused(scope, headers)
        if refused is not None:
            await _answer(send, *refused)
            return
        most = UPLOADED if scope["path"] == UPLOADS else LARGEST
        if headers.get("content-length", "0").isdigit() and int(headers.get("content-length", "0")) > most:
            await _answer(send, 413, "this is too large")
            return
        await self.app(scope, _limited(receive, most), _with_headers(send, scope["path"]))

    def _refused(
        self, scope: Scope, headers: dict[str, str]
    ) -> tuple[int, str] | tuple[int, str, Iterable[tuple[str, str]]] | None:
        door, method, path = self.door, scope["method"], scope["path"]
        if not door.own_host(headers.get("host", "")):
            return 403, "this name is not the studio's"
        origin = headers.get("origin")
        if origin is not None and not door.own_origin(origin):
            return 403, "another page may not speak to the studio"
        site = headers.get("sec-fetch-site", "none")
        if path != "/" and site not in ("same-origin", "none"):
            return 403, "another page may not speak to the studio"
        inside = hmac.compare_digest(_cookie(headers, door.cookie).encode(), door.session.encode())
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if path == "/" and token and method == "GET":
            if not inside and not door.let_in(token):
                return 401, _NOT_IN, [("content-type", "text/html; charset=utf-8")]
            cookie = f"{door.cookie}={door.session}; HttpOnly; SameSite=Strict; Path=/"
            return 303, "", [("location", "/"), ("set-cookie", cookie)]
        if not inside:
            if path == "/":
                return 401, _NOT_IN, [("content-type", "text/html; charset=utf-8")]
            return 401, "open the address that clipper studio printed"
        if method not in SAFE and not hmac.compare_digest(headers.get("x-clipper", "").encode(), door.csrf.encode()):
            return 403, "this request does not come from the studio's page"
        return None


def _cookie(headers: dict[str, str], name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _limited(receive: Receive, limit: int) -> Receive:
    """A body that says nothing of its length is cut off, too."""
    count = 0

    async def limited() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        return {"type": "http.disconnect"} if count > limit else message

    return limited


def _with_headers(send: Send, path: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {k.lower() for k, _ in message["headers"]}
            added = dict(HEADERS)
            if b"cache-control" not in there:
                added["cache-control"] = "no-store" if path.startswith("/api/") else "no-cache"
            message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in added.items())]
        await send(message)

    return sending


async def _answer(send: Send, status: int, text: str, extra: Iterable[tuple[str, str]] = ()) -> None:
    headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **HEADERS, **dict(extra)}
    body = text.encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()]
            + [(b"content-length", str(len(body)).encode())],
        }
    )
    await send({"type": "http.response.body", "body": body})
