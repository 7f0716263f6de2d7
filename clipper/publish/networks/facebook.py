"""Facebook Reels on a Page: start, upload, finish, captions. In: a pack; out: a reel.

A reel has its number from the start, so finishing it twice makes no second one, and its status tells how far it is.

Source: developers.facebook.com/docs/video-api/guides/reels-publishing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from clipper.publish import answers
from clipper.publish.base import Account, Field, Job, Kind, Limits, Missing, Pack, Posted, Request, Unknown
from clipper.publish.bearer import SIGNED_IN, addresses
from clipper.publish.credentials import Credentials
from clipper.publish.errors import Refused
from clipper.publish.facts import facts, limits
from clipper.publish.meta import Graph, number
from clipper.publish.places import size_words
from clipper.publish.signing import sign_in
from clipper.publish.waiting import begin, forgotten, sending, until
from clipper.publish.web import Web

FACTS = facts("facebook")
KIND = Kind(
    "facebook",
    "Facebook",
    ("facebook-reels",),
    fields=(
        *SIGNED_IN,
        Field("page", "which Page", default="", help="its name or number; empty if you have one only"),
        *addresses("facebook"),
    ),
)
LATEST = 50  # reels that are looked through
# a language without a country gets the one that Facebook names first for it
COUNTRIES = {"en": "US", "de": "DE", "es": "ES", "fr": "FR", "pt": "BR", "it": "IT", "nl": "NL", "ja": "JP", "ko": "KR"}


class Facebook:
    """One Page, by the Page's token."""

    kind: ClassVar[Kind] = KIND

    def __init__(self, credentials: Credentials, web: Web) -> None:
        self.graph = Graph(credentials, web)

    def account(self) -> Account:
        said = self.graph.get("me", fields="id,name")
        return Account(number(said.get("id")), answers.text(said, "name") or "your Page", "public")

    def limits(self) -> Limits:
        return limits("facebook-reels")

    def dry_run(self, pack: Pack) -> tuple[Request, ...]:
        reels, packed = f"{self.graph.base}/{{account}}/video_reels", pack.packed
        upload = f"{self.graph.upload}/video-upload/{FACTS.version}/{{video}}"
        asked = [
            Request("POST", reels, "a reel is begun", {"upload_phase": "start"}),
            Request("POST", upload, f"the video, {size_words(packed.video.bytes)}", bytes=packed.video.bytes),
            Request("POST", reels, "the reel is published", _finish(pack, "{video}")),
        ]
        locale = _locale(packed.language)
        if packed.srt and _captioned(pack):
            at = f"{self.graph.base}/{{video}}/captions"
            asked.append(Request("POST", at, "the captions (SRT)", {"default_locale": locale}, bytes=packed.srt.bytes))
        return tuple(asked)

    def publish(self, job: Job) -> Posted:
        begin(job)
        video = self._uploaded(job)
        if self._phase(video, "publishing_phase") not in ("in_progress", "complete"):
            sending(job)
            try:
                self.graph.post(f"{job.account.id}/video_reels", _finish(job.pack, video))
            except Refused:
                # a broken-off try may have finished it a moment ago
                if self._phase(video, "publishing_phase") not in ("in_progress", "complete"):
                    raise
        posted = self._published(job, video)
        self._captions(job, video)
        return posted

    def find(self, job: Job) -> Posted | Missing | Unknown:
        begun = job.steps.get("reel")
        if begun is None:
            found = self._among_latest(job) if forgotten(job) else None
            return found or Missing()
        video = str(begun["id"])
        if self._phase(video, "publishing_phase") != "complete" or (
            _captioned(job.pack) and not job.steps.get("captioned")
        ):
            return Missing()  # publish() goes on where it stopped: the reel is published once, whoever asks
        return self._published(job, video)

    def delete(self, posted: Posted) -> None:
        self.graph.delete(posted.remote_id)

    def _uploaded(self, job: Job) -> str:
        begun = job.steps.get("reel")
        if begun is not None and self._status(str(begun["id"])).get("video_status") in ("expired", "error"):
            begun = None
        if begun is None:
            said = self.graph.post(f"{job.account.id}/video_reels", {"upload_phase": "start"})
            begun = {"id": number(said.get("video_id")), "url": str(said.get("upload_url", ""))}
            job.steps.put("reel", begun)
        video = str(begun["id"])
        self.graph.send(job, str(begun["url"]), lambda: self._arrived(job, video))
        return video

    def _arrived(self, job: Job, video: str) -> int:
        phase = answers.table(self._status(video), "uploading_phase")
        if phase.get("status") == "complete":
            return job.pack.packed.video.bytes
        # the documents spell it both ways
        return answers.count(phase, "bytes_transfered") or answers.count(phase, "bytes_transferred")

    def _published(self, job: Job, video: str) -> Posted:
        def look() -> Posted | None:
            said = self.graph.get(video, fields="status,permalink_url")
            status = answers.table(said, "status")
            if status.get("video_status") == "error":
                job.steps.drop("reel")
                raise Refused(
                    f"Facebook could not work with the video: {_why(status)}", "pack it again for facebook-reels"
                )
            if answers.at(status, "publishing_phase", "status") != "complete":
                return None
            place = str(said.get("permalink_url") or f"/reel/{video}/")
            return Posted(video, place if place.startswith("https://") else f"https://www.facebook.com{place}")

        return until(job, look, "Facebook still works on the video")

    def _captions(self, job: Job, video: str) -> None:
        srt, locale = job.pack.packed.srt, _locale(job.pack.packed.language)
        if srt is None or not locale or job.steps.get("captioned"):
            return
        with job.pack.path(srt).open("rb") as f:
            file = (f"captions.{locale}.srt", f, "application/x-subrip")
            self.graph.bearer.call(
                "POST",
                f"{self.graph.base}/{video}/captions",
                data={"default_locale": locale},
                files={"captions_file": file},
                again=True,
            )
        job.steps.put("captioned", True)

    def _status(self, video: str) -> dict[str, Any]:
        return answers.table(self.graph.get(video, fields="status"), "status")

    def _phase(self, video: str, name: str) -> str:
        return answers.text(self._status(video), name, "status")

    def _among_latest(self, job: Job) -> Posted | None:
        """The newest reel with this text that the ledger does not know."""
        said = self.graph.get(f"{job.account.id}/video_reels", fields="id,description", limit=str(LATEST))
        for row in answers.rows(said, "data"):
            key = answers.text(row, "id")
            if answers.text(row, "description").strip() == job.pack.packed.text.strip() and key not in job.known:
                return Posted(number(key), f"https://www.facebook.com/reel/{key}/")
        return None


def _finish(pack: Pack, video: str) -> dict[str, str]:
    said = {"upload_phase": "finish", "video_id": video, "video_state": "PUBLISHED", "description": pack.packed.text}
    return {**said, "title": pack.packed.title} if pack.packed.title else said


def _locale(language: str) -> str:
    """As Facebook writes it, "en_US"; "" for a language that it cannot be told."""
    parts = language.split("-")
    country = next((p.upper() for p in parts[1:] if len(p) == 2), COUNTRIES.get(parts[0].lower(), ""))
    return f"{parts[0].lower()}_{country}" if len(parts[0]) == 2 and country else ""


def _captioned(pack: Pack) -> bool:
    return pack.packed.srt is not None and bool(_locale(pack.packed.language))


def _why(status: dict[str, Any]) -> str:
    errors = [error for phase in status for error in answers.rows(status, phase, "errors")]
    return "; ".join(answers.text(error, "message") for error in errors) or "it says no more"


def make(credentials: Credentials, web: Web) -> Facebook:
    return Facebook(credentials, web)


def login(
    said: Mapping[str, str], web: Web, show: Callable[[str], None], ask: Callable[[str], str] | None = None
) -> dict[str, str]:
    return sign_in(KIND, said, web, show, ask)
