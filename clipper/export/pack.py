"""A pack: one clip as one platform takes it, in a folder OUT/packs/PLATFORM/NN-slug with its manifest.

In: a rendered `Job`, a platform, a `Post`; out: a `Packed` and the files it names, or what stands against it. A video
that fits goes in as it is (a hard link, else a copy); else it is drawn once more from the scene; never is it cut.
"""

from __future__ import annotations

import datetime
import errno
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from clipper import __version__, cache
from clipper.errors import FellShortError
from clipper.export.checks import Facts, Wanted
from clipper.export.checks.fit import fits, takes
from clipper.export.checks.look import container
from clipper.export.checks.model import Container
from clipper.export.job import Job
from clipper.export.packed import MANIFEST, Packed, PackedFile, PackedVideo, write_packed
from clipper.export.packed_words import TEXTS, write_words
from clipper.export.post import Post
from clipper.export.quality import Quality
from clipper.media import LOCAL
from clipper.plan.model import FORMATS, Format
from clipper.platforms import Platform

ROOM = 0.97  # of a platform's bytes, aimed at
LEAST_BITS = 400_000  # a second of pictures; under it words are no longer sharp
SOUND_BITS = 200_000  # a second of AAC and container
KINDS = {
    ".mp4": "video/mp4", ".jpg": "image/jpeg", ".vtt": "text/vtt", ".srt": "application/x-subrip", ".txt": "text/plain",
}  # fmt: skip

Encode = Callable[[Job, Format, tuple[int, int], Quality, Path], None]


class RefusedError(FellShortError):
    """A platform does not take the clip, and nothing but the producer can change that."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a clip's video goes into a pack.

    Attributes:
        size: width and height to be drawn in; None where the finished file goes in as it is.
        quality: to be drawn with.
        changes: what is done and why, a line each.
    """

    format: Format
    size: tuple[int, int] | None = None
    quality: Quality | None = None
    changes: tuple[str, ...] = ()


def fit(job: Job, to: Platform, found: dict[Format, Container], wish: Format | None = None, full: bool = False) -> Fit:
    """Which shape goes to a platform, and how.

    Args:
        found: the finished files.
        wish: the shape that the producer wants there.
        full: in its own size, where the platform's usual accounts take less (X).

    Raises:
        RefusedError: too long or too short, or no shape that it takes.
    """
    for name in (wish,) if wish else [f for f in FORMATS if f in found]:
        if name not in found:
            raise RefusedError(f"{job.clip.id} is not rendered {name}", "add it to formats: in clips.yaml, then render")
    shapes = [wish] if wish else [f for f in FORMATS if f in found]
    tried = [(name, [v for v in fits(found[name], to) if not v.good]) for name in shapes]
    mendable = ("bytes", "size")
    length = next((v for _, bad in tried for v in bad if v.name.endswith(": length")), None)
    if length is not None:
        raise RefusedError(
            f"{job.clip.id} lasts {length.measured}, {to.label} takes {length.limit}",
            f'shorten it in clips.yaml (end: "-1 sentence"), or leave {to.label} out; nothing is cut away unasked',
        )
    for name, bad in tried:
        rest = [v for v in bad if not v.name.endswith(mendable)]
        one = found[name]
        size, why = _size(one, to, full)
        if rest or not takes(to, (one.width, one.height)):
            continue
        heavy = to.file.bytes is not None and one.bytes > to.file.bytes
        if size is None and not heavy:
            return Fit(name)
        quality, said = _quality(job, to, one, heavy)
        return Fit(name, size or (one.width, one.height), quality, (*why, *said))
    worst = next((v for _, bad in tried for v in bad), None)
    told = f": {worst.measured}, {worst.limit}" if worst else ""
    raise RefusedError(f"{to.label} takes no shape of {job.clip.id}{told}", "render another format for it")


