"""Which files of a clip are to be made: those that are missing, or were made from something else.

In: a `Clip`, what it is made of, and OUT; out: a `Job`, and the manifest clip.json in the clip's folder. Only looks at
the disk; `Job.begin` makes the folder.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image

from clipper import cache
from clipper.export.checks.model import Verdict
from clipper.export.names import slug
from clipper.export.output import Output
from clipper.export.quality import qualities
from clipper.picture import rate
from clipper.picture.content import ChapterArt, Content
from clipper.picture.quotation import quotation
from clipper.picture.template import Template
from clipper.picture.thumbnail import cover_frame
from clipper.picture.wording import Reading, masked, pieces_words, read
from clipper.plan.model import Clip, Format
from clipper.plan.pieces import Pieces
from clipper.sound.loudness import Finished
from clipper.sound.recipe import Recipe
from clipper.span import Span
from clipper.speech.model import Transcript

VERSION = 6  # raised whenever the same inputs would give another picture or sound
MANIFEST = "clip.json"
SIDECARS = ("captions.srt", "captions.vtt", "cover.jpg", "alt.txt", "post.txt")
GRID = "cover-3x4.jpg"  # of the vertical shape, for a profile's grid


@dataclass(frozen=True, slots=True)
class Art:
    """A chapter's picture, RGB, from `start` in seconds of the episode on; `digest` names its bytes."""

    start: float
    picture: Image.Image
    digest: str


@dataclass(frozen=True, slots=True)
class Source:
    """What all clips of an episode share; digests name the bytes.

    Attributes:
        content: what every clip shows: cover, show, number, title, guest, handle, call, where, language.
        chapters: in order; a chapter without art of its own has the cover.
        cover_alt: the cover's alt text, where the feed has one.
        cover_at: the frame of a clip that becomes cover.jpg (see `clipper.picture.thumbnail.cover_frame`).
    """

    audio: Path
    audio_digest: str
    transcript: Transcript
    content: Content
    cover_digest: str
    chapters: tuple[Art, ...] = ()
    cover_alt: str = ""
    cover_at: str = "first"
    drop_hesitations: bool = False
    post_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One clip that may be to be made.

    Attributes:
        folder: OUT/clips/NN-slug; `former` is where an earlier title put it, if so.
        wanted: of each shape, the key of what it is to be made from.
        missing: the shapes that are not there as they are wanted.
        reading: the clip's words as they are to be read, with times from its start.
        content: what the clip shows, but for captions and levels.
        manifest: what clip.json said.
        recipe: what the clip's sound is made from; its pieces say what is heard when.
    """

    clip: Clip
    source: Source
    template: Template
    formats: tuple[Format, ...]
    output: Output
    folder: Path
    former: Path | None
    wanted: dict[Format, str]
    missing: tuple[Format, ...]
    reading: Reading
    content: Content
    manifest: dict[str, Any]
    recipe: Recipe

    @property
    def seconds(self) -> float:
        """How long the clip is."""
        return self.recipe.pieces.seconds

    @property
    def frames(self) -> int:
        return max(1, round(self.seconds * float(rate.exact(self.output.fps))))

    @property
    def files(self) -> dict[Format, Path]:
        """The MP4 of each shape."""
        return {name: self.folder / f"{name}.mp4" for name in self.formats}

    @property
    def covers(self) -> dict[str, Format]:
        """The still pictures, and the shape that each is a frame of."""
        return {"cover.jpg": self.formats[0], **({GRID: "vertical"} if "vertical" in self.formats else {})}

    @property
    def covers_kept(self) -> bool:
        """Whether the still pictures are there, of the moment that is wanted."""
        there = all((self.folder / name).is_file() for name in self.covers)
        return there and self.manifest.get("cover", "first") == self.source.cover_at

    @property
    def idle(self) -> bool:
        """Whether everything is there already."""
        there = all((self.folder / name).is_file() for name in SIDECARS)
        return not self.missing and not self.former and there and self.covers_kept

    def begin(self) -> None:
        """Makes the folder; one under an earlier title is renamed.

        Raises:
            MissingError: the disk is full or OUT cannot be written.
        """
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            if self.former is not None:
                self.former.rename(self.folder)
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise cache.cannot_write(self.folder, error) from error

    def remember(self, name: Format, finished: Finished, short: Sequence[Verdict]) -> None:
        """Writes the manifest after each shape, so that an interrupted run keeps what it had finished.

        Args:
            short: what fell short in it: the file is there, and is not done.
        """
        path = self.files[name]
        self.manifest.setdefault("files", {})[name] = {
            "made_from": self.wanted[name],
            "bytes": path.stat().st_size,
            "sha256": cache.file_digest(path),
            **({"short": [asdict(verdict) for verdict in short]} if short else {}),
        }
        self.manifest.update(
            id=self.clip.id,
            title=self.clip.title,
            start=self.clip.span.start,
            end=self.clip.span.end,
            seconds=round(self.seconds, 3),
            loudness_before=finished.before.integrated,
            note=finished.note,
            sound_note=finished.note,
            output=self.output.as_data(),
        )
        self.write()

    def fell_short(self, name: Format, short: Sequence[Verdict]) -> None:
        """Remembers what falls short in a finished file, if anything does, in place of what did before."""
        row = self.manifest.get("files", {}).get(name)
        rows = [asdict(verdict) for verdict in short]
        if not isinstance(row, dict) or row.get("short", []) == rows:
            return
        row.pop("short", None)
        row.update({"short": rows} if rows else {})
        self.write()

    @property
    def short(self) -> tuple[Format, ...]:
        """The shapes whose files are there, as they are wanted, and fell short."""
        rows = self.manifest.get("files", {})
        return tuple(n for n in self.formats if n not in self.missing and rows.get(n, {}).get("short"))

    def fallen(self, name: Format) -> list[str]:
        """What a shape's file fell short of, a line each, for whoever takes it all the same."""
        rows = self.manifest.get("files", {}).get(name, {}).get("short", [])
        return [f"not done, it fell short of a check: {row['name']}: {row['measured']}" for row in rows]

    def write(self) -> None:
        """Writes the manifest."""
        cache.write_text(self.folder / MANIFEST, json.dumps(self.manifest, indent=1, ensure_ascii=False) + "\n")


