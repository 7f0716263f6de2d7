"""A client that brings `requests` (Mastodon.py, xdk) goes through the same guarded httpx client as all others.

In: a guarded client; out: a `requests.Session` that has no other way out.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import httpx
    import requests


def session(client: httpx.Client) -> requests.Session:
    """A session whose every request is sent by `client`; it follows no redirect and reads no environment."""
    import httpx
    import requests
    from requests.adapters import BaseAdapter

    class Through(BaseAdapter):
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
        made.mount(scheme, Through())
    return made
