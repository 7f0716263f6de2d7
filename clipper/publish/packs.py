"""The packs of an episode. In: OUT, platforms, ids; out: `Pack`s in the clips' order, each with all its files."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from clipper import platforms
from clipper.errors import InputError, MissingError
from clipper.export.packed import MANIFEST, read_packed
from clipper.publish.base import Kind, Pack

PACKS = "packs"  # the folder in OUT


def packs_for(out: Path, kind: Kind, wanted: Collection[str] = (), only: Collection[str] = ()) -> tuple[Pack, ...]:
    """The packs that a network takes.

    Args:
        out: the folder that make wrote.
        wanted: platforms, as a producer says them, of whose packs a place takes some; empty: all that are there.
        only: ids of clips; empty: all.

    Raises:
        MissingError: there is none.
        InputError: one was changed, or an id is not among them.
    """
    root = out / PACKS
    names = kind.platforms or tuple(sorted(p.name for p in root.iterdir() if p.is_dir())) if root.is_dir() else ()
    if kind.is_place and wanted:
        names = tuple(platforms.platform(name).name for name in wanted)
    folders = [f for name in names for f in sorted((root / name).glob("*/")) if (f / MANIFEST).is_file()]
    packs = tuple(Pack(folder, read_packed(folder)) for folder in folders)
    if not packs:
        what = kind.platforms[0] if kind.platforms else (wanted or ["bluesky"])[0]  # type: ignore[index]
        raise MissingError(f"{out} has no packs for {kind.label}", f"clipper pack {out} --for {what}")
    if only:
        there = {p.packed.clip for p in packs}
        lacking = [one for one in only if one not in there]
        if lacking:
            raise InputError(
                f"{out} has no pack of {', '.join(lacking)} for {kind.label}", f"packed are: {', '.join(sorted(there))}"
            )
        packs = tuple(p for p in packs if p.packed.clip in only)
    return packs