def job(
    clip: Clip,
    source: Source,
    template: Template,
    formats: Sequence[Format],
    out: Path,
    output: Output,
    recipe: Recipe | None = None,
) -> Job:
    """What of `clip` is to be made in OUT.

    Args:
        recipe: what its sound is made from; by default its span, as it is.

    Raises:
        UsageError: the cover's moment is none, or lies behind the clip's end.
    """
    digits = "".join(c for c in clip.id if c.isdigit()) or "0"
    number = f"{int(digits):02d}"
    folder = out / "clips" / f"{number}-{slug(clip.title)}"
    former = None if folder.exists() else _former(folder.parent, number, clip.id)
    manifest = _read((former or folder) / MANIFEST)
    recipe = recipe or Recipe.plain(source.audio, clip.span)
    reading = read(
        masked(pieces_words(source.transcript.words, recipe.pieces), _covered(recipe)),
        clip.captions,
        drop_hesitations=source.drop_hesitations,
        language=source.content.language,
    )
    content = _content(clip, source, reading, recipe.pieces)
    wanted = {n: _key(recipe, source, template, n, output, reading, content, len(formats) == 1) for n in formats}
    missing = tuple(n for n in formats if not _kept(manifest, n, wanted[n], (former or folder) / f"{n}.mp4"))
    made = Job(
        clip, source, template, tuple(formats), output, folder, former, wanted, missing, reading, content, manifest,
        recipe,
    )  # fmt: skip
    if source.cover_at != "peak":  # a moment that is not there is told before the long work
        cover_frame(source.cover_at, (), None, made.frames, float(rate.exact(output.fps)))
    return made


