"""A client that brings `requests` (Mastodon.py, xdk) goes through the same guarded way as all others.

In: a guarded client, or a `Web`; out: a `requests.Session` that has no other way out.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from clipper.publish.errors import PublishError
from clipper.publish.web import Web

if TYPE_CHECKING:
    import httpx
    import requests


class Through:
    """A session for clients that swallow errors: `Web` sends, tries again and judges; its error is kept in `error`.

    Args:
        again: whether a request of this method and address may be sent twice.
    """

    def __init__(self, web: Web, again: Callable[[str, str], bool]) -> None:
        self._web, self._again = web, again
        self.error: PublishError | None = None
        self.hooks: dict[str, list[Any]] = {}

    def request(self, method: str, url: str, **given: Any) -> requests.Response:
        """As `requests.Session.request`, for the arguments that clients use."""
        import requests

        try:
            answer = self._web.call(
                method,
                url,
                headers={k: str(v) for k, v in (given.get("headers") or {}).items()},
                params=given.get("params") or None,
                json=given.get("json"),
                data=given.get("data") or None,
                files=given.get("files") or None,
                again=self._again(method, url),
            )
        except PublishError as error:
            self.error = error
            raise
        response = requests.Response()
        response.status_code = answer.status
        response.headers.update(answer.headers)
        response.raw = io.BytesIO(answer.body)
        response.url = answer.url
        response.encoding = "utf-8"
        return response

    def close(self) -> None:
        self._web.close()


def session(client: httpx.Client) -> requests.Session:
    """A session whose every request is sent by `client`; it follows no redirect and reads no environment."""
    import httpx
    import requests
    from requests.adapters import BaseAdapter

    class Adapter(BaseAdapter):
        def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
            try:
                answer = client.send(
                    client.build_request(
                        request.method or "GET",
                        request.url or "",
                        headers={k: str(v) for k, v in request.headers.items() if k.lower() != "connection"},
                        content=cast("bytes | Iterable[bytes] | None", request.body),
                    )
                )
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                raise requests.ConnectionError(str(error)) from error
            except httpx.TimeoutException as error:
                raise requests.ReadTimeout(str(error)) from error
            except httpx.TransportError as error:
                raise requests.exceptions.ChunkedEncodingError(str(error)) from error
            response = requests.Response()
            response.status_code = answer.status_code
            response.headers.update(answer.headers)
            response.raw = io.BytesIO(answer.content)
            response.url = str(answer.url)
            response.request = request
            response.encoding = answer.encoding
            response.reason = answer.reason_phrase
            return response

        def close(self) -> None:
            pass

    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0
    for scheme in ("https://", "http://"):
        made.mount(scheme, Adapter())
    return made
