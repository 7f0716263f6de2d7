"""What the servers that we wrote from a platform's documents share: routes, faults, a log, moments to kill a client at.

In: a subclass with `@route` methods, which take an `Ask` and give an `Answer` or raise `Refused`; out: a server on a
loopback port, whose state a test reads as plain attributes. Such a server checks what the platform's documents say the
platform checks; it is not the platform.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

PIECE = 64 * 1024  # bytes that are read of a body at a time


@dataclass
class Ask:
    """A request. `body` is what arrived of it, `whole` says whether that is all."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    whole: bool = True
    said: str = ""  # the path with its query, as it was sent

    @property
    def base(self) -> str:
        """This server as the client knows it, so that an address which is given out leads the same way."""
        return f"http://{self.headers.get('host', '')}"

    def json(self) -> dict[str, Any]:
        try:
            value = json.loads(self.body)
        except ValueError:
            raise Refused(400, {"error": "the body is no JSON"}) from None
        if not isinstance(value, dict):
            raise Refused(400, {"error": "the body is no JSON object"})
        return value

    def form(self) -> dict[str, str]:
        """Fields of a form, with those of the query beneath them, as Meta's servers take either."""
        kind = self.headers.get("content-type", "")
        fields = {k: v[0] for k, v in parse_qs(self.body.decode(), keep_blank_values=True).items()}
        return {**self.query, **(fields if kind.startswith("application/x-www-form-urlencoded") else {})}


@dataclass
class Answer:
    """What is answered; a dict goes out as JSON."""

    status: int = 200
    body: Mapping[str, Any] | bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818 (it is an answer)
    """The server's no."""

    def __init__(self, status: int, body: Mapping[str, Any] | bytes | None = None, **headers: str) -> None:
        super().__init__(status, body)
        self.answer = Answer(status, body, {k.replace("_", "-"): v for k, v in headers.items()})


@dataclass
class Fault:
    """Something that goes wrong with the next `times` requests of that method and path, after the first `after` ones.

    A method of "" is any.

    Attributes:
        answer: instead of doing what was asked.
        cut: bytes of the body after which the line is cut; what arrived is handled as a cut request.
        mute: what was asked is done, but the line is cut before the answer.
        wait: seconds before anything.
    """

    method: str
    path: str
    times: int = 1
    after: int = 0
    answer: Answer | None = None
    cut: int | None = None
    mute: bool = False
    wait: float = 0.0


Handler = Callable[[Any, Ask], Answer]


def route(method: str, path: str, *, partial: bool = False) -> Callable[[Handler], Handler]:
    """Marks a method as what answers `method` on a path that matches the regular expression `path` wholly.

    Args:
        partial: it is also called with what had arrived of a body when the line was cut.
    """

    def mark(handler: Handler) -> Handler:
        handler.__dict__["route"] = (method, re.compile(path), partial)
        return handler

    return mark


class Written:
    """A server on a loopback port of its own. Use as a context.

    `moment` is called at each point where a client could die.
    """

    token = "token-that-must-never-be-seen"

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.asked: list[Ask] = []
        self.faults: list[Fault] = []
        self.moment: Callable[[str], None] = lambda where: None
        self.shift = 0.0  # seconds that this server's clock is ahead
        self._routes = [
            (*getattr(type(self), name).route, getattr(type(self), name))
            for name in dir(type(self))
            if "route" in getattr(getattr(type(self), name), "__dict__", {})
        ]
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"platform": self}))
        self._http.daemon_threads = True
        self.port: int = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self.close()

    def close(self) -> None:
        """Gives the port back."""
        self._http.server_close()

    def now(self) -> float:
        return time.time() + self.shift

    def fail(self, method: str, path: str, **what: Any) -> Fault:
        """Adds a fault; see `Fault`."""
        fault = Fault(method, path, **what)
        self.faults.append(fault)
        return fault

    def fault(self, ask: Ask) -> Fault | None:
        """The fault that is due for this request, counted down."""
        with self.lock:
            for fault in self.faults:
                if fault.method not in ("", ask.method) or not re.fullmatch(fault.path, ask.path):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                elif fault.times > 0:
                    fault.times -= 1
                    return fault
        return None

    def count(self, method: str, path: str) -> int:
        """How many requests of that method and path came in."""
        return sum(1 for ask in self.asked if ask.method == method and re.fullmatch(path, ask.path))

    def answer(self, ask: Ask) -> Answer | None:
        """What is answered; None for a cut request that no handler takes."""
        for method, path, partial, handler in self._routes:
            if method == ask.method and path.fullmatch(ask.path):
                if not ask.whole and not partial:
                    return None
                with self.lock:
                    try:
                        return handler(self, ask)
                    except Refused as refused:
                        return refused.answer
        return self.unknown(ask)

    def unknown(self, ask: Ask) -> Answer:
        return Answer(404, {"error": f"no such endpoint: {ask.method} {ask.path}"})

    def bearer(self, ask: Ask) -> bool:
        return ask.headers.get("authorization") == f"Bearer {self.token}"


class _Handler(BaseHTTPRequestHandler):
    platform: Written
    protocol_version = "HTTP/1.1"
    timeout = 20

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, *_: object) -> None:
        """Tests read `asked` instead."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        query = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {k.lower(): v for k, v in self.headers.items()}
        ask = Ask(self.command, parts.path, query, headers, said=self.path)
        fault = self.platform.fault(ask)
        if fault is not None and fault.wait:
            time.sleep(fault.wait)
        self.platform.moment(f"asked {ask.method} {ask.path}")
        if ask.method in ("POST", "PUT", "PATCH") and "content-length" not in headers:
            return self._send(Answer(411, {"error": "a length is required"}), close=True)
        self._read(ask, None if fault is None else fault.cut)
        with self.platform.lock:
            self.platform.asked.append(ask)
        if fault is not None and fault.answer is not None:
            return self._send(fault.answer)
        answer = self.platform.answer(ask)
        if not ask.whole or answer is None or (fault is not None and fault.mute):
            return self._hang_up()
        self.platform.moment(f"did {ask.method} {ask.path}")
        self._send(answer)
        self.platform.moment(f"answered {ask.method} {ask.path}")

    def _read(self, ask: Ask, cut: int | None) -> None:
        """Reads the body; less where the line was cut by the client or is to be cut by us."""
        length = int(ask.headers.get("content-length", "0"))
        got = bytearray()
        halfway = False
        wanted = length if cut is None else min(cut, length)
        while len(got) < wanted:
            piece = self.rfile.read1(min(PIECE, wanted - len(got)))
            if not piece:
                break
            got += piece
            if not halfway and len(got) * 2 > length:
                halfway = True
                self.platform.moment(f"half of {ask.method} {ask.path}")
        ask.body, ask.whole = bytes(got), len(got) == length and cut is None

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, answer: Answer, close: bool = False) -> None:
        body, headers = answer.body, dict(answer.headers)
        if isinstance(body, Mapping):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
        body = body or b""
        self.close_connection = self.close_connection or close
        try:
            self.send_response(answer.status)
            for name, value in headers.items():
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
        except OSError:  # the client is gone
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815


def span(header: str) -> tuple[int, int, int]:
    """First byte, last byte and total of a Content-Range such as "bytes 0-9/10".

    Raises:
        Refused: 400, it says something else.
    """
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", header)
    if not found or int(found[1]) > int(found[2]) or int(found[2]) >= int(found[3]):
        raise Refused(400, {"error": f"Content-Range {header!r} cannot be"})
    return int(found[1]), int(found[2]), int(found[3])
