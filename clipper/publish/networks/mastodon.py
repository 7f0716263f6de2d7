"""Mastodon: a status with the video, described, on the account's own server, whose limits are read from it.

An Idempotency-Key guards a status for an hour; after that the account's statuses are looked through, at each new try.
Source: docs.joinmastodon.org, methods media, statuses, apps and oauth.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast
from urllib.parse import urlsplit

import regex

from clipper.platforms import platform
from clipper.publish import oauth
from clipper.publish.base import Account, Field, Job, Kind, Limits, Missing, Pack, Posted, Request, Unknown
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Later, PublishError, Refused
from clipper.publish.guard import checked_address
from clipper.publish.instance import told
from clipper.publish.places import size_words
from clipper.publish.web import Web

if TYPE_CHECKING:
    from mastodon import Mastodon as Client

KIND = Kind(
    name="mastodon",
    label="Mastodon",
    platforms=("mastodon",),
    fields=(
        Field("server", "Server", help="such as https://mastodon.social"),
        Field("token", "Access token", secret=True, given=True),
        Field("visibility", "Who sees the posts: public, unlisted or private", default="public"),
    ),
    imports=("mastodon",),
)

SCOPES = ("read:accounts", "read:statuses", "write:media", "write:statuses")
POLLS = 150  # looks at a video that is being processed, some seconds apart: twenty minutes
PAGES, PAGE = 50, 40  # of the account's statuses, when one is looked for; a server grants 300 requests in 5 minutes
SLACK = datetime.timedelta(days=1)  # two clocks may differ by that much

T = TypeVar("T")


class Mastodon:
    """One account on one server."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self._credentials, self._web = credentials, web
        self._server = checked_address(credentials["server"], allow_http=web.allow_http)
        self._visibility = credentials["visibility"]
        self._client: Client | None = None

    def account(self) -> Account:
        me = self._do(lambda client: client.account_verify_credentials())
        host = urlsplit(self._server).netloc
        return Account(f"{me['id']}@{host}", f"@{me['acct']}@{host}", self._visibility)

    def limits(self) -> Limits:
        """As the server says itself."""
        usual = platform("mastodon")
        known = told(usual, self._do(lambda client: client.instance_v2()), urlsplit(self._server).netloc)
        size = known.file.bytes if known.file is not usual.file else None
        return Limits(video_bytes=size, text=known.text, alt=known.alt)

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        packed = pack.packed
        status = {"text": packed.text, "language": packed.language, "visibility": self._visibility}
        video = f"the video, {size_words(packed.video.bytes)}"
        return (
            Request("POST", f"{self._server}/api/v2/media", video, {"alt": packed.alt}, bytes=packed.video.bytes),
            Request("POST", f"{self._server}/api/v1/statuses", "the post", status),
        )

    def publish(self, job: Job) -> Posted:
        media = self._media(job)
        packed = job.pack.packed
        status = self._do(
            lambda client: client.status_post(
                packed.text,
                media_ids=[media],
                visibility=self._visibility,
                language=None if packed.language == "und" else packed.language,
                idempotency_key=job.key,
            )
        )
        return _posted(status)

    def find(self, job: Job) -> Posted | Missing | Unknown:
        """A status of this account with the same text and description, from about the time of the first try."""
        wanted = job.pack.packed
        since = (job.since or self._web.server_time()) - SLACK
        me, newest, looked = job.account.id.partition("@")[0], None, 0
        for _ in range(PAGES):
            page = self._statuses(me, newest)
            looked += len(page)
            for status in page:
                if str(status["id"]) in job.known:
                    continue
                media = status.get("media_attachments") or [{}]
                if (media[0].get("description") or "") == wanted.alt and self._says(status, wanted.text):
                    return _posted(status)
            # a page may be shorter than was asked for and not be the last: servers have limits of their own
            if not page or _aware(page[-1]["created_at"]) < since:
                return Missing()
            newest = page[-1]["id"]
        return Unknown(f"{job.account.name} has more than {looked} newer posts: look for “{wanted.title}”")

    def delete(self, posted: Posted) -> None:
        try:
            self._do(lambda client: client.status_delete(posted.remote_id))
        except Gone:
            return

    def _media(self, job: Job) -> Any:
        """The id of the video there, processed; one that an earlier try has uploaded is taken up."""
        kept = job.steps.get("media")
        if kept is not None:
            try:
                self._processed(job, kept)
                return kept
            except Gone:
                job.steps.drop("media")  # servers throw away what no status names
        packed = job.pack.packed
        job.progress("publish", 0, packed.video.bytes, packed.title)
        made = self._do(
            # synchronous=True would take a 429 for a failure, and never end
            lambda client: client.media_post(
                str(job.pack.video), mime_type=packed.video.kind, description=packed.alt or None, synchronous=False
            )
        )
        job.steps.put("media", str(made["id"]))
        job.progress("publish", packed.video.bytes, packed.video.bytes, packed.title)
        if not made.get("url"):
            self._processed(job, made["id"])
        return str(made["id"])

    def _processed(self, job: Job, media: Any) -> None:
        for look in range(POLLS):
            try:
                if self._do(lambda client: client.media(media)).get("url"):
                    return
            except Refused as error:
                if not isinstance(error, Gone):
                    job.steps.drop("media")
                raise
            job.progress("publish", look, POLLS, "processed there")
            job.pause(min(1.0 + look * 0.5, 10.0))
        raise Later("Mastodon's server is still at work on the video")

    def _statuses(self, me: str, newest: Any) -> list[Any]:
        return list(
            self._do(
                lambda client: client.account_statuses(
                    me, exclude_reblogs=True, only_media=True, limit=PAGE, max_id=newest
                )
            )
        )

    def _says(self, status: Mapping[str, Any], text: str) -> bool:
        """Whether a status has this text: as its page shows it, or as its author wrote it."""
        if _bare(_plain(status.get("content", ""))) == _bare(text):
            return True
        try:
            source = self._do(lambda client: client.status_source(status["id"]))
        except Refused:
            return False
        return _bare(source.get("text", "")) == _bare(text)

    def _do(self, ask: Callable[[Client], T]) -> T:
        """Asks by Mastodon.py, with our way to the network and our errors."""
        from mastodon import Mastodon as Client
        from mastodon.errors import MastodonError

        from clipper.publish.adapter import Through

        # a status has its Idempotency-Key, a second upload of a video is thrown away by the server
        through = Through(self._web, again=lambda method, url: True)
        client = Client(
            access_token=self._credentials.secret("token"),
            api_base_url=self._server,
            session=cast(Any, through),
            ratelimit_method="throw",
            version_check_mode="none",
        )
        try:
            return ask(client)
        except (MastodonError, PublishError, RecursionError) as error:
            # or an answer that Mastodon.py cannot read: for a server without a version it calls itself without an end
            unread = Later("Mastodon's server answers something that is no answer of Mastodon's")
            raise (through.error or unread) from error


