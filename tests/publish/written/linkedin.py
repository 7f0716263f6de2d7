"""LinkedIn's Videos and Posts APIs: parts by firstByte..lastByte, ETags in order, little text, x-restli-id.

Checked: version and protocol headers, no token on an upload address, every part whole, part ids as they were given and
in their order, a video that is AVAILABLE before it is posted, commentary whose reserved characters are escaped
(unescaped, the text is cut, as it is known to be), one post of a text and video (a second one is a duplicate).
"""

from __future__ import annotations

import hashlib
import re
from typing import Any
from urllib.parse import unquote

from tests.publish.written.base import Answer, Ask, Refused, Written, route

PART = 4 * 1024 * 1024
MEMBER = "urn:li:person:AbC-1"
RESERVED = set("\\|{}@[]()<>#*_~")


def fail(status: int, message: str, code: str = "ILLEGAL_ARGUMENT") -> Refused:
    return Refused(status, {"status": status, "code": code, "message": message})


def little(text: str) -> str:
    """What is shown of little text: escapes undone; cut at the first reserved character that is not escaped.

    A hashtag template {hashtag|\\#|word} is shown as a hashtag.
    """
    shown, i = "", 0
    while i < len(text):
        if found := re.compile(r"\{hashtag\|\\#\|(\w+)\}").match(text, i):
            shown, i = f"{shown}#{found[1]}", found.end()
        elif text[i] == "\\" and i + 1 < len(text) and text[i + 1] in RESERVED:
            shown, i = shown + text[i + 1], i + 2
        elif text[i] in RESERVED - {"#"}:
            return shown
        else:
            shown, i = shown + text[i], i + 1
    return shown


