"""What a pack says of itself, manifest.json in OUT/packs/PLATFORM/NN-slug: written by `pack`, read by `publish`.

In: a folder; out: a `Packed`, every file of which lies in that folder and has the bytes that it had when it was packed.
"""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from clipper import cache
from clipper.errors import InputError

MANIFEST = "manifest.json"
LARGEST = 1_000_000  # bytes of a manifest; ours have a few thousand

# a plain name in the pack's own folder: no path, nothing hidden, nothing that could be an option
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PackedFile(_Frozen):
    """One file of a pack.

    Attributes:
        name: in the pack's folder.
        sha256: of its bytes, in hex.
        bytes: how many.
        kind: its media type, such as "video/mp4", "text/vtt", "application/x-subrip", "image/jpeg".
    """

    name: FileName
    sha256: Digest
    bytes: int = Field(ge=0)
    kind: str


class PackedVideo(PackedFile):
    """The video: its size in pixels, its length in seconds, frames a second."""

    width: int = Field(gt=0)
    height: int = Field(gt=0)
    seconds: float = Field(gt=0, allow_inf_nan=False)
    fps: float = Field(gt=0, allow_inf_nan=False)


class Packed(_Frozen):
    """One clip, ready for one platform.

    Attributes:
        platform: its key in platforms.toml.
        clip: the clip's id in the plan ("c3"); `content` names what it shows and says: the same for every platform,
            another one after any change of the clip.
        title: for platforms with a title of its own, shortened to what they take.
        text: of the post, within the platform's limit as it counts, link and hashtags included.
        alt: describes the video for those who cannot see it; never the post's text.
        hashtags: without "#", those that stand in `text`.
        link: where the whole episode is; it stands whole in `text`, if there is one.
        language: BCP 47, or "und".
        changes: what was done to fit the platform and why, a line each; empty where all went in as it was.
        texts: the words as files (title.txt, post.txt, alt.txt), for a producer to edit and pack again.
        own: which of the words are the producer's; the next pack keeps them.
        by: which clipper packed it.
    """

    schema_number: Literal[1] = Field(default=1, alias="schema")
    platform: str
    clip: str
    content: Digest
    made: datetime.datetime
    title: str
    text: str
    alt: str = ""
    hashtags: tuple[str, ...] = ()
    link: str | None = None
    language: str = "und"
    show: str | None = None
    video: PackedVideo
    cover: PackedFile | None = None
    vtt: PackedFile | None = None
    srt: PackedFile | None = None
    changes: tuple[str, ...] = ()
    texts: tuple[PackedFile, ...] = ()
    own: tuple[Literal["title", "text", "alt"], ...] = ()
    by: str = ""

    @property
    def files(self) -> tuple[PackedFile, ...]:
        """All files of the pack, those with words last."""
        media = (file for file in (self.video, self.cover, self.vtt, self.srt) if file is not None)
        return (*media, *self.texts)


def write_packed(folder: Path, packed: Packed) -> None:
    """Writes the manifest into a pack's folder.

    Raises:
        MissingError: the disk is full or the folder cannot be written.
    """
    cache.write_text(folder / MANIFEST, packed.model_dump_json(by_alias=True, indent=1) + "\n")


def read_packed(folder: Path, *, changed: bool = False) -> Packed:
    """The pack in a folder; its files are there and have their bytes (digests are compared by `verify`).

    Args:
        changed: files may be missing or other ones: only the manifest is read, to pack anew.

    Raises:
        InputError: no manifest, one that says something else, or a file that is missing or was changed in size.
    """
    path = folder / MANIFEST
    again = "make the pack again with clipper pack"
    try:
        with path.open("rb") as f:
            raw = f.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", again) from error
    if len(raw) > LARGEST:
        raise InputError(f"{path} is larger than {LARGEST} bytes", again)
    try:
        packed = Packed.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(f"{path}: {where}: {first['msg']}", again) from error
    for file in () if changed else packed.files:
        there = folder / file.name
        if there.is_symlink() or not there.is_file() or there.stat().st_size != file.bytes:
            raise InputError(f"{there} is missing or was changed since it was packed", again)
    return packed


def verify(folder: Path, packed: Packed) -> None:
    """Compares every file with its digest.

    Raises:
        InputError: one has other bytes than it was packed with.
    """
    for file in packed.files:
        with (folder / file.name).open("rb") as f:
            if hashlib.file_digest(f, "sha256").hexdigest() != file.sha256:
                raise InputError(
                    f"{folder / file.name} was changed since it was packed", "make the pack again with clipper pack"
                )
