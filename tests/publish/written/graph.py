"""What Meta's three servers share: the Graph API's errors, uploads to rupload, containers that become media.

Checked: the token, headers of an upload (a token of the kind "OAuth", offset and file_size), an offset that goes on
where the bytes end, states that have to be waited for, a container that is published once and lives 24 h.
"""

from __future__ import annotations

import datetime
import re
import urllib.request
from typing import Any

from tests.publish.written.base import Answer, Ask, Refused, Written

DAY = 24 * 3600


def fail(
    status: int, code: int, message: str, *, sub: int | None = None, said: str = "", passing: bool = False
) -> Refused:
    error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    if sub is not None:
        error["error_subcode"] = sub
    if said:
        error["error_user_title"], error["error_user_msg"] = "No", said
    return Refused(status, {"error": {**error, "is_transient": passing}})


class Graph(Written):
    """Containers by id; what was published of them are media."""

    https = False  # whether a public address has to be https; real ones must, loopback has none

    def __init__(self) -> None:
        super().__init__()
        self.containers: dict[str, dict[str, Any]] = {}
        self.media: dict[str, dict[str, Any]] = {}
        self.polls = 1  # times that a container says IN_PROGRESS
        self.ends: str | None = None  # what the container says when it ends in ERROR
        self.limit = 100  # posts a day

    @property
    def posts(self) -> list[dict[str, Any]]:
        return list(self.media.values())

    def allowed(self, ask: Ask) -> None:
        if "access_token" in ask.query:
            raise fail(400, 100, "clipper's own rule: no token in an address, where logs would keep it")
        if not self.bearer(ask):
            raise fail(401, 190, "Error validating access token: Session has expired", sub=463)

    def container(self, **what: Any) -> dict[str, Any]:
        key = str(17_000_000_000_000_000 + len(self.containers) + 1)
        made = {
            "id": key,
            "got": bytearray(),
            "size": None,
            "at": self.now(),
            "polls": self.polls,
            "media": None,
            **what,
        }
        self.containers[key] = made
        return made

    def receive(self, ask: Ask, box: dict[str, Any] | None) -> Answer:
        """A POST to rupload."""

        def no(message: str, status: int = 400) -> Refused:
            debug = {"retriable": status >= 500, "type": "ProcessingFailedError", "message": message}
            return Refused(status, {"debug_info": debug})

        if ask.headers.get("authorization") != f"OAuth {self.token}":
            raise no("Authorization: OAuth is needed here", 401)
        if box is None:
            raise no("no such upload", 404)
        if self.now() - box["at"] > DAY:
            raise no("the upload session has expired", 403)
        offset, size = ask.headers.get("offset", ""), ask.headers.get("file_size", "")
        if not offset.isdigit() or not size.isdigit():
            raise no("HeaderValuePredicate: Header Offset not convertable to unsigned long")
        if int(offset) != len(box["got"]) or int(offset) >= int(size):
            raise no(f"offset {offset} does not follow {len(box['got'])} bytes")
        if ask.whole and len(ask.body) != int(size) - int(offset):
            raise no(f"{len(ask.body)} bytes from {offset} do not make {size}")
        box["size"] = int(size)
        box["got"] += ask.body
        return Answer(200, {"success": True, "message": "Upload successful."})

    def fetch(self, address: str) -> bytes:
        """What the platform does with video_url: it fetches the file itself."""
        if self.https and not address.startswith("https://"):
            raise fail(400, 9004, "Only photo or video can be accepted as media type.", sub=2207052)
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return bytes(answer.read())
        except OSError:
            raise fail(
                400, 9004, "Media download has failed", sub=2207052, said="The media could not be fetched from this URI"
            ) from None

    def state(self, box: dict[str, Any]) -> str:
        """EXPIRED, ERROR, FINISHED, IN_PROGRESS or PUBLISHED, as a container's status_code says it."""
        if box["media"] is not None:
            return "PUBLISHED"
        if self.now() - box["at"] > DAY:
            return "EXPIRED"
        if box["size"] is None or len(box["got"]) < box["size"]:
            return "IN_PROGRESS"
        if box["polls"] > 0:
            box["polls"] -= 1
            return "IN_PROGRESS"
        return "ERROR" if self.ends else "FINISHED"

    def publish(self, key: str, **shown: Any) -> str:
        """A container becomes a medium, once."""
        box = self.containers.get(key)
        if box is None:
            raise fail(400, 24, "The requested resource does not exist", sub=2207008)
        if box["media"] is not None:
            raise fail(400, 9007, "This container was already published", sub=2207032)
        if self.state({**box, "polls": box["polls"]}) != "FINISHED":
            raise fail(400, 9007, "The media is not ready for publishing, please wait for a moment", sub=2207027)
        if len(self.media) >= self.limit:
            raise fail(403, 9, "Application request limit reached", sub=2207042, said="You reached the daily maximum")
        media = str(18_000_000_000_000_000 + len(self.media) + 1)
        box["media"] = media
        self.media[media] = {"id": media, "container": key, "bytes": bytes(box["got"]), "at": self.now(), **shown}
        return media

    def asked_for(self, ask: Ask, among: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """What an address names by its last part."""
        self.allowed(ask)
        found = among.get(ask.path.rsplit("/", 1)[1])
        if found is None:
            raise fail(400, 24, "The requested resource does not exist")
        return found

    def medium(self, ask: Ask) -> Answer:
        """GET of one that was published."""
        found = self.asked_for(ask, self.media)
        return Answer(200, {"id": found["id"], "permalink": found["permalink"]})

    def taken_back(self, ask: Ask, **more: str) -> Answer:
        """DELETE of one that was published."""
        del self.media[self.asked_for(ask, self.media)["id"]]
        return Answer(200, {"success": True, **more})

    def latest(self, ask: Ask, fields: tuple[str, ...]) -> Answer:
        wanted = [f for f in ask.query.get("fields", "id").split(",") if f]
        if unknown := set(wanted) - set(fields):
            raise fail(400, 100, f"Tried accessing nonexisting field ({sorted(unknown)[0]})")
        rows = [
            {
                **m,
                "timestamp": datetime.datetime.fromtimestamp(m["at"], datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
            }
            for m in reversed(self.media.values())
        ]
        most = int(ask.query.get("limit", "25"))
        return Answer(200, {"data": [{k: v for k, v in row.items() if k in wanted} for row in rows[:most]]})

    def unknown(self, ask: Ask) -> Answer:
        error = {
            "message": f"Unsupported {ask.method} request: {ask.path}",
            "type": "GraphMethodException",
            "code": 100,
        }
        return Answer(400, {"error": error})


def languages(name: str) -> bool:
    return bool(re.fullmatch(r"[^/]+\.[a-z]{2}_[A-Z]{2}\.srt", name))
