"""Threads: a container made from a public address, then its publishing. In: a pack; out: a post.

Threads takes no file: it fetches the video from a public https address, which `Job.public` gives. A container is
published once, and says so; that is how a try that was broken off is told from one that posted.

Source: developers.facebook.com/docs/threads/posts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from clipper.publish import answers
from clipper.publish.base import Account, Job, Kind, Limits, Missing, Pack, Posted, Request, Unknown
from clipper.publish.bearer import SIGNED_IN, addresses
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Refused
from clipper.publish.facts import facts, limits
from clipper.publish.meta import LOOPBACK, Graph, ended, fetched_from, number
from clipper.publish.signing import sign_in
from clipper.publish.waiting import begin, forgotten, sending, until
from clipper.publish.web import Web

FACTS = facts("threads")
KIND = Kind(
    "threads",
    "Threads",
    ("threads",),
    fields=(
        *SIGNED_IN,
        *addresses("threads"),
        LOOPBACK,
    ),
)
LATEST = 50  # posts that are looked through
ADDRESS = "{public address of the video}"


class Threads:
    """One profile."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self.credentials, self.graph = credentials, Graph(credentials, web)

    def account(self) -> Account:
        said = self.graph.get("me", fields="id,username")
        return Account(number(said.get("id")), f"@{answers.text(said, 'username')}", "public")

    def limits(self) -> Limits:
        return limits("threads")

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        base = f"{self.graph.base}/{{account}}"
        first, size = "a container; Threads fetches the video itself", pack.packed.video.bytes
        return (
            Request("POST", f"{base}/threads", first, _container(pack, ADDRESS), bytes=size),
            Request("POST", f"{base}/threads_publish", "the post", {"creation_id": "{container}"}),
        )

    def publish(self, job: Job) -> Posted:
        begin(job)
        user, box = job.account.id, self._ready(job)
        sending(job)
        try:
            media = number(self.graph.post(f"{user}/threads_publish", {"creation_id": box}, again=False).get("id"))
        except Refused:
            # a broken-off try may have published it a moment ago
            if self._state(box).get("status") != "PUBLISHED":
                raise
            return self._among_latest(job) or Posted(box)
        return self._posted(media)

    def find(self, job: Job) -> Posted | Missing | Unknown:
        box = job.steps.get("container")
        if box is None:
            found = self._among_latest(job) if forgotten(job) else None
            return found or Missing()
        state = self._state(str(box)).get("status")
        if state == "PUBLISHED":
            return self._among_latest(job) or Posted(str(box))
        return Missing()

    def delete(self, posted: Posted) -> None:
        self.graph.delete(posted.remote_id)

    def _ready(self, job: Job) -> str:
        """A container that can be published: the one that was begun, or a new one."""
        box = job.steps.get("container")
        if box is not None and self._state(str(box)).get("status") in ("IN_PROGRESS", "FINISHED"):
            return self._finished(job, str(box))
        address = fetched_from(job, self.credentials, "Threads")
        box = number(self.graph.post(f"{job.account.id}/threads", _container(job.pack, address)).get("id"))
        job.steps.put("container", box)
        return self._finished(job, box)

    def _finished(self, job: Job, box: str) -> str:
        def look() -> str | None:
            said = self._state(box)
            state = said.get("status")
            if state in ("ERROR", "EXPIRED"):
                job.steps.drop("container")
                raise ended("Threads", str(answers.text(said, "error_message") or state), "threads")
            return box if state == "FINISHED" else None

        return until(job, look, "Threads still works on the video")

    def _state(self, box: str) -> dict[str, Any]:
        return self.graph.get(box, fields="id,status,error_message")

    def _among_latest(self, job: Job) -> Posted | None:
        """The newest post with this text that the ledger does not know."""
        said = self.graph.get(f"{job.account.id}/threads", fields="id,text,permalink,timestamp", limit=str(LATEST))
        for row in answers.rows(said, "data"):
            key = answers.text(row, "id")
            if answers.text(row, "text").strip() == job.pack.packed.text.strip() and key not in job.known:
                return Posted(number(key), answers.text(row, "permalink"))
        return None

    def _posted(self, media: str) -> Posted:
        return Posted(media, answers.text(self.graph.get(media, fields="id,permalink"), "permalink"))


def _container(pack: Pack, address: str) -> dict[str, str]:
    packed = pack.packed
    said = {"media_type": "VIDEO", "video_url": address, "text": packed.text}
    return {**said, "alt_text": packed.alt} if packed.alt else said


def make(credentials: Credentials, web: Web) -> Threads:
    return Threads(credentials, web)


def login(
    said: Mapping[str, str], web: Web, show: Callable[[str], None], ask: Callable[[str], str] | None = None
) -> dict[str, str]:
    return sign_in(KIND, said, web, show, ask)
