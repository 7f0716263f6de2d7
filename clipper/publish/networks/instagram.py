"""Instagram Reels: a container, its video, then its publishing. In: a pack; out: a post.

Two ways in. Through Facebook's login, the file is uploaded and a broken-off upload goes on; through Instagram's own,
the network fetches it from a public https address. A container is published once and says so: that is how a broken-off
try is told from one that posted.

Source: developers.facebook.com/docs/instagram-platform/content-publishing and /resumable-uploads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from clipper.errors import UsageError
from clipper.publish import answers
from clipper.publish.base import Account, Field, Job, Kind, Limits, Missing, Pack, Posted, Request, Unknown
from clipper.publish.bearer import SIGNED_IN, addresses
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Refused
from clipper.publish.facts import facts, limits
from clipper.publish.meta import LOOPBACK, Graph, ended, fetched_from, number
from clipper.publish.places import size_words
from clipper.publish.signing import sign_in
from clipper.publish.waiting import begin, forgotten, sending, until
from clipper.publish.web import Web

FACTS = facts("instagram")
KIND = Kind(
    "instagram",
    "Instagram",
    ("instagram-reels",),
    fields=(
        *SIGNED_IN,
        Field(
            "login", "way in", default="facebook", help="facebook (files are uploaded) or instagram (a public address)"
        ),
        Field("user", "which account", default="", help="its name or number; empty if you have one only"),
        *addresses("instagram"),
        LOOPBACK,
    ),
)
DIRECT = "https://graph.instagram.com"  # where Instagram's own login counts
LATEST = 50  # posts that are looked through


class Instagram:
    """One professional account."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self.direct = credentials["login"] == "instagram"
        if credentials["login"] not in ("facebook", "instagram"):
            raise UsageError(f"there is no login {credentials['login']!r}", "use facebook or instagram")
        self.user = credentials.get("user")
        self.credentials, self.graph = credentials, Graph(credentials, web)
        if self.direct and self.graph.api == FACTS.api:
            self.graph.api, self.graph.base = DIRECT, f"{DIRECT}/{FACTS.version}"

    def account(self) -> Account:
        if self.direct:
            said = self.graph.get("me", fields="user_id,username")
            return Account(number(said.get("user_id")), f"@{answers.text(said, 'username')}", "public")
        said = self.graph.get("me/accounts", fields="name,instagram_business_account{id,username}")
        pages = [answers.table(page, "instagram_business_account") for page in answers.rows(said, "data")]
        linked = [who for who in pages if who.get("id")]
        if self.user:
            names = {self.user, self.user.lstrip("@")}
            linked = [who for who in linked if {answers.text(who, "id"), answers.text(who, "username")} & names]
        if len(linked) != 1:
            raise _which(linked)
        return Account(number(linked[0].get("id")), f"@{answers.text(linked[0], 'username')}", "public")

    def limits(self) -> Limits:
        return limits("instagram-reels")

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        base, size = f"{self.graph.base}/{{account}}", pack.packed.video.bytes
        address = "{public address of the video}" if self.direct else ""
        what = "a container; Instagram fetches the video itself" if self.direct else "a container"
        first = Request("POST", f"{base}/media", what, _container(pack, address), bytes=size if self.direct else 0)
        sent = Request(
            "POST",
            f"{self.graph.upload}/ig-api-upload/{FACTS.version}/{{container}}",
            f"the video, {size_words(size)}",
            bytes=size,
        )
        last = Request("POST", f"{base}/media_publish", "the post", {"creation_id": "{container}"})
        return (first, last) if self.direct else (first, sent, last)

    def publish(self, job: Job) -> Posted:
        begin(job)
        box = self._ready(job)
        sending(job)
        try:
            said = self.graph.post(f"{job.account.id}/media_publish", {"creation_id": box}, again=False)
        except Refused:
            # a broken-off try may have published it a moment ago
            if self._state(box).get("status_code") != "PUBLISHED":
                raise
            return self._among_latest(job) or Posted(box)
        media = number(said.get("id"))
        return Posted(media, answers.text(self.graph.get(media, fields="id,permalink"), "permalink"))

    def find(self, job: Job) -> Posted | Missing | Unknown:
        box = job.steps.get("container")
        if box is None:
            found = self._among_latest(job) if forgotten(job) else None
            return found or Missing()
        if self._state(str(box["id"])).get("status_code") == "PUBLISHED":
            return self._among_latest(job) or Posted(str(box["id"]))
        return Missing()

    def delete(self, posted: Posted) -> None:
        if self.direct:
            raise Refused("Instagram takes posts back only through Facebook's login", "delete it in the app")
        self.graph.delete(posted.remote_id)

    def _ready(self, job: Job) -> str:
        """A container that can be published: the one that was begun, or a new one."""
        box = job.steps.get("container")
        if box is None or self._state(str(box["id"])).get("status_code") not in ("IN_PROGRESS", "FINISHED"):
            address = fetched_from(job, self.credentials, "Instagram") if self.direct else ""
            said = self.graph.post(f"{job.account.id}/media", _container(job.pack, address))
            box = {"id": number(said.get("id")), "uri": str(said.get("uri", ""))}
            job.steps.put("container", box)
        key = str(box["id"])
        if not self.direct:
            self.graph.send(job, str(box["uri"]), lambda: self._arrived(key))
        return self._finished(job, key)

    def _arrived(self, box: str) -> int:
        said = self._state(box, "id,status_code,video_status")
        if said.get("status_code") == "FINISHED":
            return 1 << 62  # all of it
        phase = answers.table(said, "video_status", "uploading_phase")
        # the documents spell it both ways
        return answers.count(phase, "bytes_transferred") or answers.count(phase, "bytes_transfered")

    def _finished(self, job: Job, box: str) -> str:
        def look() -> str | None:
            said = self._state(box, "id,status_code,status")
            state = said.get("status_code")
            if state in ("ERROR", "EXPIRED"):
                job.steps.drop("container")
                raise ended("Instagram", str(said.get("status") or state), "instagram-reels")
            return box if state == "FINISHED" else None

        return until(job, look, "Instagram still works on the video")

    def _state(self, box: str, fields: str = "id,status_code") -> dict[str, Any]:
        return self.graph.get(box, fields=fields)

    def _among_latest(self, job: Job) -> Posted | None:
        """The newest post with this text that the ledger does not know."""
        said = self.graph.get(f"{job.account.id}/media", fields="id,caption,permalink,timestamp", limit=str(LATEST))
        for row in answers.rows(said, "data"):
            key = answers.text(row, "id")
            if answers.text(row, "caption").strip() == job.pack.packed.text.strip() and key not in job.known:
                return Posted(number(key), answers.text(row, "permalink"))
        return None


def _which(linked: list[dict[str, Any]]) -> Refused:
    """The error for a login that has no account, or more than one."""
    if not linked:
        return Refused(
            "Instagram: no professional account is linked to a Page", "link one to your Page, then log in again"
        )
    names = ", ".join(f"{who.get('id')} (@{who.get('username')})" for who in linked)
    return Refused(f"Instagram: this login has several accounts: {names}", "set CLIPPER_INSTAGRAM_USER to one number")


def _container(pack: Pack, address: str) -> dict[str, str]:
    # no alt_text: it is for images only
    said = {"media_type": "REELS", "caption": pack.packed.text, "share_to_feed": "true"}
    return {**said, "video_url": address} if address else {**said, "upload_type": "resumable"}


def make(credentials: Credentials, web: Web) -> Instagram:
    return Instagram(credentials, web)


def login(
    said: Mapping[str, str], web: Web, show: Callable[[str], None], ask: Callable[[str], str] | None = None
) -> dict[str, str]:
    return sign_in(KIND, said, web, show, ask)
