"""What goes out with a clip: its posts as each platform counts, checks, packs, and the sending itself.

In: a clip and words; out: posts that are measured, `Work` for checking, packing, and sending once somebody said yes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from clipper import platforms
from clipper.errors import InputError, UsageError
from clipper.studio.asked import ClipId, Passage, find
from clipper.studio.parts import AllParts, OneBench
from clipper.studio.shelf import Bench
from clipper.studio.work import Work

router = APIRouter(prefix="/api", tags=["send"])
Name = Literal["title", "text", "alt"]
PlatformName = Annotated[str, Field(min_length=1, max_length=40)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CountAnswer(_Model):
    """How long a text is as its platform counts; `limit` is null where none is published."""

    count: int
    limit: int | None
    fits: bool


class PostAnswer(_Model):
    """The post of one clip on one platform.

    Attributes:
        title: null where a post there has none of its own.
        alt: null where the platform takes none.
        own: which of the texts the producer wrote.
        changes: what was shortened or left out to fit.
        packed: whether OUT/packs holds the clip for this platform.
    """

    platform: str
    label: str
    title: str | None
    text: str
    alt: str | None
    counts: dict[Name, CountAnswer]
    own: tuple[Name, ...]
    changes: tuple[str, ...]
    packed: bool


class WordsBody(_Model):
    """A producer's words for one platform; empty: the template's words again."""

    clip: ClipId
    platform: PlatformName
    name: Name
    words: Passage


class CountBody(_Model):
    """A text as it is being written."""

    platform: PlatformName
    name: Name
    text: Passage


class SendBody(_Model):
    """Which clips, for which platforms; none named: those that are kept, and the show's platforms."""

    clips: Annotated[tuple[ClipId, ...], Field(max_length=1000)] = ()
    platforms: Annotated[tuple[PlatformName, ...], Field(max_length=20)] = ()


class PublishBody(_Model):
    """Which clips go where; nothing is sent without `yes`. `at`: not now, such as "18:00" or "+90m"."""

    clips: Annotated[tuple[ClipId, ...], Field(min_length=1, max_length=100)]
    to: Annotated[str, Field(pattern=r"^[a-z0-9][A-Za-z0-9:_.,-]{0,200}$")]
    at: Annotated[str, Field(pattern=r"^[0-9+:T mhd-]{0,24}$")] = ""
    yes: bool = False


@router.get("/posts")
def posts(clip: ClipId, bench: OneBench) -> tuple[PostAnswer, ...]:
    """The posts of one clip, a platform each."""
    return _posts(bench, clip, platforms.names())


@router.put("/posts")
def save(body: WordsBody, bench: OneBench) -> PostAnswer:
    """Keeps a producer's words for one platform, in OUT/packs."""
    from clipper.batch.packs import save_words

    to = platforms.platform(body.platform)
    save_words(bench.desk.out, find(bench.desk.state().plan, body.clip), to, body.name, body.words)
    return _posts(bench, body.clip, (to.name,))[0]


@router.post("/count")
def count(body: CountBody) -> CountAnswer:
    """How long a text is as a platform counts it."""
    to = platforms.platform(body.platform)
    return _count(body.text, {"title": to.title, "text": to.text, "alt": to.alt}[body.name])


@router.post("/check", status_code=202)
def check(body: SendBody, bench: OneBench, parts: AllParts) -> Work:
    """Begins to look at the finished files as a stranger would."""
    return _begin("check", body, bench, parts)


@router.post("/pack", status_code=202)
def pack(body: SendBody, bench: OneBench, parts: AllParts) -> Work:
    """Begins to pack the finished clips as each platform takes them."""
    return _begin("pack", body, bench, parts)


@router.post("/publish", status_code=202)
def publish(body: PublishBody, bench: OneBench, parts: AllParts) -> Work:
    """The dry run of sending, or, with `yes`, the sending itself, each clip once on each account."""
    plan = bench.desk.state().plan
    for name in body.clips:
        find(plan, name)
    task = {
        "out": str(bench.desk.out), "only": list(body.clips), "to": body.to, "dry": not body.yes, "at": body.at,
    }  # fmt: skip
    return parts.works.begin("publish", bench.key, task, body.clips)


def _begin(kind: Literal["check", "pack"], body: SendBody, bench: Bench, parts: Any) -> Work:
    plan = bench.desk.state().plan
    if bench.desk.state().problem is not None:
        raise InputError("clips.yaml cannot be read", "mend it first")
    for name in body.clips:
        find(plan, name)
    chosen = body.clips or tuple(c.id for c in plan.clips if c.picked)
    if not chosen:
        raise UsageError("no clip is kept yet", "keep one first")
    names = [platforms.platform(p).name for p in body.platforms]
    task = {"out": str(bench.desk.out), "only": list(chosen), "platforms": names}
    work: Work = parts.works.begin(kind, bench.key, task, chosen)
    return work


def _posts(bench: Bench, name: str, wanted: tuple[str, ...]) -> tuple[PostAnswer, ...]:
    from clipper.batch.packs import pack_folder
    from clipper.batch.packs import posts as made
    from clipper.export.packed import MANIFEST
    from clipper.export.packed_words import own_words

    out, plan = bench.desk.out, bench.desk.state().plan
    clip = find(plan, name)
    chosen = [platforms.platform(p) for p in wanted]
    found = made(out, plan, clip, chosen)
    answers = []
    for to in chosen:
        post, folder = found[to.name], pack_folder(out, to, clip)
        takes_alt = to.alt.limit is not None
        answers.append(
            PostAnswer(
                platform=to.name,
                label=to.label,
                title=post.title if to.title is not None else None,
                text=post.text,
                alt=post.alt if takes_alt else None,
                counts={
                    "title": _count(post.title, to.title), "text": _count(post.text, to.text),
                    "alt": _count(post.alt, to.alt),
                },
                own=tuple(sorted(own_words(folder))),
                changes=post.changes,
                packed=(folder / MANIFEST).is_file(),
            )
        )  # fmt: skip
    return tuple(answers)


def _count(text: str, fact: platforms.Text | None) -> CountAnswer:
    from clipper.export.post import measured

    found = measured(text, fact)
    return CountAnswer(count=found.count, limit=found.limit, fits=found.fits)
