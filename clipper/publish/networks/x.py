"""X: a video in segments, its alt text and captions, then a post, by X's own client. In: a pack; out: a post.

Uploads show nothing to anybody; the one request that makes the post is never sent twice. Whether it did is seen among
the account's latest posts, by the key of the video.

Source: docs.x.com/x-api/media/quickstart and openapi 2.167.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from clipper.publish import answers
from clipper.publish.base import Account, Field, Job, Kind, Limits, Missing, Pack, Posted, Request, Unknown
from clipper.publish.bearer import SIGNED_IN, Bearer, addresses
from clipper.publish.credentials import Credentials
from clipper.publish.errors import PublishError, Refused, Unauthorised, Unsure
from clipper.publish.facts import facts, limits
from clipper.publish.files import FileBody, whole
from clipper.publish.guard import checked_address
from clipper.publish.places import size_words
from clipper.publish.signing import sign_in
from clipper.publish.through import session
from clipper.publish.waiting import begin, forgotten, sending, settle, until, was_sent
from clipper.publish.web import Web

FACTS = facts("x")
KIND = Kind(
    "x",
    "X",
    ("x",),
    fields=(
        *SIGNED_IN,
        Field("premium", "has the account X Premium", default="no", help="yes or no; without it 720p is the most"),
        *addresses("x"),
    ),
    imports=("xdk",),
)
SEGMENT = 1 << 20  # bytes; a segment may have 5 MB as base64
SEGMENTS = 1000
LATEST = 100  # posts that are looked through
LINK = re.compile(r"https?://\S+")
LANGUAGES = {"EN": "English", "DE": "Deutsch", "ES": "Español", "FR": "Français", "PT": "Português", "IT": "Italiano"}


class X:
    """One account."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self.bearer, self.web = Bearer(credentials, web), web
        self.api = checked_address(credentials["api"], allow_http=web.allow_http)
        self.premium = credentials["premium"] == "yes"
        self._made: Any = None

    def account(self) -> Account:
        me = answers.table(self._ask(lambda c: c.users.get_me()), "data")
        if not answers.text(me, "id").isdigit():
            raise PublishError("X does not say whose login this is", "run it again later")
        return Account(answers.text(me, "id"), f"@{answers.text(me, 'username')}", "public")

    def limits(self) -> Limits:
        return Limits() if self.premium else limits("x")

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        packed, video = pack.packed, pack.packed.video
        self._small_enough(pack)
        up = f"{self.api}/2/media/upload"
        asked = [*_upload(up, "the video", "tweet_video", video.kind, video.bytes)]
        if packed.alt:
            asked.append(Request("POST", f"{self.api}/2/media/metadata", "the alt text", {"alt": packed.alt}))
        if packed.vtt and _language(packed.language):
            asked += _upload(up, "the captions (VTT)", "subtitles", "text/vtt", packed.vtt.bytes)
            said = {"language_code": _language(packed.language)}
            asked.append(Request("POST", f"{self.api}/2/media/subtitles", "the captions belong to the video", said))
        return (*asked, Request("POST", f"{self.api}/2/tweets", "the post", {"text": packed.text}))

    def publish(self, job: Job) -> Posted:
        begin(job)
        self._small_enough(job.pack)
        packed = job.pack.packed
        try:
            media = self._uploaded(job, "media", job.pack.video, "tweet_video", packed.video.kind)
        except Refused:
            if job.steps.get("media") is None:
                raise
            # an upload holds a day; nothing is posted by beginning anew
            job.steps.drop("media")
            media = self._uploaded(job, "media", job.pack.video, "tweet_video", packed.video.kind)
        self._processed(job, media)
        if packed.alt:
            self._ask(lambda c: c.media.create_metadata({"id": media, "metadata": {"alt_text": {"text": packed.alt}}}))
        self._captions(job, media)
        sending(job)
        said = self._ask(
            lambda c: c.posts.create({"text": packed.text, "media": {"media_ids": [media]}}),
            ok=lambda s: bool(s.get("data")),
        )
        return self._posted(job, answers.at(said, "data", "id"))

    def find(self, job: Job) -> Posted | Missing | Unknown:
        if not was_sent(job) and not forgotten(job):
            return Missing()
        settle(job, FACTS.settle)
        try:
            rows = self._latest(job)
        except (Refused, Unauthorised) as error:
            return Unknown(f"X does not let this app read your posts ({error.message}); look for it there")
        key = answers.at(job.steps.get("media"), "key")
        text = _bare(job.pack.packed.text)
        for row in rows:
            keys = answers.at(row, "attachments", "media_keys") or []
            same = key in keys if key else bool(keys) and _bare(answers.text(row, "text")) == text
            if same and row.get("id") not in job.known:
                return self._posted(job, row["id"])
        if len(rows) >= LATEST:
            return Unknown(f"it is not among your latest {LATEST} posts on X; look further back")
        return Missing()

    def delete(self, posted: Posted) -> None:
        try:
            self._ask(lambda c: c.posts.delete(posted.remote_id))
        except Refused as error:
            if "not found" not in error.message.casefold():
                raise

    def _uploaded(self, job: Job, step: str, path: Any, category: str, kind: str) -> str:
        """The id of an uploaded file; one that was begun is taken up."""
        file = whole(path)
        kept = job.steps.get(step)
        if not kept or kept["until"] < time.time():
            asked = {"media_category": category, "media_type": kind, "total_bytes": file.length}
            data = answers.table(self._ask(lambda c: c.media.initialize_upload(asked)), "data")
            if not str(data.get("id", "")).isdigit():
                raise PublishError("X gave no place for the video", "run it again later")
            lasts = answers.count(data, "expires_after_secs") or 3600
            kept = {
                "id": str(data["id"]),
                "key": data.get("media_key"),
                "sent": 0,
                "until": time.time() + lasts * 0.9,
                "done": False,
            }
            job.steps.put(step, kept)
        segment = max(SEGMENT, -(-file.length // SEGMENTS))
        while not kept["done"] and kept["sent"] * segment < file.length:
            start = kept["sent"] * segment
            piece = b"".join(FileBody(path, start, min(start + segment, file.length)))
            body = {"media": base64.b64encode(piece).decode("ascii"), "segment_index": kept["sent"]}
            self._append(str(kept["id"]), body)
            kept = {**kept, "sent": kept["sent"] + 1}
            job.steps.put(step, kept)
            job.progress("publish", start + len(piece), file.length, "X")
        if not kept["done"]:
            data = answers.table(self._ask(lambda c: c.media.finalize_upload(kept["id"])), "data")
            kept = {**kept, "done": True, "key": data.get("media_key") or kept["key"]}
            job.steps.put(step, kept)
        return str(kept["id"])

    def _append(self, key: str, body: dict[str, Any]) -> None:
        self._ask(lambda c: c.media.append_upload(key, body))

    def _processed(self, job: Job, media: str) -> None:
        def look() -> bool | None:
            said = self._ask(lambda c: c.media.get_upload_status(media, command="STATUS"))
            info = answers.table(said, "data", "processing_info") or {"state": "succeeded"}
            if info.get("state") == "failed":
                job.steps.drop("media")
                why = answers.text(info, "error", "message") or "it says no more"
                raise Refused(f"X could not work with the video: {why}", "pack it again for x")
            if info.get("state") == "succeeded":
                return True
            job.pause(min(answers.count(info, "check_after_secs"), 60))
            return None

        until(job, look, "X still works on the video")

    def _captions(self, job: Job, media: str) -> None:
        vtt, code = job.pack.packed.vtt, _language(job.pack.packed.language)
        if vtt is None or not code:
            return
        track = self._uploaded(job, "captions", job.pack.path(vtt), "subtitles", "text/vtt")
        about = {"id": track, "language_code": code, "display_name": LANGUAGES.get(code, code)}
        self._ask(lambda c: c.media.create_subtitles({"id": media, "media_category": "TweetVideo", "subtitles": about}))

    def _latest(self, job: Job) -> list[dict[str, Any]]:
        page = self._ask(
            lambda c: next(
                iter(c.users.get_posts(job.account.id, max_results=LATEST, post_fields=["attachments", "created_at"]))
            )
        )
        return answers.rows(page, "data")

    def _small_enough(self, pack: Pack) -> None:
        video = pack.packed.video
        if not self.premium and min(video.width, video.height) > 720:
            raise Refused(
                f"X takes {video.width}x{video.height} from subscribers only",
                "clipper pack --for x makes 720p; or set CLIPPER_X_PREMIUM=yes",
            )

    def _ask(self, call: Any, ok: Any = lambda said: True) -> dict[str, Any]:
        """What X's client says to one call, as a plain table."""
        from pydantic import ValidationError
        from xdk import Client

        if self._made is None:
            self._made = Client(base_url=self.api, access_token=self.bearer.token)
            self._made.session = session(
                self.bearer, safe=lambda method, path: not (method == "POST" and path == "/2/tweets")
            )
        try:
            answer = call(self._made)
        except (ValidationError, ValueError) as error:
            # the request was accepted, and its answer makes no sense
            raise Unsure(f"X answers with something else than it should ({type(error).__name__})") from error
        said = answer.model_dump() if hasattr(answer, "model_dump") else answer
        if not isinstance(said, dict) or not ok(said):
            raise Unsure("X answers without what was asked for")
        return said

    def _posted(self, job: Job, key: object) -> Posted:
        if not str(key).isdigit():
            raise Unsure("X took the post and did not say which it is")
        return Posted(str(key), f"https://x.com/{job.account.name.lstrip('@')}/status/{key}")


def _upload(up: str, what: str, category: str, kind: str, size: int) -> tuple[Request, Request, Request]:
    segment = max(SEGMENT, -(-size // SEGMENTS))
    about = {"media_category": category, "media_type": kind, "total_bytes": str(size)}
    return (
        Request("POST", f"{up}/initialize", f"{what}: a place", about),
        Request("POST", f"{up}/{{id}}/append", f"{what}, {size_words(size)}", bytes=size, parts=-(-size // segment)),
        Request("POST", f"{up}/{{id}}/finalize", f"{what}: all is there"),
    )


def _language(language: str) -> str:
    """Two capitals, as X wants them; "" for a language that cannot be told so."""
    first = language.split("-")[0]
    return first.upper() if len(first) == 2 and first.isascii() and first.isalpha() else ""


def _bare(text: str) -> str:
    """A text without its links, which X shortens, and without the spaces around them."""
    return " ".join(LINK.sub(" ", text).split())


def make(credentials: Credentials, web: Web) -> X:
    return X(credentials, web)


def login(
    said: Mapping[str, str], web: Web, show: Callable[[str], None], ask: Callable[[str], str] | None = None
) -> dict[str, str]:
    return sign_in(KIND, said, web, show, ask)
