"""Facebook's Reels on a Page: start, upload to rupload, finish, captions, status."""

from __future__ import annotations

from email import message_from_bytes
from typing import Any

from tests.publish.written.base import Answer, Ask, route
from tests.publish.written.graph import Graph, fail, languages

PAGE = "1001"


class Facebook(Graph):
    """Reels are `containers` whose `published` is set."""

    @property
    def posts(self) -> list[dict[str, Any]]:
        return [box for box in self.containers.values() if box["published"]]

    @route("GET", r"/v[\d.]+/me")
    def me(self, ask: Ask) -> Answer:
        self.allowed(ask)
        return Answer(200, {"id": PAGE, "name": "Oddly Good Work"})

    @route("POST", rf"/v[\d.]+/{PAGE}/video_reels")
    def reels(self, ask: Ask) -> Answer:
        self.allowed(ask)
        form = ask.form()
        if form.get("upload_phase") == "start":
            box = self.container(published=False, description=None, captions={}, state=form.get("video_state"))
            return Answer(200, {"video_id": box["id"], "upload_url": f"{ask.base}/video-upload/v26.0/{box['id']}"})
        if form.get("upload_phase") != "finish":
            raise fail(400, 100, "upload_phase must be start or finish")
        found = self.containers.get(form.get("video_id", ""))
        if found is None or found["published"]:
            raise fail(400, 100, "Invalid parameter", said="There is no upload to finish")
        if found["size"] is None or len(found["got"]) < found["size"]:
            raise fail(400, 6000, "Video Upload Is Missing", said="There was a problem uploading your video file")
        if form.get("video_state") not in ("PUBLISHED", "SCHEDULED", "DRAFT"):
            raise fail(400, 100, "video_state is needed")
        if len(self.posts) >= self.limit:
            raise fail(403, 368, "The limit of reels of this Page is reached", said="30 posts in 24 hours")
        found.update(published=True, description=form.get("description", ""), title=form.get("title", ""), form=form)
        return Answer(200, {"success": True, "post_id": f"{PAGE}_{found['id']}"})

    @route("GET", rf"/v[\d.]+/{PAGE}/video_reels")
    def recent(self, ask: Ask) -> Answer:
        self.allowed(ask)
        rows = [{"id": b["id"], "description": b["description"]} for b in reversed(self.posts)]
        return Answer(200, {"data": rows[: int(ask.query.get("limit", "25"))]})

    @route("POST", r"/video-upload/v[\d.]+/\d+", partial=True)
    def upload(self, ask: Ask) -> Answer:
        return self.receive(ask, self.containers.get(ask.path.rsplit("/", 1)[1]))

    def _box(self, ask: Ask) -> dict[str, Any]:
        box = self.containers.get(ask.path.split("/")[2])
        if box is None:
            raise fail(400, 100, "Unsupported get request. Object with that ID does not exist", sub=33)
        return box

    @route("GET", r"/v[\d.]+/17\d{15}")
    def status(self, ask: Ask) -> Answer:
        self.allowed(ask)
        box = self._box(ask)
        whole = box["size"] is not None and len(box["got"]) == box["size"]
        publishing: dict[str, Any] = {"status": "not_started"}
        processing: dict[str, Any] = {"status": "not_started"}
        video = "upload_complete" if whole else "processing"
        if self.now() - box["at"] > 24 * 3600 and not box["published"]:
            video = "expired"
        if box["published"]:
            if box["polls"] > 0:
                box["polls"] -= 1
                publishing, processing, video = {"status": "in_progress"}, {"status": "in_progress"}, "processing"
            elif self.ends:
                processing = {"status": "error", "errors": [{"code": 1363040, "message": self.ends}]}
                video = "error"
            else:
                processing, video = {"status": "complete"}, "ready"
                publishing = {"status": "complete", "publish_status": "published", "publish_time": int(box["at"])}
        done = {"status": "complete" if whole else "in_progress", "bytes_transfered": len(box["got"])}
        status = {
            "video_status": video,
            "uploading_phase": done,
            "processing_phase": processing,
            "publishing_phase": publishing,
        }
        return Answer(200, {"id": box["id"], "status": status, "permalink_url": f"/reel/{box['id']}/"})

    @route("POST", r"/v[\d.]+/17\d{15}/captions")
    def captions(self, ask: Ask) -> Answer:
        self.allowed(ask)
        box = self._box(ask)
        kind = ask.headers.get("content-type", "")
        parts: Any = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + ask.body).get_payload()
        fields = (
            {p.get_param("name", header="content-disposition"): p for p in parts} if isinstance(parts, list) else {}
        )
        file, locale = fields.get("captions_file"), fields.get("default_locale")
        if file is None or locale is None or not languages(file.get_filename() or ""):
            raise fail(400, 386, "captions_file must be named NAME.xx_XX.srt, and default_locale is needed")
        box["captions"][locale.get_payload(decode=True).decode()] = file.get_payload(decode=True)
        return Answer(200, {"success": True})

    @route("DELETE", r"/v[\d.]+/17\d{15}")
    def delete(self, ask: Ask) -> Answer:
        self.allowed(ask)
        del self.containers[self._box(ask)["id"]]
        return Answer(200, {"success": True})