def _size(one: Container, to: Platform, full: bool) -> tuple[tuple[int, int] | None, tuple[str, ...]]:
    """A smaller size of the same shape, where the platform takes no larger one."""
    most = to.picture.side_most
    short, long = sorted((to.picture.width, to.picture.height))
    small = short < 1080 and not full and (min(one.width, one.height) > short or max(one.width, one.height) > long)
    scale = 1.0
    if small:
        scale = min(short / min(one.width, one.height), long / max(one.width, one.height))
    if most is not None and max(one.width, one.height) * scale > most:
        scale = most / max(one.width, one.height)
    if scale >= 1:
        return None, ()
    size = round(one.width * scale / 2) * 2, round(one.height * scale / 2) * 2
    why = "what accounts without a subscription may send" if small else "the longest side that it takes"
    return size, (f"drawn again in {size[0]}x{size[1]}: {why} ({to.label})",)


def _quality(job: Job, to: Platform, one: Container, heavy: bool) -> tuple[Quality, tuple[str, ...]]:
    """The clip's own quality, or as many bits as the platform's bytes leave.

    Raises:
        RefusedError: too few for sharp words.
    """
    own = job.output.quality
    if not heavy or to.file.bytes is None:
        return own, ()
    bits = int(to.file.bytes * 8 * ROOM / max(one.video_seconds, 0.1)) - SOUND_BITS
    if bits < LEAST_BITS:
        raise RefusedError(
            f"{job.clip.id} would have {max(bits, 0) // 1000} kbit/s for {to.label}, too few for sharp words",
            "shorten it, or leave that platform out",
        )
    said = f"drawn again with at most {bits / 1e6:.1f} Mbit/s: {to.label} takes {to.file.bytes / 1e6:,.0f} MB"
    return replace(own, qp=None, preset="medium", crf=20, params="", maxrate=str(bits), bufsize=str(bits)), (said,)


