"""The one way to a network: HTTP with limits, retries and a guard. In: a request; out: an `Answer` or `PublishError`.

The guard sits in the transport, so that clients which bring their own HTTP (atproto's httpx; requests by
`clipper.publish.adapter`) go through it as well: https only, except to this machine itself; answers of bounded size.
Redirects to another host get no token, and no body.
"""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from clipper.publish.errors import Later, PublishError, Refused, Unauthorised, Unsure
from clipper.publish.files import FileBody
from clipper.publish.guard import LARGEST, guarded
from clipper.publish.patience import Patience, asked_to_wait, moment
from clipper.publish.words import words_of

if TYPE_CHECKING:
    import httpx

REDIRECTS = 5
# of a request's headers, those that go along to another host
HARMLESS = {"accept", "accept-encoding", "user-agent"}
# statuses after which the server has surely done nothing
DID_NOTHING = {408, 425, 429, 503}

Body = bytes | FileBody | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def table(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        value = self.json()
        return value if isinstance(value, dict) else {}

    @property
    def words(self) -> str:
        """What it says went wrong, in its own words, on one line."""
        return words_of(self.body, self.status)


class Web:
    """Requests to one network.

    Args:
        network: its name, for `clipper login NETWORK`.
        label: as its people write it, for messages.
        allow_http: plain http to other machines too.
        patience: how often and how long to try again.
        largest: bytes of an answer.
    """

    def __init__(
        self,
        network: str,
        label: str,
        *,
        allow_http: bool = False,
        patience: Patience | None = None,
        largest: int = LARGEST,
    ) -> None:
        self.network, self.label, self.allow_http, self.largest = network, label, allow_http, largest
        self.patience = patience or Patience()
        # by default; a network that says it with another status puts its own here
        self.unauthorised: Callable[[Answer], bool] = lambda answer: answer.status == 401
        # statuses whose refusals are errors of a kind of their own
        self.refusals: dict[int, type[Refused]] = {}
        self._ahead = 0.0
        self._client: httpx.Client | None = None

    @property
    def client(self) -> httpx.Client:
        """A guarded httpx client, for libraries that take one."""
        if self._client is None:
            self._client = guarded(allow_http=self.allow_http, largest=self.largest)
        return self._client

    def server_time(self) -> datetime.datetime:
        """What the network's clock says, as far as its last answer told; this machine's own may be wrong."""
        return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self._ahead)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
        content: Body = None,
        again: bool | None = None,
        ok: Collection[int] = range(200, 300),
    ) -> Answer:
        """Sends a request, again if that is safe and of use, and gives the answer if its status is among `ok`.

        Args:
            headers: tokens among them; they stay with this host.
            params, json, data, files, content: as httpx takes them; `FileBody` for a part of a file.
            again: whether the same request may be sent twice without harm; None: GET, HEAD, PUT and DELETE may.
            ok: statuses that are given back; 308 and the like are only followed where they are not among them.

        Raises:
            Later: not reached, turned away (429, 503), or failing (5xx) for longer than the patience lasts.
            Unauthorised: 401.
            Refused: another 4xx, with the network's own words.
            Unsure: cut or failed after a request that may have done its work and may not be sent again.
        """
        safe = method in ("GET", "HEAD", "PUT", "DELETE") if again is None else again
        build = _builder(
            method, url, headers=headers, params=params, json=json, data=data, files=files, content=content
        )
        for turn in self.patience.turns():
            last = turn.last
            try:
                answer = self._follow(build(self.client), ok)
            except Later as error:
                if last or not turn.wait(error.after):
                    raise
                continue
            except Unsure as error:
                if not safe:
                    raise
                if last or not turn.wait(None):
                    raise Later(error.message) from error
                continue
            if answer.status in ok:
                return answer
            fault = self.fault(answer, safe=safe)
            if isinstance(fault, Later) and not last and turn.wait(fault.after):
                continue
            raise fault
        raise AssertionError("a last turn raises or returns")

    def fault(self, answer: Answer, *, safe: bool = True) -> PublishError:
        """The error that an answer stands for.

        Args:
            answer: any that is no success.
            safe: whether the request may be sent again; if not, a failing server leaves it unsure whether it was done.
        """
        status, said = answer.status, answer.words
        if self.unauthorised(answer):
            return Unauthorised(f"{self.label} does not accept the login: {said}", self.network)
        if status in DID_NOTHING:
            return self.later(said, asked_to_wait(answer.headers))
        if status >= 500:
            text = f"{self.label} fails ({status}): {said}"
            return Later(text, after=asked_to_wait(answer.headers)) if safe else Unsure(text)
        refused = self.refusals.get(status, Refused)
        return refused(f"{self.label} refuses: {said}", "change what it names, pack again, and publish again")

    def later(self, said: str, after: float | None) -> Later:
        """The error for a network that asks to wait."""
        asks = f"asks to wait {_span(after)}" if after else "asks to wait"
        return Later(f"{self.label} {asks}: {said}", after=after)

    def _follow(self, request: httpx.Request, ok: Collection[int]) -> Answer:
        for _ in range(REDIRECTS + 1):
            answer = self._once(request)
            place = answer.headers.get("location", "")
            if answer.status not in (301, 302, 303, 307, 308) or answer.status in ok or not place:
                return answer
            request = self._elsewhere(request, answer.status, place)
        raise Refused(f"{self.label} sends from one address to the next without an end", "check the server's address")

    def _elsewhere(self, request: httpx.Request, status: int, place: str) -> httpx.Request:
        import httpx

        try:
            there = request.url.join(place)
        except httpx.InvalidURL as error:
            raise Refused(f"{self.label} sends to an address that is none", "check the server's address") from error
        same = (there.scheme, there.host, there.port) == (request.url.scheme, request.url.host, request.url.port)
        bare = request.method in ("GET", "HEAD")
        if not bare:
            # a POST that is sent on would carry its body, and maybe post twice
            raise Refused(
                f"{self.label} sends the request on to {there.host}, which clipper does not follow with a body",
                "give the server's own address to clipper login",
            )
        kept = {n: v for n, v in request.headers.items() if n != "host" and (same or n.lower() in HARMLESS)}
        return httpx.Request(request.method, there, headers=kept)

    def _once(self, request: httpx.Request) -> Answer:
        import httpx

        try:
            response = self.client.send(request, stream=True)
            try:
                body = response.read()
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Later(f"{self.label} cannot be reached at {request.url.host}", "check the network") from error
        except httpx.TransportError as error:
            raise Unsure(f"the line to {self.label} was cut ({type(error).__name__})") from error
        told = moment(response.headers.get("date", ""))
        if told is not None:
            self._ahead = told - time.time()
        return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body, str(request.url))


def _builder(method: str, url: str, **given: Any) -> Callable[[httpx.Client], httpx.Request]:
    """Builds the request anew for each try: a file is read from its beginning again."""

    def build(client: httpx.Client) -> httpx.Request:
        import httpx

        content, headers = given["content"], dict(given["headers"] or {})
        if isinstance(content, FileBody):
            headers.setdefault("Content-Length", str(content.length))
            content = iter(content)
        for value in (given["files"] or {}).values():
            file = value[1] if isinstance(value, tuple) else value
            if hasattr(file, "seek"):
                file.seek(0)
        try:
            return client.build_request(
                method,
                url,
                headers=headers,
                params=given["params"],
                json=given["json"],
                data=given["data"],
                files=given["files"],
                content=content,
            )
        except (httpx.InvalidURL, ValueError) as error:
            host = urlsplit(url).hostname if "://" in url else ""
            raise Refused(f"{host or 'this'} is no address", "check the server's address") from error

    return build


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
