"""Frames, sound and finished files of clips. In: which, and how large; out: bytes. Nothing outside OUT and the
episode's own sound is ever given.
"""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, Response, StreamingResponse

from clipper import platforms
from clipper.errors import UsageError
from clipper.plan.model import Format
from clipper.span import Span
from clipper.studio.answers import LoudnessAnswer
from clipper.studio.asked import ClipId
from clipper.studio.parts import OneBench
from clipper.studio.pictures import MOST_FRAMES, Size
from clipper.studio.sounds import MOST_POINTS, peaks

router = APIRouter(prefix="/api", tags=["media"])

KINDS = {
    ".mp4": "video/mp4", ".jpg": "image/jpeg", ".png": "image/png", ".srt": "application/x-subrip",
    ".vtt": "text/vtt", ".txt": "text/plain; charset=utf-8", ".json": "application/json", ".zip": "application/zip",
}  # fmt: skip
ROOMS = ("clips", "packs")  # of OUT, from which files are given
KEEP = {"cache-control": "private, max-age=3600"}  # the address of a frame names what it shows
LONGEST = 1200.0  # seconds of sound whose peaks are told at once

Seconds = Annotated[float, Query(ge=0, le=1e6, allow_inf_nan=False)]
Safe = Annotated[str, Query(max_length=40, description="A platform whose buttons are veiled; all: every one.")]
TemplateName = Annotated[str | None, Query(max_length=300)]


@router.get("/clips/{clip}/frame", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
def frame(
    clip: ClipId, bench: OneBench, shape: Format = "vertical", at: Seconds = 0.0, size: Size = "preview",
    safe: Safe = "", template: TemplateName = None, png: bool = False,
) -> Response:  # fmt: skip
    """One frame of a clip, drawn by the scene that is exported."""
    state = bench.desk.state()
    data = bench.looker.frame(
        state, clip, shape, at, size=size, safe=_safe(safe), template=template, lossless=png
    )  # fmt: skip
    return Response(data, media_type="image/png" if png else "image/jpeg", headers=KEEP)


@router.get("/clips/{clip}/frames", response_class=StreamingResponse)
def frames(
    clip: ClipId, bench: OneBench, shape: Format = "vertical",
    first: Annotated[int, Query(ge=0, le=10_000_000)] = 0, count: Annotated[int, Query(ge=1, le=MOST_FRAMES)] = 15,
    step: Annotated[int, Query(ge=1, le=10)] = 1, size: Size = "preview", safe: Safe = "",
) -> StreamingResponse:  # fmt: skip
    """Frames in a row: each as its number and length (two big-endian uint32) and its JPEG."""
    state = bench.desk.state()
    rows = bench.looker.frames(state, clip, shape, first, count, step, size=size, safe=_safe(safe))
    return StreamingResponse(rows, media_type="application/octet-stream", headers=KEEP)


@router.get("/clips/{clip}/sound", response_class=FileResponse)
def sound(clip: ClipId, bench: OneBench, finished: bool = True) -> FileResponse:
    """A clip's sound as it is posted, or only cut out; parts of it by Range."""
    job = bench.looker.job(bench.desk.state(), clip)
    path = bench.sounds.wav(job, finished=finished)
    return FileResponse(path, media_type="audio/wav", headers=KEEP)


@router.get("/clips/{clip}/loudness")
def loudness(clip: ClipId, bench: OneBench) -> LoudnessAnswer:
    """How loud a clip is as it is posted."""
    told = bench.sounds.loudness(bench.looker.job(bench.desk.state(), clip))
    return LoudnessAnswer(
        integrated=told.integrated if isfinite(told.integrated) else None,
        true_peak=told.true_peak if isfinite(told.true_peak) else None,
        wanted=told.wanted,
        note=told.note,
    )


@router.get("/peaks")
def get_peaks(
    bench: OneBench, start: Seconds, end: Seconds, points: Annotated[int, Query(ge=1, le=MOST_POINTS)] = 1000
) -> list[int]:
    """The loudest sample of each part of a stretch of the episode, 0 to 100."""
    if not 0 < end - start <= LONGEST:
        raise UsageError("this stretch cannot be shown", f"ask for up to {LONGEST:.0f} s")
    return peaks(_source(bench), Span(start=start, end=end), points)


@router.get("/source/sound", response_class=FileResponse)
def source_sound(bench: OneBench) -> FileResponse:
    """The episode's own sound; parts of it by Range."""
    path = _source(bench)
    kind = SOUNDS.get(path.suffix.lower(), "application/octet-stream")
    return FileResponse(path, media_type=kind)


SOUNDS = {
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".mp4": "audio/mp4", ".aac": "audio/aac", ".wav": "audio/wav",
    ".flac": "audio/flac", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".webm": "audio/webm",
}  # fmt: skip


@router.get("/files/{path:path}", response_class=FileResponse)
def file(path: str, bench: OneBench, download: bool = False) -> FileResponse:
    """A finished file under OUT/clips or OUT/packs; parts of it by Range."""
    found = inside(bench.desk.out, path)
    return FileResponse(
        found,
        media_type=KINDS[found.suffix.lower()],
        filename=f"{found.parent.name}-{found.name}" if download else None,
        content_disposition_type="attachment" if download else "inline",
    )


def inside(out: Path, name: str) -> Path:
    """The file of that name in one of the `ROOMS` of OUT.

    Raises:
        UsageError: there is none; links that lead out do not count.
    """
    missing = UsageError("there is no such file", "render the clip first")
    parts = name.split("/")
    if not parts or parts[0] not in ROOMS or "\x00" in name or "\\" in name or any(p in ("", ".", "..") for p in parts):
        raise missing
    if any(p.startswith(".") for p in parts):
        raise missing
    try:
        path, root = (out / name).resolve(strict=True), (out / parts[0]).resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise missing from error
    if not path.is_relative_to(root) or not path.is_file() or path.suffix.lower() not in KINDS:
        raise missing
    return path


def _safe(name: str) -> tuple[str, ...] | None:
    if not name:
        return None
    return () if name == "all" else (platforms.platform(name).name,)


def _source(bench: OneBench) -> Path:
    path = bench.desk.folder.find(bench.desk.state().plan.audio)
    if path is None or not path.is_file():
        raise UsageError("the episode's sound is not there any more", "say where it is now")
    return path
