"""YouTube's Data API, as far as uploads go: sessions, chunks, captions, thumbnails, the latest uploads.

Checked as the documents say: an explicit privacyStatus, title and description, the declared size and type, chunks that
are multiples of 256 KiB and follow one another, a session that is over answers with its video, duplicates of captions.
"""

from __future__ import annotations

import datetime
import re
from email import message_from_bytes
from typing import Any

from tests.publish.written.base import Answer, Ask, Refused, Written, route, span

CHUNK = 256 * 1024
UPLOADS = "UUuploads"


def fail(status: int, reason: str, message: str) -> Refused:
    error = {
        "code": status,
        "message": message,
        "errors": [{"reason": reason, "message": message, "domain": "youtube"}],
    }
    return Refused(status, {"error": error})


class YouTube(Written):
    """Videos by id, each with its bytes, resource, captions and thumbnail."""

    def __init__(self) -> None:
        super().__init__()
        self.videos: dict[str, dict[str, Any]] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.keeps = 1.0  # the part of a cut chunk that the server keeps
        self.quota = True
        self.lists = True  # whether the list of uploads shows what was uploaded

    @property
    def posts(self) -> list[dict[str, Any]]:
        return list(self.videos.values())

    def _allowed(self, ask: Ask) -> None:
        if not self.bearer(ask):
            raise fail(401, "authError", "Invalid Credentials")
        if not self.quota:
            raise fail(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota.")

    @route("POST", "/(resumable/)?upload/youtube/v3/videos")
    def begin(self, ask: Ask) -> Answer:
        self._allowed(ask)
        if ask.query.get("uploadType") != "resumable" or "snippet" not in ask.query.get("part", ""):
            raise fail(400, "badRequest", "uploadType=resumable and part are needed")
        meta = ask.json()
        snippet, status = meta.get("snippet", {}), meta.get("status", {})
        title, description = snippet.get("title", ""), snippet.get("description", "")
        if not 0 < len(title) <= 100 or re.search("[<>]", title):
            raise fail(400, "invalidTitle", "The request metadata specifies an invalid or empty video title.")
        if len(description.encode()) > 5000 or re.search("[<>]", description):
            raise fail(400, "invalidDescription", "The request metadata specifies an invalid video description.")
        if status.get("privacyStatus") not in ("public", "unlisted", "private"):
            raise fail(400, "invalidVideoMetadata", "privacyStatus is not said")
        if "publishAt" in status and status["privacyStatus"] != "private":
            raise fail(400, "invalidPublishAt", "The request metadata specifies an invalid scheduled publishing time.")
        size, kind = ask.headers.get("x-upload-content-length"), ask.headers.get("x-upload-content-type")
        if size is None or not kind or not kind.startswith("video/"):
            raise fail(400, "mediaBodyRequired", "size and type of the media are not said")
        key = f"session{len(self.sessions) + 1}"
        self.sessions[key] = {"meta": meta, "size": int(size), "got": bytearray(), "video": None, "gone": False}
        return Answer(200, None, {"Location": f"{ask.base}{ask.path}?uploadType=resumable&upload_id={key}"})

    @route("PUT", "/(resumable/)?upload/youtube/v3/videos", partial=True)
    def chunk(self, ask: Ask) -> Answer:
        session = self.sessions.get(ask.query.get("upload_id", ""))
        if session is None or session["gone"]:
            raise fail(404, "notFound", "the session is gone")
        got, size = session["got"], session["size"]
        said = ask.headers.get("content-range", "")
        if said != f"bytes */{size}":
            first, last, total = span(said)
            if session["video"] is None:
                final = last + 1 == size
                if total != size or first != len(got) or (not final and (last + 1 - first) % CHUNK):
                    raise fail(400, "badRequest", f"{said} does not follow {len(got)} of {size}")
                if len(ask.body) != last + 1 - first:
                    if ask.whole:
                        raise fail(400, "badRequest", "Content-Range and body differ")
                    ask.body = ask.body[: int(len(ask.body) * self.keeps)]
                got += ask.body
                if len(got) == size:
                    session["video"] = self._publish(session)
        if session["video"] is not None:
            return Answer(200, self._resource(session["video"]))
        return Answer(308, None, {"Range": f"bytes=0-{len(got) - 1}"} if got else {})

    def _publish(self, session: dict[str, Any]) -> str:
        key = f"vid{len(self.videos) + 1:08d}"
        self.videos[key] = {
            "id": key,
            **session["meta"],
            "media": bytes(session["got"]),
            "captions": {},
            "thumbnail": None,
            "at": self.now(),
        }
        return key

    def _resource(self, key: str) -> dict[str, Any]:
        video = self.videos[key]
        at = datetime.datetime.fromtimestamp(video["at"], datetime.UTC).isoformat().replace("+00:00", "Z")
        snippet = {**video["snippet"], "publishedAt": at, "channelId": "UCchannel"}
        status = {"uploadStatus": "uploaded", **video["status"]}
        return {"kind": "youtube#video", "id": key, "snippet": snippet, "status": status}

    @route("GET", "/youtube/v3/channels")
    def channels(self, ask: Ask) -> Answer:
        self._allowed(ask)
        if ask.query.get("mine") != "true":
            raise fail(400, "missingRequiredParameter", "no filter is given")
        item = {
            "id": "UCchannel",
            "snippet": {"title": "Oddly Good Work", "customUrl": "@oddlygoodwork"},
            "contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}},
        }
        return Answer(200, {"items": [item]})

    @route("GET", "/youtube/v3/playlistItems")
    def uploads(self, ask: Ask) -> Answer:
        self._allowed(ask)
        if ask.query.get("playlistId") != UPLOADS:
            raise fail(404, "playlistNotFound", "The playlist cannot be found.")
        shown = [self._resource(key) for key in reversed(self.videos)] if self.lists else []
        most = int(ask.query.get("maxResults", "5"))
        items = [
            {"snippet": {**v["snippet"], "resourceId": {"videoId": v["id"]}}, "contentDetails": {"videoId": v["id"]}}
            for v in shown[:most]
        ]
        return Answer(200, {"items": items, "pageInfo": {"totalResults": len(shown)}})

    def _video(self, ask: Ask, name: str) -> dict[str, Any]:
        video = self.videos.get(ask.query.get(name, ""))
        if video is None:
            raise fail(404, "videoNotFound", "The video that you are trying to reach cannot be found.")
        return video

    @route("GET", "/youtube/v3/videos")
    def video(self, ask: Ask) -> Answer:
        self._allowed(ask)
        key = ask.query.get("id", "")
        return Answer(200, {"items": [self._resource(key)] if key in self.videos else []})

    @route("DELETE", "/youtube/v3/videos")
    def delete(self, ask: Ask) -> Answer:
        self._allowed(ask)
        del self.videos[self._video(ask, "id")["id"]]
        return Answer(204)

    @route("POST", "/upload/youtube/v3/captions")
    def captions(self, ask: Ask) -> Answer:
        self._allowed(ask)
        kind = ask.headers.get("content-type", "")
        parts: Any = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + ask.body).get_payload()
        if not isinstance(parts, list) or len(parts) != 2:
            raise fail(400, "contentRequired", "The request does not contain the caption track contents.")
        about = Ask("", "", {}, {}, parts[0].get_payload(decode=True)).json()["snippet"]
        video = self.videos.get(about["videoId"])
        if video is None:
            raise fail(404, "videoNotFound", "The video cannot be found.")
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", about["language"]) or len(about["name"]) > 150:
            raise fail(400, "invalidMetadata", "The language or name cannot be.")
        if (about["language"], about["name"]) in video["captions"]:
            raise fail(409, "captionExists", "The video already has a track with that language and name.")
        video["captions"][about["language"], about["name"]] = parts[1].get_payload(decode=True)
        return Answer(200, {"kind": "youtube#caption", "id": f"cap{about['videoId']}", "snippet": about})

    @route("POST", "/(resumable/)?upload/youtube/v3/thumbnails/set")
    def thumbnail(self, ask: Ask) -> Answer:
        self._allowed(ask)
        if ask.headers.get("content-type") not in ("image/jpeg", "image/png"):
            raise fail(400, "invalidImage", "The provided image content is invalid.")
        self._video(ask, "videoId")["thumbnail"] = ask.body
        return Answer(200, {"items": [{"default": {"url": "x"}}]})
