"""What the places for files (WebDAV, SFTP, S3) have in common: which files go there, and under which names.

In: a pack; out: names below the place's own folder: PLATFORM/NN-slug-CONTENT/FILE. The content's first digits are part
of the name, so that no clip takes the place of another; the manifest goes last: where it stands, all stands.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from clipper.errors import InputError
from clipper.export.packed import MANIFEST
from clipper.publish.base import Field, Job, Limits, Pack, Posted
from clipper.publish.credentials import Credentials
from clipper.publish.guard import checked_address

ADDRESS = Field("address", "Public address of the same folder, if it has one", default="")


class Place:
    """What the publishers of places share: they take any file, and a pack stands at its folder's name."""

    _credentials: Credentials

    def limits(self) -> Limits:
        return Limits()

    def _posted(self, pack: Pack) -> Posted:
        folder = remote_folder(pack)
        return Posted(folder, public_url(self._credentials.get("address"), f"{folder}/{pack.packed.video.name}"))

    def _seen_by(self, otherwise: str) -> str:
        """Who sees what stands there: everybody at its public address, or `otherwise`."""
        public = self._credentials.get("address")
        return f"at {public}" if public else otherwise


@dataclass(frozen=True, slots=True)
class PlaceFile:
    """A file on its way: `name` in the remote folder."""

    name: str
    path: Path
    bytes: int
    sha256: str
    kind: str
    what: str


def remote_folder(pack: Pack) -> str:
    """Below the place's own folder, with "/" and without one at its ends."""
    return f"{pack.packed.platform}/{pack.folder.name}-{pack.packed.content[:8]}"


def remote_files(pack: Pack) -> tuple[PlaceFile, ...]:
    """All of a pack's files in the order in which they go, the manifest last."""
    import hashlib

    packed = pack.packed
    words = {packed.video: "the video", packed.cover: "the cover", packed.vtt: "captions", packed.srt: "captions"}
    files = [PlaceFile(f.name, pack.path(f), f.bytes, f.sha256, f.kind, words.get(f, "words")) for f in packed.files]
    manifest = pack.folder / MANIFEST
    data = manifest.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    files.append(PlaceFile(MANIFEST, manifest, len(data), digest, "application/json", "what is what"))
    return tuple(files)


def still_to_send(job: Job, files: tuple[PlaceFile, ...]) -> list[PlaceFile]:
    """Those that an earlier try did not finish with the same bytes."""
    done = job.steps.get("files") or {}
    return [f for f in files if done.get(f.name) != f.sha256]


def was_sent(job: Job, file: PlaceFile) -> None:
    """Keeps that a file stands there whole."""
    job.steps.put("files", {**(job.steps.get("files") or {}), file.name: file.sha256})


def size_words(count: int) -> str:
    """Bytes as a person says them."""
    return (
        f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1000:.0f} kB" if count >= 1000 else f"{count} bytes"
    )


def public_url(address: str, path: str) -> str:
    """Where everybody can fetch it; "" where the place has no public address."""
    return f"{checked_address(address)}/{quote(path)}" if address else ""


def below(folder: str, *parts: str) -> str:
    """A path below the place's own folder.

    Raises:
        InputError: the folder climbs out of itself.
    """
    clean = posixpath.normpath(folder.strip("/")) if folder.strip("/") else ""
    if clean.startswith(".."):
        raise InputError(f"{folder!r} is no folder of the place", "name it without ..")
    return "/".join(p for p in (clean, *parts) if p)
