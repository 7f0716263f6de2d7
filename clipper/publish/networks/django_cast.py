"""A podcast's own site that runs django-cast: a post with the video under one of its blogs, then made public.

The post's slug follows from the clip and is unique there, so that no clip stands twice. Source: django-cast's content
editing API (cast/api/editor), version 0.2.67.
"""

from __future__ import annotations

import base64
import html
from typing import Any, ClassVar

from clipper.publish.base import Account, Field, Job, Kind, Limits, Missing, Pack, Posted, Request, Unknown
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Later, Refused
from clipper.publish.guard import checked_address
from clipper.publish.places import size_words
from clipper.publish.web import Answer, Web

KIND = Kind(
    name="cast",
    label="django-cast",
    platforms=("youtube-shorts",),
    fields=(
        Field(
            "server", "Address of the site", help="with the path of its editing API, if that is not /cast/api/editor"
        ),
        Field("user", "User"),
        Field("password", "Password", secret=True),
        Field("parent", "Title of the blog the clips go to; empty if there is one only", default=""),
    ),
    unpublishes=False,
)

EDITOR = "/cast/api/editor"


class Cast:
    """One blog of one site."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self._credentials, self._web = credentials, web
        server = checked_address(credentials["server"], allow_http=web.allow_http)
        self._server, found, path = server.partition(EDITOR)
        del path
        self._api = server if found else server + EDITOR
        # its session login goes before the password's, and says 403
        web.unauthorised = lambda answer: answer.status in (401, 403)
        self._parent: dict[str, Any] | None = None

    def account(self) -> Account:
        parent = self._blog()
        user = self._credentials["user"]
        return Account(
            f"{user}@{self._server}#{parent['id']}", f"{user} at {self._server}, {parent['title']}", "public"
        )

    def limits(self) -> Limits:
        return Limits()

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        packed = pack.packed
        video = f"the video, {size_words(packed.video.bytes)}"
        post = {"title": packed.title, "slug": slug(pack), "text": packed.text}
        return (
            Request("POST", f"{self._api}/media/videos/", video, {"title": _name(pack)}, bytes=packed.video.bytes),
            Request("POST", f"{self._api}/posts/", "the post, as a draft", post),
            Request("POST", f"{self._api}/posts/{{id}}/publish/", "makes it public"),
        )

    def publish(self, job: Job) -> Posted:
        post = self._post(job.pack) or self._draft(job)
        # 409: it is public, by a request whose answer was lost
        self._call("POST", f"/posts/{post['id']}/publish/", again=True, ok=(200, 409))
        return self._posted(post["id"])

    def find(self, job: Job) -> Posted | Missing | Unknown:
        post = self._post(job.pack)
        return self._posted(post["id"]) if post is not None and post.get("live") else Missing()

    def delete(self, posted: Posted) -> None:
        raise Refused("django-cast's editing API takes nothing back", "delete the post on the site itself")

    def _draft(self, job: Job) -> dict[str, Any]:
        packed = job.pack.packed
        video = self._video(job)
        data = {
            "parent": {"id": self._blog()["id"]},
            "title": packed.title,
            "slug": slug(job.pack),
            "tags": list(packed.hashtags),
            "overview": [
                {"type": "paragraph", "value": _markup(packed.text, packed.link)},
                {"type": "video", "value": {"id": video}},
            ],
        }
        return self._read(self._call("POST", "/posts/", json=data, again=False, ok=(201,)))

    def _video(self, job: Job) -> Any:
        """The number of the video there; one that an earlier try has uploaded is known by its name."""
        name, packed = _name(job.pack), job.pack.packed
        there = self._read(self._call("GET", "/media/videos/", params={"q": name})).get("results", [])
        if there:
            return there[0]["id"]
        job.progress("publish", 0, packed.video.bytes, packed.title)
        with job.pack.video.open("rb") as f:
            files = {"original": (f"{slug(job.pack)}.mp4", f, packed.video.kind)}
            made = self._call("POST", "/media/videos/", data={"title": name}, files=files, again=False, ok=(201,))
        job.progress("publish", packed.video.bytes, packed.video.bytes, packed.title)
        return self._read(made)["id"]

    def _post(self, pack: Pack) -> dict[str, Any] | None:
        where = {"parent": str(self._blog()["id"]), "slug": slug(pack)}
        answer = self._call("GET", "/posts/", params=where, ok=(200, 404))
        return None if answer.status == 404 else self._read(answer)

    def _blog(self) -> dict[str, Any]:
        if self._parent is None:
            said = self._call("GET", "/parents/").json()
            wanted = self._credentials.get("parent")
            blogs = [b for b in said if b.get("type") != "cast.Podcast"] if isinstance(said, list) else []
            fitting = [b for b in blogs if not wanted or b.get("title") == wanted]
            if len(fitting) != 1:
                there = ", ".join(str(b.get("title")) for b in blogs) or "none"
                raise Refused(f"{self._server} has these blogs: {there}", "name one of them: clipper login cast")
            self._parent = fitting[0]
        return self._parent

    def _posted(self, number: Any) -> Posted:
        answer = self._web.call("GET", f"{self._server}/cast/api/wagtail/pages/{number}/", ok=(200, 404))
        meta = answer.table().get("meta")
        url = meta.get("html_url") if isinstance(meta, dict) else ""
        return Posted(str(number), url if isinstance(url, str) and url.startswith("http") else "")

    def _call(self, method: str, path: str, **more: Any) -> Answer:
        raw = f"{self._credentials['user']}:{self._credentials.secret('password')}".encode()
        token = {"Authorization": "Basic " + base64.b64encode(raw).decode("ascii")}
        return self._web.call(method, self._api + path, headers=token, **more)

    def _read(self, answer: Answer) -> dict[str, Any]:
        said = answer.table()
        if not said:
            raise Later(f"{self._server} answers something that is no answer of django-cast's")
        return said


def make(credentials: Credentials, web: Web) -> Cast:
    return Cast(credentials, web)


def slug(pack: Pack) -> str:
    """Of the post: the pack's own name and the first digits of the clip's content."""
    return f"{pack.folder.name}-{pack.packed.content[:8]}".lower()


def _name(pack: Pack) -> str:
    return f"{pack.packed.title[:180]} ({pack.packed.content[:8]})"


def _markup(text: str, link: str | None) -> str:
    """A text as a paragraph; its link can be followed."""
    escaped = html.escape(text)
    if link:
        target = html.escape(link)
        escaped = escaped.replace(target, f'<a href="{target}">{target}</a>')
    return "<p>" + escaped.replace("\n", "<br/>") + "</p>"
