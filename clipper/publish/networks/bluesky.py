"""Bluesky: a video post on the account's own PDS, with captions, alt text, aspect ratio, links and hashtags.

The record's key is made from the job's key, and written with putRecord: however often it is sent, it is one post.
Source: atproto.com lexicons com.atproto.repo, app.bsky.feed.post, app.bsky.embed.video, app.bsky.video.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from clipper.publish.base import Account, Field, Job, Kind, Limits, Missing, Pack, Posted, Request, Unknown
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Later, Refused, Unauthorised
from clipper.publish.facts import limits
from clipper.publish.files import FileBody, whole
from clipper.publish.guard import checked_address
from clipper.publish.places import size_words
from clipper.publish.secrets import remember
from clipper.publish.web import Answer, Web

if TYPE_CHECKING:
    from atproto import Client, models
    from atproto_client.models.blob_ref import BlobRef

KIND = Kind(
    name="bluesky",
    label="Bluesky",
    platforms=("bluesky",),
    fields=(
        Field("handle", "Handle", help="such as oddlygoodwork.bsky.social, without @"),
        Field("password", "App password", secret=True, help="Settings, Privacy and security, App passwords"),
        Field("server", "Server", default="https://bsky.social"),
        Field("video", "Video service (its address, or none)", default="auto"),
    ),
    imports=("atproto",),
)

POST = "app.bsky.feed.post"
SERVICE = "https://video.bsky.app"
# hosts whose accounts Bluesky's video service takes
SERVED = ("bsky.social", "bsky.network")
SERVICE_BYTES = 300_000_000  # app.bsky.embed.video, maxSize
CAPTIONS_BYTES = 20_000  # app.bsky.embed.video#caption, maxSize
POLLS = 200  # looks at the video service, some seconds apart
# errors that mean: this session is over
OVER = ("ExpiredToken", "InvalidToken", "AuthMissing")
# a key's moment lies in these two years: always past, so that no server takes a record for one of the future
EPOCH, SPAN = 1_672_531_200_000_000, 63_072_000_000_000  # microseconds since 1970; two years
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"

T = TypeVar("T")


class Bluesky:
    """One account."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self._credentials, self._web = credentials, web
        self._server = checked_address(credentials["server"], allow_http=web.allow_http)
        self._client: Client | None = None
        web.unauthorised = _unauthorised

    def account(self) -> Account:
        session = self._do(lambda client: client._session)
        assert session is not None
        return Account(session.did, f"@{session.handle}", "public")

    def limits(self) -> Limits:
        words = limits("bluesky")
        if self._service():
            return replace(words, video_bytes=SERVICE_BYTES, captions_bytes=CAPTIONS_BYTES)
        said = self._do(lambda client: client.com.atproto.server.describe_server())
        return replace(words, video_bytes=said.blob_upload_limit, captions_bytes=CAPTIONS_BYTES)

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        packed, at = pack.packed, f"{self._server}/xrpc/"
        video = Request(
            "POST",
            f"{self._named_service()}/xrpc/app.bsky.video.uploadVideo"
            if self._named_service()
            else at + "com.atproto.repo.uploadBlob",
            f"the video, {size_words(packed.video.bytes)}",
            bytes=packed.video.bytes,
        )
        captions = [
            Request("POST", at + "com.atproto.repo.uploadBlob", "captions", bytes=vtt.bytes)
            for vtt in (packed.vtt,)
            if vtt is not None
        ]
        fields = {"text": packed.text, "alt": packed.alt, "language": packed.language, "audience": "public"}
        return (video, *captions, Request("POST", at + "com.atproto.repo.putRecord", "the post", fields))

    def publish(self, job: Job) -> Posted:
        try:
            return self._publish(job)
        except Refused as error:
            if "BlobNotFound" not in error.message or not job.steps.get("video"):
                raise
            # blobs that no post names are thrown away after some hours: this try was taken up too late
            for name in ("video", "captions", "job"):
                job.steps.drop(name)
            return self._publish(job)

    def find(self, job: Job) -> Posted | Missing | Unknown:
        from atproto import models

        place = models.ComAtprotoRepoGetRecord.Params(repo=job.account.id, collection=POST, rkey=tid(job.key))
        try:
            found = self._do(lambda client: client.com.atproto.repo.get_record(place))
        except Refused as error:
            if "RecordNotFound" in error.message or "not locate record" in error.message:
                return Missing()
            raise
        return _posted(found.uri)

    def delete(self, posted: Posted) -> None:
        from atproto import models

        repo, _, rkey = posted.remote_id.removeprefix("at://").partition(f"/{POST}/")
        place = models.ComAtprotoRepoDeleteRecord.Data(repo=repo, collection=POST, rkey=rkey)
        self._do(lambda client: client.com.atproto.repo.delete_record(place))

    def _publish(self, job: Job) -> Posted:
        from atproto import models

        video = self._kept(job, "video", self._video)
        captions = self._kept(job, "captions", self._captions) if job.pack.packed.vtt else None
        created = job.steps.get("created")
        if created is None:
            # by the server's clock: a post of the future would stand on top of every feed, or be refused
            created = self._web.server_time().isoformat(timespec="milliseconds").replace("+00:00", "Z")
            job.steps.put("created", created)
        data = models.ComAtprotoRepoPutRecord.Data(
            repo=job.account.id, collection=POST, rkey=tid(job.key), record=_record(job.pack, video, captions, created)
        )
        done = self._do(lambda client: client.com.atproto.repo.put_record(data))
        return _posted(done.uri)

    def _kept(self, job: Job, name: str, upload: Callable[[Job], BlobRef]) -> BlobRef:
        """A file that an earlier try has uploaded, or one uploaded now."""
        from atproto_client.models.blob_ref import BlobRef

        kept = job.steps.get(name)
        if kept is not None:
            return BlobRef.model_validate(kept)
        blob = upload(job)
        job.steps.put(name, blob.model_dump(mode="json", by_alias=True))
        return blob

    def _captions(self, job: Job) -> BlobRef:
        vtt = job.pack.packed.vtt
        assert vtt is not None
        return self._blob(whole(job.pack.path(vtt)), "text/vtt")

    def _blob(self, body: FileBody, kind: str) -> BlobRef:
        # without its type a server may keep it as */* for good
        headers = {"Content-Type": kind, "Content-Length": str(body.length)}
        body_as_bytes: Any = body  # it is read in pieces as it goes out
        return self._do(lambda client: client.com.atproto.repo.upload_blob(body_as_bytes, headers=headers)).blob

    def _video(self, job: Job) -> BlobRef:
        packed = job.pack.packed
        body = whole(job.pack.video, lambda sent: job.progress("publish", sent, packed.video.bytes, packed.title))
        service = self._service()
        return self._processed(job, service, body) if service else self._blob(body, "video/mp4")

    def _processed(self, job: Job, service: str, body: FileBody) -> BlobRef:
        """Through the video service, which puts the finished video onto the PDS. Its uploads are named by the key."""
        number = job.steps.get("job")
        if number is None:
            answer = self._web.call(
                "POST",
                f"{service}/xrpc/app.bsky.video.uploadVideo",
                params={"did": job.account.id, "name": f"{job.key[:32]}.mp4"},
                headers={"Authorization": f"Bearer {self._service_token()}", "Content-Type": "video/mp4"},
                content=body,
                again=True,
                ok=(200, 409),  # 409: it has this video already, and says under which number
            )
            said = answer.table().get("jobStatus", answer.table())
            if not isinstance(said, dict) or not isinstance(said.get("jobId"), str):
                raise Refused(f"Bluesky's video service took the video without a number: {answer.words}")
            number = said["jobId"]
            job.steps.put("job", number)
        return self._when_processed(job, service, number)

    def _when_processed(self, job: Job, service: str, number: str) -> BlobRef:
        from atproto_client.models.blob_ref import BlobRef

        for look in range(POLLS):
            answer = self._web.call("GET", f"{service}/xrpc/app.bsky.video.getJobStatus", params={"jobId": number})
            said = answer.table().get("jobStatus", {})
            if said.get("blob"):
                return BlobRef.model_validate(said["blob"])
            if said.get("state") == "JOB_STATE_FAILED":
                job.steps.drop("job")
                why = said.get("error") or said.get("message") or "it does not say why"
                raise Refused(f"Bluesky's video service refuses the video: {why}", "look at it with clipper check")
            job.progress("publish", float(said.get("progress") or 0), 100.0, "processed there")
            job.pause(min(1.0 + look * 0.5, 10.0))
        raise Later("Bluesky's video service is still at work on the video")

    def _service_token(self) -> str:
        from atproto import models

        def ask(client: Client) -> str:
            server = client.com.atproto.server.describe_server()
            until = self._web.server_time() + datetime.timedelta(minutes=30)
            wanted = models.ComAtprotoServerGetServiceAuth.Params(
                aud=server.did, lxm="com.atproto.repo.uploadBlob", exp=int(until.timestamp())
            )
            return str(client.com.atproto.server.get_service_auth(wanted).token)

        token = self._do(ask)
        remember(token)
        return token

    def _named_service(self) -> str:
        """The video service as far as the settings tell it."""
        named = self._credentials["video"]
        if named == "auto":
            return SERVICE if (urlsplit(self._server).hostname or "").endswith(SERVED) else ""
        return "" if named == "none" else checked_address(named, allow_http=self._web.allow_http)

    def _service(self) -> str:
        """The video service that takes this account's videos; "" for the PDS itself."""
        if self._credentials["video"] != "auto":
            return self._named_service()
        at = self._do(lambda client: client._base_url)
        return SERVICE if (urlsplit(at).hostname or "").endswith(SERVED) else ""

    def _do(self, ask: Callable[[Client], T]) -> T:
        """Asks with a session; one that is over is begun anew once."""
        from atproto.exceptions import AtProtocolError

        fresh = self._client is None
        try:
            client = self._client or self._login()
            try:
                return ask(client)
            except Unauthorised:
                if fresh:
                    raise
                return ask(self._login())
        except AtProtocolError as error:
            raise Later("Bluesky's server answers something that is no answer of Bluesky's") from error

    def _login(self) -> Client:
        from atproto import Client

        client = Client(self._server, request=_through(self._web))
        client.login(self._credentials["handle"], self._credentials.secret("password"), fetch_bsky_profile=False)
        session = client._session
        assert session is not None
        for token in (session.access_jwt, session.refresh_jwt):
            remember(token)
        self._client = client
        return client


