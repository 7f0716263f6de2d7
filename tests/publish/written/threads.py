"""Threads: a container made from a public address, its status, threads_publish."""

from __future__ import annotations

import re

from tests.publish.written.base import Answer, Ask, route
from tests.publish.written.graph import Graph, fail

USER = "24000000000000001"
FIELDS = ("id", "text", "permalink", "timestamp", "media_type")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")


class Threads(Graph):
    """Posts are `media`, each with text and alt text."""

    @route("GET", r"/v1\.0/me")
    def me(self, ask: Ask) -> Answer:
        self.allowed(ask)
        return Answer(200, {"id": USER, "username": "oddlygoodwork"})

    @route("POST", rf"/v1\.0/{USER}/threads")
    def create(self, ask: Ask) -> Answer:
        self.allowed(ask)
        form = ask.form()
        if form.get("media_type") != "VIDEO" or "video_url" not in form:
            raise fail(400, 100, "media_type=VIDEO and video_url are needed")
        text = form.get("text", "")
        if sum(len(c.encode()) if EMOJI.match(c) else 1 for c in text) > 500:
            raise fail(400, 100, "Param text must be at most 500 characters long.")
        if len(re.findall(r"https?://", text)) > 5:
            raise fail(400, 100, "The text has more than 5 links", said="THREADS_API__LINK_LIMIT_EXCEEDED")
        if len(form.get("alt_text", "")) > 1000:
            raise fail(400, 100, "Param alt_text must be at most 1000 characters long.")
        if not 0 < len(form.get("topic_tag", "x")) <= 50 or re.search(r"[.&]", form.get("topic_tag", "")):
            raise fail(400, 100, "Param topic_tag must be 1 to 50 characters without . and &")
        data = self.fetch(form["video_url"])
        box = self.container(text=text, alt=form.get("alt_text", ""), topic=form.get("topic_tag"), form=form)
        box["got"] += data
        box["size"] = len(data)
        return Answer(200, {"id": box["id"]})

    @route("GET", r"/v1\.0/17\d{15}")
    def status(self, ask: Ask) -> Answer:
        box = self.asked_for(ask, self.containers)
        state = self.state(box)
        said = {"id": box["id"], "status": state}
        return Answer(200, {**said, "error_message": self.ends} if state == "ERROR" else said)

    @route("POST", rf"/v1\.0/{USER}/threads_publish")
    def threads_publish(self, ask: Ask) -> Answer:
        self.allowed(ask)
        key = ask.form().get("creation_id", "")
        box = self.containers.get(key, {})
        media = self.publish(key, text=box.get("text"), alt=box.get("alt"), topic=box.get("topic"), media_type="VIDEO")
        self.media[media]["permalink"] = f"https://www.threads.com/@oddlygoodwork/post/{media}"
        return Answer(200, {"id": media})

    @route("GET", rf"/v1\.0/{USER}/threads")
    def recent(self, ask: Ask) -> Answer:
        self.allowed(ask)
        return self.latest(ask, FIELDS)

    @route("GET", r"/v1\.0/18\d{15}")
    def one(self, ask: Ask) -> Answer:
        return self.medium(ask)

    @route("DELETE", r"/v1\.0/18\d{15}")
    def delete(self, ask: Ask) -> Answer:
        return self.taken_back(ask, deleted_id=ask.path.rsplit("/", 1)[1])
