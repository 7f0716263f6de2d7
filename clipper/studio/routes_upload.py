"""Music, intro and outro of the producer's own, given to the page. In: the bytes of a sound file; out: its name in OUT.

The name is ours: what the file was called never reaches the disk. What is no sound does not stay.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from clipper import cache
from clipper.errors import InputError
from clipper.studio.guard import UPLOADED
from clipper.studio.parts import OneBench

router = APIRouter(prefix="/api", tags=["media"])
FOLDER = "media"  # in OUT
MEND = f"give an MP3, M4A, WAV, FLAC or Ogg file of up to {UPLOADED / 1e6:.0f} MB"
BYTES = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


class UploadAnswer(BaseModel):
    """The file as the plan names it, beside clips.yaml, and how long it lasts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    seconds: float


@router.post("/uploads", openapi_extra=BYTES)
async def upload(request: Request, bench: OneBench, kind: Literal["music", "intro", "outro"] = "music") -> UploadAnswer:
    """Keeps a sound file in OUT/media; its body is the file, up to 60 MB."""
    folder = bench.desk.out / FOLDER
    sum_ = hashlib.sha256()
    await run_in_threadpool(_folder, folder)
    with cache.passing(folder / "coming.part") as temporary:
        with temporary.open("wb") as into:
            try:
                async for chunk in request.stream():
                    sum_.update(chunk)
                    await run_in_threadpool(_write, into, chunk, temporary)
            except ClientDisconnect as error:
                raise InputError("the file did not arrive whole", MEND) from error
        return await run_in_threadpool(_kept, temporary, folder, f"{kind}-{sum_.hexdigest()[:10]}")


def _kept(temporary: Path, folder: Path, stem: str) -> UploadAnswer:
    from clipper.media import probe_sound

    with temporary.open("rb") as f:
        suffix = suffix_of(f.read(12))
    if suffix is None:
        raise InputError("this is no sound file that can be taken", MEND)
    try:
        seconds = probe_sound(temporary).seconds or 0.0
    except InputError as error:
        raise InputError("this is no sound file that can be taken", MEND) from error
    name = f"{stem}{suffix}"
    with cache.appearing(folder / name) as into:
        into.write_bytes(temporary.read_bytes())
    return UploadAnswer(path=f"{FOLDER}/{name}", seconds=round(seconds, 3))


def suffix_of(head: bytes) -> str | None:
    """What kind of sound file begins so.

    >>> suffix_of(b"RIFF....WAVE"), suffix_of(b"<html>")
    ('.wav', None)
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return ".wav"
    if head[4:8] == b"ftyp":
        return ".m4a"
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0):
        return ".mp3"
    return {b"fLaC": ".flac", b"OggS": ".ogg"}.get(head[:4])


def _folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise cache.cannot_write(folder, error) from error


def _write(into: BinaryIO, chunk: bytes, path: Path) -> None:
    try:
        into.write(chunk)
    except OSError as error:
        raise cache.cannot_write(path, error) from error
