"""Posts and packs of the clips in OUT. In: OUT with its plan, platforms; out: `Post`s, and folders OUT/packs/...

The words that a producer wrote into a pack's post.txt, alt.txt or title.txt are kept by every later pack.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from clipper import cache
from clipper.batch.finished import current
from clipper.batch.folder import Folder
from clipper.batch.wishes import show_of
from clipper.errors import InputError
from clipper.export.names import slug
from clipper.export.pack import RefusedError, fit, pack
from clipper.export.packed import MANIFEST, Packed, read_packed
from clipper.export.packed_words import TEXTS, own_words
from clipper.export.post import About, Post, counted, measured, settings_of, write
from clipper.platforms import Platform
from clipper.progress import Progress, silent

if TYPE_CHECKING:
    from clipper.episode.model import Episode
    from clipper.export.job import Job
    from clipper.plan.model import Clip, Plan
    from clipper.show import Show

PACKS = "packs"
Words = dict[Literal["title", "text", "alt"], str]


@dataclass(frozen=True, slots=True)
class Made:
    """One pack, or why there is none."""

    clip: str
    platform: Platform
    folder: Path
    packed: Packed | None = None
    refused: RefusedError | None = None


def about(clip: Clip, plan: Plan, episode: Episode, show: Show, alt: str = "") -> About:
    """What a post can say of a clip. Pure.

    Args:
        alt: the clip's alt text (see `clipper.picture.alt`), as clip.json has it.
    """
    from clipper.picture.calls import call_to_listen

    link = show.post.link or episode.url or ""
    return About(
        title=clip.title,
        hook=clip.headline,
        show=plan.show or "",
        number=str(plan.number) if plan.number is not None else "",
        episode=plan.title or "",
        guest=" & ".join(plan.guests),
        handle=show.about.handle,
        link=link,
        where=show.about.where or _host(link) or show.about.handle,
        call=call_to_listen(episode.language),
        alt=alt,
        tags=episode.tags,
        campaign=clip.id,
    )


def post(
    clip: Clip, plan: Plan, episode: Episode, show: Show, to: Platform, *, alt: str = "", own: Words | None = None
) -> Post:
    """The post of a clip on a platform: from the show's template, or the producer's own words, measured. Pure.

    Args:
        own: what the producer wrote (see `own_words_of`).
    """
    made = write(about(clip, plan, episode, show, alt), to, show.post)
    if not own:
        return made
    text = own.get("text", made.text)
    changed = counted(
        own.get("title", made.title), text, own.get("alt", made.alt), to,
        hashtags_=made.hashtags if text == made.text else None, link=made.link or about(clip, plan, episode, show).link,
    )  # fmt: skip
    kept = [c for c in made.changes if not c.startswith(tuple(own))] if "text" not in own else []
    return replace(changed, changes=tuple(kept))


def posts(out: Path, plan: Plan, clip: Clip, platforms: Sequence[Platform]) -> dict[str, Post]:
    """The posts of one clip by platform, as `pack` would write them now; for showing them before anything is packed."""
    episode, show = Folder(out).load_episode(), show_of(plan.episode, out)
    alt = _alt(out, clip)
    return {
        p.name: post(clip, plan, episode, show, p, alt=alt, own=own_words(pack_folder(out, p, clip))) for p in platforms
    }


def save_words(out: Path, clip: Clip, to: Platform, name: Literal["title", "text", "alt"], words: str) -> None:
    """Keeps a producer's words for a platform, as if they had been written into the pack's file.

    An empty text takes them back: the template's words hold again.
    """

    folder = pack_folder(out, to, clip)
    path = folder / dict(TEXTS)[name]
    if not words.strip():
        path.unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    cache.write_text(path, words.strip() + "\n")


def pack_folder(out: Path, to: Platform, clip: Clip) -> Path:
    """OUT/packs/PLATFORM/NN-slug; the one that the clip had under an earlier title, where there is one."""
    digits = "".join(c for c in clip.id if c.isdigit()) or "0"
    number = f"{int(digits):02d}"
    root = out / PACKS / to.name
    folder = root / f"{number}-{slug(clip.title)}"
    if folder.exists():
        return folder
    return next((p for p in sorted(root.glob(f"{number}-*")) if _is_of(p, clip.id)), folder)


def make_packs(
    out: Path,
    plan: Plan,
    jobs: Sequence[Job],
    platforms: Sequence[Platform],
    *,
    progress: Progress = silent,
    done: Callable[[Made], None] = lambda made: None,
) -> list[Made]:
    """Packs every job for every platform; what is refused stands beside what was made.

    Raises:
        InputError: a clip was changed since it was rendered, or words of the producer's are too long.
        MissingError: the disk is full, or OUT cannot be written.
    """
    from clipper.export.checks.look import container
    from clipper.export.clip import again

    episode, show = Folder(out).load_episode(), show_of(plan.episode, out)
    made: list[Made] = []
    total = len(jobs) * len(platforms)
    for job in jobs:
        current(job, out)
        found = {name: container(path) for name, path in job.files.items() if path.is_file()}
        for to in platforms:
            progress("pack", len(made), total, f"{job.clip.title} · {to.label}")
            folder = _settled(out, to, job.clip)
            settings = settings_of(to.name, show.post)
            own = own_words(folder)
            said = post(job.clip, plan, episode, show, to, alt=_alt(out, job.clip), own=own)
            _refuse_long(said, to, own, folder)
            language = job.content.language or "und"
            try:
                how = fit(job, to, found, settings.format, bool(settings.full))
                one = pack(
                    job, to, said, folder, how,
                    lambda j, name, size, quality, path: again(j, name, size, quality, path, progress),
                    own=sorted(own), language=language, show=plan.show,
                )  # fmt: skip
                made.append(Made(job.clip.id, to, folder, one))
            except RefusedError as error:
                (folder / MANIFEST).unlink(missing_ok=True)  # what was packed before holds no more
                made.append(Made(job.clip.id, to, folder, refused=error))
            done(made[-1])
    progress("pack", total, total)
    return made


def _refuse_long(said: Post, to: Platform, own: Words, folder: Path) -> None:

    files = dict(TEXTS)
    for name, text, fact in (("title", said.title, to.title), ("text", said.text, to.text), ("alt", said.alt, to.alt)):
        length = measured(text, fact)
        where = folder / files[name] if name in own else "the post's template"
        if not length.fits:
            raise InputError(
                f"{where}: {length.count} counted as {to.label} counts, it takes {length.limit}", "make it shorter"
            )
        bad = next((c for c in (fact.refused if fact else "") if c in text), None)
        if bad is not None:
            raise InputError(f"{where}: {to.label} does not take {bad!r}", "write it without")


def _settled(out: Path, to: Platform, clip: Clip) -> Path:
    """The pack's folder, renamed where the clip was retitled.

    Raises:
        MissingError: it cannot be renamed.
    """
    there = pack_folder(out, to, clip)
    digits = "".join(c for c in clip.id if c.isdigit()) or "0"
    wanted = there.parent / f"{int(digits):02d}-{slug(clip.title)}"
    if there != wanted and there.exists():
        try:
            there.rename(wanted)
        except OSError as error:
            raise cache.cannot_write(wanted, error) from error
    return wanted


def _is_of(folder: Path, clip: str) -> bool:
    try:
        return read_packed(folder, changed=True).clip == clip
    except InputError:
        return False


def _alt(out: Path, clip: Clip) -> str:
    """The alt text that rendering left beside the clip."""
    digits = "".join(c for c in clip.id if c.isdigit()) or "0"
    path = out / "clips" / f"{int(digits):02d}-{slug(clip.title)}" / "alt.txt"
    try:
        return path.read_bytes()[:20_000].decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