def make(credentials: Credentials, web: Web) -> Bluesky:
    return Bluesky(credentials, web)


def tid(key: str) -> str:
    """A record key of Bluesky's form (13 signs) that follows from a job's key alone.

    Source: atproto.com/specs/tid: 53 bits of microseconds, 10 bits of a clock's number, in base 32.
    """
    digits = int(key[:24], 16)
    value = ((EPOCH + (digits >> 10) % SPAN) << 10) | (digits & 0x3FF)
    return "".join(ALPHABET[(value >> (5 * place)) & 31] for place in reversed(range(13)))


def _record(pack: Pack, video: BlobRef, captions: BlobRef | None, created: str) -> models.AppBskyFeedPost.Record:
    from atproto import models
    from atproto_client.utils import facet_detection

    packed = pack.packed
    language = None if packed.language == "und" else packed.language
    embed = models.AppBskyEmbedVideo.Main(
        video=video,
        alt=packed.alt or None,
        aspect_ratio=models.AppBskyEmbedDefs.AspectRatio(width=packed.video.width, height=packed.video.height),
        captions=[models.AppBskyEmbedVideo.Caption(file=captions, lang=packed.language)] if captions else None,
    )
    return models.AppBskyFeedPost.Record(
        text=packed.text,
        facets=facet_detection.detect_facets(packed.text),
        embed=embed,
        langs=[language] if language else None,
        created_at=created,
    )


def _posted(uri: str) -> Posted:
    did, _, rkey = uri.removeprefix("at://").partition(f"/{POST}/")
    return Posted(uri, f"https://bsky.app/profile/{did}/post/{rkey}")


def _unauthorised(answer: Answer) -> bool:
    return answer.status == 401 or (answer.status in (400, 403) and answer.table().get("error") in OVER)


def _through(web: Web) -> Any:
    """atproto's way to the network, by ours: its retries, its guard, its errors."""
    import httpx
    from atproto_client.request import Request as AtprotoRequest
    from atproto_client.request import RequestBase

    class Through(AtprotoRequest):  # type: ignore[misc]
        def __init__(self) -> None:
            RequestBase.__init__(self)

        def _new_instance(self) -> Any:
            return Through()

        def _send_request(self, method: str, url: str, **given: Any) -> httpx.Response:
            answer = web.call(
                method,
                url,
                headers=self.get_headers(given.get("headers")),
                params=given.get("params"),
                content=given.get("content") or given.get("data"),
                again=True,  # every request here may be sent twice: blobs are named by their bytes, records by us
            )
            return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)

        def close(self) -> None:
            web.close()

    return Through()
