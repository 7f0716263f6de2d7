"""A line that can be cut: a proxy before a real server, which counts what is sent and breaks what a test wants broken.

In: the server's address; out: an address that clients use instead, the list of what they sent. `Host` goes through as
the client gave it, so that a server which names addresses names this one.
"""

from __future__ import annotations

import http.client
import re
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

# POSTs that only ask (TikTok's)
READS = re.compile(r"/(creator_info/query|status/fetch)/$")


@dataclass
class Seen:
    """One request as it came in; `body` is what was read of it, `status` what the client was told (0: nothing)."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""
    status: int = 0

    @property
    def changes(self) -> bool:
        asks = self.method in ("GET", "HEAD", "OPTIONS", "PROPFIND") or READS.search(self.path)
        return not asks


Action = Callable[["Line"], None]


@dataclass
class Rule:
    """What happens to the n-th request (from 0) whose "METHOD path" matches; n None: to every one."""

    match: str
    action: Action
    nth: int | None = 0
    count: int = field(default=0)

    def takes(self, seen: Seen) -> bool:
        if not re.search(self.match, f"{seen.method} {seen.path}"):
            return False
        self.count += 1
        return self.nth is None or self.count - 1 == self.nth


class Line:
    """One request under way, in an action's hands."""

    def __init__(self, handler: _Handler, seen: Seen) -> None:
        self.handler, self.seen = handler, seen

    def read(self) -> bytes:
        """The whole body."""
        if not self.seen.body:
            self.seen.body = self.handler.body(None)
        return self.seen.body

    def read_some(self, size: int) -> bytes:
        """The first bytes of the body; the rest never is read."""
        self.seen.body = self.handler.body(size)
        return self.seen.body

    def forward_some(self, size: int) -> None:
        """The server gets so much of the body, and then its line is cut as well."""
        self.handler.forward_some(self.seen, self.read_some(size))

    def forward(self, answer: bool = True) -> None:
        """To the server, and its answer back (or kept from the client)."""
        self.handler.forward(self.seen, self.read(), answer)

    def ask(self) -> tuple[int, dict[str, str], bytes]:
        """The server's answer, which the client has not got yet."""
        return self.handler.ask(self.seen, self.read())

    def answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.read()  # what is left of it would be taken for the next request
        self.handler.answer(self.seen, status, headers or {}, body)

    def cut(self) -> None:
        """The client sees a reset."""
        self.handler.cut()


def says(status: int, body: bytes = b'{"error":"broken for the test"}', **headers: str) -> Action:
    """Answers instead of the server."""

    def action(line: Line) -> None:
        line.read()
        line.answer(
            status, {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}, body
        )

    return action


def cut_before(line: Line) -> None:
    """The request never reaches the server."""
    line.read()
    line.cut()


def cut_after(line: Line) -> None:
    """The server does it, the client never hears of it."""
    line.forward(answer=False)
    line.cut()


def cut_within(size: int) -> Action:
    """The line breaks after so many bytes of the body."""

    def action(line: Line) -> None:
        line.read_some(size)
        line.cut()

    return action


def slow(seconds: float) -> Action:
    """The server takes its time."""

    def action(line: Line) -> None:
        time.sleep(seconds)
        line.forward()

    return action


def endless(line: Line) -> None:
    """An answer of 10 GB, as far as anybody reads it."""
    line.read()
    line.handler.endless(10_000_000_000)


class Proxy:
    """A running proxy. `upstream` is an address such as http://127.0.0.1:2583."""

    def __init__(self, upstream: str, port: int = 0) -> None:
        self.to(upstream)
        self.seen: list[Seen] = []
        self.rules: list[Rule] = []
        self.watch: Callable[[Seen], None] | None = None
        self.lock = threading.Lock()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 64
            proxy = self

            def handle_error(self, *args: object) -> None:
                """A cut line is what we are here for."""

        self._server = Server(("127.0.0.1", port), _Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def to(self, upstream: str) -> None:
        """Sends on to this server from now on."""
        parts = urlsplit(upstream)
        self.upstream = (parts.hostname or "127.0.0.1", parts.port or 80)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def rule(self, match: str, action: Action, nth: int | None = 0) -> Rule:
        made = Rule(match, action, nth)
        self.rules.append(made)
        return made

    def clear(self) -> None:
        """No rules, nothing seen."""
        with self.lock:
            self.rules.clear()
            self.seen.clear()
            self.watch = None

    @property
    def changes(self) -> list[Seen]:
        """Requests that would change something."""
        return [s for s in self.seen if s.changes]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: socketserver.ThreadingTCPServer
    timeout = 60
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        proxy: Proxy = self.server.proxy  # type: ignore[attr-defined]
        seen = Seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()})
        with proxy.lock:
            proxy.seen.append(seen)
            action = next((r.action for r in proxy.rules if r.takes(seen)), None)
            watch = proxy.watch
        if watch is not None:
            watch(seen)
        line = Line(self, seen)
        try:
            if action is not None:
                action(line)
            else:
                line.forward()
            self.wfile.flush()
        except (OSError, http.client.HTTPException):
            self.close_connection = True

    def body(self, most: int | None) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            whole = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                whole += self.rfile.read(size)
                self.rfile.readline()
                if most is not None and len(whole) >= most:
                    return whole[:most]
            self.rfile.readline()
            return whole
        length = int(self.headers.get("Content-Length", 0))
        return self.rfile.read(length if most is None else min(length, most))

    def forward(self, seen: Seen, body: bytes, answer: bool) -> None:
        status, headers, data = self.ask(seen, body)
        if answer:
            self.answer(seen, status, headers, data)

    def forward_some(self, seen: Seen, body: bytes) -> None:
        proxy: Proxy = self.server.proxy  # type: ignore[attr-defined]
        with socket.create_connection(proxy.upstream, timeout=10) as line:
            head = "".join(f"{k}: {v}\r\n" for k, v in seen.headers.items())
            line.sendall(f"{seen.method} {seen.path} HTTP/1.1\r\n{head}\r\n".encode() + body)

    def ask(self, seen: Seen, body: bytes) -> tuple[int, dict[str, str], bytes]:
        proxy: Proxy = self.server.proxy  # type: ignore[attr-defined]
        connection = http.client.HTTPConnection(*proxy.upstream, timeout=60)
        try:
            headers = {
                k: v
                for k, v in seen.headers.items()
                if k not in ("connection", "transfer-encoding", "content-length", "expect")
            }
            if body or seen.method in ("POST", "PUT", "PATCH"):
                headers["content-length"] = str(len(body))
            connection.request(seen.method, seen.path, body=body or None, headers=headers)
            got = connection.getresponse()
            return got.status, dict(got.getheaders()), got.read()
        finally:
            connection.close()

    def answer(self, seen: Seen, status: int, headers: dict[str, str], body: bytes) -> None:
        seen.status = status
        self.send_response_only(status)
        head = seen.method == "HEAD"
        for name, value in headers.items():
            low = name.lower()
            if low in ("transfer-encoding", "connection", "keep-alive") or (low == "content-length" and not head):
                continue
            self.send_header(name, value)
        if not head and status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not head:
            self.wfile.write(body)

    def endless(self, size: int) -> None:
        self.send_response_only(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.close_connection = True
        piece = b" " * (1 << 16)
        for _ in range(size // len(piece)):
            self.wfile.write(piece)

    def cut(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        pass
