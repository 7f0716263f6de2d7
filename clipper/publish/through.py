"""Clients that bring their own HTTP go through `Bearer`: its token, its guard, its patience, its errors.

In: an account's bearer; out: a `requests.Session` for xdk, and an httplib2 look-alike for Google's client. Neither
client sees a failing answer: that has become one of our errors by then, with the network's own words.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from clipper.publish.bearer import Bearer
from clipper.publish.files import FileBody
from clipper.publish.web import Answer, Body

if TYPE_CHECKING:
    import requests

# headers that the way through sets itself
OURS = {"authorization", "connection", "accept-encoding", "content-length", "user-agent", "host"}
FINE = (*range(200, 300), 308)  # 308: a resumable upload that is not whole yet
Safe = Callable[[str, str], bool]


def session(bearer: Bearer, safe: Safe) -> requests.Session:
    """A session whose every request is sent by `bearer`.

    Args:
        safe: whether a request may be sent twice, from its method and path.
    """
    import requests
    from requests.adapters import BaseAdapter

    class Through(BaseAdapter):
        def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
            method, url = request.method or "GET", request.url or ""
            headers = {str(name): str(value) for name, value in request.headers.items()}
            answer = _through(bearer, method, url, headers, _bytes(request.body), safe, range(200, 300))
            response = requests.Response()
            response.status_code, response.url, response.request = answer.status, answer.url, request
            response.headers.update(answer.headers)
            response.raw, response.encoding = io.BytesIO(answer.body), "utf-8"
            return response

        def close(self) -> None:
            pass

    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0
    for scheme in ("https://", "http://"):
        made.mount(scheme, Through())
    return made


class Http:
    """What Google's client takes for an `httplib2.Http`.

    Args:
        file: gives the bytes `start` to `end` of what is uploaded: the client hands over a stream that can be read
            once, and what is sent again has to be read again.
        heard: is given every answer before the client has it.
    """

    def __init__(
        self,
        bearer: Bearer,
        safe: Safe,
        file: Callable[[int, int], FileBody] | None = None,
        heard: Callable[[Answer], None] = lambda answer: None,
    ) -> None:
        self.bearer, self.safe, self.file, self.heard = bearer, safe, file, heard

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: dict[str, str] | None = None, **_: Any
    ) -> tuple[Any, bytes]:
        from httplib2 import Response

        content: Body
        said = {k.lower(): v for k, v in (headers or {}).items()}
        span = said.get("content-range", "")
        if self.file is not None and method == "PUT" and span.startswith("bytes ") and "*" not in span:
            first, last = span.removeprefix("bytes ").split("/")[0].split("-")
            content = self.file(int(first), int(last) + 1)
        else:
            content = _bytes(body)
        answer = _through(self.bearer, method, uri, dict(headers or {}), content, self.safe, FINE)
        self.heard(answer)
        told = dict(answer.headers)
        if answer.status == 308 and not re.fullmatch(r"bytes=0-\d{1,15}", told.get("range", "")):
            told.pop("range", None)  # nothing has arrived; the client stumbles over other ways to say so
        return Response({**told, "status": str(answer.status)}), answer.body

    def close(self) -> None:
        """The client closes what it was given; our connection is `Web`'s."""


def _bytes(body: object) -> bytes | None:
    if isinstance(body, str):
        return body.encode("utf-8")
    if body is None or isinstance(body, bytes):
        return body
    raise TypeError(f"a client sends a {type(body).__name__}, which can be read once only")


def _through(
    bearer: Bearer, method: str, url: str, headers: dict[str, str], body: Body, safe: Safe, ok: Collection[int]
) -> Answer:
    kept = {k: str(v) for k, v in headers.items() if k.lower() not in OURS}
    if method in ("POST", "PUT") and body is None:
        body = b""
    again = safe(method, urlsplit(url).path)
    return bearer.call(method, url, headers=kept, content=body, again=again, ok=ok)