class LinkedIn(Written):
    """Videos by urn, posts by urn. `reads` tells whether the app may look at the member's posts."""

    def __init__(self) -> None:
        super().__init__()
        self.part = PART
        self.least = 75_000  # bytes of a video
        self.videos: dict[str, dict[str, Any]] = {}
        self.shares: dict[str, dict[str, Any]] = {}
        self.reads = True
        self.polls = 1
        self.ends: str | None = None
        self.owner = MEMBER

    @property
    def posts(self) -> list[dict[str, Any]]:
        return list(self.shares.values())

    def _allowed(self, ask: Ask) -> None:
        if not self.bearer(ask):
            raise fail(401, "Empty oauth2 access token", "EMPTY_ACCESS_TOKEN")
        if not re.fullmatch(r"20\d{4}", ask.headers.get("linkedin-version", "")):
            raise fail(
                400, "A version must be present. Please specify a version by adding the LinkedIn-Version header."
            )
        if ask.headers.get("x-restli-protocol-version") != "2.0.0":
            raise fail(400, "Invalid URN in the path: X-Restli-Protocol-Version must be 2.0.0")

    @route("GET", "/v2/userinfo")
    def userinfo(self, ask: Ask) -> Answer:
        if not self.bearer(ask):
            raise fail(401, "Invalid access token", "INVALID_ACCESS_TOKEN")
        return Answer(200, {"sub": MEMBER.rsplit(":", 1)[1], "name": "Aoife Byrne"})

    @route("POST", "/rest/videos")
    def videos_action(self, ask: Ask) -> Answer:
        self._allowed(ask)
        action = ask.query.get("action")
        if action == "initializeUpload":
            return self._initialize(ask.base, ask.json().get("initializeUploadRequest", {}))
        if action == "finalizeUpload":
            return self._finalize(ask.json().get("finalizeUploadRequest", {}))
        raise fail(400, f"no action {action}")

    def _initialize(self, base: str, said: dict[str, Any]) -> Answer:
        size = said.get("fileSizeBytes", 0)
        if said.get("owner") != self.owner or not self.least <= size <= 5_000_000_000:
            raise fail(400, "owner or fileSizeBytes cannot be")
        number = len(self.videos) + 1
        urn = f"urn:li:video:C4E{number:05d}"
        cuts = [(first, min(first + self.part, size) - 1) for first in range(0, size, self.part)]
        video = {"urn": urn, "size": size, "cuts": cuts, "parts": {}, "at": self.now(), "token": f"token{number}"}
        self.videos[urn] = {
            **video,
            "state": "WAITING_UPLOAD",
            "polls": self.polls,
            "captions": None,
            "thumbnail": None,
        }
        places = [
            {"firstByte": first, "lastByte": last, "uploadUrl": f"{base}/dms-uploads/{number}/part/{i}?sau=once"}
            for i, (first, last) in enumerate(cuts)
        ]
        value: dict[str, Any] = {"video": urn, "uploadToken": video["token"], "uploadInstructions": places}
        value["uploadUrlsExpireAt"] = int((self.now() + 3600) * 1000)
        if said.get("uploadCaptions"):
            value["captionsUploadUrl"] = f"{base}/dms-uploads/{number}/captions?sau=once"
        if said.get("uploadThumbnail"):
            value["thumbnailUploadUrl"] = f"{base}/dms-uploads/{number}/thumbnail?sau=once"
        return Answer(200, {"value": value})

    @route("PUT", r"/dms-uploads/\d+/(part/\d+|captions|thumbnail)")
    def put(self, ask: Ask) -> Answer:
        if "authorization" in ask.headers:
            raise Refused(400, b"no token belongs to an upload address")
        _, _, number, *what = ask.path.split("/")
        video = self.videos[f"urn:li:video:C4E{int(number):05d}"]
        if self.now() - video["at"] > 3600:
            raise Refused(403, b"the upload address has expired")
        if what[0] != "part":
            video[what[0]] = ask.body
            return Answer(201)
        first, last = video["cuts"][int(what[1])]
        if len(ask.body) != last - first + 1:
            raise Refused(400, f"part {what[1]} has {len(ask.body)} bytes instead of {last - first + 1}".encode())
        tag = hashlib.sha256(ask.body + what[1].encode()).hexdigest()[:32]
        video["parts"][int(what[1])] = (tag, ask.body)
        return Answer(200, None, {"ETag": f'"{tag}"' if self.quotes else tag})

    quotes = False

    def _finalize(self, said: dict[str, Any]) -> Answer:
        video = self.videos.get(said.get("video", ""))
        if video is None or said.get("uploadToken") != video["token"]:
            raise fail(400, "video or uploadToken cannot be")
        right = [video["parts"][i][0] for i in sorted(video["parts"])]
        if len(right) != len(video["cuts"]) or [t.strip('"') for t in said.get("uploadedPartIds", [])] != right:
            raise fail(400, "uploadedPartIds are not those of the parts, in their order")
        if video["state"] == "WAITING_UPLOAD":
            video["state"] = "PROCESSING"
            video["media"] = b"".join(video["parts"][i][1] for i in sorted(video["parts"]))
        return Answer(200)

    def _now(self, video: dict[str, Any]) -> str:
        if video["state"] == "PROCESSING":
            if video["polls"] > 0:
                video["polls"] -= 1
            else:
                video["state"] = "PROCESSING_FAILED" if self.ends else "AVAILABLE"
        return str(video["state"])

    @route("GET", r"/rest/videos/urn(:|%3A)li(:|%3A)video(:|%3A)\w+")
    def video(self, ask: Ask) -> Answer:
        self._allowed(ask)
        video = self.videos.get(unquote(ask.path.rsplit("/", 1)[1]))
        if video is None:
            raise fail(404, "no such video", "NOT_FOUND")
        if "%3A" not in ask.path:
            raise fail(400, "Syntax exception in path variables: a urn must be encoded")
        said = {"id": video["urn"], "status": self._now(video), "owner": self.owner}
        return Answer(200, {**said, "processingFailureReason": self.ends} if self.ends else said)

    @route("POST", "/rest/posts")
    def post(self, ask: Ask) -> Answer:
        self._allowed(ask)
        body = ask.json()
        media = body.get("content", {}).get("media", {})
        video = self.videos.get(media.get("id", ""))
        distribution = body.get("distribution", {})
        if body.get("author") != self.owner or body.get("lifecycleState") != "PUBLISHED":
            raise fail(422, "author or lifecycleState cannot be", "UNPROCESSABLE_ENTITY")
        if body.get("visibility") not in ("PUBLIC", "CONNECTIONS") or "feedDistribution" not in distribution:
            raise fail(422, "visibility or distribution is missing", "UNPROCESSABLE_ENTITY")
        if video is None or video["state"] != "AVAILABLE":
            raise fail(400, "The video is not available yet", "MEDIA_ASSET_PROCESSING_FAILED")
        shown = little(body.get("commentary", ""))
        if len(shown) > 3000:
            raise fail(422, "commentary exceeds 3000 characters", "UNPROCESSABLE_ENTITY")
        if any(s["shown"] == shown and s["video"] == video["urn"] for s in self.posts):
            raise fail(422, "Content is a duplicate of " + next(iter(self.shares)), "DUPLICATE_POST")
        urn = f"urn:li:ugcPost:{7_000_000_000_000_000_000 + len(self.shares) + 1}"
        self.shares[urn] = {"urn": urn, "shown": shown, "video": video["urn"], "body": body, "bytes": video["media"]}
        return Answer(201, None, {"x-restli-id": urn})

    @route("GET", "/rest/posts")
    def recent(self, ask: Ask) -> Answer:
        self._allowed(ask)
        if not self.reads:
            raise fail(
                403, "Not enough permissions to access: partnerApiPostsExternal.FINDER-author.20261", "ACCESS_DENIED"
            )
        if ask.query.get("q") != "author" or ask.query.get("author") != self.owner:
            raise fail(400, "q=author and author are needed")
        if "author=urn%3Ali" not in ask.said or ask.headers.get("x-restli-method") != "FINDER":
            raise fail(400, "the urn must be encoded, and X-RestLi-Method must be FINDER")
        rows = [{"id": s["urn"], **s["body"]} for s in reversed(self.shares.values())]
        return Answer(200, {"elements": rows[: int(ask.query.get("count", "10"))]})

    @route("DELETE", r"/rest/posts/urn%3Ali%3A(ugcPost|share)%3A\d+")
    def delete(self, ask: Ask) -> Answer:
        self._allowed(ask)
        self.shares.pop(unquote(ask.path.rsplit("/", 1)[1]), None)
        return Answer(204)
