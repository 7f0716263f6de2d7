"""One clip of a plan as finished files: shapes, captions, cover, post text, each checked before it gets its name.

In: a `Clip`, the words, the audio, the cover, a template; out: a folder OUT/clips/NN-slug. What is there already and
was made from the same things is kept.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image

from clipper import cache
from clipper.errors import FellShortError
from clipper.export import track
from clipper.export.check import Verdict, Wanted, check
from clipper.export.encode import encode
from clipper.export.names import slug
from clipper.export.quality import Quality
from clipper.picture import compose
from clipper.picture.captions import Group, clip_words
from clipper.picture.sidecar import srt, vtt
from clipper.picture.template import Template
from clipper.plan.model import Clip, Format
from clipper.progress import Progress, silent
from clipper.sound.cut import cut
from clipper.sound.envelope import levels
from clipper.sound.loudness import Finished, finish
from clipper.speech.model import Transcript

VERSION = 1  # raised whenever the same inputs would give another picture or sound
FPS = 30.0
MANIFEST = "clip.json"


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


@dataclass(slots=True)
class Seconds:
    """Time spent a stage."""

    sound: float = 0.0
    render: float = 0.0
    check: float = 0.0


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished clip.

    Attributes:
        folder: OUT/clips/NN-slug.
        files: the MP4 of each shape.
        verdicts: of the shapes made in this run; empty where everything was kept.
        made: the shapes made in this run, the others were kept.
        note: what the sound could not reach, or empty.
    """

    clip: Clip
    folder: Path
    files: dict[Format, Path]
    verdicts: dict[Format, list[Verdict]] = field(default_factory=dict)
    made: tuple[Format, ...] = ()
    note: str = ""

    @property
    def short(self) -> list[str]:
        """What fell short, a line each."""
        return [
            f"{name}: {v.name} is {v.measured}, wanted {v.limit}"
            for name, rows in self.verdicts.items()
            for v in rows
            if not v.good
        ]


def render(
    clip: Clip,
    source: Source,
    template: Template,
    formats: Sequence[Format],
    out: Path,
    quality: Quality,
    *,
    encoder: str = "libx264",
    seconds: Seconds | None = None,
    progress: Progress = silent,
) -> Rendered:
    """Makes what is missing of one clip.

    Args:
        encoder: "libx264", "auto" or a card's (see `encoders`).

    Raises:
        ClipperError: an input, the disk or the encoder failed; finished files stay, nothing half-written is left.
    """
    seconds = seconds or Seconds()
    folder = _folder(clip, out)
    manifest = _read(folder / MANIFEST)
    words = clip_words(source.transcript.words, clip.span.start, clip.span.end)
    frames = max(1, round(clip.span.seconds * FPS))
    wanted = {name: _key(clip, source, template, name, quality, encoder, words) for name in formats}
    files = {name: folder / f"{name}.mp4" for name in formats}
    missing = [n for n in formats if not _kept(manifest, n, wanted[n], files[n])]
    rendered = Rendered(clip, folder, files, made=tuple(missing), note=str(manifest.get("note", "")))
    if not missing and _sidecars_there(folder):
        return rendered

    began = time.perf_counter()
    progress("sound", 0, 1, clip.title)
    finished = finish(cut(source.audio, clip.span))
    heights = levels(finished.samples, FPS, frames, compose.MOST_BANDS)
    progress("sound", 1, 1, clip.title)
    seconds.sound += time.perf_counter() - began

    language = source.transcript.language
    groups: dict[Format, list[Group]] = {
        n: compose.captions(template, n, words, clip.span.seconds, language=language) for n in formats
    }
    cover: Image.Image | None = None
    verdicts: dict[Format, list[Verdict]] = {}
    notes = [finished.note] if finished.note else []
    with tempfile.TemporaryDirectory(prefix="clipper-") as temporary_folder:
        sound = Path(temporary_folder, "sound.aac")  # encoded once for all shapes
        track.write(finished.samples, sound, quality)
        no_samples = finished.samples[:0].copy()  # 23 MB a minute, not needed any more
        finished = replace(finished, samples=no_samples)
        for name in missing:
            began = time.perf_counter()
            scene = compose.scene(
                template, name, cover=source.cover, headline=clip.title, show_line=source.show_line,
                groups=groups[name], levels=heights, frames=frames, fps=FPS,
            )  # fmt: skip
            cover = cover or scene.picture(0)
            note = f"{clip.title} · {name}"
            with cache.appearing(files[name]) as temporary:
                said = encode(
                    scene, no_samples, temporary, quality,
                    progress=progress, note=note, encoder=encoder, track=sound,
                )  # fmt: skip
                notes += [said] if said and said not in notes else []
                seconds.render += time.perf_counter() - began
                began = time.perf_counter()
                progress("check", 0, 1, note)
                width, height = scene.size
                wishes = Wanted(width, height, FPS, frames, finished.note, quality.name == "draft")
                verdicts[name] = check(temporary, wishes)
                progress("check", 1, 1, note)
                seconds.check += time.perf_counter() - began
            _remember(folder, manifest, clip, name, wanted[name], files[name], finished)
    first = next(iter(formats))
    cache.write_text(folder / "captions.srt", srt(groups[first]))
    cache.write_text(folder / "captions.vtt", vtt(groups[first]))
    cache.write_text(folder / "post.txt", _post(clip, source))
    if first in missing or not (folder / "cover.jpg").exists():
        _save_cover(cover or _first_frame(template, first, clip, source, groups[first], heights), folder / "cover.jpg")
    return Rendered(clip, folder, files, verdicts, tuple(missing), "; ".join(notes))


