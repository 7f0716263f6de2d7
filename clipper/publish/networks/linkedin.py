"""LinkedIn: a video in parts, then a post of a member or of a company's page. In: a pack; out: a post.

What makes the post is one request to /rest/posts, after which LinkedIn tells only those who may read the author's posts
whether it stands: others are told to look.

Source: learn.microsoft.com/linkedin/marketing/community-management/shares/videos-api and posts-api.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from clipper.counting import escaped
from clipper.export.packed import Packed
from clipper.platforms import platform
from clipper.publish import answers
from clipper.publish.base import Account, Field, Job, Kind, Limits, Missing, Pack, Posted, Request, Unknown
from clipper.publish.bearer import SIGNED_IN, Bearer, addresses
from clipper.publish.credentials import Credentials
from clipper.publish.errors import PublishError, Refused, Unsure
from clipper.publish.facts import facts, limits
from clipper.publish.files import FileBody, whole
from clipper.publish.guard import checked_address
from clipper.publish.places import size_words
from clipper.publish.signing import sign_in
from clipper.publish.waiting import begin, forgotten, sending, settle, until, was_sent
from clipper.publish.web import Answer, Web

FACTS = facts("linkedin")
KIND = Kind(
    "linkedin",
    "LinkedIn",
    ("linkedin",),
    fields=(
        *SIGNED_IN,
        Field("author", "who posts", default="", help="urn:li:organization:NUMBER for a company's page; empty: you"),
        Field("visibility", "who sees it", default="PUBLIC", help="PUBLIC or CONNECTIONS"),
        Field("version", "version of the interface", default=FACTS.version, given=True),
        *addresses("linkedin"),
    ),
)
LOOKED_THROUGH = 50  # of the author's latest posts
PART = 4 * 1024 * 1024  # bytes of a part as LinkedIn cuts them now; what it says when asked holds


class LinkedIn:
    """A member's or a page's account."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self.bearer, self.web = Bearer(credentials, web), web
        self.api = checked_address(credentials["api"], allow_http=web.allow_http)
        self.author, self.visibility = credentials.get("author"), credentials["visibility"]
        self.headers = {"LinkedIn-Version": credentials["version"], "X-Restli-Protocol-Version": "2.0.0"}

    def account(self) -> Account:
        audience = {"PUBLIC": "public", "CONNECTIONS": "your connections"}.get(self.visibility)
        if audience is None:
            raise Refused(f"LinkedIn has no visibility {self.visibility!r}", "use PUBLIC or CONNECTIONS")
        who = self._call("GET", "/v2/userinfo").table()
        me = answers.text(who, "sub")
        if not self.author and not me:
            raise PublishError("LinkedIn does not say whose login this is", "run it again later")
        author = self.author or f"urn:li:person:{me}"
        return Account(author, self.author or answers.text(who, "name") or author, audience)

    def limits(self) -> Limits:
        return limits("linkedin")

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        packed, video = pack.packed, pack.packed.video
        parts = -(-video.bytes // PART)
        put = f"{self.api}/{{uploadUrl}}"
        asked = [
            Request(
                "POST",
                f"{self.api}/rest/videos?action=initializeUpload",
                "an upload",
                _plain(self._upload(pack, "{author}")),
            ),
            Request("PUT", put, f"the video, {size_words(video.bytes)}", bytes=video.bytes, parts=parts),
        ]
        if packed.srt:
            asked.append(Request("PUT", put, "the captions (SRT)", bytes=packed.srt.bytes))
        if packed.cover:
            asked.append(Request("PUT", put, "the cover", bytes=packed.cover.bytes))
        shown = {
            "text": packed.text,
            "as it is sent": little(packed.text),
            "title": packed.title,
            "visibility": self.visibility,
        }
        return (
            *asked,
            Request("POST", f"{self.api}/rest/videos?action=finalizeUpload", "the parts, in their order"),
            Request("POST", f"{self.api}/rest/posts", "the post", shown),
        )

    def publish(self, job: Job) -> Posted:
        begin(job)
        video = self._video(job)
        packed, author = job.pack.packed, job.account.id
        body = {
            "author": author,
            "commentary": little(packed.text),
            "visibility": self.visibility,
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "content": {"media": {"title": packed.title, "id": video}},
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        sending(job)
        answer = self._call("POST", "/rest/posts", json=body, again=False)
        # the body is empty: the post's urn stands in a header
        return self._posted(answer.headers.get("x-restli-id", ""))

    def find(self, job: Job) -> Posted | Missing | Unknown:
        if not was_sent(job) and not forgotten(job):
            return Missing()
        settle(job, FACTS.settle)
        query = f"?q=author&author={quote(job.account.id, safe='')}&count={LOOKED_THROUGH}&sortBy=LAST_MODIFIED"
        try:
            said = self._call("GET", f"/rest/posts{query}", headers={"X-RestLi-Method": "FINDER"}).table()
        except Refused as error:
            return Unknown(f"LinkedIn does not let this app read your posts ({error.message}); look for it there")
        video, text = job.steps.get("video"), little(job.pack.packed.text)
        rows = answers.rows(said, "elements")
        for row in rows:
            same = answers.at(row, "content", "media", "id") == video if video else row.get("commentary") == text
            if same and row.get("id") not in job.known:
                return self._posted(answers.text(row, "id"))
        if len(rows) >= LOOKED_THROUGH:
            return Unknown(f"it is not among your latest {LOOKED_THROUGH} posts on LinkedIn; look further back")
        return Missing()

    def delete(self, posted: Posted) -> None:
        self._call("DELETE", f"/rest/posts/{quote(posted.remote_id, safe='')}", ok=(200, 204, 404))

    def _video(self, job: Job) -> str:
        """The urn of the uploaded video, which LinkedIn has made ready. One that was begun is taken up."""
        ready = job.steps.get("video")
        begun = job.steps.get("upload")
        if not ready and begun:
            try:
                return self._finish(job, begun)
            except Refused:
                # the upload's addresses hold an hour; nothing is posted by beginning anew
                job.steps.drop("upload")
        if ready:
            return self._available(job, str(ready))
        said = self._call(
            "POST",
            "/rest/videos?action=initializeUpload",
            json={"initializeUploadRequest": self._upload(job.pack, job.account.id)},
        ).table()
        value = answers.table(said, "value")
        if not answers.text(value, "video") or not answers.rows(value, "uploadInstructions"):
            raise PublishError("LinkedIn gave no place for the video", "run it again later")
        job.steps.put("upload", {**value, "tags": []})
        return self._finish(job, {**value, "tags": []})

    def _finish(self, job: Job, upload: dict[str, Any]) -> str:
        video, tags, pack = str(upload["video"]), list(upload["tags"]), job.pack
        places = _in_order(answers.rows(upload, "uploadInstructions"), pack.packed.video.bytes)
        for place in places[len(tags) :]:
            body = FileBody(pack.video, place["firstByte"], place["lastByte"] + 1)
            tags.append(self._put(answers.text(place, "uploadUrl"), body).headers.get("etag", ""))
            job.steps.put("upload", {**upload, "tags": tags})
            job.progress("publish", body.end, pack.packed.video.bytes, "LinkedIn")
        packed = pack.packed
        if packed.srt and upload.get("captionsUploadUrl"):
            self._put(upload["captionsUploadUrl"], whole(pack.path(packed.srt)))
        if packed.cover and upload.get("thumbnailUploadUrl"):
            self._put(upload["thumbnailUploadUrl"], whole(pack.path(packed.cover)))
        done = {"video": video, "uploadToken": upload.get("uploadToken", ""), "uploadedPartIds": tags}
        try:
            self._call("POST", "/rest/videos?action=finalizeUpload", json={"finalizeUploadRequest": done}, again=True)
        except Refused:
            # an earlier try may have finished it without hearing so
            if self._state(video).get("status") not in ("PROCESSING", "AVAILABLE"):
                raise
        job.steps.put("video", video)
        job.steps.drop("upload")
        return self._available(job, video)

    def _available(self, job: Job, video: str) -> str:
        def look() -> str | None:
            said = self._state(video)
            state = said.get("status")
            if state == "PROCESSING_FAILED":
                job.steps.drop("video")
                why = answers.text(said, "processingFailureReason") or "it says no more"
                raise Refused(f"LinkedIn could not work with the video: {why}", "pack it again for linkedin")
            return video if state == "AVAILABLE" else None

        return until(job, look, "LinkedIn still works on the video")

    def _state(self, video: str) -> dict[str, Any]:
        return self._call("GET", f"/rest/videos/{quote(video, safe='')}").table()

    def _put(self, url: str, body: FileBody) -> Answer:
        """To an address that is the permission itself: no token goes along."""
        checked_address(url, allow_http=self.web.allow_http)
        return self.web.call(
            "PUT", url, content=body, headers={"Content-Type": "application/octet-stream"}, ok=(200, 201)
        )

    def _upload(self, pack: Pack, author: str) -> dict[str, Any]:
        packed: Packed = pack.packed
        return {
            "owner": author,
            "fileSizeBytes": packed.video.bytes,
            "uploadCaptions": packed.srt is not None,
            "uploadThumbnail": packed.cover is not None,
        }

    def _call(self, method: str, path: str, headers: dict[str, str] | None = None, **given: Any) -> Answer:
        return self.bearer.call(method, f"{self.api}{path}", headers={**self.headers, **(headers or {})}, **given)

    def _posted(self, urn: str) -> Posted:
        if not re.fullmatch(r"urn:li:(share|ugcPost):\d+", urn):
            raise Unsure("LinkedIn took the post and did not say which it is")
        return Posted(urn, f"https://www.linkedin.com/feed/update/{urn}/")


def little(text: str) -> str:
    """`text` as LinkedIn's "little text": reserved characters with a backslash; unescaped, a post is cut at the first.

    >>> little("Bells (and cake) #bells")
    'Bells \\\\(and cake\\\\) #bells'

    Source: learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format
    """
    return escaped(text, platform("linkedin").text.escaped)


def _in_order(places: list[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    """The parts as LinkedIn cut them, which together must be the file."""
    if not all(isinstance(place.get(end), int) for place in places for end in ("firstByte", "lastByte")):
        raise PublishError("LinkedIn does not say how the video is cut", "run it again later")
    places = sorted(places, key=lambda place: int(place["firstByte"]))
    starts = [place["firstByte"] for place in places] + [size]
    if starts[0] != 0 or any(p["lastByte"] + 1 != after for p, after in zip(places, starts[1:], strict=True)):
        raise PublishError("LinkedIn asks for parts that do not make the file", "run it again later")
    return places


def _plain(said: dict[str, Any]) -> dict[str, str]:
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in said.items()}


def make(credentials: Credentials, web: Web) -> LinkedIn:
    return LinkedIn(credentials, web)


def login(
    said: Mapping[str, str], web: Web, show: Callable[[str], None], ask: Callable[[str], str] | None = None
) -> dict[str, str]:
    return sign_in(KIND, said, web, show, ask)
