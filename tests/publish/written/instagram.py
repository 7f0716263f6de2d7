"""Instagram's content publishing: a container, its upload or a public address, media_publish.

Both logins are here: Facebook's (a resumable upload) and Instagram's own (a public address only).
"""

from __future__ import annotations

from typing import Any

from tests.publish.written.base import Answer, Ask, route
from tests.publish.written.graph import Graph, fail

USER = "17841400000000001"
FIELDS = ("id", "caption", "permalink", "timestamp", "media_type")


class Instagram(Graph):
    """`facebook` tells whether the app logged in through Facebook."""

    def __init__(self) -> None:
        super().__init__()
        self.facebook = True

    @route("GET", r"/(v[\d.]+/)?me")
    def me(self, ask: Ask) -> Answer:
        self.allowed(ask)
        return Answer(200, {"user_id": USER, "id": USER, "username": "oddlygoodwork"})

    @route("GET", r"/v[\d.]+/me/accounts")
    def accounts(self, ask: Ask) -> Answer:
        self.allowed(ask)
        linked = {"id": USER, "username": "oddlygoodwork"}
        return Answer(200, {"data": [{"id": "1001", "name": "Oddly", "instagram_business_account": linked}]})

    @route("POST", rf"/v[\d.]+/{USER}/media")
    def create(self, ask: Ask) -> Answer:
        self.allowed(ask)
        form = ask.form()
        if form.get("media_type") != "REELS":
            raise fail(400, 100, "media_type must be REELS")
        if len(form.get("caption", "")) > 2200:
            raise fail(
                400, 36103, "The caption is too long", sub=2207010, said="The caption has more than 2200 characters"
            )
        if "alt_text" in form:
            raise fail(400, 100, "alt_text is for images only")
        about: dict[str, Any] = {"caption": form.get("caption", ""), "form": form}
        if "video_url" in form:
            data = self.fetch(form["video_url"])
            box = self.container(**about)
            box["got"] += data
            box["size"] = len(data)
            return Answer(200, {"id": box["id"]})
        if form.get("upload_type") != "resumable" or not self.facebook:
            raise fail(400, 100, "The parameter video_url is required")
        box = self.container(**about)
        return Answer(200, {"id": box["id"], "uri": f"{ask.base}/ig-api-upload/v26.0/{box['id']}"})

    @route("POST", r"/ig-api-upload/v[\d.]+/\d+", partial=True)
    def upload(self, ask: Ask) -> Answer:
        return self.receive(ask, self.containers.get(ask.path.rsplit("/", 1)[1]))

    @route("GET", r"/v[\d.]+/17\d{15}")
    def status(self, ask: Ask) -> Answer:
        box = self.asked_for(ask, self.containers)
        code = self.state(box)
        said = {"status_code": code, "id": box["id"], "status": f"{code}: {self.ends}" if code == "ERROR" else code}
        if "video_status" in ask.query.get("fields", ""):
            said["video_status"] = {"uploading_phase": {"status": "in_progress", "bytes_transferred": len(box["got"])}}
        return Answer(200, said)

    @route("POST", rf"/v[\d.]+/{USER}/media_publish")
    def media_publish(self, ask: Ask) -> Answer:
        self.allowed(ask)
        key = ask.form().get("creation_id", "")
        caption = self.containers.get(key, {}).get("caption", "")
        media = self.publish(key, caption=caption, media_type="VIDEO")
        self.media[media]["permalink"] = f"https://www.instagram.com/reel/{media}/"
        return Answer(200, {"id": media})

    @route("GET", rf"/v[\d.]+/{USER}/media")
    def recent(self, ask: Ask) -> Answer:
        self.allowed(ask)
        return self.latest(ask, FIELDS)

    @route("GET", r"/v[\d.]+/18\d{15}")
    def one(self, ask: Ask) -> Answer:
        return self.medium(ask)

    @route("DELETE", r"/v[\d.]+/18\d{15}")
    def delete(self, ask: Ask) -> Answer:
        if not self.facebook:
            raise fail(400, 100, "Unsupported delete request.")
        return self.taken_back(ask)