class Gone(Refused):
    """404: it is not there (any more)."""


def make(credentials: Credentials, web: Web) -> Mastodon:
    web.refusals[404] = Gone
    return Mastodon(credentials, web)


def login(
    said: Mapping[str, str], web: Web, show: Callable[[str], None], ask: Callable[[str], str] | None = None
) -> dict[str, str]:
    """Makes an app of this server's and lets the person say yes to it in the browser."""
    server = said["server"] if "://" in said["server"] else f"https://{said['server']}"
    server = checked_address(server, allow_http=web.allow_http)

    def register(back: str) -> tuple[str, str]:
        app = {"client_name": "clipper", "redirect_uris": back, "scopes": " ".join(SCOPES)}
        made = web.call("POST", f"{server}/api/v1/apps", data=app).table()
        if not isinstance(made.get("client_id"), str) or not isinstance(made.get("client_secret"), str):
            raise Refused(f"{server} is no server of Mastodon's kind", "check its address")
        return made["client_id"], made["client_secret"]

    flow = oauth.Flow(f"{server}/oauth/authorize", f"{server}/oauth/token", SCOPES)
    tokens = oauth.sign_in(flow, web, "", "", show, register=register)
    return {"server": server, "token": tokens.access}


def _posted(status: Mapping[str, Any]) -> Posted:
    return Posted(str(status["id"]), str(status.get("url") or ""))


_BREAK = regex.compile(r"<br\s*/?>|</p>", regex.I)
_TAG = regex.compile(r"<[^<>]*>")


def _plain(markup: str) -> str:
    import html

    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup)))


def _bare(text: str) -> str:
    """Without white space, which servers put in and take out."""
    return "".join(text.split())


def _aware(moment: Any) -> datetime.datetime:
    if isinstance(moment, str):
        moment = datetime.datetime.fromisoformat(moment)
    assert isinstance(moment, datetime.datetime)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
