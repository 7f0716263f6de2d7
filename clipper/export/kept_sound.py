"""A clip's finished sound, kept by what it was made from: a new title, word or look needs no sound anew.

In: a recipe and how the sound is encoded; out: levels, the track and what was measured, as one file in the cache.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipper import cache
from clipper.errors import InputError, MissingError
from clipper.export.checks import Heard
from clipper.export.checks.model import Match
from clipper.export.output import Output
from clipper.sound.loudness import Finished, Loudness
from clipper.sound.recipe import Recipe

VERSION = 4  # raised whenever the same recipe would sound, measure or look another way
STAGE = "clips"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept: levels of the waveform, the encoded track, and what was measured (without samples)."""

    levels: NDArray[np.float32]
    track: bytes
    finished: Finished
    heard: Heard


def place(recipe: Recipe, frames: int, bands: int, output: Output, version: int) -> Path:
    """Where the sound of a recipe is kept.

    Args:
        bands: of the levels.
        version: of the clip's making; raised there, nothing kept before is taken any more.

    Raises:
        InputError: the audio is not there any more.
    """
    try:
        digest = cache.file_digest(recipe.audio)
    except OSError as error:
        raise InputError(f"the audio {recipe.audio} cannot be read: {error.strerror}", "put it back") from error
    how = [output.quality.audio_bitrate, output.quality.audio_coder]
    name = cache.key(
        "clip sound", VERSION, audio=digest, sound=recipe.facts(), frames=frames, bands=bands,
        fps=output.fps, how=how, clip=version,
    )  # fmt: skip
    return cache.entry(STAGE, f"{name}.npz")


def read(path: Path) -> Kept | None:
    """What lies there; None where nothing does, or nothing that can be used."""
    try:
        with np.load(path, allow_pickle=False) as data:
            facts = json.loads(bytes(data["facts"]))
            levels = np.asarray(data["levels"], dtype=np.float32)
            finished = Finished(
                np.zeros((0, 2), np.float32), Loudness(**facts["before"]), Loudness(**facts["after"]), facts["note"],
                tuple(facts["noticed"]),
            )  # fmt: skip
            matches = tuple(Match(*row) for row in facts["matches"])
            heard = Heard(Loudness(**facts["loudness"]), str(facts["packets"]), int(facts["broken"]), matches)
            return Kept(levels, bytes(data["track"]), finished, heard)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None


def write(path: Path, kept: Kept) -> None:
    """Keeps a finished sound; a cache that is full or cannot be written is no reason to stop."""
    facts = {
        "before": asdict(kept.finished.before), "after": asdict(kept.finished.after), "note": kept.finished.note,
        "noticed": kept.finished.noticed,
        "loudness": asdict(kept.heard.loudness), "packets": kept.heard.packets, "broken": kept.heard.broken,
        "matches": [astuple(one) for one in kept.heard.matches],
    }  # fmt: skip
    try:
        with cache.appearing(path) as temporary, temporary.open("wb") as file:
            np.savez(
                file, levels=kept.levels, track=np.frombuffer(kept.track, np.uint8),
                facts=np.frombuffer(json.dumps(facts).encode(), np.uint8),
            )  # fmt: skip
    except MissingError:
        return
