"""TikTok's Content Posting API (direct post, file upload), as its reference and its guide to media transfer say.

Checked: the creator is asked for before a post, the privacy level is one of the creator's, an unaudited app posts to
SELF_ONLY alone, sizes and number of chunks, their order and ranges, an upload address that lives an hour, rates.
"""

from __future__ import annotations

from typing import Any

from tests.publish.written.base import Answer, Ask, Refused, Written, route, span

MB = 1_000_000
OPTIONS = ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]


def fail(status: int, code: str, message: str) -> Refused:
    return Refused(status, {"data": {}, "error": {"code": code, "message": message, "log_id": "log"}})


def fine(**data: Any) -> Answer:
    return Answer(200, {"data": data, "error": {"code": "ok", "message": "", "log_id": "log"}})


class TikTok(Written):
    """Posts by publish id. `audited` and `options` say what the app and the creator may."""

    def __init__(self) -> None:
        super().__init__()
        self.audited = True
        self.options = list(OPTIONS)
        self.longest = 600
        self.pending: dict[str, dict[str, Any]] = {}
        self.asked_creator = False
        self.polls = 1  # times that a status says "processing" before the post is there
        self.ends: str | None = None  # a fail_reason
        self.least_chunk = 5 * MB
        self.moderated = True  # whether the post's id is told

    @property
    def posts(self) -> list[dict[str, Any]]:
        return [p for p in self.pending.values() if p["state"] == "PUBLISH_COMPLETE"]

    def _allowed(self, ask: Ask) -> None:
        if not self.bearer(ask):
            raise fail(401, "access_token_invalid", "The access token is invalid or not found in the request.")
        if ask.headers.get("content-type", "").lower() != "application/json; charset=utf-8":
            raise fail(400, "invalid_params", "Content-Type must be application/json; charset=UTF-8")

    @route("POST", "/v2/post/publish/creator_info/query/")
    def creator(self, ask: Ask) -> Answer:
        self._allowed(ask)
        self.asked_creator = True
        return fine(
            creator_username="oddlygoodwork",
            creator_nickname="Oddly Good Work",
            privacy_level_options=self.options,
            comment_disabled=False,
            duet_disabled=True,
            stitch_disabled=False,
            max_video_post_duration_sec=self.longest,
        )

    @route("POST", "/v2/post/publish/video/init/")
    def init(self, ask: Ask) -> Answer:
        self._allowed(ask)
        body = ask.json()
        info, source = body.get("post_info", {}), body.get("source_info", {})
        if not self.asked_creator:
            raise fail(403, "creator_not_asked", "creator_info must be asked for before a post")
        if info.get("privacy_level") not in self.options:
            raise fail(403, "privacy_level_option_mismatch", "privacy_level is none of the creator's options")
        if not self.audited and info["privacy_level"] != "SELF_ONLY":
            raise fail(
                403,
                "unaudited_client_can_only_post_to_private_accounts",
                "Please review our integration guidelines",
            )
        if len(info.get("title", "").encode("utf-16-le")) // 2 > 2200:
            raise fail(400, "invalid_params", "title is too long")
        for flag in ("brand_content_toggle", "brand_organic_toggle"):
            if not isinstance(info.get(flag), bool):
                raise fail(400, "invalid_params", f"{flag} is required")
        if not info.get("disable_duet"):
            raise fail(400, "invalid_params", "the creator has duets switched off")
        size, chunk, count = (source.get(k, 0) for k in ("video_size", "chunk_size", "total_chunk_count"))
        if source.get("source") != "FILE_UPLOAD" or size <= 0:
            raise fail(400, "invalid_params", "source_info cannot be")
        if size < self.least_chunk:
            right = chunk == size and count == 1
        else:
            right = self.least_chunk <= chunk <= 64 * MB and count == size // chunk and 1 <= count <= 1000
        if not right:
            raise fail(400, "invalid_params", f"chunks of {chunk}, {count} of them, do not make {size}")
        key = f"v_pub_file~v2-1.{len(self.pending) + 1}"
        made = {
            "id": key,
            "info": info,
            "size": size,
            "chunk": chunk,
            "count": count,
            "got": bytearray(),
            "at": self.now(),
        }
        self.pending[key] = {**made, "state": "PROCESSING_UPLOAD", "polls": self.polls, "reason": ""}
        return fine(publish_id=key, upload_url=f"{ask.base}/video/?upload_id={len(self.pending)}&upload_token=once")

    @route("PUT", "/video/")
    def chunk(self, ask: Ask) -> Answer:
        key = f"v_pub_file~v2-1.{ask.query.get('upload_id')}"
        if key not in self.pending or ask.query.get("upload_token") != "once":
            raise Refused(404)
        post = self.pending[key]
        if "authorization" in ask.headers:
            raise Refused(400, {"error": "the address itself is the permission; no token belongs here"})
        if self.now() - post["at"] > 3600:
            raise Refused(403, {"error": "the upload address has expired"})
        if ask.headers.get("content-type") != "video/mp4":
            raise Refused(400, {"error": "Content-Type must be the video's"})
        first, last, total = span(ask.headers.get("content-range", ""))
        got = post["got"]
        number = len(got) // post["chunk"]
        end = post["size"] if number + 1 >= post["count"] else (number + 1) * post["chunk"]
        if first != len(got) or total != post["size"] or last + 1 != end or len(ask.body) != end - first:
            raise Refused(416, {"error": "out of order"}, Content_Range=f"bytes 0-{len(got) - 1}/{post['size']}")
        got += ask.body
        headers = {"Content-Range": f"bytes 0-{len(got) - 1}/{post['size']}"}
        if len(got) < post["size"]:
            return Answer(206, None, headers)
        # the whole video is there: from now on the post makes itself, whoever asks
        post["state"] = "FAILED" if self.ends else "PUBLISH_COMPLETE"
        post["reason"] = self.ends or ""
        return Answer(201, None, headers)

    @route("POST", "/v2/post/publish/status/fetch/")
    def status(self, ask: Ask) -> Answer:
        self._allowed(ask)
        post = self.pending.get(ask.json().get("publish_id", ""))
        if post is None:
            raise fail(400, "invalid_publish_id", "The publish_id does not exist.")
        state, polls = post["state"], post["polls"]
        data: dict[str, Any] = {"uploaded_bytes": len(post["got"])}
        if state != "PROCESSING_UPLOAD" and polls > 0:
            post["polls"] = polls - 1
            state = "PROCESSING_UPLOAD"
        if state == "FAILED":
            data["fail_reason"] = post["reason"]
        if state == "PUBLISH_COMPLETE" and self.moderated and post["info"]["privacy_level"] == "PUBLIC_TO_EVERYONE":
            data["publicaly_available_post_id"] = [7300000000000000000 + int(post["id"].rsplit(".", 1)[1])]
        return fine(status=state, **data)
