"""What Meta's networks (facebook, instagram, threads) share: the Graph API's errors, uploads that go on, containers.

In: an account's token; out: answers, or errors that say what to do next.

Source: developers.facebook.com/docs/graph-api/guides/error-handling, /instagram-platform/content-publishing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from clipper.errors import MissingError
from clipper.publish import answers
from clipper.publish.base import Field, Job
from clipper.publish.bearer import Bearer
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Later, PublishError, Refused, Unauthorised, Unsure
from clipper.publish.facts import facts
from clipper.publish.files import FileBody
from clipper.publish.guard import checked_address, is_loopback
from clipper.publish.patience import asked_to_wait
from clipper.publish.web import Answer, Web

TOKEN = {102, 190}  # codes: sign in again
RIGHTS = {3, 10, *range(200, 300)}  # a permission was not given
BUSY = {4, 17, 32, 341, 368, 613, 80002, 80007}  # too many requests, or temporarily blocked
FAILING = {1, 2}  # an error of theirs, maybe a passing one
UNFETCHED = {9004}  # the video's address could not be fetched
TOMORROW = 6 * 3600.0  # seconds; longer than any run waits
DAILY = 2207042  # subcode: as many posts as a day may have


class GraphWeb(Web):
    """`Web` that understands Meta's errors, which mostly come as status 400."""

    @classmethod
    def like(cls, web: Web) -> GraphWeb:
        """The same network with the same limits."""
        return cls(web.network, web.label, allow_http=web.allow_http, patience=web.patience, largest=web.largest)

    def fault(self, answer: Answer, *, safe: bool = True) -> PublishError:
        error = answers.table(answer.table(), "error")
        code, sub = error.get("code"), error.get("error_subcode")
        if code in TOKEN:
            return Unauthorised(f"{self.label} does not accept the login: {answer.words}", self.network)
        if sub == DAILY or code == 9:
            return Later(
                f"{self.label}: {answer.words}", "the day's posts are used up: run it again tomorrow", TOMORROW
            )
        if code in UNFETCHED:
            return Later(f"{self.label}: {answer.words}", REACH)
        if code in BUSY:
            return self.later(answer.words, asked_to_wait(answer.headers))
        if code in FAILING or error.get("is_transient") is True:
            text = f"{self.label} fails: {answer.words}"
            return Later(text) if safe else Unsure(text)
        if code in RIGHTS:
            return Unauthorised(f"{self.label}: the login lacks a right: {answer.words}", self.network)
        return super().fault(answer, safe=safe)


class Graph:
    """Requests to one of Meta's networks.

    Args:
        credentials: with the fields api, upload (where there is one) and version.
    """

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self.web = GraphWeb.like(web)
        self.bearer = Bearer(credentials, self.web)
        self.api = checked_address(credentials["api"], allow_http=web.allow_http)
        self.base = f"{self.api}/{facts(web.network).version}"
        self.upload = (
            checked_address(credentials["upload"], allow_http=web.allow_http) if credentials.get("upload") else ""
        )

    def get(self, path: str, **params: str) -> dict[str, Any]:
        return self.bearer.call("GET", f"{self.base}/{path}", params=params).table()

    def post(self, path: str, data: dict[str, str], *, again: bool = True) -> dict[str, Any]:
        """Args:
        again: whether it may be sent twice: all may that shows nothing to anybody.
        """
        return self.bearer.call("POST", f"{self.base}/{path}", data=data, again=again).table()

    def delete(self, path: str) -> None:
        """Takes something away; what is not there is fine."""
        try:
            self.bearer.call("DELETE", f"{self.base}/{path}")
        except Refused as error:
            if "does not exist" not in error.message:
                raise

    def send(self, job: Job, url: str, arrived: Callable[[], int]) -> None:
        """Uploads a pack's video to rupload, from where it stopped.

        Args:
            url: as the network named it; its host must be the one of the account.
            arrived: asks how many bytes are there.
        """
        if not url.startswith(f"{self.upload}/"):
            raise PublishError(f"{self.web.label} sends the video to a host that is not its own", "run it again later")
        size = job.pack.packed.video.bytes
        for turn in self.web.patience.turns():
            offset = arrived()
            if offset >= size:
                return
            body = FileBody(job.pack.video, offset, size, partial(self._sent, job, offset))
            headers = {"offset": str(offset), "file_size": str(size), "Content-Type": "application/octet-stream"}
            try:
                self.bearer.call("POST", url, scheme="OAuth", content=body, headers=headers, again=False)
            except (Unsure, Later) as error:
                # cut: what arrived stays there, and the rest goes on from it
                if turn.last or not turn.wait(getattr(error, "after", None)):
                    raise error if isinstance(error, Later) else Later(error.message) from error
                continue
            return

    def _sent(self, job: Job, offset: int, sent: int) -> None:
        job.progress("publish", offset + sent, job.pack.packed.video.bytes, self.web.label)


REACH = "see that the video's public address can be reached from everywhere, then run it again"


def ended(label: str, why: str, platform: str) -> PublishError:
    """The error for a container that came to nothing: for good by the video's fault, else for now."""
    text = f"{label} could not work with the video: {why}"
    if "EXPIRED" in why or "DOWNLOAD" in why.upper():
        return Later(text, REACH)
    return Refused(text, f"pack it again for {platform}")


def fetched_from(job: Job, credentials: Credentials, label: str) -> str:
    """The public address from which a network fetches the pack's video: https, as Meta demands.

    http to this machine itself is let through where the account's field `loopback` says yes, which tests do.

    Raises:
        MissingError: no place with public addresses was named, or its addresses are not https.
    """
    address = job.public(job.pack)
    parts = urlsplit(address)
    mine = credentials["loopback"] == "yes" and is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not mine:
        raise MissingError(
            f"{label} fetches the video from https addresses only, and the place gives {address}",
            "name the place's public https address: clipper login asks for it",
        )
    return address


LOOPBACK = Field("loopback", "may the video lie on this machine", default="no", given=True)


def number(value: object) -> str:
    """An id as Meta gives it (a string of digits, sometimes a number).

    Raises:
        PublishError: it is none.
    """
    text = str(value) if isinstance(value, str | int) else ""
    if not text.isdigit():
        raise PublishError("the network's answer lacks an id", "run it again later")
    return text
