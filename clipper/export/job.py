"""Which files of a clip are to be made: those that are missing, or were made from something else.

In: a `Clip`, what it is made of, and OUT; out: a `Job`, and the manifest clip.json in the clip's folder. Only looks at
the disk; `Job.begin` makes the folder.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from clipper import cache
from clipper.export.names import slug
from clipper.export.output import Output
from clipper.picture import rate
from clipper.picture.captions import clip_words
from clipper.picture.template import Template
from clipper.plan.model import Clip, Format
from clipper.sound.loudness import Finished
from clipper.speech.model import Transcript, Word

VERSION = 2  # raised whenever the same inputs would give another picture or sound
MANIFEST = "clip.json"
SIDECARS = ("captions.srt", "captions.vtt", "cover.jpg", "post.txt")


@dataclass(frozen=True, slots=True)
class Source:
    """What all clips of an episode share; digests name the bytes."""

    audio: Path
    audio_digest: str
    transcript: Transcript
    cover: Image.Image
    cover_digest: str
    show_line: str
    post_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One clip that may be to be made.

    Attributes:
        folder: OUT/clips/NN-slug; `former` is where an earlier title put it, if so.
        wanted: of each shape, the key of what it is to be made from.
        missing: the shapes that are not there as they are wanted.
        words: of the clip, with times from its start.
        manifest: what clip.json said.
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
    words: list[Word]
    manifest: dict[str, Any]

    @property
    def frames(self) -> int:
        return max(1, round(self.clip.span.seconds * float(rate.exact(self.output.fps))))

    @property
    def files(self) -> dict[Format, Path]:
        """The MP4 of each shape."""
        return {name: self.folder / f"{name}.mp4" for name in self.formats}

    @property
    def idle(self) -> bool:
        """Whether everything is there already."""
        return not self.missing and not self.former and all((self.folder / name).is_file() for name in SIDECARS)

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

    def remember(self, name: Format, finished: Finished) -> None:
        """Writes the manifest after each shape, so that an interrupted run keeps what it had finished."""
        path = self.files[name]
        self.manifest.setdefault("files", {})[name] = {
            "made_from": self.wanted[name],
            "bytes": path.stat().st_size,
            "sha256": cache.file_digest(path),
        }
        self.manifest.update(
            id=self.clip.id,
            title=self.clip.title,
            start=self.clip.span.start,
            end=self.clip.span.end,
            loudness_before=finished.before.integrated,
            note=finished.note,
        )
        cache.write_text(self.folder / MANIFEST, json.dumps(self.manifest, indent=1, ensure_ascii=False) + "\n")


def job(clip: Clip, source: Source, template: Template, formats: Sequence[Format], out: Path, output: Output) -> Job:
    """What of `clip` is to be made in OUT."""
    digits = "".join(c for c in clip.id if c.isdigit()) or "0"
    number = f"{int(digits):02d}"
    folder = out / "clips" / f"{number}-{slug(clip.title)}"
    former = None if folder.exists() else _former(folder.parent, number, clip.id)
    manifest = _read((former or folder) / MANIFEST)
    words = clip_words(source.transcript.words, clip.span.start, clip.span.end)
    wanted = {name: _key(clip, source, template, name, output, words, len(formats) == 1) for name in formats}
    missing = tuple(n for n in formats if not _kept(manifest, n, wanted[n], (former or folder) / f"{n}.mp4"))
    return Job(
        clip, source, template, tuple(formats), output, folder, former, wanted, missing, words, manifest
    )  # fmt: skip


def _former(root: Path, number: str, clip_id: str) -> Path | None:
    """The folder that this clip had under an earlier title."""
    for other in sorted(root.glob(f"{number}-*")):
        if _read(other / MANIFEST).get("id") == clip_id:
            return other
    return None


def _key(
    clip: Clip, source: Source, template: Template, name: Format, output: Output, words: Sequence[Word], alone: bool
) -> str:
    return cache.key(
        "clip",
        VERSION,
        audio=source.audio_digest,
        cover=source.cover_digest,
        span=[round(clip.span.start * 1000), round(clip.span.end * 1000)],
        words=[(w.text, round(w.start, 3), round(w.end, 3), w.speaker) for w in words],
        headline=clip.headline,
        show=source.show_line,
        template=template.fingerprint(),
        shape=name,
        quality=str(output.quality),
        encoder=output.encoder,
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