def as_rendered(job_: Job, out: Path) -> Job:
    """The same job with the quality, size and rate that its finished files were made with.

    A manifest of an older clipper does not say: then it is the quality whose files these are, if any is.
    """
    output = Output.from_data(job_.manifest.get("output"))

    def with_(one: Output) -> Job:
        return job(job_.clip, job_.source, job_.template, job_.formats, out, one, job_.recipe)

    if output is None:
        tried = (with_(Output(quality=one)) for one in qualities().values() if job_.missing)
        return min((job_, *tried), key=lambda one: len(one.missing))
    return job_ if output == job_.output else with_(output)


def _covered(recipe: Recipe) -> list[Span]:
    """Where in the clip a word is not to be heard, and so not to be read."""
    return [s for span in (*recipe.bleep, *recipe.mute) for s in recipe.pieces.stretches(span)]


def _content(clip: Clip, source: Source, reading: Reading, pieces: Pieces) -> Content:
    """What the clip shows, but for captions and levels."""
    here = {word.speaker for word in reading.words}
    speakers = dict.fromkeys(w.speaker for w in source.transcript.words if w.speaker and w.speaker in here)
    quoted = quotation(reading.words, clip.headline, own=bool(clip.hook) and clip.hook != clip.proposed_hook)
    return replace(
        source.content,
        headline=clip.title,
        hook=clip.headline,
        quotation=quoted.text,
        quoted=quoted.speaker,
        speakers=tuple(speakers),
        chapters=tuple(ChapterArt(start, art.picture) for start, art in _arts(pieces, source)),
    )


def _arts(pieces: Pieces, source: Source) -> tuple[tuple[float, Art], ...]:
    """The chapters that show in a clip, and the clip time from which each does (0 or less: from its beginning)."""
    out: list[tuple[float, Art]] = []
    for start, span in zip(pieces.starts, pieces.spans, strict=True):
        before = max((art.start for art in source.chapters if art.start <= span.start), default=0.0)
        for art in source.chapters:
            if before <= art.start < span.end and (not out or out[-1][1] is not art):
                at = start + art.start - span.start
                out.append((min(at, 0.0) if not out and art.start <= span.start else max(at, start), art))
    return tuple(out)


def _former(root: Path, number: str, clip_id: str) -> Path | None:
    """The folder that this clip had under an earlier title."""
    for other in sorted(root.glob(f"{number}-*")):
        if _read(other / MANIFEST).get("id") == clip_id:
            return other
    return None


def _key(
    recipe: Recipe,
    source: Source,
    template: Template,
    name: Format,
    output: Output,
    reading: Reading,
    content: Content,
    alone: bool,
) -> str:
    return cache.key(
        "clip",
        VERSION,
        audio=source.audio_digest,
        cover=source.cover_digest,
        sound=recipe.facts(),
        words=[(w.text, round(w.start, 3), round(w.end, 3), w.speaker, w.space) for w in reading.words],
        loud=sorted(reading.emphasis.words),
        texts={**content.placeholders(), "call": content.call, "where": content.where},
        language=content.language,
        speakers=content.speakers,
        chapters=[(round(start * 1000), art.digest) for start, art in _arts(recipe.pieces, source)],
        template=template.fingerprint(),
        shape=name,
        quality=str(output.quality),
        encoder=output.encoder,
        reduced_motion=output.reduced_motion,
        fps=output.fps,
        size=output.size_for(template.shape(name).size, alone),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _kept(manifest: dict[str, Any], name: Format, wanted: str, path: Path) -> bool:
    row = manifest.get("files", {}).get(name, {})
    return bool(row.get("made_from") == wanted and path.is_file() and path.stat().st_size == row.get("bytes"))
