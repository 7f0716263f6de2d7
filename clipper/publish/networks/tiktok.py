"""TikTok: the creator is asked what is allowed, then a video in parts, which posts itself. In: a pack; out: a post.

The publish id that TikTok gives before the first byte tells later whether the post stands. A post cannot be taken
back by a program.

Source: developers.tiktok.com/doc/content-posting-api-reference-direct-post, -media-transfer-guide, -get-video-status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from clipper.errors import UsageError
from clipper.publish import answers
from clipper.publish.base import Account, Field, Job, Kind, Limits, Missing, Pack, Posted, Request, Unknown
from clipper.publish.bearer import SIGNED_IN, Bearer, addresses
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Later, PublishError, Refused, Unauthorised, Unsure
from clipper.publish.facts import facts, limits
from clipper.publish.files import FileBody
from clipper.publish.guard import checked_address
from clipper.publish.patience import Turn, asked_to_wait
from clipper.publish.places import size_words
from clipper.publish.signing import sign_in
from clipper.publish.waiting import begin, forgotten, sending, until, was_sent
from clipper.publish.web import Answer, Web

FACTS = facts("tiktok")
# what the account's field says: TikTok's word for it, and who that is
PRIVACY = {
    "public": ("PUBLIC_TO_EVERYONE", "public"),
    "friends": ("MUTUAL_FOLLOW_FRIENDS", "friends"),
    "followers": ("FOLLOWER_OF_CREATOR", "followers"),
    "self": ("SELF_ONLY", "only you"),
}
KIND = Kind(
    "tiktok",
    "TikTok",
    ("tiktok",),
    fields=(
        *SIGNED_IN,
        Field("privacy", "who sees it", default="public", help="public, friends, followers or self"),
        Field(
            "audited", "has TikTok audited the app", default="no", help="yes or no; until then only you see the posts"
        ),
        *addresses("tiktok"),
    ),
    unpublishes=False,
)
MB = 1_000_000
WHOLE = 64 * MB  # a video up to that goes as one part; 5 MB is the least that a part may have
PART = 32 * MB
BUSY = {"rate_limit_exceeded", "internal_error", "spam_risk_too_many_posts", "reached_active_user_cap"}
# ends that are not the video's fault: it may be sent again
PASSING = {"internal", "publish_cancelled", "video_pull_failed"}


class TikTok:
    """One creator's account."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self.web = _TikTokWeb(
            web.network, web.label, allow_http=web.allow_http, patience=web.patience, largest=web.largest
        )
        self.bearer = Bearer(credentials, self.web)
        self.api = checked_address(credentials["api"], allow_http=web.allow_http)
        if credentials["privacy"] not in PRIVACY:
            raise UsageError(f"TikTok has no privacy {credentials['privacy']!r}", f"use {', '.join(PRIVACY)}")
        self.audited = credentials["audited"] == "yes"
        self.level, self.audience = PRIVACY[credentials["privacy"] if self.audited else "self"]
        self._creator: dict[str, Any] | None = None

    def account(self) -> Account:
        creator = self._asked()
        name = answers.text(creator, "creator_username")
        offered = creator.get("privacy_level_options")
        if not name or not isinstance(offered, list):
            raise PublishError("TikTok does not say whose login this is", "run it again later")
        if self.level not in offered:
            raise Refused(
                f"TikTok does not let @{name} post for {self.audience}",
                f"it offers {', '.join(map(str, offered))}: set CLIPPER_TIKTOK_PRIVACY",
            )
        audience = self.audience if self.audited else "only you (TikTok has not audited the app)"
        return Account(name, f"@{name}", audience)

    def limits(self) -> Limits:
        longest = self._asked().get("max_video_post_duration_sec")
        usual = limits("tiktok")
        return replace(usual, seconds=float(longest)) if isinstance(longest, int | float) else usual

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        size = pack.packed.video.bytes
        _, count = chunks(size)
        said = {"title": pack.packed.text, "privacy_level": self.level}
        return (
            Request("POST", f"{self.api}/v2/post/publish/video/init/", "the post's text and who sees it", said),
            Request(
                "PUT",
                f"{self.api}/{{upload_url}}",
                f"the video, {size_words(size)}, which posts itself when it is whole",
                bytes=size,
                parts=count,
            ),
        )

    def publish(self, job: Job) -> Posted:
        begin(job)
        post = job.steps.get("post")
        said = self._status(str(post["id"])) if post else None
        if post is None or said is None or said.get("status") in ("FAILED", None) or not self._send(job, post, said):
            post = self._init(job)
            if not self._send(job, post, {"uploaded_bytes": 0}):
                raise Later("TikTok closed the place for the video while it was sent")
        return self._posted(job, str(post["id"]))

    def find(self, job: Job) -> Posted | Missing | Unknown:
        post = job.steps.get("post")
        if post is None:
            if forgotten(job):
                return Unknown("TikTok does not tell a program what you posted; look for it in the app")
            return Missing()
        said = self._status(str(post["id"]))
        if said is None:
            if was_sent(job):
                return Unknown("TikTok no longer knows how this post ended; look for it in the app")
            return Missing()
        if said.get("status") == "PUBLISH_COMPLETE":
            return self._as_posted(job, str(post["id"]), said)
        return Missing()

    def delete(self, posted: Posted) -> None:
        raise Refused("TikTok does not let a program take posts back", "delete it in the app")

    def _asked(self) -> dict[str, Any]:
        """What the creator may do now; TikTok wants it asked before each post."""
        if self._creator is None:
            self._creator = self._call("/v2/post/publish/creator_info/query/", {})
        return self._creator

    def _init(self, job: Job) -> dict[str, Any]:
        creator, size = self._asked(), job.pack.packed.video.bytes
        chunk, count = chunks(size)
        about = {
            "title": job.pack.packed.text,
            "privacy_level": self.level,
            "disable_comment": bool(creator.get("comment_disabled")),
            "disable_duet": bool(creator.get("duet_disabled")),
            "disable_stitch": bool(creator.get("stitch_disabled")),
            "brand_content_toggle": False,
            "brand_organic_toggle": False,
        }
        source = {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunk, "total_chunk_count": count}
        said = self._call("/v2/post/publish/video/init/", {"post_info": about, "source_info": source})
        key, url = said.get("publish_id"), said.get("upload_url")
        if not isinstance(key, str) or not isinstance(url, str):
            raise PublishError("TikTok gave no place for the video", "run it again later")
        checked_address(url, allow_http=self.web.allow_http)
        job.steps.drop("sent")
        post = {"id": key, "url": url, "chunk": chunk, "count": count}
        job.steps.put("post", post)
        return post

    def _send(self, job: Job, post: dict[str, Any], said: dict[str, Any]) -> bool:
        """Sends what is not there yet, part by part; False where the upload's address no longer holds."""
        size, chunk, count = job.pack.packed.video.bytes, int(post["chunk"]), int(post["count"])
        at, turns = answers.count(said, "uploaded_bytes"), self.web.patience.turns()
        while at < size:
            number = at // chunk
            end = size if number + 1 >= count else (number + 1) * chunk
            if end == size:
                sending(job)  # whole, it posts itself
            headers = {"Content-Type": "video/mp4", "Content-Range": f"bytes {at}-{end - 1}/{size}"}
            try:
                # the address is the permission: no token goes along
                answer = self.web.call(
                    "PUT",
                    post["url"],
                    headers=headers,
                    content=FileBody(job.pack.video, at, end),
                    again=False,
                    ok=(200, 201, 206, 403, 404, 416),
                )
            except (Unsure, Later) as error:
                # cut: TikTok says how much it has
                at = self._arrived(str(post["id"]), turns, error)
                continue
            if answer.status in (403, 404):
                return False
            if answer.status == 416:
                at = self._arrived(str(post["id"]), turns, Later("TikTok has other parts of the video than it said"))
                continue
            at = end
            job.progress("publish", at, size, "TikTok")
        return True

    def _arrived(self, key: str, turns: Iterator[Turn], error: Unsure | Later) -> int:
        """How many bytes TikTok has, asked after a wait; too many failures end the run."""
        turn = next(turns)
        if turn.last or not turn.wait(getattr(error, "after", None)):
            raise error if isinstance(error, Later) else Later(error.message) from error
        return answers.count(self._status(key), "uploaded_bytes")

    def _posted(self, job: Job, key: str) -> Posted:
        def look() -> Posted | None:
            said = self._status(key)
            if said is None:
                raise Unsure("TikTok no longer knows the post that was just sent")
            state = said.get("status")
            if state == "FAILED":
                why = answers.text(said, "fail_reason") or "it says no more"
                job.steps.drop("post")
                if why in PASSING:
                    raise Later(f"TikTok could not work with the video: {why}")
                raise Refused(f"TikTok could not work with the video: {why}", "pack it again for tiktok")
            return self._as_posted(job, key, said) if state == "PUBLISH_COMPLETE" else None

        return until(job, look, "TikTok still works on the video", first=3.0)

    def _as_posted(self, job: Job, key: str, said: dict[str, Any]) -> Posted:
        # the post's number is told after moderation, and for public posts only; the documents spell it so
        numbers = said.get("publicaly_available_post_id") or said.get("publicly_available_post_id") or []
        if not isinstance(numbers, list) or not numbers:
            return Posted(key, f"https://www.tiktok.com/@{job.account.id}")
        return Posted(str(numbers[0]), f"https://www.tiktok.com/@{job.account.id}/video/{numbers[0]}")

    def _status(self, key: str) -> dict[str, Any] | None:
        """How a post stands; None: TikTok does not know it."""
        try:
            return self._call("/v2/post/publish/status/fetch/", {"publish_id": key})
        except Refused as error:
            if "publish_id" in error.message:
                return None
            raise

    def _call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        # none of these shows anything to anybody: each may be sent twice
        headers = {"Content-Type": "application/json; charset=UTF-8"}
        data = self.bearer.call("POST", f"{self.api}{path}", json=body, headers=headers, again=True).table().get("data")
        return data if isinstance(data, dict) else {}