def pack(
    job: Job, to: Platform, post: Post, folder: Path, how: Fit, encode: Encode,
    *, own: Sequence[Literal["title", "text", "alt"]] = (), language: str = "und", show: str | None = None,
) -> Packed:  # fmt: skip
    """Makes the pack; what was packed before and is the same stays.

    Args:
        folder: OUT/packs/PLATFORM/NN-slug, made here.
        encode: draws a shape again in a size and quality, with the clip's sound.
        own: which of the words are the producer's.

    Raises:
        RefusedError: drawn again, it still is not what the platform takes.
        MissingError: the disk is full, or the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)  # a pack that is not whole has no manifest
    source = job.files[how.format]
    video = folder / "video.mp4"
    if how.size is None:
        place(source, video)
    elif how.quality is not None and not _drawn(video, job, how):
        with cache.appearing(video) as temporary:
            encode(job, how.format, how.size, how.quality, temporary)
            _refuse_unfit(temporary, to, job)
        cache.write_text(_mark(video), _made_from(job, how))
    found = container(video)
    captions = {kind: _captions(job, kind, folder, to) for kind in ("vtt", "srt")}
    changes = [*job.fallen(how.format), *how.changes, *post.changes, *(said for _, said in captions.values() if said)]
    cover = _cover(job, how.format, folder)
    write_words(folder, post, to, own)
    seconds = max(found.video_seconds, found.audio_seconds)
    packed = Packed(
        platform=to.name, clip=job.clip.id, content=content(job), made=datetime.datetime.now(datetime.UTC),
        title=post.title, text=post.text, alt=post.alt, hashtags=post.hashtags, link=post.link, language=language,
        show=show, cover=cover, vtt=captions["vtt"][0], srt=captions["srt"][0], changes=tuple(changes),
        video=PackedVideo(
            **dict(file_of(video)), width=found.width, height=found.height, seconds=round(seconds, 3), fps=found.fps
        ),
        texts=tuple(file_of(folder / file) for _, file in TEXTS if (folder / file).is_file()),
        own=tuple(own), by=f"clipper {__version__}",
    )  # fmt: skip
    write_packed(folder, packed)
    return packed


def content(job: Job) -> str:
    """What the clip shows and says, as a name: the same in every size and for every platform."""
    clip, source = job.clip, job.source
    first = cache.key(
        "content", 1, audio=source.audio_digest, cover=source.cover_digest, title=clip.title, hook=clip.headline,
        sound=job.recipe.facts(), words=[w.text for w in job.reading.words], look=job.template.fingerprint(),
    )  # fmt: skip
    return first + cache.key("content", 2, first=first)


def file_of(path: Path) -> PackedFile:
    """A file as the manifest names it."""
    return PackedFile(
        name=path.name, sha256=cache.file_digest(path), bytes=path.stat().st_size, kind=KINDS[path.suffix]
    )


def place(source: Path, target: Path) -> None:
    """Puts a file into a pack without its bytes where the disk can: as a hard link, else a copy.

    A clip that is rendered again gets a new file under its name, so that a link keeps the old one.

    Raises:
        MissingError: the disk is full, or the folder cannot be written.
    """
    try:
        if target.exists() and target.samefile(source):
            return
        with cache.appearing(target) as temporary:
            temporary.unlink()
            try:
                os.link(source, temporary)
            except OSError as error:  # another disk, a file system without links, too many of them
                if error.errno == errno.ENOSPC:
                    raise
                shutil.copyfile(source, temporary)
    except OSError as error:
        raise cache.cannot_write(target, error) from error


def _captions(job: Job, kind: str, folder: Path, to: Platform) -> tuple[PackedFile | None, str]:
    """The caption file of a kind, where the platform takes one."""
    source, target = job.folder / f"captions.{kind}", folder / f"captions.{kind}"
    if kind not in to.captions.kinds or not source.is_file():
        target.unlink(missing_ok=True)
        return None, ""
    if to.captions.bytes is not None and source.stat().st_size > to.captions.bytes:
        target.unlink(missing_ok=True)
        return None, f"captions.{kind} left out: {to.label} takes {to.captions.bytes:,} bytes of it"
    place(source, target)
    return file_of(target), ""


def _cover(job: Job, shape: Format, folder: Path) -> PackedFile | None:
    """The still picture of the shape that is packed."""
    source, target = job.folder / "cover.jpg", folder / "cover.jpg"
    if job.covers["cover.jpg"] == shape and source.is_file():
        place(source, target)
    else:
        _first_picture(job.files[shape], target)
    return file_of(target)


def _first_picture(video: Path, target: Path) -> None:
    import av
    from PIL import Image

    with av.open(str(video), options=LOCAL) as opened:
        frame = next(opened.decode(opened.streams.video[0]))
        with cache.appearing(target) as temporary:
            Image.fromarray(frame.to_ndarray(format="rgb24")).save(temporary, "JPEG", quality=92, subsampling=0)


def _refuse_unfit(path: Path, to: Platform, job: Job) -> None:
    from clipper.export.checks import container as form
    from clipper.export.checks import together
    from clipper.export.checks.look import look

    found, seen, _ = look(path, pictures="keys", sound=False)
    wanted = Wanted(found.width, found.height, job.output.fps, job.frames, draft=True)
    facts = Facts(found, wanted, seen=seen)
    rows = [*fits(found, to), *together.starts(facts), *together.ends(facts), *together.frames(facts),
            *form.codecs(facts), *form.index(facts)]  # fmt: skip
    bad = next((v for v in rows if not v.good), None)
    if bad is not None:
        raise RefusedError(
            f"{job.clip.id} drawn again for {to.label} falls short: {bad}",
            bad.mend,
        )


def _mark(video: Path) -> Path:
    return video.with_name(".video.made-from")


def _made_from(job: Job, how: Fit) -> str:
    return cache.key("pack", 1, wanted=job.wanted[how.format], size=how.size, quality=str(how.quality)) + "\n"


def _drawn(video: Path, job: Job, how: Fit) -> bool:
    """Whether the rendition is there already."""
    try:
        return video.is_file() and _mark(video).read_text(encoding="utf-8") == _made_from(job, how)
    except (OSError, UnicodeDecodeError):
        return False
