"""A real web server on this machine for tests: answers what it is told, forgets nothing that was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from clipper.episode.guard import named_by_user


class Web:
    """`pages` maps a path to (status, headers, body); a body may be a number of bytes to send without end or length."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes | int]] = {}
        self.asked: list[str] = []
        self.delay = 0.0
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.asked.append(self.path)
                time.sleep(web.delay)
                status, headers, body = web.pages.get(self.path, (404, {}, b"not here"))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if isinstance(body, bytes):
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                    return
                self.end_headers()
                try:
                    for _ in range(0, body, 1 << 16):
                        self.wfile.write(b"x" * (1 << 16))
                except OSError:
                    pass  # the reader has had enough

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def serve(
        self, path: str, body: bytes | str | int, kind: str = "text/html; charset=utf-8", status: int = 200
    ) -> str:
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {"Content-Type": kind}, data)
        return self.url + path

    def redirect(self, path: str, to: str) -> str:
        self.pages[path] = (302, {"Location": to}, b"")
        return self.url + path


@contextmanager
def running() -> Iterator[Web]:
    web = Web()
    named_by_user(web.url)  # a test is the user, who names its server
    thread = threading.Thread(target=web.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.server.shutdown()
        web.server.server_close()
        thread.join()