class _TikTokWeb(Web):
    """`Web` that understands TikTok's errors: a code and a message, whatever the status."""

    def fault(self, answer: Answer, *, safe: bool = True) -> PublishError:
        code = answers.text(answer.table(), "error", "code")
        if code == "unaudited_client_can_only_post_to_private_accounts":
            return Refused(
                f"TikTok: {code}",
                "set CLIPPER_TIKTOK_AUDITED=no (only you see the posts) until TikTok has audited the app",
            )
        if code in ("access_token_invalid", "scope_not_authorized"):
            return Unauthorised(f"TikTok does not accept the login: {answer.words}", self.network)
        if code in BUSY:
            return self.later(f"{code}: {answer.words}", asked_to_wait(answer.headers))
        return super().fault(answer, safe=safe)


def chunks(size: int) -> tuple[int, int]:
    """Bytes of a part, and how many parts, of a video of `size` bytes.

    The count is the size divided by the part, rounded down; the last part takes the rest as well.

    >>> chunks(4_000_000), chunks(100_000_000)
    ((4000000, 1), (32000000, 3))

    Source: developers.tiktok.com/doc/content-posting-api-media-transfer-guide: 5 to 64 MB, the last up to 128 MB.
    """
    return (size, 1) if size <= WHOLE else (PART, size // PART)


def make(credentials: Credentials, web: Web) -> TikTok:
    return TikTok(credentials, web)


def login(
    said: Mapping[str, str], web: Web, show: Callable[[str], None], ask: Callable[[str], str] | None = None
) -> dict[str, str]:
    return sign_in(KIND, said, web, show, ask)
