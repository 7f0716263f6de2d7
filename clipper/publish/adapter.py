"""A client that brings `requests` (Mastodon.py, xdk) goes through the same guarded way as all others.

In: a `Web`; out: what such a client takes for a `requests.Session`, with no other way out.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from clipper.publish.errors import PublishError
from clipper.publish.web import Web

if TYPE_CHECKING:
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