def preview(clip: Clip, source: Source, template: Template, formats: Sequence[Format], out: Path) -> list[Path]:
    """A picture of each shape, a third into the clip, as PNG in the clip's folder."""
    folder = _folder(clip, out)
    words = clip_words(source.transcript.words, clip.span.start, clip.span.end)
    frames = max(1, round(clip.span.seconds * FPS))
    samples = cut(source.audio, clip.span)
    heights = levels(samples, FPS, frames, compose.MOST_BANDS)
    paths: list[Path] = []
    for name in formats:
        scene = compose.scene(
            template, name, cover=source.cover, headline=clip.title, show_line=source.show_line,
            groups=compose.captions(
                template, name, words, clip.span.seconds, language=source.transcript.language
            ), levels=heights, frames=frames, fps=FPS,
        )  # fmt: skip
        paths.append(folder / f"preview-{name}.png")
        with cache.appearing(paths[-1]) as temporary:
            scene.picture(frames // 3).save(temporary, "PNG", compress_level=3)
    return paths


def raise_for(rendered: Sequence[Rendered]) -> None:
    """Raises FellShortError if a check of any clip fell short."""
    short = [line for one in rendered for line in one.short]
    if short:
        raise FellShortError(f"{len(short)} checks fell short, first: {short[0]}", "see the lines above")


def _folder(clip: Clip, out: Path) -> Path:
    """OUT/clips/NN-slug, made; a folder of the same clip under an earlier title is renamed."""
    digits = "".join(c for c in clip.id if c.isdigit()) or "0"
    number = f"{int(digits):02d}"
    root = out / "clips"
    folder = root / f"{number}-{slug(clip.title)}"
    try:
        root.mkdir(parents=True, exist_ok=True)
        if not folder.exists():
            for other in sorted(root.glob(f"{number}-*")):
                if _read(other / MANIFEST).get("id") == clip.id:
                    other.rename(folder)
                    break
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise cache.cannot_write(folder, error) from error
    return folder


def _key(
    clip: Clip, source: Source, template: Template, name: Format, quality: Quality, encoder: str, words: Sequence[Any]
) -> str:
    return cache.key(
        "clip",
        VERSION,
        audio=source.audio_digest,
        cover=source.cover_digest,
        span=[round(clip.span.start * 1000), round(clip.span.end * 1000)],
        words=[(w.text, round(w.start, 3), round(w.end, 3), w.speaker) for w in words],
        headline=clip.title,
        show=source.show_line,
        template=template.model_dump(mode="json", exclude={"folder"}),
        shape=name,
        quality=str(quality),
        encoder=encoder,
        fps=FPS,
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


def _remember(
    folder: Path, manifest: dict[str, Any], clip: Clip, name: Format, wanted: str, path: Path, finished: Finished
) -> None:
    """Writes the manifest after each shape, so that an interrupted run keeps what it had finished."""
    manifest.setdefault("files", {})[name] = {
        "made_from": wanted,
        "bytes": path.stat().st_size,
        "sha256": cache.file_digest(path),
    }
    manifest.update(
        id=clip.id,
        title=clip.title,
        start=clip.span.start,
        end=clip.span.end,
        loudness_before=finished.before.integrated,
        note=finished.note,
    )
    cache.write_text(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


def _sidecars_there(folder: Path) -> bool:
    return all((folder / n).is_file() for n in ("captions.srt", "captions.vtt", "cover.jpg", "post.txt"))


def _first_frame(
    template: Template, name: Format, clip: Clip, source: Source, groups: list[Group], heights: Any
) -> Image.Image:
    return compose.scene(
        template, name, cover=source.cover, headline=clip.title, show_line=source.show_line,
        groups=groups, levels=heights, frames=1,
    ).picture(0)  # fmt: skip


def _save_cover(picture: Image.Image, path: Path) -> None:
    with cache.appearing(path) as temporary:
        picture.save(temporary, "JPEG", quality=92, subsampling=0)


def _post(clip: Clip, source: Source) -> str:
    """A text to start a post from: the title, then show, guest and link, one a line."""
    return "\n".join([clip.title, "", *source.post_lines]).rstrip() + "\n"
