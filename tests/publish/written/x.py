"""X's API v2, as far as posting a video goes: uploads in segments, alt text, subtitles, posts.

State is kept here; whether a request has the shape that X's description of its interface demands is told by a referee
(prism with an OpenAPI document), through which each request goes first where one is given.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import re
import urllib.error
import urllib.request
from typing import Any

from tests.publish.written.base import Answer, Ask, Refused, Written, route

USER = "2244994945"
SNOWFLAKE = 1_990_000_000_000_000_000


def problem(status: int, title: str, detail: str) -> Refused:
    return Refused(status, {"title": title, "detail": detail, "type": "about:blank", "status": status})


class X(Written):
    """Media by id, posts by id. `reads` tells whether the app's plan lets it read posts.

    Args:
        referee: the address of prism, or "".
    """

    def __init__(self, referee: str = "") -> None:
        super().__init__()
        self.referee = referee
        self.media: dict[str, dict[str, Any]] = {}
        self.tweets: dict[str, dict[str, Any]] = {}
        self.reads = True
        self.polls = 1
        self.ends: str | None = None
        self.lasts = 86_400
        self.judged = 0

    @property
    def posts(self) -> list[dict[str, Any]]:
        return list(self.tweets.values())

    def answer(self, ask: Ask) -> Answer | None:
        if self.referee and ask.whole:
            try:
                self._judge(ask)
            except Refused as refused:
                return refused.answer
        return super().answer(ask)

    def _judge(self, ask: Ask) -> None:
        """Refuses what the referee finds against the description."""
        headers = {k: v for k, v in ask.headers.items() if k in ("authorization", "content-type", "accept")}
        data = ask.body if ask.method in ("POST", "PUT") else None
        asked = urllib.request.Request(self.referee + ask.said, data=data, headers=headers, method=ask.method)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            said = error.read()
            if error.code < 500:
                raise Refused(400, {"title": "Invalid Request", "detail": said.decode()[:600], "status": 400}) from None
            raise AssertionError(f"the referee itself failed at {ask.method} {ask.path}: {said[:300]!r}") from None
        self.judged += 1

    def _allowed(self, ask: Ask) -> None:
        if not self.bearer(ask):
            raise problem(401, "Unauthorized", "Unauthorized")

    def _medium(self, key: str) -> dict[str, Any]:
        medium = self.media.get(key)
        if medium is None or self.now() - medium["at"] > self.lasts:
            raise problem(400, "Invalid Request", f"media id {key} is not found or has expired")
        return medium

    @route("GET", "/2/users/me")
    def me(self, ask: Ask) -> Answer:
        self._allowed(ask)
        return Answer(200, {"data": {"id": USER, "name": "Oddly Good Work", "username": "oddlygoodwork"}})

    @route("POST", "/2/media/upload/initialize")
    def initialize(self, ask: Ask) -> Answer:
        self._allowed(ask)
        said = ask.json()
        if not {"media_category", "media_type", "total_bytes"} <= set(said):
            raise problem(400, "Invalid Request", "media_category, media_type and total_bytes are needed")
        if said["media_category"] == "tweet_video" and said["total_bytes"] > 512 << 20:
            raise problem(400, "Invalid Request", "File size exceeds 536870912 bytes")
        key = str(SNOWFLAKE + len(self.media) + 1)
        prefix = {"tweet_video": "7", "subtitles": "20"}.get(said["media_category"], "3")
        medium = {"id": key, "key": f"{prefix}_{key}", "said": said, "segments": {}, "at": self.now(), "alt": None}
        self.media[key] = {**medium, "state": "uploading", "polls": self.polls, "subtitles": [], "bytes": b""}
        return Answer(200, {"data": {"id": key, "media_key": medium["key"], "expires_after_secs": self.lasts}})

    @route("POST", r"/2/media/upload/\d+/append")
    def append(self, ask: Ask) -> Answer:
        self._allowed(ask)
        medium, said = self._medium(ask.path.split("/")[4]), ask.json()
        if medium["state"] != "uploading":
            raise problem(400, "Invalid Request", "the upload is finalized")
        try:
            data = base64.b64decode(said["media"], validate=True)
        except (KeyError, binascii.Error):
            raise problem(400, "Invalid Request", "media is no base64") from None
        if len(said["media"]) > 5 << 20 or not 0 <= said.get("segment_index", -1) <= 999:
            raise problem(413, "Payload Too Large", "a segment has at most 5 MB, and an index from 0 to 999")
        medium["segments"][said["segment_index"]] = data
        return Answer(200, {"data": {"expires_at": int(medium["at"] + self.lasts)}})

    @route("POST", r"/2/media/upload/\d+/finalize")
    def finalize(self, ask: Ask) -> Answer:
        self._allowed(ask)
        medium = self._medium(ask.path.split("/")[4])
        data = b"".join(medium["segments"][i] for i in sorted(medium["segments"]))
        if (
            sorted(medium["segments"]) != list(range(len(medium["segments"])))
            or len(data) != medium["said"]["total_bytes"]
        ):
            raise problem(400, "Invalid Request", f"Segments do not add up to {medium['said']['total_bytes']} bytes")
        medium["bytes"] = data
        if medium["said"]["media_category"] == "tweet_video" and medium["state"] == "uploading":
            medium["state"] = "pending"
        elif medium["state"] == "uploading":
            medium["state"] = "succeeded"
        return Answer(200, {"data": self._shown(medium)})

    def _shown(self, medium: dict[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": medium["id"], "media_key": medium["key"], "size": len(medium["bytes"])}
        if medium["said"]["media_category"] == "tweet_video":
            info: dict[str, Any] = {"state": medium["state"]}
            if medium["state"] in ("pending", "in_progress"):
                info["check_after_secs"] = 5
            if medium["state"] == "failed":
                info["error"] = {"code": 1, "name": "InvalidMedia", "message": self.ends}
            shown["processing_info"] = info
        return shown

    @route("GET", "/2/media/upload")
    def status(self, ask: Ask) -> Answer:
        self._allowed(ask)
        medium = self._medium(ask.query.get("media_id", ""))
        if medium["state"] in ("pending", "in_progress"):
            medium["polls"] -= 1
            done = "failed" if self.ends else "succeeded"
            medium["state"] = done if medium["polls"] < 0 else "in_progress"
        return Answer(200, {"data": self._shown(medium)})

    @route("POST", "/2/media/metadata")
    def metadata(self, ask: Ask) -> Answer:
        self._allowed(ask)
        said = ask.json()
        text = said.get("metadata", {}).get("alt_text", {}).get("text", "")
        if len(text) > 1000:
            raise problem(400, "Invalid Request", "alt_text has more than 1000 characters")
        self._medium(said.get("id", ""))["alt"] = text
        return Answer(200, {"data": {"id": said["id"]}})

    @route("POST", "/2/media/subtitles")
    def subtitles(self, ask: Ask) -> Answer:
        self._allowed(ask)
        said = ask.json()
        track = said.get("subtitles", {})
        if said.get("media_category") != "TweetVideo" or not re.fullmatch("[A-Z]{2}", track.get("language_code", "")):
            raise problem(400, "Invalid Request", "media_category or language_code cannot be")
        file = self._medium(track.get("id", ""))
        if file["said"]["media_category"] != "subtitles" or file["state"] != "succeeded":
            raise problem(400, "Invalid Request", "the track is no uploaded file of subtitles")
        tracks = self._medium(said.get("id", ""))["subtitles"]
        tracks[:] = [t for t in tracks if t[0] != track["language_code"]] + [(track["language_code"], file["bytes"])]
        return Answer(200, {"data": {"id": said["id"], "media_category": "TweetVideo"}})

    @route("POST", "/2/tweets")
    def post(self, ask: Ask) -> Answer:
        self._allowed(ask)
        said = ask.json()
        text, keys = said.get("text", ""), said.get("media", {}).get("media_ids", [])
        if "made_with_ai" in said:
            raise problem(400, "Invalid Request", "a cut of a real talk is not made with AI")
        if len(re.sub(r"https?://\S+", "x" * 23, text)) > 280:
            raise problem(403, "Forbidden", "Your Tweet text is too long.")
        media = [self._medium(key) for key in keys]
        if not media or any(m["state"] != "succeeded" for m in media):
            raise problem(400, "Invalid Request", "Your media IDs are invalid.")
        if any(p["said"] == text for p in self.tweets.values()):
            raise problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
        key = str(SNOWFLAKE + 500_000 + len(self.tweets) + 1)
        shown = re.sub(r"https?://\S+", "https://t.co/AbCdEfGh12", text) + " https://t.co/ZzYyXxWw98"
        self.tweets[key] = {"id": key, "said": text, "text": shown, "media": media, "at": self.now()}
        return Answer(201, {"data": {"id": key, "text": shown, "edit_history_post_ids": [key]}})

    @route("GET", rf"/2/users/{USER}/tweets")
    def recent(self, ask: Ask) -> Answer:
        self._allowed(ask)
        if not self.reads:
            raise problem(403, "Client Forbidden", "Your client app is not permitted to perform this action.")
        fields = ask.query.get("post.fields", "").split(",")
        rows = []
        for tweet in list(reversed(self.tweets.values()))[: int(ask.query.get("max_results", "10"))]:
            row: dict[str, Any] = {"id": tweet["id"], "text": tweet["text"], "edit_history_post_ids": [tweet["id"]]}
            if "attachments" in fields:
                row["attachments"] = {"media_keys": [m["key"] for m in tweet["media"]]}
            if "created_at" in fields:
                row["created_at"] = datetime.datetime.fromtimestamp(tweet["at"], datetime.UTC).strftime(
                    "%Y-%m-%dT%H:%M:%S.000Z"
                )
            rows.append(row)
        return Answer(
            200, {"data": rows, "meta": {"result_count": len(rows)}} if rows else {"meta": {"result_count": 0}}
        )

    @route("DELETE", r"/2/tweets/\d+")
    def delete(self, ask: Ask) -> Answer:
        self._allowed(ask)
        if self.tweets.pop(ask.path.rsplit("/", 1)[1], None) is None:
            raise problem(404, "Not Found Error", "Could not find tweet with id: it is not found")
        return Answer(200, {"data": {"deleted": True}})
