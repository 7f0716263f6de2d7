"""YouTube: a resumable upload by Google's own client, then captions and a thumbnail. In: a pack; out: a video.

The session's address is kept before the first byte; whatever process comes next takes the upload up there, and a
session that is complete answers with its video. The client's own retries are not used: what it sends again would be
empty.

Source: developers.google.com/youtube/v3/guides/using_resumable_upload_protocol; the discovery document in the client.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from clipper.errors import UsageError
from clipper.publish import answers
from clipper.publish.base import Account, Field, Job, Kind, Limits, Missing, Pack, Posted, Request, Unknown
from clipper.publish.bearer import SIGNED_IN, Bearer, addresses
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Later, PublishError, Refused, Unsure
from clipper.publish.facts import facts, limits
from clipper.publish.files import FileBody
from clipper.publish.google import GoogleWeb, googles, service
from clipper.publish.guard import checked_address
from clipper.publish.places import size_words
from clipper.publish.signing import sign_in
from clipper.publish.through import Http
from clipper.publish.waiting import begin, forgotten, sending, settle, was_sent
from clipper.publish.web import Answer, Web

FACTS = facts("youtube")
AUDIENCES = {"public": "public", "unlisted": "whoever has the link", "private": "only you"}
KIND = Kind(
    "youtube",
    "YouTube",
    ("youtube-shorts",),
    fields=(
        *SIGNED_IN,
        Field("privacy", "who sees it", default="public", help="public, unlisted or private"),
        Field("category", "YouTube's number of the category", default="22", help="22 is People & Blogs"),
        Field("kids", "is it made for kids", default="no", help="yes or no; YouTube wants it said"),
        *addresses("youtube"),
    ),
    imports=("googleapiclient",),
)
CHUNK = 32 * 256 * 1024  # bytes; a multiple of 256 KiB
LATEST = 50  # uploads that are looked through
CAPTIONS = "clipper"  # the name of the track; YouTube refuses a second one of that name and language
UPLOAD = "upload/youtube/v3/videos"


class YouTube:
    """One channel."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self.web = GoogleWeb.like(web)
        self.bearer = Bearer(credentials, self.web)
        self.api = checked_address(credentials["api"], allow_http=web.allow_http) + "/"
        self.privacy, self.kids = credentials["privacy"], credentials["kids"] == "yes"
        self.category = credentials["category"]
        if self.privacy not in AUDIENCES:
            raise UsageError(f"YouTube has no privacy {self.privacy!r}", f"use {', '.join(AUDIENCES)}")
        self._made: Any = None
        self._uploads = ""

    def account(self) -> Account:
        said = self._ask(lambda s: s.channels().list(part="snippet,contentDetails", mine=True))
        channel = next(iter(answers.rows(said, "items")), {})
        key, about = answers.text(channel, "id"), answers.table(channel, "snippet")
        if not key:
            raise Refused("YouTube: this account has no channel", "make one on youtube.com, then log in again")
        self._uploads = answers.text(channel, "contentDetails", "relatedPlaylists", "uploads")
        name = answers.text(about, "customUrl") or answers.text(about, "title") or key
        return Account(key, name, AUDIENCES[self.privacy])

    def limits(self) -> Limits:
        return limits("youtube-shorts")

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        packed, body = pack.packed, self._about(pack)
        said = {
            "title": body["snippet"]["title"],
            "text": body["snippet"]["description"],
            "privacyStatus": body["status"]["privacyStatus"],
            "made for kids": "yes" if self.kids else "no",
        }
        parts = -(-packed.video.bytes // CHUNK)
        asked = [
            Request("POST", f"{self.api}{UPLOAD}?uploadType=resumable", "what the video is, and who sees it", said),
            Request(
                "PUT",
                f"{self.api}{UPLOAD}?upload_id={{session}}",
                f"the video, {size_words(packed.video.bytes)}",
                bytes=packed.video.bytes,
                parts=parts,
            ),
        ]
        if packed.vtt and packed.language != "und":
            at = f"{self.api}upload/youtube/v3/captions"
            asked.append(
                Request("POST", at, "the captions (VTT)", {"language": packed.language}, bytes=packed.vtt.bytes)
            )
        if packed.cover:
            at = f"{self.api}upload/youtube/v3/thumbnails/set"
            asked.append(Request("POST", at, "the thumbnail", bytes=packed.cover.bytes))
        return tuple(asked)

    def publish(self, job: Job) -> Posted:
        begin(job)
        video = job.steps.get("video") or self._upload(job)
        job.steps.put("video", video)
        self._captions(job, video)
        self._thumbnail(job, video)
        return _posted(video)

    def find(self, job: Job) -> Posted | Missing | Unknown:
        if job.steps.get("video"):
            return Missing()  # it stands; publish() adds what is missing beside it
        session = job.steps.get("session")
        if session is None and not forgotten(job):
            return Missing()
        if session is not None:
            try:
                said = self._probe(str(session), job.pack.packed.video.bytes)
            except Refused:
                said = None  # over: a session holds a week
            if said is not None:
                if said.status == 308:
                    return Missing()
                return self._keep(job, said)
            if not was_sent(job):
                return Missing()  # its last bytes were never sent
        settle(job, FACTS.settle)
        return self._among_latest(job)

    def delete(self, posted: Posted) -> None:
        try:
            self._ask(lambda s: s.videos().delete(id=posted.remote_id))
        except Refused as error:
            if "cannot be found" not in error.message and "notFound" not in error.message:
                raise

    def _keep(self, job: Job, said: Answer) -> Missing:
        job.steps.put("video", _video(said.table()))
        return Missing()

    def _upload(self, job: Job) -> str:
        from googleapiclient.http import MediaFileUpload

        pack = job.pack
        media = MediaFileUpload(str(pack.video), mimetype=pack.packed.video.kind, chunksize=CHUNK, resumable=True)
        try:
            http = Http(
                self.bearer,
                lambda method, path: False,
                lambda start, end: FileBody(pack.video, start, end),
                lambda answer: self._heard(job, answer),
            )
            return self._chunks(job, media, http)
        finally:
            media.stream().close()

    def _chunks(self, job: Job, media: Any, http: Http) -> str:
        from googleapiclient.errors import Error

        request = self._service.videos().insert(part="snippet,status", body=self._about(job.pack), media_body=media)
        if session := job.steps.get("session"):
            # the client then asks how far the upload is, and goes on from there
            request.resumable_uri, request._in_error_state = str(session), True
        size = job.pack.packed.video.bytes
        for turn in self.web.patience.turns():
            try:
                while True:
                    if request.resumable_progress + CHUNK >= size:
                        sending(job)
                    status, done = request.next_chunk(http=http, num_retries=0)
                    if done is not None:
                        job.progress("publish", size, size, "YouTube")
                        return _video(done)
                    job.progress("publish", status.resumable_progress if status else 0, size, "YouTube")
            except (Unsure, Later) as error:
                if turn.last or not turn.wait(getattr(error, "after", None)):
                    raise error if isinstance(error, Later) else Later(error.message) from error
                request._in_error_state = request.resumable_uri is not None
            except (Error, ValueError) as error:
                # Google's client makes nothing of an answer that was no failure
                raise Unsure(f"YouTube answers with something else than it should ({type(error).__name__})") from error
            except Refused as error:
                if job.steps.get("session") is None or "session" not in error.message:
                    raise
                job.steps.drop("session")
                raise Later(
                    "YouTube has forgotten the upload that was begun", "run it again: it begins anew"
                ) from error
        raise AssertionError("a last turn raises or returns")

    def _heard(self, job: Job, answer: Answer) -> None:
        """Keeps a new session's address before the client sends the first byte to it."""
        place = answer.headers.get("location", "")
        if answer.status == 200 and place:
            if not googles(place, self.api):
                raise PublishError(
                    "YouTube names another host for the video, which gets no token", "run it again later"
                )
            job.steps.put("session", checked_address(place, allow_http=self.web.allow_http))

    def _probe(self, session: str, size: int) -> Answer:
        headers = {"Content-Range": f"bytes */{size}"}
        return self.bearer.call("PUT", session, headers=headers, content=b"", again=True, ok=(200, 201, 308))

    def _captions(self, job: Job, video: str) -> None:
        from googleapiclient.http import MediaFileUpload

        packed = job.pack.packed
        if packed.vtt is None or packed.language == "und" or job.steps.get("captioned"):
            return
        about = {"snippet": {"videoId": video, "language": packed.language, "name": CAPTIONS}}
        path, kind = str(job.pack.path(packed.vtt)), "text/vtt"
        try:
            self._ask(
                lambda s: s.captions().insert(
                    part="snippet", body=about, media_body=MediaFileUpload(path, mimetype=kind)
                )
            )
        except Refused as error:
            if "captionExists" not in error.message and "already has" not in error.message:
                raise
        job.steps.put("captioned", True)

    def _thumbnail(self, job: Job, video: str) -> None:
        from googleapiclient.http import MediaFileUpload

        cover = job.pack.packed.cover
        if cover is None:
            return
        path, kind = str(job.pack.path(cover)), cover.kind
        try:
            self._ask(lambda s: s.thumbnails().set(videoId=video, media_body=MediaFileUpload(path, mimetype=kind)))
        except Refused as error:
            # a channel without a confirmed telephone number may not set one; the video stands all the same
            job.progress("publish", 1, 1, f"YouTube took no thumbnail: {error.message}")

    def _among_latest(self, job: Job) -> Posted | Missing | Unknown:
        if not self._uploads:
            self.account()
        said = self._ask(
            lambda s: s.playlistItems().list(part="snippet,contentDetails", playlistId=self._uploads, maxResults=LATEST)
        )
        wanted = self._about(job.pack)["snippet"]
        items = answers.rows(said, "items")
        for item in items:
            about, key = answers.table(item, "snippet"), answers.text(item, "contentDetails", "videoId")
            same = about.get("title") == wanted["title"] and about.get("description") == wanted["description"]
            if same and key and key not in job.known:
                return _posted(key)
        if forgotten(job) and len(items) < LATEST:
            return Missing()
        return Unknown("YouTube no longer knows how the upload ended, and does not list it; look in YouTube Studio")

    def _about(self, pack: Pack) -> dict[str, Any]:
        packed = pack.packed
        snippet = {"title": packed.title, "description": packed.text, "categoryId": self.category}
        if packed.language != "und":
            snippet["defaultAudioLanguage"] = packed.language
        return {
            "snippet": {**snippet, "tags": list(packed.hashtags)} if packed.hashtags else snippet,
            # always said: the default has changed from private to public
            "status": {"privacyStatus": self.privacy, "selfDeclaredMadeForKids": self.kids},
        }

    @property
    def _service(self) -> Any:
        if self._made is None:
            self._made = service(self.bearer, self.api)
        return self._made

    def _ask(self, build: Any) -> dict[str, Any]:
        http = Http(self.bearer, lambda method, path: True)
        from googleapiclient.errors import Error

        try:
            said = build(self._service).execute(http=http, num_retries=0)
        except (Error, ValueError) as error:
            name = type(error).__name__
            raise PublishError(
                f"YouTube answers with something else than it should ({name})", "run it again"
            ) from error
        return said if isinstance(said, dict) else {}


def _video(said: object) -> str:
    key = said.get("id") if isinstance(said, dict) else None
    if not isinstance(key, str) or not key:
        raise Unsure("YouTube took the video and did not say which it is")
    return key


def _posted(video: str) -> Posted:
    return Posted(video, f"https://www.youtube.com/shorts/{video}")


def make(credentials: Credentials, web: Web) -> YouTube:
    return YouTube(credentials, web)


def login(
    said: Mapping[str, str], web: Web, show: Callable[[str], None], ask: Callable[[str], str] | None = None
) -> dict[str, str]:
    return sign_in(KIND, said, web, show, ask)
